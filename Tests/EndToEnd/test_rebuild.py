"""Read models are rebuilt, audited and asked about the past while the server runs."""
import json
import os
import random
import shutil
import signal
import subprocess
import time

import pytest
import redis

from product import BINARIES, ROOT, VIEWS, audit, replay, state_hashes


@pytest.fixture
def loaded(make_server, demo):
    server = make_server().start()
    server.load(demo(300))
    server.wait_for_views()
    return server


def live_generation(server, view):
    return (server.directory / "views" / f"{view}.live").read_text().splitlines()[0]


def test_a_rebuild_beside_a_running_server_is_taken_over(loaded, demo):
    answers = {view: loaded.ask("report", view) for view in VIEWS}
    generations = {view: live_generation(loaded, view) for view in VIEWS}
    results = json.loads(replay(loaded.directory, "rebuild", "--json").stdout)
    ended = time.monotonic()
    assert [result["view"] for result in results] == list(VIEWS)
    assert all(result["equals_previous"] is True for result in results)
    hashes = {result["view"]: result["state_hash"] for result in results}
    assert all(live_generation(loaded, view) != generations[view] for view in VIEWS)

    # The server has taken a generation over when it applies a new event to it.
    receipt = loaded.client().execute_command(
        "LOG.APPEND", "STREAM", "account-late", "EXPECT", "NONE", "EVENT", "account.created",
        '{"account_id":"late","name":"Late"}', "ID", "late", "TIME", "2025-06-01T00:00:00Z")
    events = receipt[0][3] + 1
    while True:
        views = audit(loaded.directory, expecting=None)["views"]
        if len(views) == 3 and all(view["equal"] and view["events"] == events for view in views):
            break
        assert time.monotonic() < ended + 10, views
    assert {view["view"] for view in views if view["state_hash"] != hashes[view["view"]]} >= {"customer-360"}
    for view in VIEWS:
        assert loaded.client().execute_command("VIEW.WAIT", view, events - 1, 3000) is not None
    assert loaded.ask("get", "customer-360", "late") is not None
    assert answers["sales-funnel"]["report"] == loaded.ask("report", "sales-funnel")["report"]


def policies_of_threads(process):
    """How the threads of a process are scheduled; empty when it has ended."""
    try:
        return {os.sched_getscheduler(int(thread)) for thread in os.listdir(f"/proc/{process.pid}/task")}
    except OSError:
        return set()


@pytest.mark.parametrize("urgent", [[], ["--urgent"]])
def test_a_rebuild_lets_the_server_go_first_unless_it_is_urgent(loaded, urgent):
    process = subprocess.Popen(
        [BINARIES / "rapport-replay", "rebuild", *urgent, "--data", loaded.directory], stdout=subprocess.DEVNULL)
    seen = set()
    while process.poll() is None:
        if len(policies := policies_of_threads(process)) == 1:
            seen |= policies
    assert process.returncode == 0
    assert (os.SCHED_IDLE in seen) is (not urgent)


def test_a_running_server_takes_a_rebuilt_view_over_within_three_seconds(loaded):
    replay(loaded.directory, "rebuild", "sales-funnel")
    ended = time.monotonic()
    path = loaded.directory / "views" / live_generation(loaded, "sales-funnel").strip() / "data.mdb"
    while str(path) not in open(f"/proc/{loaded.process.pid}/maps").read():
        assert time.monotonic() < ended + 3, "the server still uses the old generation"
        time.sleep(0.05)
    assert loaded.ask("report", "sales-funnel")["report"]["funnel"]["deals"]["opened"] > 0


def test_the_audit_of_a_running_server_finds_everything_equal(loaded):
    report = audit(loaded.directory)
    assert report["exit_code"] == 0 and report["findings"] == []
    assert {view["view"] for view in report["views"]} == set(VIEWS)
    assert all(view["equal"] and view["state_hash"] == view["replay_hash"] for view in report["views"])


