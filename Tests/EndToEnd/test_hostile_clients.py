"""Whatever arrives on the socket gets an error or a closed connection, and the server keeps serving everybody else."""
import json
import random
import socket
import threading
import time

import pytest

MEGABYTE = 1 << 20
GOOD_ID = iter(range(1 << 30))


@pytest.fixture(scope="module")
def target(make_shared_server):
    """One server for all attacks: what one leaves behind, the next must not feel."""
    server = make_shared_server("hostile").start()
    good_turn(server)
    yield server
    assert server.is_running, "an attack ended the server"
    good_turn(server)
    assert server.stop() == 0


def good_turn(server, seconds=5):
    """A well-behaved client appends and reads back, in time."""
    name = f"a{next(GOOD_ID)}"
    client = server.client(socket_timeout=seconds)
    data = json.dumps({"account_id": name, "natural_person": False, "name": "Good"})
    client.execute_command(
        "LOG.APPEND", "STREAM", f"account-{name}", "EXPECT", "NONE", "EVENT", "account.created", data, "ID", name)
    assert json.loads(client.execute_command("LOG.READ", "STREAM", f"account-{name}")[0])["id"] == name
    client.close()


def connect(server, over="unix"):
    if over == "tcp":
        peer = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    else:
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(10)
        peer.connect(server.socket)
    return peer


def send(peer, data):
    """Sends as much as the server takes; it may close the connection before the end."""
    try:
        peer.sendall(data)
    except (BrokenPipeError, ConnectionResetError):
        pass


def received(peer, until_closed=True):
    """What comes until the connection is closed; fails when it stays open."""
    data = b""
    try:
        while block := peer.recv(65536):
            data += block
            if not until_closed:
                break
    except (ConnectionResetError, BrokenPipeError):
        pass
    return data


def command(*words):
    words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)


@pytest.mark.parametrize("over", ["unix", "tcp"])
def test_garbage_is_answered_with_an_error_or_closed(target, over):
    dice = random.Random(1)
    for size in (1, 3, 17, 200, 5000, 100_000):
        peer = connect(target, over)
        send(peer, dice.randbytes(size) + b"\r\n")
        if size < 10:
            peer.shutdown(socket.SHUT_WR)  # so few bytes may happen to be a whole line
        said = received(peer)
        assert said == b"" or said.startswith(b"-"), said[:100]
        peer.close()
    good_turn(target)


@pytest.mark.parametrize("frame", [
    b"*9223372036854775808\r\n", b"*9223372036854775807\r\n", b"*-1\r\n$4\r\nPING\r\n", b"*-9223372036854775809\r\n",
    b"*1\r\n$9223372036854775808\r\n", b"*1\r\n$9223372036854775807\r\nPING\r\n", b"*1\r\n$-1\r\n", b"*1\r\n$-5\r\nPING\r\n",
    b"*1\r\n$18446744073709551615\r\n", b"*" + b"9" * 10_000 + b"\r\n", b"*1\r\n$" + b"0" * 10_000, b"*1\r\n:5\r\n",
    b"*1\r\n*1\r\n$4\r\nPING\r\n", b"*1\r\n$4\r\nPINGxx", b"*0x10\r\n", b"*+1\r\n$4\r\nPING\r\n", b"* 1\r\n",
    b"*1000000\r\n", b"*1\r\n$100000\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PING \"unbalanced\r\n", b"x" * 70_000,
], ids=lambda frame: repr(frame[:24]))
def test_a_broken_frame_gets_one_error_and_the_connection_is_closed(target, frame):
    for preface in (b"", command("PING")):
        peer = connect(target)
        send(peer, preface + frame)
        if frame.startswith(b"*1\r\n$100000") and preface:
            send(peer, b"x" * 100_000 + b"\r\n")  # after the first command this length is fine; the command is not
            peer.shutdown(socket.SHUT_WR)
        said = received(peer)
        if preface:
            assert said.startswith(b"+PONG\r\n"), said[:80]
            said = said[7:]
        assert said.startswith(b"-") and said.count(b"\r\n") == 1, said[:200]
        peer.close()
    good_turn(target)


def test_half_frames_are_forgotten_when_the_client_goes(target):
    whole = command("LOG.APPEND", "STREAM", "account-half", "EXPECT", "NONE", "EVENT", "account.created",
                    '{"account_id":"half","natural_person":false,"name":"Half"}', "ID", "half")
    for cut in range(1, len(whole), 3):
        peer = connect(target)
        send(peer, whole[:cut])
        peer.close()
    peer = connect(target)
    send(peer, command("LOG.STREAM", "account-half"))
    assert received(peer, until_closed=False) in (b"$-1\r\n", b"*-1\r\n", b"_\r\n")
    peer.close()
    good_turn(target)


def test_a_frame_past_its_bound_is_refused_without_being_buffered(target):
    before = target.resident_bytes()
    peers = []
    for _ in range(20):
        peer = connect(target)
        send(peer, command("PING"))
        assert received(peer, until_closed=False) == b"+PONG\r\n"
        send(peer, b"*2\r\n$10\r\nLOG.INGEST\r\n$%d\r\n" % (512 * MEGABYTE) + b"x" * (2 * MEGABYTE))
        assert received(peer).startswith(b"-TOOLARGE")
        peers.append(peer)
    for peer in peers:
        peer.close()
    assert target.resident_bytes() < before + 64 * MEGABYTE
    good_turn(target)


def test_json_nested_a_hundred_thousand_deep_is_refused(target):
    client = target.client()
    depth = 100_000
    for text in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth, "[" * depth):
        client.ping()
        (reply,) = client.execute_command("LOG.INGEST", text)
        assert isinstance(reply, Exception) and str(reply).startswith("INVALIDEVENT"), reply
        for view_words in (["VIEW.REPORT", "churn-signals", "WITH", text],):
            with pytest.raises(Exception) as caught:
                client.execute_command(*view_words)
            assert str(caught.value).split()[0].isupper()
    good_turn(target)


def test_random_mutations_of_a_good_conversation_never_stop_the_server(target):
    dice = random.Random(20_260_105)
    good = command("HELLO", 3) + command("LOG.READ", "ALL", "COUNT", 1) + command("VIEW.REPORT", "sales-funnel") + command(
        "LOG.INGEST", '{"specversion":"1.0","id":"m","source":"/m","type":"account.updated","subject":"account-m","data":{}}')
    for _ in range(400):
        bad = bytearray(good)
        for _ in range(dice.randrange(1, 6)):
            bad[dice.randrange(len(bad))] = dice.randrange(256)
        peer = connect(target)
        send(peer, bytes(bad))
        peer.shutdown(socket.SHUT_WR)
        received(peer)  # ends, because the server answers what is whole and closes
        peer.close()
    good_turn(target)


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
    deadline = time.monotonic() + 5
    while True:
        try:
            good_turn(target)
            break
        except Exception:
            assert time.monotonic() < deadline, "the server did not recover"
            time.sleep(0.1)


def test_a_client_that_never_reads_costs_bounded_memory(target):
    client = target.client()
    client.ping()
    filler = "x" * 30_000
    for number in range(40):
        data = json.dumps({"account_id": f"f{number}", "natural_person": False, "name": filler})
        client.execute_command("LOG.APPEND", "STREAM", f"account-f{number}", "EXPECT", "ANY", "EVENT", "account.created", data)
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
