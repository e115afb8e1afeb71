"""Killed before, after or in the middle of the k-th call that changes a file, a server loses nothing.

The first cases go through one batch, call after call; the others take a scenario and a call of it by the dice.
"""
from faulty_disk import KINDS, FaultyDisk
from load import Load, append_some
from recovery import check_recovery
from scale import every_case

CALLS_OF_ONE_BATCH = 48


def batch(server, ledger, case, arm):
    """A dozen requests at once to a log that has some events."""
    assert server.launch()
    append_some(server, ledger, case.dice, "before", count=10)
    arm(CALLS_OF_ONE_BATCH)
    append_some(server, ledger, case.dice, "batch", count=12, depth=12)


def crowd(server, ledger, case, arm):
    """Three writers at once."""
    assert server.launch()
    arm(300)
    with Load(server, ledger, case.dice, "crowd", count=60):
        pass


def birth(server, ledger, case, arm):
    """The first start in an empty directory."""
    arm(340)
    if server.launch():
        append_some(server, ledger, case.dice, "first", count=3)


def start_after_kill(server, ledger, case, arm):
    """A start that has to repair what kill -9 left."""
    assert server.launch()
    append_some(server, ledger, case.dice, "before", count=60, depth=8)
    server.kill()
    arm(60)
    if server.launch():
        append_some(server, ledger, case.dice, "after", count=5)


def stop(server, ledger, case, arm):
    """An orderly stop."""
    assert server.launch()
    append_some(server, ledger, case.dice, "before", count=60, depth=8)
    arm(16)
    server.stop()


@every_case("kill-at-call")
def test_a_kill_at_any_call_loses_nothing(room, make_server, ledger, case):
    dice, in_order = case.dice, case.number < CALLS_OF_ONE_BATCH
    scenario = batch if in_order else dice.choice([batch, crowd, birth, start_after_kill, stop])
    part = "" if in_order else dice.choice(["", "/log", "/index", "/views"])
    disk = FaultyDisk(room, f"{room}/data{part}")
    server = make_server(environment=disk.environment)

    def arm(call_max):
        at = case.number + 1 if in_order else dice.randint(1, call_max if part == "" else call_max // 3 + 1)
        disk.arm(KINDS, at, dice.choice(["kill before", "kill after", "kill amid"]))

    scenario(server, ledger, case, arm)
    if server.is_running and not disk.hits:
        server.kill()
    assert server.process.wait(timeout=30) in (-9, 0), server.said
    server.environment = {}
    check_recovery(server, ledger)