def test_a_rebuild_of_an_unknown_view_is_a_usage_error(loaded):
    done = replay(loaded.directory, "rebuild", "no-such-view", expecting=None)
    assert done.returncode not in (0, 2, 14, 20, 40)
    assert "customer-360" in done.stderr, "the error names the views that there are"


def test_the_past_is_answered_as_it_was_live(make_server, demo, tmp_path):
    lines = demo(300).read_text().splitlines()
    server, moments = make_server().start(), []
    for number, part in enumerate([lines[:4000], lines[4000:4001], lines[4001:15_000]]):
        file = tmp_path / f"{number}.ndjson"
        file.write_text("\n".join(part) + "\n")
        server.load(file)
        position = server.wait_for_views() - 1
        answers = {view: server.ask("report", view) for view in VIEWS}
        answers["customer"] = server.ask("get", "customer-360", "a1")
        answers["churn"] = server.ask("get", "churn-signals", "a1")
        moments.append((position, answers))
    rest = tmp_path / "rest.ndjson"
    rest.write_text("\n".join(lines[15_000:]) + "\n")
    server.load(rest)
    server.wait_for_views()
    for position, answers in moments:
        for view in VIEWS:
            replayed = replay(server.directory, "as-of", view, "report", "--at", position, "--json").stdout
            assert json.loads(replayed) == answers[view], (position, view)
            assert server.ask("report", view, at=position) == answers[view], (position, view)
        for name, view in (("customer", "customer-360"), ("churn", "churn-signals")):
            done = replay(server.directory, "as-of", view, "get", "a1", "--at", position, "--json", expecting=None)
            assert done.returncode == (3 if answers[name] is None else 0)
            assert (json.loads(done.stdout) if done.stdout.strip() else None) == answers[name]


