"""Commands as Redis clients send them."""
import json
import subprocess

import pytest
import redis

from product import as_map


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


def deal_event(deal, event_id, what):
    """Type, data and id of an event of a deal."""
    data = {
        "opened": {"opportunity_id": deal, "account_id": "a1", "name": "Deal", "pipeline_id": "p1",
                   "pipeline_version": 1, "stage_id": "s1", "owner_id": "u7"},
        "won": {"amount": 1, "currency": "EUR", "won_at": 1_700_000_000_000},
        "lost": {"reason_code": "price", "lost_at": 1_700_000_000_000, "stage_id": "s1"},
    }[what]
    return {"specversion": "1.0", "id": event_id, "source": "/test", "type": f"opportunity.{what}",
            "subject": f"opportunity-{deal}", "data": data}


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
