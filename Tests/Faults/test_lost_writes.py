"""A server's writes are written down, and power cuts worked out from them at calls that the dice choose."""
import time

import pytest

from damage import copy_tree
from faulty_disk import FaultyDisk
from load import Load, append_some
from lost_writes import Disk, read_trace
from recovery import check_recovery
from scale import Case, every_case

CUTS_OF_ONE_LOAD = 12


@every_case("lost-writes", group=CUTS_OF_ONE_LOAD)
def test_no_state_that_a_power_cut_may_leave_loses_anything(room, make_server, ledger, cases):
    # Every other load begins with the directory: what is missing of its names loses everything behind them.
    is_birth = cases[0].number // CUTS_OF_ONE_LOAD % 2 == 0
    ops = written_down(room, make_server, ledger, cases[0].dice, is_birth)
    for case in cases:
        check_cut(room, make_server, ledger, ops, case)


def test_the_same_on_a_disk_that_forgets_every_sync_is_found(room, make_server, ledger):
    """The oracle's own test: without the server's syncs some power cut must lose something."""
    dice = Case("forgotten-syncs", 0).dice
    ops = [op for op in written_down(room, make_server, ledger, dice, dice.random() < 0.5) if op.call != "sync"]
    for op in ops:
        op.flags = 0
    with pytest.raises(AssertionError):
        for number in range(8):
            check_cut(room, make_server, ledger, ops, Case("forgotten-syncs", number))


def written_down(room, make_server, ledger, dice, is_birth):
    """The calls of a server under load. `base` in the room is what the disk held before them."""
    disk = FaultyDisk(room, f"{room}/data")
    server = make_server(environment=disk.environment)
    if is_birth:
        (room / "base").mkdir()
        disk.follow()
        server.start()
    else:
        server.start()
        append_some(server, ledger, dice, "before", count=40, depth=8)
        server.wait_for_views()
        time.sleep(0.3)  # nothing goes on now: what is there counts as durable
        copy_tree(server.directory, room / "base")
        disk.follow()
    with Load(server, ledger, dice, "load", writers=2, count=60, depth=3):
        pass
    server.stop() if dice.random() < 0.5 else server.kill()
    disk.follow(False)
    ops = read_trace(disk.trace)
    assert ops, "no call was written down"
    return ops


def check_cut(room, make_server, ledger, ops, case):
    """The power goes while a call is under way: what was acknowledged before its end binds."""
    at = case.dice.randrange(len(ops))
    state = Disk(room / "base", journaled=case.dice.random() < 0.5)
    for op in ops:
        op.is_durable = False
    for op in ops[:at]:
        state.apply(op)
    if ops[at].call != "sync":  # it may have happened in part, and a sync that has not ended says nothing
        state.apply(ops[at])
        ops[at].is_durable = False
    server = make_server(f"cut{case.number}")
    copy_tree(room / "base", server.directory)
    state.power_cut(server.directory, case.dice)
    until = ops[at].time
    try:
        check_recovery(server, ledger.copy(), until)
    except BaseException as problem:
        raise AssertionError(f"case {case.number}, call {at} of {len(ops)}, {ops[at].call} {ops[at].path}, "
                             f"journaled {state.journaled}: {problem}") from problem
    server.remove()
