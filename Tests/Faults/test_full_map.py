"""A log that has used all bytes that it may use refuses appends in words; reading goes on, also after a restart."""
import pytest

from load import Load
from product import audit, run
from recovery import append_one, check_log
from scale import every_case


def options_of_the_limit(dice):
    """The bound of the log's bytes as this build calls it."""
    words = run("rapportd", "--help").stdout
    if "--max-log-bytes" in words:
        return ["--max-log-bytes", dice.choice([1 << 20, 2 << 20, 4 << 20, 9 << 20])]
    if "--max-megabytes" in words:
        return ["--max-megabytes", dice.choice([1, 2, 4, 9])]
    pytest.xfail("rapportd counts the bytes of a log in gigabytes, too many to fill")


@every_case("full-map")
def test_a_full_log_refuses_and_reads_on(make_server, ledger, case):
    options, server = options_of_the_limit(case.dice), make_server()
    server.start(*options)
    with Load(server, ledger, case.dice, "full", writers=2, count=400, large=60_000):
        pass
    assert "LOGFULL" in ledger.refusals(), ledger.refusals()
    assert ledger.refusals() <= {"WRONGREVISION", "LOGFULL", "BUSY"}, ledger.refusals()
    end = check_log(server, ledger)
    assert server.stop() == 0
    server.start(*options)
    assert check_log(server, ledger) == end
    assert server.stop() == 0
    server.start()  # with more room
    append_one(server, ledger, end)
    assert server.wait_for_views() == end + 1
    assert server.stop() == 0
    assert audit(server.directory)["exit_code"] == 0
