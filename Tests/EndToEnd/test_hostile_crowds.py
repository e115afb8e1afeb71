"""Slow, idle, many and deaf clients cost little and disturb nobody."""
import json
import shutil
import threading
import time

import pytest

from good_client import good_turn
from wire import command, connect, received, send

MEGABYTE = 1 << 20


def test_a_connection_without_a_first_frame_is_closed_after_a_few_seconds(target):
    silent, slow = connect(target), connect(target, "tcp")
    began = time.monotonic()
    for byte in b"*1\r\n$4\r":  # a byte now and then does not extend the time
        try:
            slow.sendall(bytes([byte]))
        except (BrokenPipeError, ConnectionResetError):
            break
        time.sleep(0.4)
    received(silent)
    received(slow)
    assert time.monotonic() - began < 6
    good_turn(target)


def test_two_hundred_idle_connections_disturb_nobody(target):
    before = target.resident_bytes()
    idle = []
    for number in range(200):
        peer = connect(target, "tcp" if number % 2 else "unix")
        send(peer, command("PING"))
        assert received(peer, until_closed=False) == b"+PONG\r\n"
        idle.append(peer)
    slowest = 0.0
    for _ in range(50):
        began = time.monotonic()
        good_turn(target)
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 2
    assert target.resident_bytes() < before + 64 * MEGABYTE
    send(idle[0], command("PING"))
    assert received(idle[0], until_closed=False) == b"+PONG\r\n", "an idle connection stays usable"
    for peer in idle:
        peer.close()


def test_connections_past_the_limit_are_told_why(target):
    peers, refused = [], None
    try:
        for _ in range(1100):
            peer = connect(target)
            peers.append(peer)
            send(peer, command("PING"))
            said = received(peer, until_closed=False)
            if said != b"+PONG\r\n":
                refused = said
                break
        assert refused is not None and refused.startswith(b"-LIMIT"), refused
    finally:
        for peer in peers:
            peer.close()
    served_again(target)


def served_again(server):
    """Soon after a crowd has gone there is room for a good client."""
    deadline = time.monotonic() + 5
    while True:
        try:
            good_turn(server)
            break
        except Exception:
            assert time.monotonic() < deadline, "the server did not recover"
            time.sleep(0.1)


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="prlimit is not here: install the package util-linux")
def test_where_few_descriptors_are_to_be_had_fewer_connections_are_taken(make_server):
    server = make_server()
    server.before = ["prlimit", "--nofile=140"]
    server.start()
    client = server.client()
    room = client.info()["maxclients"]
    assert room == 40
    peers, refused = [], b""
    for _ in range(120):
        peer = connect(server)
        peers.append(peer)
        send(peer, command("PING"))
        refused = refused or received(peer, until_closed=False).removeprefix(b"+PONG\r\n")
    assert refused.startswith(b"-LIMIT the server has 40 connections already"), refused
    # What a full server writes and seals meanwhile needs descriptors too.
    for batch in range(60):
        client.execute_command("LOG.INGEST", *(json.dumps({
            "specversion": "1.0", "id": f"{batch}-{number}", "source": "/t", "type": "account.created",
            "subject": f"account-{batch}-{number}", "data": {
                "account_id": f"{batch}-{number}", "natural_person": False, "name": "x" * 200}})
            for number in range(500)))
    assert server.is_running
    for peer in peers:
        peer.close()
    served_again(server)


def test_a_follower_that_has_gone_gives_its_connection_back_at_once(target):
    before = target.client().info()["connected_clients"]
    peers = [connect(target, "tcp") for _ in range(50)]
    for number, peer in enumerate(peers):
        send(peer, command("PING"))
        assert received(peer, until_closed=False) == b"+PONG\r\n"
        waiting = ("LOG.READ", "ALL", "FROM", 1 << 40, "BLOCK", 60_000)
        send(peer, command(*waiting if number % 2 else ("VIEW.WAIT", "customer-360", 1 << 40, 60_000)))
    time.sleep(0.2)
    for peer in peers:
        peer.close()
    deadline = time.monotonic() + 5
    while target.client().info()["connected_clients"] > before + 5:
        assert time.monotonic() < deadline, "connections of clients that have gone are kept"
        time.sleep(0.05)


def test_a_client_that_pauses_before_it_reads_gets_every_answer(target):
    client = target.client()
    client.ping()
    for number in range(130):
        client.execute_command("LOG.APPEND", "STREAM", f"account-p{number}", "EXPECT", "ANY", "EVENT",
            "account.created", json.dumps({"account_id": f"p{number}", "natural_person": False, "name": "x" * 1000}))
    peer = connect(target)
    peer.settimeout(10)
    send(peer, command("PING") + b"".join(command("LOG.READ", "ALL", "COUNT", 100) for _ in range(200)))
    time.sleep(4)
    answers, said, rest = 0, b".", b""
    while answers < 200 and said:
        said = peer.recv(1 << 20)
        answers += (rest + said).count(b"*100\r\n")
        rest = (rest + said)[-5:]
    assert answers == 200


def test_a_client_that_never_reads_costs_bounded_memory(target):
    client = target.client()
    client.ping()
    filler = "x" * 30_000
    for number in range(40):
        data = json.dumps({"account_id": f"f{number}", "natural_person": False, "name": filler})
        client.execute_command(
            "LOG.APPEND", "STREAM", f"account-f{number}", "EXPECT", "ANY", "EVENT", "account.created", data)
    before = target.resident_bytes()
    peers = [connect(target) for _ in range(8)]

    def flood(peer):
        peer.settimeout(3)
        try:
            while True:
                peer.sendall(command("LOG.READ", "ALL", "COUNT", 4096) * 50)
        except OSError:
            pass  # the server stopped reading, as it should

    threads = [threading.Thread(target=flood, args=[peer]) for peer in peers]
    for thread in threads:
        thread.start()
    for thread in threads:
        good_turn(target)
        thread.join(timeout=30)
    grown = (target.resident_bytes() - before) / MEGABYTE
    print(f"eight clients that never read: {grown:.0f} MB")
    assert grown < 256
    for peer in peers:
        peer.close()
    good_turn(target)
