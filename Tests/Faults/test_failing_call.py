"""The k-th call fails, once or from then on: what was acknowledged stays, what was not is refused in words."""
import re

import redis

from faulty_disk import ALL_LATER, FaultyDisk
from load import Load, append_some
from recovery import append_one, check_log, check_recovery
from scale import every_case
from product import as_map

ERRORS = ("EIO", "ENOSPC", "EINTR", "short")
KINDS = ("write", "sync", "size", "rename", "unlink", "create")
REFUSALS = {"WRONGREVISION", "BUSY", "LOGFULL", "LOGFAILED", "UNAVAILABLE"}


# No system interrupts a call for ever, and who waits for the end of it is right: a thousand times is enough.
MORE = {"EINTR": 1000}


def fault_of(case):
    """Kind, error, how many more: all of them in turn; the call by the dice."""
    number = case.number
    kind, number = KINDS[number % len(KINDS)], number // len(KINDS)
    error, number = ERRORS[number % len(ERRORS)], number // len(ERRORS)
    if error == "short" and kind != "write":
        error = "EIO"
    return kind, error, MORE.get(error, ALL_LATER) if number % 2 else 0


@every_case("failing-call")
def test_a_call_that_fails_loses_nothing(room, make_server, ledger, case):
    dice = case.dice
    kind, error, more = fault_of(case)
    # Calls of some kinds come at the start only.
    at_start = dice.random() < (0.25 if kind in ("write", "sync") else 0.8)
    disk = FaultyDisk(room, f"{room}/data" + dice.choice(["", "/log", "/log", "/index", "/views"]))
    server = make_server(environment=disk.environment)

    def arm():
        at = dice.randint(1, 40)
        if error == "short":
            disk.arm([kind], at, "short", more=more)
        else:
            disk.arm([kind], at, "fail", error, more)

    if at_start and dice.random() < 0.5:  # a start that has a log to open; otherwise it makes one
        assert server.launch()
        append_some(server, ledger, dice, "before", count=20, depth=4)
        server.kill()
    if at_start:
        arm()
    if server.launch():
        if not at_start:
            append_some(server, ledger, dice, "before", count=10)
            arm()
        with Load(server, ledger, dice, "load", writers=2, count=60):
            pass
        check_what_is_served(server, ledger, disk, error)
    else:
        check_last_words(server)
    disk.disarm()
    if server.is_running:
        assert server.stop() == 0
    server.environment = {}
    check_recovery(server, ledger)


def check_what_is_served(server, ledger, disk, error):
    assert server.is_running, f"a failed call ended the server: {server.process.returncode}"
    assert ledger.refusals() <= REFUSALS, ledger.refusals()
    assert disk.hits or ledger.refusals() <= {"WRONGREVISION"}, "refused without a fault"
    try:
        end = check_log(server, ledger)
    except redis.ResponseError as refusal:
        # LMDB refuses a store whose page it could not write until it is opened again, which a restart does.
        assert disk.hits and str(refusal).startswith("UNAVAILABLE the key store failed"), refusal
        return
    disk.disarm()
    status = as_map(server.client().execute_command("ADMIN.STATUS"))
    if as_map(status["log"])["state"] == "open":
        append_one(server, ledger, end)
    else:
        assert error != "ENOSPC" or ledger.refusals() & {"LOGFULL", "LOGFAILED", "UNAVAILABLE"}


def check_last_words(server):
    """A server that could not start says so with exit code 69 and three sentences."""
    assert server.process.returncode == 69, (server.process.returncode, server.said)
    words = re.search(r"^rapportd: (.*)", server.said, re.MULTILINE | re.DOTALL)
    assert words and words.group(1).count(". ") >= 2, server.said
