"""The oracle itself: lies that are planted in what a server says are found."""
import copy

import pytest

from history import Call, Model
from ledger import Ledger, Request
from load import Data


def event(position, stream, revision, key, name="n", recorded="2026-01-01T00:00:00.000Z"):
    return {"position": position, "subject": stream, "revision": revision, "id": key, "type": "account.created",
            "recorded": recorded, "data": Data(stream.removeprefix("account-"), name).content}


EVENTS = [event(0, "account-a", 0, "1"), event(1, "account-a", 1, "2"), event(2, "account-b", 0, "3")]


def ledger():
    """One atomic request of two events, acknowledged, and one whose fate is unknown."""
    ledger = Ledger()
    first = ledger.add(Request([("account-a", "any", [("1", Data("a", "n")), ("2", Data("a", "n"))])]))
    first.acknowledge([["stream", "account-a", "position", 1, "revision", 1, "duplicate", 0]])
    ledger.add(Request([("account-b", "any", [("3", Data("b", "n"))])])).may_be_there = True
    return ledger


LIES = {
    "acknowledged and lost": [],
    "half a batch": EVENTS[:1],
    "a gap in": [EVENTS[0], {**EVENTS[1], "revision": 2}],
    "is there twice": [*EVENTS, event(3, "account-b", 1, "3")],
    "that nobody sent": [*EVENTS, event(3, "account-c", 0, "4")],
    "the data of": [event(0, "account-a", 0, "1", name="another"), *EVENTS[1:]],
    "stands at": [EVENTS[0], {**EVENTS[1], "position": 2}],
    "recorded goes back": [*EVENTS[:2], {**EVENTS[2], "recorded": "2025-01-01T00:00:00.000Z"}],
    "and not at": [event(0, "account-a", 0, "2"), event(1, "account-a", 1, "1"), EVENTS[2]],
}


def test_the_ledger_takes_the_truth():
    assert ledger().check(EVENTS) == 3
    assert ledger().check(EVENTS[:2]) == 2


@pytest.mark.parametrize("said", LIES)
def test_the_ledger_finds(said):
    with pytest.raises(AssertionError, match=said):
        ledger().check(copy.deepcopy(LIES[said]))


def test_the_ledger_finds_a_persons_name_in_clear():
    book, data = Ledger(), Data("p", "n", is_person=True)
    book.add(Request([("account-p", "any", [("1", data)])])).may_be_there = True
    sealed = {"account_id": "p", "natural_person": True}
    assert book.check([{**event(0, "account-p", 0, "1"), "data": sealed, "personal": {"name": "n"}}]) == 1
    with pytest.raises(AssertionError, match="is not sealed"):
        book.check([{**event(0, "account-p", 0, "1"), "data": data.content}])


def test_the_ledger_finds_what_was_refused_and_written():
    book = ledger()
    book.requests[1].may_be_there = False
    book.requests[1].refuse("LOGFULL it is full. Nothing was written. Make room.")
    with pytest.raises(AssertionError, match="refused with"):
        book.check(EVENTS)


def append(position, expectation, asked, answered, key, refusal=None, stream="account-a", duplicate=0):
    reply = None if refusal else [["stream", stream, "position", position, "revision", 0, "duplicate", duplicate]]
    details = {"events": [(stream, key, "n")], "expectations": {stream: expectation}}
    return Call("append", details, asked, answered, reply, refusal)


def read(found, start, asked, answered):
    return Call("read", {"start": start, "count": 100}, asked, answered, found)


TRUTH = [append(0, "none", 0, 1, "1"), append(1, 0, 2, 3, "2"), append(2, "any", 4, 5, "3", stream="account-b")]

FALSE_ANSWERS = {
    "against what it asked for": [TRUTH[0], append(1, "none", 2, 3, "2"), TRUTH[2]],
    "out of its time": [append(0, "none", 6, 7, "1"), *TRUTH[1:]],
    "it was right": [*TRUTH, append(None, 1, 6, 7, "4", "WRONGREVISION")],
    "lacks acknowledged events": [*TRUTH, read(EVENTS[:1], 0, 4, 5)],
    "is not what stands in the log": [*TRUTH, read(EVENTS[1:], 0, 6, 7)],
}


def test_the_model_takes_the_truth():
    Model(EVENTS, [*TRUTH, read(EVENTS[:2], 0, 3.5, 4.5), append(None, 0, 6, 7, "4", "WRONGREVISION")]).check()


@pytest.mark.parametrize("said", FALSE_ANSWERS)
def test_the_model_finds(said):
    with pytest.raises(AssertionError, match=said + "|stands before"):
        Model(EVENTS, FALSE_ANSWERS[said]).check()
