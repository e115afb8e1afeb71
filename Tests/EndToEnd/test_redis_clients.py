"""Any Redis client can use the log: redis-cli in both protocols, and redis-py."""
import json

import pytest
import redis

from product import as_map, fields
from redis_words import account, append, line, redis_cli, refusal


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


def test_redis_py_appends_and_reads_over_tcp_and_unix_socket(server):
    for number, client in enumerate([server.client(), server.tcp_client()]):
        receipt = append(client, f"a{number}", f"e{number}", expect="NONE")
        assert receipt == {"stream": f"account-a{number}", "position": number, "revision": 0, "duplicate": 0}
        (event,) = map(json.loads, client.execute_command("LOG.READ", "STREAM", f"account-a{number}"))
        assert (event["subject"], event["position"], event["revision"]) == (f"account-a{number}", number, 0)
        assert as_map(client.execute_command("LOG.STREAM", f"account-a{number}"))["revision"] == 0
    backward = [json.loads(x)["id"] for x in client.execute_command("LOG.READ", "ALL", "BACKWARD", "COUNT", 5)]
    assert backward == ["e1", "e0"]


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
    assert row["row"]["profile"]["name"]["value"] == "Company a1"
    assert server.ask("get", "customer-360", "nobody") is None
