"""What was sent to a server and what became of it: the oracle of every test with faults.

Acknowledged means present, once, in order; nothing is invented; a request is there whole or not at all.
"""
import threading
import time
from dataclasses import dataclass, field

from product import whole

WRITTEN_NOTHING = {"WRONGREVISION", "CONDITION", "DUPLICATEID", "BUSY", "LOGFULL", "LOGFAILED"}


class Refusal(Exception):
    """An error reply."""

    def __init__(self, text):
        super().__init__(text)
        self.code = text.split(" ")[0]


@dataclass(eq=False)
class Request:
    """One append: all of its events or none."""
    parts: list  # (stream, expectation, [(id, data)])
    condition: tuple = ()
    receipts: list = None  # [(stream, position, revision)] of the first acknowledgement
    acknowledged_at: float = None
    firsts: int = 0  # acknowledgements that are not called a duplicate's
    may_be_there: bool = False  # an attempt has had no answer, or an answer that says so
    refusals: list = field(default_factory=list)

    def words(self):
        words = ["LOG.APPEND"]
        for stream, expectation, events in self.parts:
            words += ["STREAM", stream, "EXPECT", expectation]
            for key, data in events:
                words += ["EVENT", "account.created", data, "ID", key]
        return [*words, *self.condition]

    def acknowledge(self, reply):
        """Notes a receipt. Every one says the same, and at most one that it is the first.

        Answers to two attempts on two connections may be noted in either order.
        """
        receipts = [(part[1], part[3], part[5]) for part in reply]
        duplicates = {part[7] for part in reply}
        assert len(duplicates) == 1, f"half of a request is a duplicate: {reply}"
        assert self.receipts in (None, receipts), f"answered {reply}, and before that {self.receipts}"
        self.firsts += duplicates == {0}
        assert self.firsts <= 1, f"an attempt is called the first, and another was: {reply}"
        assert self.firsts or self.may_be_there, f"a first attempt is called a duplicate: {reply}"
        if self.receipts is None:
            self.receipts, self.acknowledged_at = receipts, time.monotonic()

    def refuse(self, text):
        code = text.split(" ")[0]
        sentences = text.count(". ") + text.endswith(".")
        assert code.isupper() and sentences >= 3, f"not a code and three sentences: {text}"
        self.refusals.append(code)
        if code not in WRITTEN_NOTHING:
            self.may_be_there = True


class Ledger:
    """Every request of every writer to one log."""

    def __init__(self):
        self.requests = []
        self.lock = threading.Lock()

    def add(self, request):
        with self.lock:
            self.requests.append(request)
        return request

    def copy(self):
        """For one more server on a copy of the log."""
        other = Ledger()
        other.requests = list(self.requests)
        return other

    @property
    def acknowledged(self):
        return [request for request in self.requests if request.receipts is not None]

    def refusals(self):
        return {code for request in self.requests for code in request.refusals}

    def check(self, events, until=None):
        """Compares a whole log with what was sent. With `until`, later acknowledgements do not bind."""
        events = list(events)
        by_id = check_order(events)
        expected = set()
        for request in self.requests:
            keys = {key for _, _, part in request.parts for key, _ in part}
            expected |= keys
            binds = request.receipts is not None and (until is None or request.acknowledged_at < until)
            there = keys & by_id.keys()
            assert there in (set(), keys), f"half a batch: {sorted(there)} of {sorted(keys)}"
            assert there or not binds, f"acknowledged and lost: {request.receipts}"
            may_stand = request.may_be_there or request.receipts is not None
            assert not there or may_stand, f"refused with {request.refusals} and written: {sorted(there)}"
            if there:
                check_request(request, by_id)
        invented = by_id.keys() - expected
        assert not invented, f"events that nobody sent: {sorted(invented)}"
        return len(events)


def check_order(events):
    """Positions and revisions without gaps, recorded times in order, every id once; returns the events by id."""
    revisions, by_id, recorded = {}, {}, ""
    for position, event in enumerate(events):
        assert event["position"] == position, f"position {event['position']} stands at {position}"
        stream = event["subject"]
        assert event["revision"] == revisions.get(stream, -1) + 1, f"a gap in {stream} at position {position}"
        revisions[stream] = event["revision"]
        assert event["id"] not in by_id, f"{event['id']} is there twice"
        by_id[event["id"]] = event
        assert event["recorded"] >= recorded, f"recorded goes back at position {position}"
        recorded = event["recorded"]
    return by_id


def check_request(request, by_id):
    """The events of a request that is there: side by side, in its order, with its content, where it was told."""
    first = by_id[request.parts[0][2][0][0]]["position"]
    place, receipts = first, []
    for stream, _, part in request.parts:
        for key, data in part:
            event = by_id[key]
            assert event["position"] == place, f"{key} stands at {event['position']} and not at {place}"
            assert (event["subject"], event["type"]) == (stream, "account.created")
            assert ("name" in event["data"]) != data.content["natural_person"], f"the name of {key} is not sealed"
            assert whole(event) == data.content, f"the data of {key} changed"
            place += 1
        receipts.append((stream, event["position"], event["revision"]))
    assert request.receipts in (None, receipts), f"acknowledged as {request.receipts}, found as {receipts}"