def test_questions_about_the_past_begin_at_kept_snapshots(loaded):
    end = loaded.wait_for_views()
    positions = [end // 3, 2 * end // 3]
    kept = json.loads(replay(
        loaded.directory, "snapshot", *(word for at in positions for word in ("--at", at)), "--json").stdout)
    assert [(row["view"], row["at"]) for row in kept] == [(view, at) for view in VIEWS for at in positions]
    assert json.loads(replay(loaded.directory, "snapshot", "--json").stdout) == kept
    for view in VIEWS:
        for at in (positions[0], positions[1] + 100):
            words = ("as-of", view, "report", "--at", at, "--json")
            fresh = replay(loaded.directory, *words, "--from-origin").stdout
            assert replay(loaded.directory, *words).stdout == fresh, (view, at)
            assert loaded.ask("report", view, at=at) == json.loads(fresh), (view, at)
    # Whose the streams were by then, with other digits in all names: what does not hash to what was kept is not used.
    anchors = loaded.directory / "views" / "snapshots" / f"anchors-{positions[1] + 1}"
    kept_bytes = anchors.read_bytes()
    anchors.write_bytes(kept_bytes[:32] + kept_bytes[32:].translate(bytes.maketrans(b"1234", b"2143")))
    words = ("as-of", "customer-360", "report", "--at", positions[1] + 100, "--json")
    assert replay(loaded.directory, *words).stdout == replay(loaded.directory, *words, "--from-origin").stdout
    again = json.loads(replay(
        loaded.directory, "snapshot", "--at", positions[1], "--from-origin", "--json").stdout)
    assert all(row["equals_previous"] is True for row in again)
    assert anchors.read_bytes() == kept_bytes, "made anew with it"
    said = replay(loaded.directory, "snapshot", "--at", end, expecting=1).stderr
    assert f"no position {end}" in said and "Nothing was read or kept" in said
    replay(loaded.directory, "snapshot", "--at", 2**64 - 1, expecting=1)
    newest = [replay(loaded.directory, "as-of", "sales-funnel", "report", *at, "--json").stdout
              for at in (("--at", end - 1), ())]
    assert newest[0] == newest[1]
    for command in (("as-of", "sales-funnel", "report"), ("export", "sales-funnel", "--format", "csv", "--out", "x.csv"),
                    ("fold", ROOT / "Projections" / "SQL" / "revenue-by-month.sql", "--out", "x.db")):
        for at in (end, 2**64 - 1):
            assert f"no position {at}" in replay(loaded.directory, *command, "--at", at, expecting=1).stderr
    replay(loaded.directory, "rebuild", "--partitions", 0, expecting=1)
    assert_snapshots_can_be_removed(loaded.directory)


def assert_snapshots_can_be_removed(directory):
    def listed(*words):
        return json.loads(replay(directory, "snapshot", *words, "--json").stdout)

    kept = listed()
    first = kept[0]["at"]
    snapshots = directory / "views" / "snapshots"
    assert all(row["bytes"] > 4096 and not row["outdated"] for row in kept)
    for words in (["--remove"], ["--outdated"], ["--remove", "--at", first, "--outdated"],
                  ["--remove", "--at", first, "--from-origin"], ["--remove", "--at", first, "--at", first + 1]):
        replay(directory, "snapshot", *words, expecting=1)
    assert listed() == kept
    gone = listed("sales-funnel", "--remove", "--at", first)
    assert gone == [row for row in kept if (row["view"], row["at"]) == ("sales-funnel", first)]
    shutil.copytree(snapshots / f"sales-funnel-v{gone[0]['version']}-{kept[1]['at'] + 1}",
                    snapshots / f"sales-funnel-v99-{kept[1]['at'] + 1}")
    assert [row["version"] for row in listed() if row["outdated"]] == [99]
    assert [row["version"] for row in listed("--remove", "--outdated")] == [99]
    assert listed("--remove", "--outdated") == []
    assert listed() == [row for row in kept if row not in gone]
    assert replay(directory, "snapshot", "--remove", "--at", first).stdout.endswith("2 removed\n")
    listed("--remove", "--at", kept[1]["at"])
    assert listed() == [] and not list(snapshots.glob("*-v*")) and not list(snapshots.glob("anchors-*"))


def test_nothing_under_a_key_is_exit_code_3(loaded):
    assert replay(loaded.directory, "as-of", "customer-360", "get", "nobody", expecting=3).stdout.strip() == ""


def test_a_bound_in_event_time_leaves_later_events_out(loaded):
    end = "2024-12-31T23:59:59.999Z"
    asked = {view: loaded.ask("report", view, as_of=end) for view in VIEWS}
    for view in VIEWS:
        replayed = json.loads(replay(loaded.directory, "as-of", view, "report", "--as-of", end, "--json").stdout)
        assert replayed["report"] == asked[view]["report"], view
    assert 0 < asked["customer-360"]["report"]["events"] < loaded.ask("report", "customer-360")["report"]["events"]


def test_a_rebuild_killed_at_random_moments_ends_with_the_same_rows(loaded):
    """kill -9 twenty times; the server goes on answering from the live generations meanwhile."""
    expected = state_hashes(loaded.directory)
    seed = int(os.environ.get("RAPPORT_SEED", "20"))
    chance = random.Random(seed)
    command = [BINARIES / "rapport-replay", "rebuild", "--data", loaded.directory, "--no-promote",
               "--commit-interval", "1"]
    killed = 0
    while killed < 20:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(chance.uniform(0.02, 0.4))
            # It came to its end: that generation stays unpromoted, and the next run begins another.
            assert process.returncode == 0
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        assert loaded.ask("report", VIEWS[0]), f"seed {seed}, kill {killed}"
    results = json.loads(replay(loaded.directory, "rebuild", "--no-promote", "--json").stdout)
    assert {result["view"]: result["state_hash"] for result in results} == expected, f"seed {seed}"
    numbers = {result["view"]: result["generation"] for result in results}
    live = {row["view"] for row in json.loads(replay(loaded.directory, "generations", "--json").stdout) if row["live"]}
    assert live == set(VIEWS)

    # Switched to, and back: a server takes each generation over.
    view = VIEWS[1]
    before = live_generation(loaded, view)
    replay(loaded.directory, "promote", view, str(numbers[view]))
    assert live_generation(loaded, view) != before
    replay(loaded.directory, "rollback", view)
    assert live_generation(loaded, view) == before


def test_any_number_of_partitions_gives_the_same_rows(loaded):
    expected = state_hashes(loaded.directory)
    for count in (1, 2, 3, 7, 64):
        results = json.loads(replay(
            loaded.directory, "rebuild", "--no-promote", "--partitions", str(count), "--json").stdout)
        assert {result["view"]: result["state_hash"] for result in results} == expected, count


def test_a_value_tells_the_events_behind_it(loaded):
    """The orders of a customer, now and as of the first of them, whose totals make the revenue."""
    client = loaded.client()
    now = json.loads(client.execute_command("VIEW.WHY", "customer-360", "a1", "commerce.revenue"))["why"]
    totals = {}
    for reason in now["events"]:
        assert reason["type"] == "order.placed"
        event = json.loads(client.execute_command("LOG.READ", "ALL", "FROM", reason["position"], "COUNT", 1)[0])
        assert event["id"] == reason["id"]
        data = event["data"]
        totals[data["currency"]] = totals.get(data["currency"], 0) + data["total"]
    assert totals and now["value"] == totals and now["next"] is None

    first = min(reason["position"] for reason in now["events"])
    then = json.loads(client.execute_command("VIEW.WHY", "customer-360", "a1", "commerce.revenue", "AT", first))["why"]
    assert [reason["position"] for reason in then["events"]] == [first]
    with pytest.raises(redis.ResponseError, match="the log has no position 999999999"):
        client.execute_command("VIEW.WHY", "customer-360", "a1", "commerce.revenue", "AT", 999_999_999)
    with pytest.raises(redis.ResponseError, match="FIELD"):
        client.execute_command("VIEW.WHY", "customer-360", "a1", "nonsense")
    with pytest.raises(redis.ResponseError, match="churn-signals"):
        client.execute_command("VIEW.WHY", "customer-360", "a1", "churn.risk_bp")
    with pytest.raises(redis.ResponseError, match="provenance"):
        client.execute_command("VIEW.WHY", "sales-funnel", "a1", "amount")
    assert client.execute_command("VIEW.WHY", "customer-360", "nobody", "commerce.revenue") is None


def test_why_a_customer_is_at_risk(loaded):
    """The events that the reasons of the riskiest customer name."""
    client = loaded.client()
    riskiest = json.loads(client.execute_command("VIEW.REPORT", "churn-signals"))["report"]["churn"][0]
    evidence = {position for reason in riskiest["reasons"] for position in reason["evidence"]}
    why = json.loads(client.execute_command("VIEW.WHY", "churn-signals", riskiest["account_id"], "risk_bp"))["why"]
    assert why["value"] == riskiest["risk_bp"]
    assert [event["position"] for event in why["events"]] == sorted(evidence, reverse=True) != []
    for named in why["events"]:
        event = json.loads(client.execute_command("LOG.READ", "ALL", "FROM", named["position"], "COUNT", 1)[0])
        assert (event["id"], event["type"], event["subject"]) == (named["id"], named["type"], named["stream"])
    reason = riskiest["reasons"][0]
    field = "reasons." + reason["signal"]
    one = json.loads(client.execute_command("VIEW.WHY", "churn-signals", riskiest["account_id"], field))["why"]
    assert one["value"] == reason
    assert sorted(event["position"] for event in one["events"]) == sorted(reason["evidence"])
    with pytest.raises(redis.ResponseError, match="FIELD"):
        client.execute_command("VIEW.WHY", "churn-signals", riskiest["account_id"], "revenue")
