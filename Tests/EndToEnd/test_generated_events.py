"""Two hundred thousand and a million generated events: the answers that four independent engines agree on."""
import hashlib
import json
import random
import subprocess
import sys

import pytest

import answers
from product import SHARED, audit

BENCH = SHARED / "bench" / "crm"


@pytest.fixture(scope="module")
def generate(workshop):
    """Makes the event file of an expected answer; the same arguments give the same bytes."""
    if not BENCH.is_dir():
        pytest.skip(f"the generator is not there: {BENCH}")

    def make(events, customers):
        name = {200_000: "200k", 1_000_000: "1M"}[events]
        expected = json.loads((BENCH / f"expected-basic-{name}-seed7.json").read_text())
        path = workshop / f"basic-{name}.ndjson"
        if not path.exists():
            subprocess.run(
                [sys.executable, BENCH / "gen_crm_events.py", "--events", str(events), "--customers", str(customers),
                 "--seed", "7", "--types", "basic", "--out", path],
                check=True, capture_output=True, env={"PYTHONDONTWRITEBYTECODE": "1"})
            with open(path, "rb") as file:
                digest = hashlib.sha256()
                while block := file.read(1 << 20):
                    digest.update(block)
            assert digest.hexdigest() == expected["events_sha256"], "the generator made another file"
        return path, expected

    return make


@pytest.fixture(scope="module")
def loaded(make_shared_server, generate):
    """A server that has the 200,000 events, and its views too."""
    path, expected = generate(200_000, 4000)
    server = make_shared_server("generated").start()
    summary = server.load(path)
    assert (summary["appended"], summary["rejected"]) == (200_000, 0)
    assert server.wait_for_views() == 200_000
    return server, path, expected


def compare(found, expected_name, directory):
    """Lets the bench's own comparison judge. What it leaves out must be nothing but how the file was made."""
    path = directory / "answer.json"
    path.write_text(json.dumps(found))
    done = subprocess.run(
        [sys.executable, BENCH / "compare.py", BENCH / expected_name, path], capture_output=True, text=True)
    print(done.stdout)
    assert done.returncode == 0, done.stdout


def test_the_views_of_200k_events_equal_the_expected_answer(loaded, tmp_path):
    server, _, expected = loaded
    found = answers.from_views(server, expected["columns"])
    compare(found, "expected-basic-200k-seed7.json", tmp_path)
    assert set(expected) - set(found) == {"made_by", "definitions", "events_sha256", "agreed_by"}


def test_the_command_line_pages_through_the_same_rows(loaded):
    server, _, expected = loaded
    rows, more = [], []
    while more is not None:
        page = json.loads(server.rapport("view", "scan", "customer-360", "limit=1500", *more, "--json").stdout)
        rows += page["rows"]
        more = [f"from={page['next']}"] if page["next"] else None
    assert len(rows) == expected["accounts"]
    assert rows == server.scan("customer-360", limit=10_000)


def test_a_replay_of_200k_events_equals_the_expected_answer(loaded, tmp_path):
    server, _, expected = loaded
    found = answers.from_replay(server.directory, expected["columns"])
    compare(found, "expected-basic-200k-seed7.json", tmp_path)


def test_importing_twice_changes_nothing(loaded):
    server, path, expected = loaded
    before = answers.from_views(server, expected["columns"])
    summary = server.load(path)
    assert (summary["appended"], summary["already_there"], summary["rejected"]) == (0, 200_000, 0)
    assert server.wait_for_views() == 200_000
    assert answers.from_views(server, expected["columns"]) == before
    assert audit(server.directory)["exit_code"] == 0


def test_the_order_of_the_streams_in_the_file_changes_no_count(loaded, make_server, workshop):
    """Harder than by customer: the streams of one customer are mixed too; only each stream keeps its order."""
    server, path, expected = loaded
    shuffled = workshop / "shuffled.ndjson"
    shuffle(path, shuffled, seed=20_260_105)
    other = make_server().start()
    assert other.load(shuffled)["appended"] == 200_000
    assert other.wait_for_views() == 200_000
    shuffled.unlink()
    found, before = (answers.from_views(x, expected["columns"]) for x in (other, server))
    del found["first_time"], before["first_time"]  # a position in the file, and no count
    assert found == before
    for question in [("sales-funnel", {"report": "leads", "group_by": "source"}),
                     ("sales-funnel", {"report": "deals", "group_by": "owner"}), ("churn-signals", {"limit": 10_000})]:
        view, parameters = question
        assert (without_evidence(other.ask("report", view, **parameters)["report"])
                == without_evidence(server.ask("report", view, **parameters)["report"])), question


def without_evidence(answer):
    """The answer less the events that it names: those stand at other positions."""
    if isinstance(answer, dict):
        return {name: without_evidence(value) for name, value in answer.items() if name != "evidence"}
    return [without_evidence(value) for value in answer] if isinstance(answer, list) else answer


def shuffle(source, target, seed):
    """Puts the streams of a file in random order, each whole and in its own order."""
    dice, streams = random.Random(seed), {}
    with open(source, "rb") as file:
        for line in file:
            subject = line.split(b'"subject":"', 1)[1].split(b'"', 1)[0]
            streams.setdefault(subject, []).append(line)
    order = list(streams)
    dice.shuffle(order)
    with open(target, "wb") as file:
        for subject in order:
            file.writelines(streams[subject])


@pytest.mark.million
def test_a_million_events_equal_the_expected_answer(generate, make_server, tmp_path):
    path, expected = generate(1_000_000, 20_000)
    server = make_server().start()
    summary = server.load(path)
    path.unlink()
    assert (summary["appended"], summary["rejected"]) == (1_000_000, 0)
    print(f"imported in {summary['milliseconds']} ms")
    assert server.wait_for_views() == 1_000_000
    compare(answers.from_views(server, expected["columns"]), "expected-basic-1M-seed7.json", tmp_path)
    assert server.stop() == 0
    found = answers.from_replay(server.directory, expected["columns"], with_totals=False)
    compare(found, "expected-basic-1M-seed7.json", tmp_path)
