"""A full disk refuses appends in words; reading goes on, and appends too as soon as there is room."""
import os
import time

import pytest
import redis

from load import Load
from places import make_image, memory, mounted
from product import Server, run
from recovery import append_one, check_log, check_running
from scale import every_case

ROOM_KILOBYTES = 160 << 10  # what a new log preallocates, and some more
RESERVE = 8 << 20


def options_of_reserve():
    """`--reserve-bytes` where the server has it: it stops appends before the disk is full."""
    return ["--reserve-bytes", RESERVE] if "--reserve-bytes" in run("rapportd", "--help").stdout else []


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
    server = Server(small_disk / "data")
    server.socket = str(small_disk.parent / "socket")
    try:
        server.start(*options_of_reserve())
        ballast = small_disk / "ballast"
        fill(ballast, case.dice.randrange(4 << 20, 12 << 20), small_disk)
        with Load(server, ledger, case.dice, "full", writers=2, count=1500, large=60_000):
            pass
        assert "LOGFULL" in ledger.refusals(), ledger.refusals()
        assert ledger.refusals() <= {"WRONGREVISION", "LOGFULL", "BUSY", "DUPLICATEID"}, ledger.refusals()
        check_log(server, ledger)
        ballast.unlink()
        append_when_there_is_room(server, ledger, check_log(server, ledger))
        check_running(server, ledger)
    finally:
        if server.is_running:
            server.kill()


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
