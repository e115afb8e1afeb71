"""A flipped byte of a record is found by the audit and never served; elsewhere it never makes a wrong event.

The log's file is changed in place, and changed back. A running server sees every change at once, because it reads
the file through shared memory; a record is checked on every read.
"""
import json
import os
import random
import re
import struct
from collections import Counter

import pytest
import redis

from product import audit, replay, run

HEADER = 52  # bytes of a record before its texts, see Sources/RecordFormat/Record.swift
EVENTS = 400


class LogFile:
    """The file of a log, byte by byte, and what it held at first."""

    def __init__(self, directory):
        self.path = directory / "log" / "data.mdb"
        self.file = os.open(self.path, os.O_RDWR)
        self.image = os.pread(self.file, os.path.getsize(self.path), 0).rstrip(b"\0")

    def close(self):
        os.close(self.file)

    def flip(self, place, mask):
        """Changes one byte; doing it again changes it back."""
        (byte,) = os.pread(self.file, 1, place)
        os.pwrite(self.file, bytes([byte ^ mask]), place)

    def copies(self, event):
        """Where a whole record of the event stands: the live one, and older ones in pages given up since."""
        kind, source, key = (event[name].encode() for name in ("type", "source", "id"))
        texts = b"".join(bytes([len(text)]) + text for text in (event["subject"].encode(), kind, source, key))
        image = self.image
        for found in re.finditer(re.escape(texts), image):
            start = found.start() - HEADER
            position, _, _, _, data_size = struct.unpack_from("<QQqqI", image, start + 16)
            if position != event["position"]:
                continue
            end = found.end()
            for _ in range(4):  # actor, correlation, causation, reason
                end += 1 + image[end]
            flags = image[start + 9]
            assert flags & 5 == 0, "records without credentials and slots"
            if flags & 2:
                end += 2 + struct.unpack_from("<H", image, end)[0]
            yield start, end + data_size


@pytest.fixture(scope="module")
def small_log(make_shared_server, demo, workshop):
    """A running server with a few hundred events, its file, and the events as they are."""
    lines = demo(300).read_text().splitlines()[:EVENTS]
    file = workshop / "small.ndjson"
    file.write_text("\n".join(lines) + "\n")
    server = make_shared_server("small").start()
    server.load(file)
    server.wait_for_views()
    server.stop()  # so that index and views are on disk as an audit wants them
    assert audit(server.directory)["exit_code"] == 0
    log = LogFile(server.directory)
    yield server.start(), log, list(server.events())
    log.close()


def read_all(server):
    """All events as lines, in small pages."""
    client, position, lines = server.client(), 0, []
    while page := client.execute_command("LOG.READ", "ALL", "FROM", position, "COUNT", 100):
        lines += page
        position += len(page)
    return lines


def error_of(client, *words):
    with pytest.raises(redis.ResponseError) as caught:
        client.execute_command(*words)
    return str(caught.value)


def live_record(small_log, position):
    """First and last byte of the record that reads come from: of its copies, the one whose damage is noticed."""
    server, log, events = small_log
    client, live = server.client(), []
    for start, end in log.copies(events[position]):
        log.flip(start, 1)
        try:
            client.execute_command("LOG.READ", "ALL", "FROM", position, "COUNT", 1)
        except redis.ResponseError:
            live.append((start, end))
        log.flip(start, 1)
    assert len(live) == 1, f"{len(live)} live records of the event at {position}"
    return live[0]


