"""What a stream's lifecycle does not allow is refused where somebody decides, and recorded where somebody imports."""
import json

from product import as_map, replay
from redis_words import deal_event, refusal


def decide(client, deal, event_id, what):
    event = deal_event(deal, event_id, what)
    return client.execute_command(
        "LOG.APPEND", "STREAM", event["subject"], "EXPECT", "ANY", "EVENT", event["type"], json.dumps(event["data"]),
        "ID", event_id, "SOURCE", "/test")


def ingest(client, *events):
    replies = client.execute_command("LOG.INGEST", *map(json.dumps, events))
    return [reply.args[0].split()[0] if isinstance(reply, Exception) else as_map(reply)["position"]
            for reply in replies]


def test_a_decision_is_refused_and_an_import_is_recorded(server):
    client = server.client()
    assert refusal(decide, client, "o1", "x0", "won").startswith("ILLEGALTRANSITION")
    decide(client, "o1", "e0", "opened")
    decide(client, "o1", "e1", "won")
    said = refusal(decide, client, "o1", "x1", "lost")
    assert said.startswith("ILLEGALTRANSITION stream 'opportunity-o1' is in state 'won'"), said
    assert "opportunity.lost" in said and "opportunity.reopened" in said, said
    expecting = {**deal_event("o1", "x2", "lost"), "expect": "any"}
    assert ingest(client, expecting, deal_event("o1", "i0", "lost"), deal_event("o2", "i1", "opened")) == [
        "ILLEGALTRANSITION", 2, 3]

    server.stop()
    found = [json.loads(line) for line in replay(server.directory, "violations", "--json").stdout.splitlines()]
    assert [(one["position"], one["stream"], one["state"], one["attempted"]) for one in found] == [
        (2, "opportunity-o1", "won", "opportunity.lost")]
    assert replay(server.directory, "violations").stdout.endswith("1 against the lifecycle of their stream\n")

    server.start()
    said = refusal(decide, server.client(), "o1", "x3", "won")
    assert "is in state 'lost'" in said, "the state follows what was recorded, also after a restart"
    decide(server.client(), "o2", "e2", "lost")
