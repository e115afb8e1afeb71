"""Writers that send appends of all kinds and note in a ledger what became of them."""
import json
import threading

from ledger import Refusal, Request
from resp import Connection, Gone

DEPTH_MAX = 8  # requests of one connection on their way


class Data(str):
    """The JSON of an event, and what it says."""

    def __new__(cls, account, name, is_person=False):
        content = {"account_id": account, "name": name, "natural_person": is_person}
        data = super().__new__(cls, json.dumps(content))
        data.content = content
        return data


class Desk:
    """Invents requests: single events, atomic ones, several streams, expected revisions, retries of older ones."""

    def __init__(self, ledger, name, dice, large=3000):
        self.ledger, self.name, self.dice, self.large = ledger, name, dice, large
        self.count = 0
        self.heads = {}  # the revision that each stream of its own will have if everything goes well

    def next(self):
        kind = self.dice.random()
        if kind < 0.12 and (older := self._older()):
            return older
        if kind < 0.55:
            parts = [self._part(self._any_stream(), 1)]
        elif kind < 0.7:
            parts = [self._part(self._any_stream(), self.dice.randint(2, 12))]
        elif kind < 0.85:
            streams = {self._any_stream() for _ in range(3)}
            parts = [self._part(stream, self.dice.randint(1, 3)) for stream in sorted(streams)]
        else:
            stream = self._own_stream()
            head = self.heads.get(stream)
            guess = self.dice.choice([head, head, head, None, 7])
            parts = [self._part(stream, 1, "none" if guess is None else guess)]
        for stream, _, events in parts:
            self.heads[stream] = self.heads.get(stream, -1) + len(events)
        return self.ledger.add(Request(parts))

    def _older(self):
        """A request to send once more: one that was acknowledged, or whose fate is unknown."""
        if not self.ledger.requests:
            return None
        request = self.dice.choice(self.ledger.requests)
        return request if request.receipts is not None or request.may_be_there else None

    def _any_stream(self):
        return self._own_stream() if self.dice.random() < 0.7 else f"account-shared{self.dice.randrange(4)}"

    def _own_stream(self):
        return f"account-{self.name}-{self.dice.randrange(12)}"

    def _part(self, stream, count, expectation="any"):
        events = []
        for _ in range(count):
            self.count += 1
            size = self.dice.choice([5, 40, 300, self.large])
            text = "%x" % self.dice.getrandbits(4 * self.dice.randint(1, size))
            # A person's name is sealed: its key must be there as long as the event.
            data = Data(stream.removeprefix("account-"), text, is_person=self.dice.random() < 0.3)
            events.append((f"{self.name}:{self.count}", data))
        return stream, expectation, events


class Writer(threading.Thread):
    """One connection. Ends when it has sent so many requests, or the connection or the log ends."""

    def __init__(self, server, desk, count, depth=DEPTH_MAX):
        super().__init__(daemon=True)
        self.address = server.socket
        self.desk, self.count, self.depth = desk, count, depth
        self.under_way = []
        self.problem = None

    def run(self):
        try:
            self._run(Connection(self.address))
        except Gone:
            pass  # what is under way stays unknown
        except TimeoutError:
            self.problem = AssertionError(f"no answer within 30 seconds to {len(self.under_way)} requests")
        except Exception as problem:  # an assertion of the ledger: the test must see it
            self.problem = problem
        finally:
            for request in self.under_way:
                request.may_be_there = True

    def _run(self, connection):
        connection.ask("PING")  # the first command of a connection has 4 KB at most
        while self.count > 0 or self.under_way:
            while self.count > 0 and len(self.under_way) < self.depth:
                self.count -= 1
                request = self.desk.next()
                self.under_way.append(request)
                connection.send(*request.words())
            try:
                reply = connection.reply()
            except Refusal as refusal:
                request = self.under_way.pop(0)
                request.refuse(str(refusal))
                if refusal.code in ("LOGFAILED", "UNAVAILABLE"):
                    self.count = 0
            else:
                self.under_way.pop(0).acknowledge(reply)
        connection.close()


class Load:
    """Writers at work, for a `with` statement; at its end they have stopped."""

    def __init__(self, server, ledger, dice, name, writers=3, count=1 << 30, depth=DEPTH_MAX, large=3000):
        self.writers = [
            Writer(server, Desk(ledger, f"{name}w{number}", type(dice)(dice.random()), large), count, depth)
            for number in range(writers)]

    def __enter__(self):
        for writer in self.writers:
            writer.start()
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            for writer in self.writers:
                writer.count = 0
        self.join()

    def join(self):
        for writer in self.writers:
            writer.join(timeout=60)
            assert not writer.is_alive(), "a writer does not end"
            if writer.problem:
                raise writer.problem

    def stop(self):
        """No more requests; what is under way is answered."""
        for writer in self.writers:
            writer.count = 0
        self.join()


def append_some(server, ledger, dice, name, count=20, depth=1):
    """A quiet server takes so many requests from one writer."""
    with Load(server, ledger, dice, name, writers=1, count=count, depth=depth):
        pass

