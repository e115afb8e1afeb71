"""A client that follows gets every new event once, in order, as soon as it is durable."""
import json
import subprocess
import threading
import time

from redis_words import account, append, line


def test_redis_cli_follows_with_block(server):
    follower = subprocess.Popen(
        ["redis-cli", "-3", "-s", server.socket, "LOG.READ", "ALL", "FROM", "0", "BLOCK", "20000"],
        stdout=subprocess.PIPE, text=True)
    append(server.client(), "a1", "e1")
    out, _ = follower.communicate(timeout=20)
    assert json.loads(out)["id"] == "e1"


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
