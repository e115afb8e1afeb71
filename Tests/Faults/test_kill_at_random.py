"""kill -9 at a random time under load loses nothing that was acknowledged, and leaves no half batch."""
import time

from load import Load
from recovery import check_log, check_running
from scale import every_case

KILLS_OF_ONE_LOG = 10


@every_case("kill-at-random", group=KILLS_OF_ONE_LOG)
def test_a_kill_at_any_time_loses_nothing(make_server, ledger, cases):
    server = make_server()
    for case in cases:
        server.start()
        check_log(server, ledger)
        with Load(server, ledger, case.dice, f"k{case.number}"):
            time.sleep(case.dice.uniform(0.0, 0.25))
            server.kill()
    assert len(ledger.acknowledged) > len(cases), "the kills came before any load"
    server.start()
    check_running(server, ledger)
