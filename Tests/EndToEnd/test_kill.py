"""The import tool goes on after kill -9, and doubles nothing. Tests/Faults kills a server under every other load."""
import json
import os
import random
import threading

from product import state_hashes, whole


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
        stream.append((event["id"], event["type"], event["time"], whole(event)))
    assert found == sent
