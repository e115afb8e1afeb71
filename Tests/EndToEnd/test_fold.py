"""Projections written in SQL: both that are shipped, computed a second time in Python, and folds that end badly."""
import collections
import datetime
import json
import os
import random
import signal
import sqlite3
import subprocess
import time

import pytest

from product import BINARIES, ROOT, replay, run

FOLDER = ROOT / "Projections" / "SQL"


@pytest.fixture(scope="module")
def company(make_shared_server, demo):
    """A server that has a demo company, and the events as it tells them."""
    server = make_shared_server("folded").start()
    server.load(demo(300))
    return server, list(server.events())


def fold(server, name, out, *options, **more):
    """Folds a shipped projection and returns what the command says."""
    done = replay(server.directory, "fold", FOLDER / f"{name}.sql", "--out", out, "--json", *options, **more)
    return json.loads(done.stdout) if done.stdout else done


def rows(path, query):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as file:
        return file.execute(query).fetchall()


def dump(path):
    """The whole file as SQL, as `sqlite3 .dump` prints it."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as file:
        return list(file.iterdump())


def milliseconds(event):
    return round(datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp() * 1000)


def revenue(events):
    """Revenue by month, source and currency: a dictionary of what each order came to, then sums."""
    orders, own, leads, converted = {}, {}, {}, {}
    refunds, cancelled = collections.Counter(), set()
    for position, event in enumerate(events):
        data, stream = event["data"], event["subject"]
        if event["type"] == "order.placed":
            orders[stream] = (data["account_id"], event["time"][:7], data["currency"], data["total"])
        elif event["type"] == "order.cancelled" and not data.get("lines"):
            cancelled.add(stream)
        elif event["type"] == "order.returned":
            refunds[stream] += data["refund_due"]
        elif event["type"] == "account.created":
            own[data["account_id"]] = data.get("source")
        elif event["type"] == "lead.captured":
            leads[stream] = data["source"]
        elif event["type"] == "lead.converted":
            here = (milliseconds(event), position, stream)
            converted[data["account_id"]] = min(converted.get(data["account_id"], here), here)
    figures = collections.defaultdict(lambda: [0, 0, 0])
    for stream, (account, month, currency, total) in orders.items():
        if stream not in cancelled:
            source = own.get(account) or leads.get(converted.get(account, [None])[-1]) or "unknown"
            cell = figures[month, source, currency]
            cell[0] += 1
            cell[1] += total - refunds[stream]
            cell[2] += refunds[stream]
    return sorted((*key, *cell) for key, cell in figures.items())


def first_responses(events):
    """Waits by team and month, quantiles by sorting: rank ceil(p * n)."""
    tickets, answers, teams = {}, collections.defaultdict(list), collections.defaultdict(list)
    for position, event in enumerate(events):
        data, stream, time = event["data"], event["subject"], milliseconds(event)
        if event["type"] == "ticket.opened":
            tickets[stream] = time, event["time"][:7]
        elif event["type"] == "ticket.assigned" and "team_id" in data:
            teams[stream].append((time, position, data["team_id"]))
        elif event["type"] == "ticket.responded" and data["author_kind"] == "agent" and data["public"]:
            answers[stream].append(time)
    groups = collections.defaultdict(list)
    for stream, (opened, month) in tickets.items():
        answered = min(answers[stream], default=None)
        before = [team for team in teams[stream] if answered is None or team[0] <= answered]
        waited = None if answered is None else max(answered - opened, 0)
        groups[max(before)[2] if before else "unassigned", month].append(waited)
    lines = []
    for (team, month), waits in sorted(groups.items()):
        done = sorted(wait for wait in waits if wait is not None)
        p50, p90 = (done[-(-share * len(done) // 100) - 1] if done else None for share in (50, 90))
        lines.append((team, month, len(waits), len(done), len(waits) - len(done), p50, p90))
    return lines


def test_the_shipped_projections_say_what_python_computes(company, tmp_path):
    server, events = company
    said = fold(server, "revenue-by-month", tmp_path / "revenue.db")
    assert (said["events"], said["position"]) == (len(events), len(events) - 1)
    expected = revenue(events)
    assert len(expected) > 50 and any(line[5] for line in expected), "there is something to compare"
    assert rows(tmp_path / "revenue.db", "SELECT * FROM revenue_by_month") == expected

    fold(server, "first-response-by-team", tmp_path / "answers.db")
    expected = first_responses(events)
    assert len(expected) > 10
    assert rows(tmp_path / "answers.db", "SELECT * FROM first_response_by_team") == expected


def test_edges_of_the_definitions(make_server, tmp_path):
    """What the demo company does not do: bots, internal notes, teams that change, refunds, sources of leads."""
    server = make_server().start()
    lines = []

    def say(stream, event_type, day, **data):
        lines.append(json.dumps({
            "specversion": "1.0", "id": str(len(lines)), "source": "/t", "subject": stream, "type": event_type,
            "time": f"2025-{day}T12:00:00Z", "data": data}))

    def order(number, account, day, total):
        say(f"order-{number}", "order.placed", day, order_id=str(number), number="n", account_id=account, total=total,
            currency="CNY", placed_at=0,
            lines=[{"line_id": "1", "product_id": "p", "quantity_milli": 1000, "unit_price": total}])

    say("lead-l1", "lead.captured", "01-01", lead_id="l1", source="fair", channel="event", person={}, company_name="A")
    say("lead-l1", "lead.converted", "01-02", account_id="a", contact_id="c", created=["account"])
    say("account-a", "account.created", "01-02", account_id="a", name="A")
    say("account-b", "account.created", "01-02", account_id="b", name="B", source="web")
    order(1, "a", "01-31", 1000), order(2, "b", "02-01", 500), order(3, "c", "02-01", 7), order(4, "b", "02-02", 9)
    part = [{"line_id": "1", "quantity_milli": 500}]
    say("order-1", "order.returned", "03-01", lines=part, refund_due=400, reason="damaged")
    say("order-4", "order.cancelled", "03-01", reason="customer_request")
    say("order-3", "order.cancelled", "03-01", reason="customer_request", lines=part)
    for number, answers in enumerate([
            [("bot", True), ("agent", False), ("customer", True)], [("agent", True)],
            [("agent", True), ("agent", True)]]):
        stream = f"ticket-{number}"
        say(stream, "ticket.opened", "01-01", ticket_id=str(number), number="n", account_id="a", channel="web",
            kind="question", priority="low", subject="s")
        if number:
            say(stream, "ticket.assigned", "01-01", assignee_id="u1", team_id="first")
            say(stream, "ticket.assigned", "01-02", assignee_id="u2")
        for place, (author, public) in enumerate(answers):
            say(stream, "ticket.responded", f"01-{2 + number + place:02}", interaction_id=f"i{number}.{place}",
                author_kind=author, public=public)
            if author == "agent" and public:
                say(stream, "ticket.assigned", "01-20", assignee_id="u3", team_id="late")
    # What was recorded the wrong way round: a later conversion before an earlier one, a cancellation and a return before
    # their orders, a later reply and a later team before earlier ones.
    for lead, source, day in (("l8", "call", "01-03"), ("l9", "visit", "01-02")):
        say(f"lead-{lead}", "lead.captured", "01-01", lead_id=lead, source=source, channel="event", person={},
            company_name="D")
        say(f"lead-{lead}", "lead.converted", day, account_id="d", contact_id="c", created=[])
    order(7, "d", "02-05", 17)
    say("order-5", "order.cancelled", "03-02", reason="customer_request")
    order(5, "b", "02-03", 11)
    say("order-6", "order.returned", "03-02", lines=part, refund_due=3, reason="damaged")
    order(6, "b", "02-04", 13)
    say("ticket-9", "ticket.assigned", "01-09", assignee_id="u3", team_id="late")
    for day, place in (("01-08", 1), ("01-04", 2)):
        say("ticket-9", "ticket.responded", day, interaction_id=f"i9.{place}", author_kind="agent", public=True)
    say("ticket-9", "ticket.assigned", "01-03", assignee_id="u1", team_id="first")
    say("ticket-9", "ticket.opened", "01-01", ticket_id="9", number="n", account_id="a", channel="web",
        kind="question", priority="low", subject="s")
    client = server.client()
    client.ping()
    assert not [str(reply) for reply in client.execute_command("LOG.INGEST", *lines) if isinstance(reply, Exception)]
    fold(server, "revenue-by-month", tmp_path / "r.db")
    assert rows(tmp_path / "r.db", "SELECT * FROM revenue_by_month") == [
        ("2025-01", "fair", "CNY", 1, 600, 400), ("2025-02", "unknown", "CNY", 1, 7, 0),
        ("2025-02", "visit", "CNY", 1, 17, 0), ("2025-02", "web", "CNY", 2, 510, 3)]
    fold(server, "first-response-by-team", tmp_path / "f.db")
    day = 86_400_000
    assert rows(tmp_path / "f.db", "SELECT * FROM first_response_by_team") == [
        ("first", "2025-01", 3, 3, 0, 3 * day, 3 * day), ("unassigned", "2025-01", 1, 0, 1, None, None)]
    assert rows(tmp_path / "r.db", "SELECT * FROM revenue_by_month") == revenue(server.events())
    assert rows(tmp_path / "f.db", "SELECT * FROM first_response_by_team") == first_responses(server.events())


def test_as_of_and_at_are_the_answers_of_a_shorter_log(company, tmp_path):
    server, events = company
    position = len(events) * 2 // 3
    fold(server, "revenue-by-month", tmp_path / "at.db", "--at", position)
    assert rows(tmp_path / "at.db", "SELECT * FROM revenue_by_month") == revenue(events[:position + 1])
    fold(server, "revenue-by-month", tmp_path / "asof.db", "--as-of", "2025-01-31")
    before = [event for event in events if event["time"] < "2025-02-01"]
    assert 0 < len(before) < len(events)
    assert rows(tmp_path / "asof.db", "SELECT * FROM revenue_by_month") == revenue(before)
    # Rows of one moment do not become those of another.
    refused = fold(server, "revenue-by-month", tmp_path / "asof.db", expecting=1)
    assert "as of 2025-01-31T23:59:59.999Z" in refused.stderr


def test_a_killed_fold_goes_on_and_ends_with_the_same_rows(company, tmp_path):
    """kill -9 at random moments, under a projection that would show an event folded twice or not at all."""
    server, events = company
    file = tmp_path / "slow.sql"
    file.write_text("""-- projection: slow
