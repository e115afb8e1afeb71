"""A full disk refuses appends in words; reading goes on, and appends too as soon as there is room."""
import contextlib
import os
import time

import pytest
import redis

from load import Load
from places import make_image, memory, mounted
from product import Server
from recovery import append_one, check_log, check_running
from scale import every_case

ROOM_KILOBYTES = 160 << 10  # what a new log preallocates, and some more
RESERVE = 8 << 20


@pytest.fixture
def small_disk(room, case):
    """Memory or an image, in turn; the image has less use of its own blocks."""
    if case.number % 2 == 0:
        with memory(room / "disk", ROOM_KILOBYTES) as place:
            yield place
    else:
        with mounted(make_image(room / "image", ROOM_KILOBYTES >> 10), room / "disk") as place:
            yield place


@every_case("full-disk")
def test_a_full_disk_refuses_and_recovers_by_itself(small_disk, ledger, case):
    with filled(small_disk, case, "--reserve-bytes", RESERVE) as (server, ballast):
        with Load(server, ledger, case.dice, "full", writers=2, count=1500, large=60_000):
            pass
        refuses_until_there_is_room(server, ledger, ballast)
        check_running(server, ledger)


@every_case("full-disk")
def test_requests_that_come_while_the_disk_itself_refuses_are_decided_without_the_refused(small_disk, ledger, case):
    """Without a reserve a commit is refused when its file cannot grow, which takes a while. Views may fail, and go on
    by themselves."""
    with filled(small_disk, case, "--reserve-bytes", 0) as (server, ballast):
        with Load(server, ledger, case.dice, "full", writers=8, count=300, large=60_000):
            pass
        refuses_until_there_is_room(server, ledger, ballast)
        check_running(server, ledger)


@contextlib.contextmanager
def filled(disk, case, *options):
    """A server on a disk with some MiB of room, and the file that takes up the rest."""
    server = Server(disk / "data")
    server.socket = str(disk.parent / "socket")
    try:
        server.start(*options)
        ballast = disk / "ballast"
        fill(ballast, case.dice.randrange(4 << 20, 12 << 20), disk)
        yield server, ballast
    finally:
        if server.is_running:
            server.kill()


def refuses_until_there_is_room(server, ledger, ballast):
    assert "LOGFULL" in ledger.refusals(), ledger.refusals()
    assert ledger.refusals() <= {"WRONGREVISION", "LOGFULL", "BUSY", "DUPLICATEID"}, ledger.refusals()
    check_log(server, ledger)
    ballast.unlink()
    append_when_there_is_room(server, ledger, check_log(server, ledger))


def fill(path, leave, disk):
    """A file that leaves so many bytes of the disk free."""
    status = os.statvfs(disk)
    size = max(0, status.f_bfree * status.f_frsize - leave)
    with open(path, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, size) if size else None


def append_when_there_is_room(server, ledger, end):
    """By itself and within seconds an append is taken."""
    deadline = time.monotonic() + 15
    while True:
        try:
            return append_one(server, ledger, end)
        except redis.ResponseError as refusal:
            assert str(refusal).split()[0] in ("LOGFULL", "BUSY"), refusal
        assert time.monotonic() < deadline, "there is room again, and appends are refused still"
        time.sleep(0.1)
