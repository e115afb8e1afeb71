"""Random histories of several clients at once, checked against a sequential model."""
import json
import threading

import pytest

from history import Model, Recorder
from ledger import Refusal, check_order
from load import Data
from resp import Connection, Gone
from scale import every_case

CLIENTS, CALLS = 4, 60
STREAMS = [f"account-h{number}" for number in range(5)]


class Client(threading.Thread):
    """One connection that does one thing after the other."""

    def __init__(self, server, dice, name, has_conditions):
        super().__init__(daemon=True)
        self.recorder = Recorder(Connection(server.socket))
        self.dice, self.name_of_client, self.has_conditions = dice, name, has_conditions
        self.known, self.position, self.sent, self.problem = {}, 0, [], None

    def run(self):
        try:
            self.recorder.connection.ask("PING")
            for number in range(CALLS):
                self.dice.choices([self.append, self.read, self.query, self.follow, self.stream],
                                  [10, 1, 1, 2, 1])[0](number)
        except (Exception, Gone) as problem:
            self.problem = problem

    def append(self, number):
        dice = self.dice
        if self.sent and dice.random() < 0.15:
            words, details = dice.choice(self.sent)
            if dice.random() < 0.3:  # the same id with other content
                words = [Data(word.content["account_id"], "Other") if isinstance(word, Data) else word
                         for word in words]
                details = {**details, "events": [(s, key, "Other") for s, key, _ in details["events"]]}
            self.recorder.call("append", words, Refusal, **details)
            return
        words, events, expectations = ["LOG.APPEND"], [], {}
        for stream in dice.sample(STREAMS, dice.choice([1, 1, 1, 2, 3])):
            expectation = dice.choice(["any", "any", "none", "exists", self.known.get(stream, 0),
                                       self.known.get(stream, "none")])
            words += ["STREAM", stream, "EXPECT", expectation]
            expectations[stream] = expectation
            for _ in range(dice.choice([1, 1, 2, 4])):
                key = f"{self.name_of_client}:{number}:{len(events)}"
                data = Data(stream.removeprefix("account-"), f"Name {key}")
                words += ["EVENT", "account.created", data, "ID", key]
                events.append((stream, key, data.content["name"]))
        details = {"events": events, "expectations": expectations}
        if self.has_conditions and dice.random() < 0.4:
            more, details["condition"] = self.condition()
            words += more
        self.sent.append((words, details))
        call = self.recorder.call("append", words, Refusal, **details)
        for part in call.reply or []:
            self.known[part[1]] = part[5]

    def condition(self):
        items, words = self.items()
        after = self.dice.choice([None, self.position - 1, max(0, self.position - 5)])
        if after is None or after < 0:
            return ["UNLESS", *words], (items, None)
        return ["UNLESS", *words, "AFTER", after], (items, after)

    def items(self):
        """One item or two, and the words for them."""
        items, words = [], []
        for number in range(self.dice.choice([1, 1, 2])):
            types = self.dice.choice([[], ["account.created"], ["order.placed"], ["account.created", "order.placed"]])
            terms = [f"stream:{self.dice.choice(STREAMS)}"] if not types or self.dice.random() < 0.7 else []
            words += ["OR"] if number else []
            words += (["TYPES", ",".join(types)] if types else []) + (["TERMS", ",".join(terms)] if terms else [])
            items.append((types, terms))
        return items, words

    def read(self, _):
        start, count = self.dice.randrange(self.position + 3), self.dice.choice([1, 7, 4096])
        self.page(["LOG.READ", "ALL"], start, count, None)

    def query(self, _):
        items, words = self.items()
        self.page(["LOG.QUERY", *words], self.dice.randrange(self.position + 3), self.dice.choice([1, 7, 4096]), items)

    def follow(self, _):
        """The next events after those it has seen, waiting for one if there is none."""
        found = self.page(["LOG.READ", "ALL"], self.position, 50, None, ["BLOCK", self.dice.choice([1, 20])])
        self.position += len(found)

    def stream(self, _):
        stream = self.dice.choice(STREAMS)
        call = self.recorder.call("stream", ["LOG.STREAM", stream], Refusal, stream=stream)
        assert call.refusal in (None, "NOTFOUND"), call.refusal

    def page(self, words, start, count, items, more=()):
        call = self.recorder.call(
            "read", [*words, "FROM", start, "COUNT", count, *more], (), start=start, count=count, items=items)
        call.reply = [json.loads(line) for line in call.reply or []]
        return call.reply


def has_conditions(server):
    """Whether this build knows UNLESS."""
    connection = Connection(server.socket)
    try:
        connection.ask("LOG.APPEND", "STREAM", "account-x", "EXPECT", "exists", "EVENT", "account.created",
                       Data("x", "x"), "ID", "x", "UNLESS", "TYPES", "order.placed")
    except Refusal as refusal:
        return refusal.code == "WRONGREVISION"
    return True


@every_case("history")
def test_a_random_history_is_linearizable(make_server, ledger, case):
    server, dice = make_server().start(), case.dice
    knows = has_conditions(server)
    clients = [Client(server, type(dice)(dice.random()), f"c{number}", knows) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join(timeout=60)
        assert not client.is_alive(), "a client gets no answer"
        if client.problem:
            raise client.problem
    events = list(server.events())
    check_order(events)
    Model(events, [call for client in clients for call in client.recorder.calls]).check()
    assert server.stop() == 0
    if not knows:
        pytest.skip("this build has no UNLESS; everything else of the history is right")
