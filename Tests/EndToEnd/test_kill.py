"""kill -9 at any moment loses nothing that was acknowledged and doubles nothing."""
import json
import os
import random
import threading

import redis

from product import audit, state_hashes

KILLS = 10


def acknowledge(client, lines, acknowledged):
    """Sends batches of events, four of them on their way at a time; notes every event only after its reply.

    Returns when the server is gone or everything is acknowledged.
    """
    connection = client.connection_pool.get_connection("LOG.INGEST")
    batches = [lines[start:start + 64] for start in range(0, len(lines), 64)]
    under_way = []
    try:
        connection.send_command("PING")  # the first command of a connection has 4 KB at most
        connection.read_response()
        while batches or under_way:
            while batches and len(under_way) < 4:
                under_way.append(batches.pop(0))
                connection.send_command("LOG.INGEST", *under_way[-1])
            replies = connection.read_response()
            for line, reply in zip(under_way.pop(0), replies):
                assert isinstance(reply, list), reply
                acknowledged[json.loads(line)["id"]] = reply[reply.index("position") + 1]
    except (redis.ConnectionError, OSError):
        pass  # killed
    finally:
        connection.disconnect()


def missing(server, acknowledged):
    """Acknowledged events that do not stand where the server said that they stand."""
    found = {event["id"]: event["position"] for event in server.events()}
    return [key for key, position in acknowledged.items() if found.get(key) != position]


def test_acknowledged_events_survive_ten_kills(make_server, demo):
    seed = int(os.environ.get("RAPPORT_SEED") or random.randrange(1 << 32))
    print(f"RAPPORT_SEED={seed}")
    dice, server, acknowledged, interrupted = random.Random(seed), make_server(), {}, 0
    lines = demo(400).read_text().splitlines()
    count = len(lines)
    assert 20_000 < count < 50_000
    for kill in range(KILLS):
        server.start()
        assert missing(server, acknowledged) == [], f"kill {kill}, seed {seed}"
        # What follows the last acknowledged event is new; some events before it are sent a second time.
        start = max(0, len(acknowledged) - dice.randrange(2000)) if len(acknowledged) < count else 0
        timer = threading.Timer(dice.uniform(0.005, 0.2), server.kill)
        before, client = len(acknowledged), server.client()
        timer.start()
        acknowledge(client, lines[start:], acknowledged)
        timer.join()
        interrupted += before < len(acknowledged) < count
    print(f"{len(acknowledged)} of {count} events acknowledged, {interrupted} kills in mid-import")
    assert interrupted >= KILLS // 2, "the kills did not hit the import"

    server.start()
    assert missing(server, acknowledged) == [], f"seed {seed}"
    summary = server.load(demo(400))
    assert summary["read"] == count and summary["rejected"] == 0
    assert summary["appended"] + summary["already_there"] == count
    assert summary["already_there"] >= len(acknowledged)
    check_that_everything_is_there_once(server, lines)
    server.wait_for_views()
    assert server.stop() == 0
    assert audit(server.directory)["exit_code"] == 0


def test_the_import_tool_goes_on_after_kills(make_server, demo):
    seed = int(os.environ.get("RAPPORT_SEED") or random.randrange(1 << 32))
    print(f"RAPPORT_SEED={seed}")
    dice, server, file = random.Random(seed), make_server(), demo(300)
    lines = file.read_text().splitlines()
    for _ in range(3):
        server.start()
        timer = threading.Timer(dice.uniform(0.1, 0.6), server.kill)
        timer.start()
        done = server.rapport("import", file, "--json", expecting=None)
        timer.join()
        assert done.returncode in (0, 3), done.stderr
    server.start()
    summary = server.load(file)
    assert summary["appended"] + summary["already_there"] == summary["read"] == len(lines)
    assert server.load(file)["already_there"] == len(lines)
    check_that_everything_is_there_once(server, lines)
    server.wait_for_views()
    assert server.stop() == 0
    assert set(state_hashes(server.directory)) == {"customer-360", "sales-funnel", "churn-signals"}


def check_that_everything_is_there_once(server, lines):
    """The log holds the file's events: each once, those of one stream in the file's order."""
    sent = {}
    for line in lines:
        event = json.loads(line)
        sent.setdefault(event["subject"], []).append((event["id"], event["type"], event["time"], event["data"]))
    found = {}
    for event in server.events():
        stream = found.setdefault(event["subject"], [])
        assert event["revision"] == len(stream)
        stream.append((event["id"], event["type"], event["time"], event["data"]))
    assert found == sent
