"""The clock jumps, also while the server runs: recorded times never go back, and nothing else changes."""
import json
import time

from faulty_disk import library
from load import append_some
from recovery import check_log, check_running
from scale import every_case

DAY = 86_400
JUMPS = [3600, -3600, 1, -1, 400 * DAY, -400 * DAY, 20 * 365 * DAY, -20 * 365 * DAY, 0]


@every_case("clock")
def test_recorded_times_stay_in_order_when_the_clock_jumps(room, make_server, ledger, case):
    dice, offset = case.dice, room / "offset"
    server = make_server(environment={"LD_PRELOAD": str(library("jumping_clock")), "JUMPING_CLOCK": str(offset)})
    furthest = 0
    for start in range(3):
        set_clock(offset, dice.choice(JUMPS))
        server.start()
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
    check_running(server, ledger)


def set_clock(file, seconds):
    file.with_suffix(".new").write_text(f"{seconds:+d}s\n")
    file.with_suffix(".new").rename(file)
