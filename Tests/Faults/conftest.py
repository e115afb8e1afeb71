"""What the fault tests share: directories that vanish, servers that end, and the table of counts at the end."""
import pathlib
import random
import shutil
import sys
import tempfile
from collections import Counter

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "EndToEnd"))

import pytest  # noqa: E402

from damage import Original, copy_tree  # noqa: E402
from ledger import Ledger  # noqa: E402
from product import Server  # noqa: E402
from scale import COUNTS, SCALE, SEED, rooms  # noqa: E402


@pytest.fixture
def room():
    """A directory with a short path, since a Unix socket's path has 107 bytes at most; gone at the end."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="rapport-f-", dir=rooms()))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def make_server(room):
    """Makes servers that are not started yet; none outlives the test."""
    made = []

    def make(name="data", **options):
        made.append(Server(room / name, **options))
        return made[-1]

    yield make
    for server in made:
        if server.is_running:
            server.kill()


@pytest.fixture(scope="session")
def three_logs():
    """The same log early and late, and another log: directories of stopped servers, and what they hold."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="rapport-f-", dir=rooms()))
    ledger, dice = Ledger(), random.Random(f"{SEED}/originals")
    early = Original(Server(path / "early"), ledger, dice, "early")
    copy_tree(path / "early", path / "late")
    late = Original(Server(path / "late"), ledger, dice, "late")
    other = Original(Server(path / "other"), Ledger(), dice, "other", count=250)
    yield early, late, other
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def original(three_logs):
    """The log to damage copies of."""
    return three_logs[1]


@pytest.fixture
def ledger():
    return Ledger()


def pytest_terminal_summary(terminalreporter):
    """One line for each class: how many of its cases passed, and the seed that repeats them."""
    outcomes = {name: Counter() for name in COUNTS}
    for outcome in ("passed", "failed", "skipped", "error", "xfailed"):
        for report in terminalreporter.getreports(outcome):
            name, size = class_and_size(report.nodeid)
            if name in outcomes and (outcome != "passed" or report.when == "call"):
                outcomes[name][outcome] += size
    terminalreporter.write_sep("=", f"faults at scale {SCALE}, RAPPORT_SEED={SEED}")
    for name, counts in outcomes.items():
        if counts:
            said = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
            terminalreporter.write_line(f"{name:18} {said}")


def class_and_size(node):
    """`kill-at-random-7` is one case of its class, `bit-flip-20..29` are ten."""
    name, _, cases = node.partition("[")[2].rstrip("]").rpartition("-")
    first, _, last = cases.partition("..")
    if not first.isdigit():
        return name, 0
    return name, int(last or first) - int(first) + 1
