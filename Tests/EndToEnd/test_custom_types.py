"""Types and fields that a company defines for itself while the server runs: in force from their position on."""
import json

from product import greeted


def event(number, kind, stream, data):
    return json.dumps({"specversion": "1.0", "id": f"e{number}", "source": "/t", "type": kind, "subject": stream,
                       "data": data})


def define(number, entity, field, kind, **more):
    data = {"entity": entity, "field": field, "type": kind, "personal": False, **more}
    return event(number, "field.defined", f"field-{entity}", data)


def send(client, *lines):
    return [str(reply) if isinstance(reply, Exception) else "" for reply in
            client.execute_command("LOG.INGEST", *lines)]


def test_a_type_of_ones_own_is_taken_as_soon_as_it_is_defined(make_server):
    server = make_server().start()
    client = greeted(server)
    visit = {"account_id": "a1", "minutes": 30}
    assert send(client, event(1, "x_acme.visited", "x_acme-v1", visit))[0].startswith("UNKNOWNTYPE")
    assert send(client, define(2, "x_acme.visited", "account_id", "id", required=True),
                define(3, "x_acme.visited", "minutes", "i")) == [""] * 2
    assert send(client, define(4, "x_acme.visited", "wishes", "s", personal=True, subject_field="account_id")) == [""]
    assert send(client, event(1, "x_acme.visited", "x_acme-v1", {**visit, "wishes": "a cactus"})) == [""]
    assert "account_id" in send(client, event(5, "x_acme.visited", "x_acme-v2", {"minutes": 1}))[0]
    assert "minutes" in send(client, event(5, "x_acme.visited", "x_acme-v2", {**visit, "minutes": "long"}))[0]
    assert "hours" in send(client, event(5, "x_acme.visited", "x_acme-v2", {**visit, "hours": 1}))[0]

    server.kill()  # definitions are read again from the log
    client = greeted(server.start())
    assert send(client, event(6, "x_acme.visited", "x_acme-v3", visit)) == [""]
    found = [json.loads(line) for line in client.execute_command("LOG.QUERY", "TERMS", "account:a1")]
    assert [e["id"] for e in found] == ["e1", "e6"]
    assert found[0]["data"] == visit and found[0]["personal"] == {"wishes": "a cactus"}


def test_a_field_of_ones_own_stands_beside_those_of_the_catalog(server):
    client = greeted(server)
    data = {"scheme": "tier", "value": "A", "x_acme_region": "north"}
    assert "x_acme_region" in send(client, event(1, "account.classified", "account-a1", data))[0]
    assert send(client, define(2, "account.classified", "x_acme_region", "e{north,south}")) == [""]
    assert send(client, event(1, "account.classified", "account-a1", data)) == [""]
    refused = send(client, event(3, "account.classified", "account-a1", {**data, "x_acme_region": "up"}))[0]
    assert "x_acme_region" in refused and "north" in refused


def test_a_definition_that_contradicts_another_is_refused_by_name(server):
    client = greeted(server)
    assert send(client, define(1, "x_acme.visited", "minutes", "i")) == [""]
    assert "type" in send(client, define(2, "x_acme.visited", "minutes", "b"))[0]
    assert "type" in send(client, define(3, "x_acme.visited", "length", "metres"))[0]
    assert "field" in send(client, define(4, "account.classified", "region", "id"))[0]