-- version: 1
-- tables
CREATE TABLE seen (position INTEGER PRIMARY KEY, type TEXT);
CREATE TABLE types (type TEXT PRIMARY KEY, n INTEGER, work INTEGER);
-- on *
INSERT INTO seen VALUES (:position, :type);
INSERT INTO types VALUES (:type, 1, 0)
ON CONFLICT DO UPDATE SET n = n + 1, work = (
    WITH RECURSIVE steps(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM steps WHERE i < 20) SELECT sum(i) FROM steps);
""")
    whole, broken = tmp_path / "whole.db", tmp_path / "broken.db"
    begun = time.monotonic()
    replay(server.directory, "fold", file, "--out", whole)
    took = time.monotonic() - begun
    assert rows(whole, "SELECT sum(n) FROM types") == [(len(events),)]
    dice = random.Random(seed := random.randrange(1 << 32))
    print("seed", seed)
    command = [BINARIES / "rapport-replay", "fold", file, "--out", broken, "--data", server.directory]
    for kind in [signal.SIGINT, signal.SIGKILL] * 4:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(dice.uniform(0, took))
        process.send_signal(kind)
        said = process.communicate()[1].decode()
        assert process.returncode in (-signal.SIGKILL, -signal.SIGINT, 130, 0), said
        if process.returncode == 130:
            assert "to go on" in said
        if broken.exists() and broken.stat().st_size:
            # A reader sees whole commits only; it may have to roll back what the killed process left.
            with sqlite3.connect(broken) as half:
                (next_position,) = half.execute("SELECT next_position FROM _fold").fetchone()
                assert half.execute("SELECT count(*) FROM seen").fetchone() == (next_position,)
    assert run("rapport-replay", *command[1:])
    assert dump(broken) == dump(whole), seed


def test_a_rebuild_leaves_the_old_rows_until_the_new_ones_stand(company, tmp_path):
    server, _ = company
    text = (FOLDER / "revenue-by-month.sql").read_text()
    first, second = tmp_path / "first.sql", tmp_path / "second.sql"
    first.write_text(text)
    second.write_text(text.replace("-- version: 2", "-- version: 3").replace("'unknown'", "'nobody knows'"))
    out = tmp_path / "rows.db"
    replay(server.directory, "fold", first, "--out", out)
    before = dump(out)
    refused = replay(server.directory, "fold", second, "--out", out, expecting=1)
    assert "version 2" in refused.stderr and "--rebuild" in refused.stderr
    assert dump(out) == before
    replay(server.directory, "fold", second, "--out", out, "--rebuild")
    assert rows(out, "SELECT version FROM _fold") == [(3,)]
    assert sorted(os.listdir(tmp_path)) == ["first.sql", "rows.db", "second.sql"]


def test_another_log_is_refused(company, make_server, tmp_path):
    server, _ = company
    fold(server, "revenue-by-month", tmp_path / "rows.db")
    other = make_server().start()
    refused = fold(other, "revenue-by-month", tmp_path / "rows.db", expecting=1)
    assert "another log" in refused.stderr


def test_personal_fields_come_only_when_asked_for(make_server, tmp_path):
    server = make_server().start()
    server.client().execute_command(
        "LOG.APPEND", "STREAM", "contact-1", "EXPECT", "none",
        "EVENT", "contact.created", '{"contact_id":"1","family_name":"Lindqvist"}')
    file = tmp_path / "people.sql"
    file.write_text("-- projection: people\n-- version: 1\n-- tables\nCREATE TABLE people (stream, data, personal);\n"
                    "-- on contact.created\nINSERT INTO people VALUES (:stream, :data, :personal);\n")
    replay(server.directory, "fold", file, "--out", tmp_path / "sealed.db")
    assert rows(tmp_path / "sealed.db", "SELECT * FROM people") == [("contact-1", '{"contact_id":"1"}', None)]
    replay(server.directory, "fold", file, "--out", tmp_path / "opened.db", "--open-personal")
    assert "Lindqvist" in rows(tmp_path / "opened.db", "SELECT personal FROM people")[0][0]
    (server.directory / "root.key").rename(tmp_path / "root.key")
    refused = replay(server.directory, "fold", file, "--out", tmp_path / "b.db", "--open-personal", expecting=None)
    assert refused.returncode != 0 and "root key" in refused.stderr
    replay(server.directory, "fold", file, "--out", tmp_path / "b.db", "--open-personal",
           "--root-key", tmp_path / "root.key")


def test_check_reads_no_log(tmp_path):
    for name in os.listdir(FOLDER):
        assert "is a projection" in run("rapport-replay", "fold", FOLDER / name, "--check", cwd=tmp_path).stdout
    (tmp_path / "bad.sql").write_text((FOLDER / "revenue-by-month.sql").read_text() + "\nDELETE FROM sqlite_master;\n")
    refused = run("rapport-replay", "fold", "bad.sql", "--check", cwd=tmp_path, expecting=1)
    assert "sqlite_master" in refused.stderr
    assert os.listdir(tmp_path) == ["bad.sql"]


def test_rows_that_somebody_has_open_are_not_replaced(make_server, demo, tmp_path):
    server = make_server().start()
    server.load(demo(10))
    out = tmp_path / "rows.db"
    fold = ("fold", ROOT / "Projections/SQL/revenue-by-month.sql", "--out", out)
    replay(server.directory, *fold)
    reader = sqlite3.connect(out)
    reader.execute("PRAGMA journal_mode = wal")
    before = reader.execute("SELECT count(*) FROM revenue_by_month").fetchone()
    said = replay(server.directory, *fold, "--rebuild", expecting=2).stderr
    assert "rows.db-wal' stands beside the rows" in said
    assert reader.execute("SELECT count(*) FROM revenue_by_month").fetchone() == before
    reader.close()
    replay(server.directory, *fold, "--rebuild")
    assert sqlite3.connect(out).execute("PRAGMA integrity_check").fetchone() == ("ok",)
