"""Any Redis client can use the log: redis-cli in both protocols, and redis-py."""
import json
import subprocess
import threading
import time

import pytest
import redis

from product import as_map, fields


def account(name, **more):
    return json.dumps({"account_id": name, "natural_person": False, "name": f"Company {name}", **more})


def append(client, name, event_id, expect="ANY", kind="account.created", data=None):
    """Appends one event to the stream of an account and returns the receipt."""
    receipts = client.execute_command(
        "LOG.APPEND", "STREAM", f"account-{name}", "EXPECT", expect,
        "EVENT", kind, data or account(name), "ID", event_id, "SOURCE", "/test")
    return as_map(receipts[0])


def line(name, event_id, **more):
    """The same event as a CloudEvents line for LOG.INGEST."""
    event = {"specversion": "1.0", "id": event_id, "source": "/test", "type": "account.created",
             "subject": f"account-{name}", "time": "2026-01-05T10:00:00Z", "data": json.loads(account(name))}
    return json.dumps({**event, **more})


def refusal(call, *words):
    """The error that a command gets; a test fails when it gets none."""
    with pytest.raises(redis.ResponseError) as caught:
        call(*words)
    return str(caught.value)


def redis_cli(server, *words, resp3=False):
    done = subprocess.run(
        ["redis-cli", "-3" if resp3 else "-2", "-s", server.socket, *map(str, words)],
        capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("resp3", [False, True], ids=["RESP2", "RESP3"])
def test_redis_cli_appends_reads_queries_and_is_told_errors(server, resp3):
    words = ["LOG.APPEND", "STREAM", "account-a1", "EXPECT", "none", "EVENT", "account.created",
             account("a1", owner_id="u7"), "ID", "e1"]
    receipt = redis_cli(server, *words, resp3=resp3)
    assert "position" in receipt and "account-a1" in receipt
    again = redis_cli(server, *words, resp3=resp3)
    assert "true" in again if resp3 else again.split()[-1] == "1", "a retry is recognised"
    for question in (["LOG.READ", "STREAM", "account-a1"], ["LOG.READ", "ALL"],
                     ["LOG.QUERY", "TYPES", "account.created"], ["LOG.QUERY", "TERMS", "owner:u7"]):
        event = json.loads(redis_cli(server, *question, resp3=resp3))
        assert event["id"] == "e1" and event["data"] == json.loads(account("a1", owner_id="u7")), question
    words[-1], words[4] = "e2", "none"
    assert redis_cli(server, *words, resp3=resp3).startswith(("WRONGREVISION", "(error) WRONGREVISION"))
    assert redis_cli(server, "LOG.STREAM", "account-zz", resp3=resp3) in ("", "(nil)")


def test_redis_cli_follows_with_block(server):
    follower = subprocess.Popen(
        ["redis-cli", "-3", "-s", server.socket, "LOG.READ", "ALL", "FROM", "0", "BLOCK", "20000"],
        stdout=subprocess.PIPE, text=True)
    append(server.client(), "a1", "e1")
    out, _ = follower.communicate(timeout=20)
    assert json.loads(out)["id"] == "e1"


def test_redis_py_appends_and_reads_over_tcp_and_unix_socket(server):
    for number, client in enumerate([server.client(), server.tcp_client()]):
        receipt = append(client, f"a{number}", f"e{number}", expect="NONE")
        assert receipt == {"stream": f"account-a{number}", "position": number, "revision": 0, "duplicate": 0}
        (event,) = map(json.loads, client.execute_command("LOG.READ", "STREAM", f"account-a{number}"))
        assert (event["subject"], event["position"], event["revision"]) == (f"account-a{number}", number, 0)
        assert as_map(client.execute_command("LOG.STREAM", f"account-a{number}"))["revision"] == 0
    backward = [json.loads(x)["id"] for x in client.execute_command("LOG.READ", "ALL", "BACKWARD", "COUNT", 5)]
    assert backward == ["e1", "e0"]


def test_a_follower_gets_exactly_the_new_events(server):
    rounds, followed, failures = [1, 7, 2, 60, 1, 300, 3, 1, 40, 5], [], []
    count = sum(rounds)

    def follow():
        client = server.client()
        try:
            while len(followed) < count:
                page = client.execute_command("LOG.READ", "ALL", "FROM", len(followed), "COUNT", 50, "BLOCK", 10_000)
                assert page, "nothing came within ten seconds"
                followed.extend(json.loads(event) for event in page)
        except Exception as failure:  # told by the test below, on its own thread
            failures.append(failure)

    thread = threading.Thread(target=follow)
    thread.start()
    client, sent = server.client(), []
    for size in rounds:
        ids = [f"e{len(sent) + number}" for number in range(size)]
        replies = client.execute_command("LOG.INGEST", *[line(x, x) for x in ids])
        assert len(replies) == size
        sent += ids
        if size < 10:
            while len(followed) < len(sent) and thread.is_alive():
                time.sleep(0.001)
    thread.join(timeout=30)
    assert not failures and not thread.is_alive()
    assert [event["id"] for event in followed] == sent
    assert [event["position"] for event in followed] == list(range(count))


def test_a_follower_of_a_query_waits_for_what_matches(server):
    client = server.client()
    append(client, "a1", "e1")
    assert client.execute_command("LOG.QUERY", "TERMS", "owner:u7", "BLOCK", 200) == []
    found = []
    thread = threading.Thread(target=lambda: found.extend(
        server.client().execute_command("LOG.QUERY", "TERMS", "owner:u7", "BLOCK", 20_000)))
    thread.start()
    append(client, "a3", "e3")
    append(client, "a2", "e2", data=account("a2", owner_id="u7"))
    thread.join(timeout=20)
    assert [json.loads(event)["id"] for event in found] == ["e2"]


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


def test_an_ingest_answers_each_line_for_itself(server):
    client = server.client()
    replies = client.execute_command(
        "LOG.INGEST", line("a1", "e1"), line("a2", "e2", type="account.renamed"), "{", line("a3", "e3"),
        line("a1", "e1"), line("a1", "e1", data={"account_id": "a1", "natural_person": False, "name": "Other"}))
    codes = [reply.args[0].split()[0] if isinstance(reply, Exception) else as_map(reply) for reply in replies]
    assert codes == [
        {"position": 0, "duplicate": 0}, "UNKNOWNTYPE", "INVALIDEVENT", {"position": 1, "duplicate": 0},
        {"position": 0, "duplicate": 1}, "DUPLICATEID"]


def test_a_retry_is_recognised_and_writes_nothing(server):
    client = server.client()
    first = append(client, "a1", "e1", expect="NONE")
    again = append(server.tcp_client(), "a1", "e1", expect="NONE")
    assert again == {**first, "duplicate": 1}
    assert len(client.execute_command("LOG.READ", "ALL")) == 1


def test_several_streams_are_written_all_or_none(server):
    client = server.client()
    append(client, "a1", "e1")
    words = [w for name in ("a2", "a1") for w in (
        "STREAM", f"account-{name}", "EXPECT", "NONE", "EVENT", "account.created", account(name), "ID", f"n-{name}")]
    assert refusal(client.execute_command, "LOG.APPEND", *words).startswith("WRONGREVISION")
    assert client.execute_command("LOG.STREAM", "account-a2") is None
    words[12] = "0"
    receipts = client.execute_command("LOG.APPEND", *words)
    assert [as_map(x)["stream"] for x in receipts] == ["account-a2", "account-a1"]
    assert [json.loads(x)["id"] for x in client.execute_command("LOG.READ", "ALL")] == ["e1", "n-a2", "n-a1"]


def test_a_pipeline_is_answered_in_order(server):
    pipe = server.client().pipeline(transaction=False)
    for number in range(500):
        pipe.execute_command("LOG.INGEST", line(f"a{number}", f"e{number}"))
        if number % 100 == 50:
            pipe.execute_command("LOG.READ", "STREAM", f"account-a{number}")
            pipe.execute_command("NO.SUCH.COMMAND")
    replies = pipe.execute(raise_on_error=False)
    receipts = [as_map(x[0]) for x in replies if isinstance(x, list) and isinstance(x[0], list)]
    assert [x["position"] for x in receipts] == list(range(500))
    reads = [json.loads(x[0])["id"] for x in replies if isinstance(x, list) and isinstance(x[0], str)]
    assert reads == ["e50", "e150", "e250", "e350", "e450"], "a read sees the appends before it"
    assert [type(x) for x in replies if isinstance(x, Exception)] == [redis.ResponseError] * 5


@pytest.mark.parametrize("stream, kind, data, field", [
    ("lead-l1", "lead.captured", {"lead_id": "l1", "source": "web", "channel": "web", "person": {"email": "SECRET"}}, "person"),
    ("lead-l1", "lead.captured", {"lead_id": "l1", "source": "web", "channel": "web", "message": "SECRET"}, "message"),
    ("payment-p1", "payment.received", {"payment_id": "p1", "account_id": "a1", "amount": 1, "currency": "EUR",
                                        "method": "bank_transfer", "value_date": "2026-01-05", "kind": "payment",
                                        "bank_ref": "SECRET"}, "bank_ref"),
    ("interaction-i1", "interaction.recorded", {"interaction_id": "i1", "channel": "call", "direction": "inbound",
                                                "party_ids": ["account-a1"], "started_at": 1, "subject": "SECRET"}, "subject"),
])
def test_personal_fields_are_refused_by_name_and_not_echoed(server, stream, kind, data, field):
    text = json.dumps(data).replace("SECRET", "Wolfeschlegelsteinhausen")
    said = refusal(server.client().execute_command,
                   "LOG.APPEND", "STREAM", stream, "EXPECT", "ANY", "EVENT", kind, text, "ID", "e1")
    assert said.startswith("INVALIDEVENT") and field in said, said
    assert "personal fields are not supported yet" in said, said
    assert "Wolfeschlegelsteinhausen" not in said
    assert server.client().execute_command("LOG.READ", "ALL") == []


def test_the_server_explains_itself_as_redis_does(server):
    client = server.client()
    names = [name.lower() for name in client.execute_command("COMMAND LIST")]
    expected = "hello ping quit command client info log.append log.ingest log.read log.query log.stream " \
               "view.get view.scan view.report view.wait admin.status"
    assert set(expected.split()) <= set(names)
    docs = as_map(client.execute_command("COMMAND DOCS", "LOG.APPEND"))
    assert "append" in as_map(docs["log.append"])["summary"]
    assert client.execute_command("COMMAND COUNT") == len(names)
    info = fields(client.execute_command("INFO"))
    assert info["log_events"] == 0 and info["log_state"] == "open"
    assert as_map(client.execute_command("ADMIN.STATUS"))["version"]


def test_hello_switches_the_protocol_and_setinfo_names_the_library(server):
    client = server.client(single_connection_client=True)
    assert as_map(client.execute_command("HELLO"))["proto"] == 2
    assert client.execute_command("CLIENT", "SETINFO", "LIB-NAME", "redis-py")
    assert client.execute_command("CLIENT", "SETINFO", "LIB-VER", "4.3.4")
    info = str(client.execute_command("CLIENT", "INFO"))
    assert "redis-py" in info and "4.3.4" in info
    assert refusal(client.execute_command, "HELLO", "4").startswith("NOPROTO")
    assert client.ping(), "the connection goes on after a refusal"
    assert "proto" in redis_cli(server, "HELLO", "3")


def test_view_answers_read_their_own_writes_after_a_wait(server):
    client = server.client()
    receipt = append(client, "a1", "e1")
    assert client.execute_command("VIEW.WAIT", "customer-360", receipt["position"], 10_000) >= receipt["position"]
    row = server.ask("get", "customer-360", "a1")
    assert row["row"]["profile"]["name"]["value"] == "Company a1" if "row" in row else row
    assert server.ask("get", "customer-360", "nobody") is None