@pytest.mark.parametrize("position", [0, EVENTS // 2, EVENTS - 1])
def test_no_flipped_byte_of_a_record_is_served(small_log, position):
    server, log, events = small_log
    client, dice = server.client(), random.Random(position)
    start, end = live_record(small_log, position)
    assert end - start > 150
    event = events[position]
    questions = [
        ("LOG.READ", "ALL", "FROM", position, "COUNT", 1),
        ("LOG.READ", "STREAM", event["subject"], "FROM", event["revision"], "COUNT", 1),
        ("LOG.QUERY", "TYPES", event["type"], "FROM", position, "COUNT", 1),
    ]
    for place in range(start, end):
        mask = dice.randrange(1, 256)
        log.flip(place, mask)
        try:
            for words in questions:
                said = error_of(client, *words)
                assert said.startswith("CORRUPT") and str(position) in said, (place - start, said)
        finally:
            log.flip(place, mask)
    for words in questions:
        assert json.loads(client.execute_command(*words)[0]) == event


@pytest.mark.parametrize("position", [3, EVENTS // 2 + 1])
def test_the_audit_finds_every_flipped_byte_of_a_record(small_log, position):
    server, log, _ = small_log
    start, end = live_record(small_log, position)
    dice = random.Random(position)
    for place in range(start, end):
        check_that_the_audit_finds(server, log, place, dice.randrange(1, 256), position)


def test_the_audit_finds_flipped_bytes_anywhere_in_records(small_log):
    server, log, _ = small_log
    dice = random.Random(EVENTS)
    for position in [EVENTS - 1] + [dice.randrange(EVENTS) for _ in range(150)]:
        start, end = live_record(small_log, position)
        check_that_the_audit_finds(server, log, dice.randrange(start, end), dice.randrange(1, 256), position)


def check_that_the_audit_finds(server, log, place, mask, position):
    log.flip(place, mask)
    try:
        done = replay(server.directory, "audit", "--json", expecting=None)
    finally:
        log.flip(place, mask)
    assert done.returncode == 40, (position, place, done.returncode, done.stdout, done.stderr)
    if done.stdout:
        findings = json.loads(done.stdout)["findings"]
        assert position in [finding["position"] for finding in findings if finding["code"] == 40]
    else:
        assert str(position) in done.stderr and "damaged" in done.stderr


def test_a_flipped_byte_elsewhere_never_makes_a_wrong_event(small_log):
    """Outside records are LMDB's pages: headers, tree, meta pages, given-up pages, and empty room at the end.

    LMDB 0.9 has no checksum of its own and may crash on a damaged tree. A crash is a refusal; how many there were
    is printed.
    """
    server, log, events = small_log
    lines, dice = read_all(server), random.Random(4711)
    records = [live_record(small_log, event["position"]) for event in events]
    inside = {place for start, end in records for place in range(start, end)}
    used = int(max(end for _, end in records) * 1.1)
    pages = sorted({start // 4096 * 4096 for start, _ in records})
    places = [page * 4096 + dice.randrange(160) for page in (0, 1) for _ in range(150)]  # the two meta pages
    places += [dice.choice(pages) + dice.randrange(16) for _ in range(15)]  # headers of leaf pages
    places += [place for place in (dice.randrange(used) for _ in range(400)) if place not in inside][:45]
    places += [start - 1 - dice.randrange(16) for start, _ in dice.sample(records, 20)]  # key and node in front
    outcomes = Counter()
    for place in places:
        if place in inside:
            continue
        mask = dice.randrange(1, 256)
        log.flip(place, mask)
        try:
            served = reading(server, lines)
            done = replay(server.directory, "audit", "--json", expecting=None, timeout=60)
        finally:
            log.flip(place, mask)
        if not server.is_running:
            server.start()
        code = done.returncode
        assert served != "wrong", f"an event was served wrong after byte {place} was flipped by {mask}"
        if code == 0:
            report = json.loads(done.stdout)
            assert report["events"] == EVENTS, f"byte {place} by {mask}: the audit says 0 over fewer events"
            # LMDB's own bookkeeping, such as the number of its last page, may stop a server; the events are whole.
            assert served != "short", f"byte {place} by {mask}: the audit says 0, and a server served fewer events"
        outcomes[("audit crashed" if code < 0 else f"audit {code}") + f", reading {served}"] += 1
    print(dict(outcomes))
    assert read_all(server) == lines
    assert audit(server.directory)["exit_code"] == 0


def reading(server, lines):
    """How a running server takes a damaged file: `equal`, `refused`, `crashed`, `short`, or `wrong`."""
    try:
        found = read_all(server)
    except redis.ConnectionError:
        server.process.wait(timeout=10)
        return "crashed"
    except redis.ResponseError:
        return "refused"
    if found == lines:
        return "equal"
    return "short" if found == lines[:len(found)] else "wrong"


def test_the_audit_of_something_else_than_a_log_is_a_usage_error(tmp_path):
    done = run("rapport-replay", "audit", "--data", tmp_path, expecting=None)
    assert done.returncode in (1, 2) and "no Rapport log" in done.stderr
