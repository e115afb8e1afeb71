"""What is refused is refused by a typed error that names fields and never repeats what they hold."""
import json
import socket
import time

import pytest

from product import as_map
from redis_words import account, append, line, refusal
from wire import command, connect, received, send


def test_errors_are_typed_and_never_repeat_values(server):
    client = server.client()
    append(client, "a1", "e1", expect="NONE")
    secret = "Wolfeschlegelsteinhausen"
    cases = {
        "WRONGREVISION": lambda: append(client, "a1", "e2", expect="NONE"),
        "DUPLICATEID": lambda: append(client, "a1", "e1", data=account("a1", industry=secret)),
        "INVALIDEVENT": lambda: append(client, "a2", "e3", data=json.dumps({"account_id": "a2", "industry": secret})),
        "UNKNOWNTYPE": lambda: append(client, "a2", "e4", kind="account.renamed", data=account(secret)),
        "SYNTAX": lambda: client.execute_command("LOG.READ", secret),
    }
    for code, call in cases.items():
        said = refusal(call)
        assert said.split()[0] == code, (code, said)
        assert secret not in said and said.count(". ") >= 1, said
    assert refusal(append, client, "a1", "e5", 7).startswith("WRONGREVISION")
    assert refusal(append, client, "a9", "e5", "EXISTS").startswith("WRONGREVISION")
    assert refusal(client.execute_command, "GET", "x").startswith("SYNTAX")
    assert refusal(client.execute_command, "VIEW.GET", "no-such-view", "x").split()[0].isupper()
    assert len(client.execute_command("LOG.READ", "ALL")) == 1, "a refused append wrote something"


LEAD = {"lead_id": "l1", "source": "web", "channel": "web"}


@pytest.mark.parametrize("stream, kind, data, field", [
    ("lead-l1", "lead.captured", {**LEAD, "person": {"email": ["SECRET"]}}, "person.email"),
    ("lead-l1", "lead.captured", {**LEAD, "message": {"SECRET": 1}}, "message"),
    ("payment-p1", "payment.received", {"payment_id": "p1", "account_id": "a1", "amount": 1, "currency": "EUR",
                                        "method": "bank_transfer", "value_date": "2026-01-05", "kind": "receipt",
                                        "bank_ref": ["SECRET"]}, "bank_ref"),
    ("interaction-i1", "interaction.recorded", {"interaction_id": "i1", "channel": "call", "direction": "in",
                                                "party_ids": ["account-a1"], "started_at": 1,
                                                "subject": {"SECRET": "SECRET"}}, "subject"),
])
def test_personal_fields_are_refused_by_name_and_not_echoed(server, stream, kind, data, field):
    text = json.dumps(data).replace("SECRET", "Wolfeschlegelsteinhausen")
    said = refusal(server.client().execute_command,
                   "LOG.APPEND", "STREAM", stream, "EXPECT", "ANY", "EVENT", kind, text, "ID", "e1")
    assert said.startswith("INVALIDEVENT") and field in said, said
    assert "Wolfeschlegelsteinhausen" not in said
    assert server.client().execute_command("LOG.READ", "ALL") == []


def test_an_ingest_answers_each_line_for_itself(server):
    client = server.client()
    replies = client.execute_command(
        "LOG.INGEST", line("a1", "e1"), line("a2", "e2", type="account.renamed"), "{", line("a3", "e3"),
        line("a1", "e1"), line("a1", "e1", data={"account_id": "a1", "natural_person": False, "name": "Other"}))
    codes = [reply.args[0].split()[0] if isinstance(reply, Exception) else as_map(reply) for reply in replies]
    assert codes == [
        {"position": 0, "duplicate": 0}, "UNKNOWNTYPE", "INVALIDEVENT", {"position": 1, "duplicate": 0},
        {"position": 0, "duplicate": 1}, "DUPLICATEID"]


def test_parameters_that_are_no_json_are_refused_with_their_place_in_three_sentences(target):
    said = refusal(target.client().execute_command, "VIEW.SCAN", "customer-360", "WITH", '{"limit":1.5}')
    assert "a number has a decimal point or an exponent at byte 10" in said and said.count(". ") == 2, said


def test_positions_that_are_to_come_and_bounds_that_contradict_each_other_are_refused(make_server):
    server = make_server().start()
    append(server.client(), "a1", "one")
    call = server.client().execute_command
    server.wait_for_views()
    for view, parameters, bounds in [
            ("sales-funnel", {"known_at": 1}, ()), ("sales-funnel", {"known_at": -1}, ()),
            ("sales-funnel", {"report": "restatement", "since": 99}, ()),
            ("churn-signals", {"known_at": 1, "as_of_day": "2025-01-01"}, ()),
            ("churn-signals", {"as_of_day": "2025-06-30"}, ("ASOF", "2025-01-31T00:00:00Z"))]:
        said = refusal(call, "VIEW.REPORT", view, "WITH", json.dumps(parameters), *bounds)
        assert "The view was not asked" in said, (parameters, said)
    assert call("VIEW.REPORT", "sales-funnel", "WITH", '{"known_at":0}')


def test_who_closes_its_sending_side_waits_for_nothing(make_server):
    server = make_server().start()
    for words in (("LOG.READ", "ALL", "BLOCK", 30_000), ("VIEW.WAIT", "customer-360", 9, 30_000)):
        peer = connect(server, "tcp")
        peer.settimeout(10)
        send(peer, command("PING") + command(*words) * 2)
        peer.shutdown(socket.SHUT_WR)
        began = time.monotonic()
        assert received(peer).startswith(b"+PONG\r\n")
        assert time.monotonic() - began < 5, "the wait went on"
