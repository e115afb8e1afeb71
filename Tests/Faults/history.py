"""A record of what clients did at the same time, and a model that says whether the answers can be true.

Positions order all events, so a log has one state for each length. An answer is true if there is a length at which
it is right, and which the log had between question and answer: at least all that was acknowledged before the
question, at most all that was asked before the answer (linearizability, with the order given).
"""
import time
from dataclasses import dataclass


@dataclass(eq=False)
class Call:
    """One command: when it was asked, when it was answered, and what."""
    kind: str
    details: dict
    asked: float
    answered: float
    reply: object = None
    refusal: str = None


class Recorder:
    """The calls of one client."""

    def __init__(self, connection):
        self.connection, self.calls = connection, []

    def call(self, kind, words, refusals, **details):
        asked, reply, refusal = time.monotonic(), None, None
        try:
            reply = self.connection.ask(*words)
        except refusals as error:
            refusal = error.code
        call = Call(kind, details, asked, time.monotonic(), reply, refusal)
        self.calls.append(call)
        return call


class Model:
    """Every length of a log, from the log as it is at the end."""

    def __init__(self, events, calls):
        self.events, self.calls = events, calls
        self.by_id = {event["id"]: event["position"] for event in events}
        self.placed = sorted(
            (call.answered, last_position(call) + 1) for call in calls if call.kind == "append" and call.reply)
        self.asked_of = {}
        for call in calls:
            if call.kind == "append":
                for _, key, _ in call.details["events"]:
                    asked = self.asked_of.get(key, call.asked)
                    self.asked_of[key] = min(asked, call.asked)

    def lengths(self, call):
        """All lengths that the log may have had between the question and the answer."""
        least = max((end for answered, end in self.placed if answered < call.asked), default=0)
        most = next((event["position"] for event in self.events if self.asked_of[event["id"]] > call.answered),
                    len(self.events))
        assert least <= most, f"an event stands before one that was acknowledged earlier: {least}, {most}"
        return range(least, most + 1)

    def revision(self, stream, length):
        """Of the newest event of a stream; `None` if there is none."""
        return next((event["revision"] for event in reversed(self.events[:length]) if event["subject"] == stream), None)

    def check(self):
        for call in self.calls:
            try:
                getattr(self, f"check_{call.kind}")(call)
            except AssertionError as problem:
                answer = call.refusal or call.reply
                raise AssertionError(f"{problem}: {call.kind} {call.details} got {answer}") from None

    def check_append(self, call):
        lengths = self.lengths(call)
        if call.refusal:
            assert any(call.refusal in self.refusals(call, length) for length in lengths), \
                f"refused, and between {lengths.start} and {lengths.stop - 1} events it was right"
            return
        first = self.by_id[call.details["events"][0][1]]
        if call.reply[0][7] == 1:
            assert first < lengths.stop - 1, "called a duplicate of a later event"
            return
        assert first in lengths, f"recorded at {first}, out of its time"
        assert not self.refusals(call, first), f"recorded at {first} against what it asked for"

    def refusals(self, call, length):
        """Why an append to a log of this length is not recorded anew: all codes that are right; none if it is."""
        events = call.details["events"]
        there = [(key, name) for _, key, name in events if self.by_id.get(key, length) < length]
        if there:
            same = all(self.events[self.by_id[key]]["data"]["name"] == name for key, name in there)
            return {"duplicate"} if same and len(there) == len(events) else {"DUPLICATEID"}
        codes = set()
        for stream, expectation in call.details["expectations"].items():
            actual = self.revision(stream, length)
            met = {"any": True, "none": actual is None, "exists": actual is not None}.get(
                expectation, actual == expectation)
            codes |= set() if met else {"WRONGREVISION"}
        if condition := call.details.get("condition"):
            items, after = condition
            if any(matches(event, items) for event in self.events[0 if after is None else after + 1:length]):
                codes.add("CONDITION")
        return codes

    def check_read(self, call):
        """A page from a position on, of the whole log or of what a query selects."""
        start, count, items = call.details["start"], call.details["count"], call.details.get("items")
        found = call.reply or []
        lengths = self.lengths(call)
        may = [event for event in self.events[start:lengths.stop - 1] if items is None or matches(event, items)]
        must = [event for event in may if event["position"] < lengths.start]
        assert found == may[:len(found)], "a page is not what stands in the log"
        assert len(found) >= min(len(must), count), f"a page lacks acknowledged events: {len(found)} of {len(must)}"

    def check_stream(self, call):
        found = call.reply[3] if call.reply else None
        assert any(self.revision(call.details["stream"], length) == found for length in self.lengths(call)), \
            "a stream's revision was never so at that time"


def last_position(call):
    return max(part[3] for part in call.reply)


def matches(event, items):
    """Whether an event is selected by any item: any of its types and all of its terms."""
    terms = {f"stream:{event['subject']}", f"type:{event['type']}", f"category:{event['subject'].split('-')[0]}"}
    return any((not types or event["type"] in types) and set(wanted) <= terms for types, wanted in items)
