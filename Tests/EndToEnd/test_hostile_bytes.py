"""Whatever bytes arrive get an error or a closed connection, and the server keeps serving everybody else."""
import json
import random
import socket

import pytest

from good_client import good_turn
from wire import command, connect, received, send

MEGABYTE = 1 << 20


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
    b"*1\r\n$9223372036854775808\r\n", b"*1\r\n$9223372036854775807\r\nPING\r\n", b"*1\r\n$-1\r\n",
    b"*1\r\n$-5\r\nPING\r\n",
    b"*1\r\n$18446744073709551615\r\n", b"*" + b"9" * 10_000 + b"\r\n", b"*1\r\n$" + b"0" * 10_000, b"*1\r\n:5\r\n",
    b"*1\r\n*1\r\n$4\r\nPING\r\n", b"*1\r\n$4\r\nPINGxx", b"*0x10\r\n", b"*+1\r\n$4\r\nPING\r\n", b"* 1\r\n",
    b"*1000000\r\n", b"*1\r\n$100000\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
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
    event = {"specversion": "1.0", "id": "m", "source": "/m", "type": "account.updated", "subject": "account-m"}
    good = command("HELLO", 3) + command("LOG.READ", "ALL", "COUNT", 1) + command("VIEW.REPORT", "sales-funnel")
    good += command("LOG.INGEST", json.dumps(event))
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
