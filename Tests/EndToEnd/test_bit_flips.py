"""A flipped byte of an acknowledged record is found by the audit, whichever it is, and such a log is not served.

Tests/Faults flips bits anywhere in a data directory; here every byte of one record has its turn, offline.
"""
import random

from product import audit, replay, run
from redis_words import append

HEADER = 36  # bytes of a record before its texts, see Sources/RecordFormat/Record.swift


def records(image, event):
    """First and last byte of every copy of an event's record in a journal."""
    texts = b"".join(bytes([len(text)]) + text for text in (
        event[name].encode() for name in ("subject", "type", "source", "id")))
    place = image.find(texts)
    while place >= 0:
        start = place - HEADER
        yield start, start + int.from_bytes(image[start:start + 4], "little")
        place = image.find(texts, place + 1)


def flip(path, place, mask):
    """Changes one byte; doing it again changes it back."""
    with open(path, "r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ mask]))


def test_the_audit_finds_every_flipped_byte_of_a_record(make_server):
    server, dice = make_server().start(), random.Random(7)
    for number in range(3):
        append(server.client(), f"a{number}", f"e{number}")
    event = list(server.events())[1]
    server.wait_for_views()
    assert server.stop() == 0
    assert audit(server.directory)["exit_code"] in (0, 2)
    found = [(path, *place) for path in sorted(server.directory.glob("log/journal-*"))
             for place in records(path.read_bytes(), event)]
    assert len(found) == 1, f"{len(found)} records of one event"
    ((path, start, end),) = found
    assert end - start > 100
    for place in range(start, end):
        mask = dice.randrange(1, 256)
        flip(path, place, mask)
        try:
            done = replay(server.directory, "audit", expecting=40)
        finally:
            flip(path, place, mask)
        assert "damaged" in done.stdout + done.stderr, (place - start, done.stdout, done.stderr)
    flip(path, start, 1)
    assert not server.launch() and server.process.returncode == 69, server.said
    flip(path, start, 1)
    assert server.start().wait_for_views() == 3


def test_the_audit_of_something_else_than_a_log_is_a_usage_error(tmp_path):
    done = run("rapport-replay", "audit", "--data", tmp_path, expecting=None)
    assert done.returncode in (1, 2) and "no Rapport log" in done.stderr
