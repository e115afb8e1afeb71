"""A log that has used all bytes that it may use refuses appends in words; reading goes on, also after a restart."""
from load import Load
from product import audit
from recovery import append_one, check_log
from scale import every_case


@every_case("full-map")
def test_a_full_log_refuses_and_reads_on(make_server, ledger, case):
    server = make_server()
    options = ["--max-log-bytes", case.dice.choice([1 << 20, 2 << 20, 4 << 20])]
    server.start(*options)
    for load in range(20):  # sealing packs events, so how many fit depends on what they say
        with Load(server, ledger, case.dice, f"full{load}", writers=2, count=400, large=60_000):
            pass
        if "LOGFULL" in ledger.refusals():
            break
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
