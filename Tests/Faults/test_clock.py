"""The clock jumps, also while the server runs: recorded times never go back, and nothing else changes."""
import json
import threading
import time

from faulty_disk import library
from load import append_some
from recovery import check_log, check_running
from scale import every_case

DAY = 86_400
JUMPS = [3600, -3600, 1, -1, 400 * DAY, -400 * DAY, 20 * 365 * DAY, -20 * 365 * DAY, 0]
BLOCK = 300  # ms


@every_case("clock")
def test_times_stay_in_order_and_are_found_when_the_clock_jumps(room, make_server, ledger, case):
    dice, offset = case.dice, room / "offset"
    server = make_server(environment={"LD_PRELOAD": str(library("jumping_clock")), "JUMPING_CLOCK": str(offset)})
    furthest = 0
    for start in range(3):
        set_clock(offset, dice.choice(JUMPS))
        server.start()
        with Follower(server) as follower:
            for jump in range(4):
                seconds = dice.choice(JUMPS)
                set_clock(offset, seconds)
                append_some(server, ledger, dice, f"s{start}j{jump}", count=5)
                furthest = max(furthest, seconds)
            check_waiting(server, offset, dice)
        check_log(server, ledger)
        events = list(server.events())
        assert follower.events == events, "who follows does not see what stands"
        assert all(event["time"] == event["recorded"] for event in events), "without a TIME it is that of the recording"
        check_ranges(server, events, dice)
        if dice.random() < 0.5:
            server.kill()
        else:
            assert server.stop() == 0
    server.start()
    year = time.gmtime(time.time() + furthest).tm_year
    newest = json.loads(server.client().execute_command("LOG.READ", "ALL", "BACKWARD", "COUNT", 1)[0])
    assert abs(int(newest["recorded"][:4]) - year) <= 1, "the clock of the server did not jump"
    check_running(server, ledger)


class Follower(threading.Thread):
    """Reads the log as it grows, for a `with` statement; at its end it has seen everything."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.client, self.events = server.client(), []
        self.is_over = threading.Event()

    def run(self):
        while True:
            was_over = self.is_over.is_set()
            page = self.client.execute_command("LOG.READ", "ALL", "FROM", len(self.events), "BLOCK", BLOCK)
            self.events += map(json.loads, page)
            if was_over and not page:
                return

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.join(timeout=30)
        assert not self.is_alive(), "a follower does not end"


def check_waiting(server, offset, dice):
    """Who waits for an event that does not come waits as long as it said, whatever the clock does meanwhile."""
    end = server.client().execute_command("INFO", "log")["log_events"]
    jump = threading.Timer(BLOCK / 3000, set_clock, [offset, dice.choice(JUMPS)])
    jump.start()
    began = time.monotonic()
    assert server.client().execute_command("LOG.READ", "ALL", "FROM", end, "BLOCK", BLOCK) == []
    waited = time.monotonic() - began
    jump.join()
    assert BLOCK / 1000 <= waited < 20, f"waited {waited:.3f} s for {BLOCK} ms"


def check_ranges(server, events, dice):
    """What was recorded, and what had happened, between two moments: as counted one by one."""
    client = server.client()
    for word, name in (("RECORDED", "recorded"), ("TIME", "time")):
        moments = sorted({event[name] for event in events})
        for _ in range(6):
            low, *later = sorted(dice.sample(moments, k=min(2, len(moments))))
            until = dice.choice([*later, "+"])
            expected = [event for event in events if low <= event[name] and (until == "+" or event[name] < until)]
            question = dice.choice([["LOG.READ", "ALL"], ["LOG.QUERY", "TYPES", "account.created"]])
            found = client.execute_command(*question, word, low, until, "COUNT", 4096)
            assert list(map(json.loads, found)) == expected, f"{question} {word} {low} {until}"
            found = client.execute_command(*question, word, low, until, "COUNT", 4096, "BACKWARD")
            assert list(map(json.loads, found)) == expected[::-1], f"{question} {word} {low} {until} BACKWARD"


def set_clock(file, seconds):
    file.with_suffix(".new").write_text(f"{seconds:+d}s\n")
    file.with_suffix(".new").rename(file)
