"""No personal field is ever on disk in clear: marked texts go in everywhere, and every byte that was written is searched.

What is packed is searched unpacked: events through a server that reveals nothing.
"""
import json
import pathlib
import re

import pytest

from product import Server, greeted, run

MARK = "Ca9aRy"


def marked(data, personal, number):
    """The data with every personal text replaced by a mark of its own."""

    def replaced(value, path):
        if isinstance(value, dict):
            return {name: replaced(member, [*path, name]) for name, member in value.items()}
        if isinstance(value, list):
            return [replaced(element, path) for element in value]
        if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return f"{MARK} {number} {'.'.join(path)}"
        return value

    return {name: replaced(value, [name]) if name in personal else value for name, value in data.items()}


@pytest.fixture(scope="module")
def lines():
    """A full example of every type that has personal fields, a note at least, each marked."""
    lines = []
    for number, entry in enumerate(json.loads(run("rapport", "catalog", "list", "--json").stdout)):
        event = json.loads(run("rapport", "catalog", "example", entry["type"], "--full").stdout)
        personal = {f["name"] for f in entry["fields"] if f["personal"] == "always"} | {"note"}
        data = marked({**event["data"], "note": "x"}, personal - {"changes"}, number)
        for change in data.get("changes", []):
            if change["field"] in ("email", "phone", "given_name", "family_name", "wechat_id"):
                change.update(old=f"{MARK} {number} old", new=f"{MARK} {number} new")
        lines.append({**event, "id": f"canary-{number}", "data": data})
    return lines + lines_about_a_person()


def lines_about_a_person():
    """What is personal because the account is a person, which the first of the events says and the others do not."""
    events = [
        ("account.created", "account-p1", {"account_id": "p1", "natural_person": True, "name": f"{MARK} Ann"}),
        ("account.updated", "account-p1", {"changes": [{"field": "name", "old": f"{MARK} Ann", "new": f"{MARK} B"}]}),
        ("opportunity.opened", "opportunity-p1", {
            "opportunity_id": "p1", "account_id": "p1", "name": f"{MARK} deal", "pipeline_id": "p",
            "pipeline_version": 1, "stage_id": "s", "owner_id": "u1"}),
    ]
    return [{"specversion": "1.0", "id": f"person-{number}", "source": "/canary", "type": type, "subject": stream,
             "data": data} for number, (type, stream, data) in enumerate(events)]


def holding(*folders):
    """Files below some folders that hold the mark, in UTF-8 or UTF-16."""
    marks = (MARK.encode(), MARK.encode("utf-16-le"), MARK.encode("utf-16-be"))
    files = [path for folder in folders for path in pathlib.Path(folder).rglob("*") if path.is_file()]
    assert files
    return [str(path) for path in files if any(mark in path.read_bytes() for mark in marks)]


def test_no_byte_on_disk_holds_a_personal_field(make_server, lines, workshop):
    server = make_server().start()
    client = greeted(server)
    replies = client.execute_command("LOG.INGEST", *map(json.dumps, lines))
    assert not [str(reply) for reply in replies if isinstance(reply, Exception)]
    shown = json.dumps(list(server.events()))
    assert shown.count(MARK) >= len(lines), "who may see the fields sees them"
    limits = pathlib.Path(f"/proc/{server.process.pid}/limits").read_text()
    assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE), limits

    # Refusals repeat nothing that was sent.
    for line in lines[:20]:
        for change in ({"id": f"{MARK}@example.com"}, {"subject": f"account-{MARK}@x"}, {"type": f"{MARK}.x"},
                       {"data": {**line["data"], "unknown": MARK}}, {"data": {**line["data"], "note": [MARK]}}):
            reply = client.execute_command("LOG.INGEST", json.dumps({**line, "id": "refused", **change}))[0]
            assert isinstance(reply, Exception)
            assert MARK not in str(reply) or "type" in change, (change, str(reply))

    # Blocks, the index and a copy of everything are on disk too.
    for _ in range(3):
        events = [{**line, "id": f"{line['id']}-{_}"} for line in lines]
        client.execute_command("LOG.INGEST", *map(json.dumps, events))
    client.execute_command("ADMIN.SEAL")
    backup = server.directory.parent / "backup"
    server.rapport("backup", backup)
    server.wait_for_views()
    assert not holding(server.directory, backup, workshop)
    server.kill()
    assert not holding(server.directory)
    assert MARK not in server.said

    hidden = Server(server.directory).start("--reveal", "none")
    try:
        events = list(hidden.events())
        assert MARK not in json.dumps(events), "what stands in blocks and records"
        assert any(event.get("personal", {}).get("sealed") for event in events)
    finally:
        hidden.kill()


def test_purposes_are_revealed_one_by_one(make_server, lines):
    server = make_server().start("--reveal", "identity,sales")
    greeted(server).execute_command("LOG.INGEST", *map(json.dumps, lines))
    purposes = {}
    for event in server.events():
        personal = event["personal"]
        purposes.setdefault(personal.get("sealed", {}).get("purpose", "opened"), []).append(event["type"])
    assert "contact.created" in purposes["opened"]
    assert {"service", "marketing", "finance"} <= set(purposes) and "identity" not in purposes


def test_a_lost_root_key_is_not_replaced_in_silence(make_server, lines):
    server = make_server().start()
    greeted(server).execute_command("LOG.INGEST", json.dumps(lines[0]))
    server.stop()
    (server.directory / "root.key").unlink()
    assert not server.launch()
    assert server.process.returncode == 69 and "root key" in server.said


def test_an_export_can_be_imported_again(make_server, lines, tmp_path):
    first, second = make_server("first").start(), make_server("second").start()
    greeted(first).execute_command("LOG.INGEST", *map(json.dumps, lines))
    events = list(first.events())
    replies = greeted(second).execute_command("LOG.INGEST", *map(json.dumps, events))
    assert not [str(reply) for reply in replies if isinstance(reply, Exception)]
    again = list(second.events())
    assert [(e["data"], e["personal"]) for e in again] == [(e["data"], e["personal"]) for e in events]
