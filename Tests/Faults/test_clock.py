"""The clock jumps, also while the server runs: recorded times never go back, and nothing else changes."""
import glob
import json
import os
import time

import pytest

from load import append_some
from recovery import check_log, check_running
from scale import every_case

DAY = 86_400
JUMPS = [3600, -3600, 1, -1, 400 * DAY, -400 * DAY, 20 * 365 * DAY, -20 * 365 * DAY, 0]


def library():
    found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    if not found:
        pytest.skip("libfaketime is not here: install the package faketime")
    return found[0]


@every_case("clock")
def test_recorded_times_stay_in_order_when_the_clock_jumps(room, make_server, ledger, case):
    dice, offset = case.dice, room / "offset"
    # The library changes the environment of the first process that loads it, and a Swift program that this happens
    # to finds its arguments no longer: so the first process is `env`.
    server = make_server(before=["env"], environment={
        "LD_PRELOAD": library(), "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"})
    pids, furthest = [], 0
    for start in range(3):
        set_clock(offset, dice.choice(JUMPS))
        server.start()
        pids.append(server.process.pid)
        for jump in range(4):
            seconds = dice.choice(JUMPS)
            set_clock(offset, seconds)
            append_some(server, ledger, dice, f"s{start}j{jump}", count=5)
            furthest = max(furthest, seconds)
        check_log(server, ledger)
        if dice.random() < 0.5:
            server.kill()
        else:
            assert server.stop() == 0
    server.start()
    year = time.gmtime(time.time() + furthest).tm_year
    newest = json.loads(server.client().execute_command("LOG.READ", "ALL", "BACKWARD", "COUNT", 1)[0])
    assert abs(int(newest["recorded"][:4]) - year) <= 1, "the clock of the server did not jump"
    pids.append(server.process.pid)
    check_running(server, ledger)
    for pid in pids:  # what the library leaves behind when its process is killed
        for left in glob.glob(f"/dev/shm/*faketime_*_{pid}"):
            os.unlink(left)


def set_clock(file, seconds):
    file.with_suffix(".new").write_text(f"{seconds:+d}s\n")
    file.with_suffix(".new").rename(file)
