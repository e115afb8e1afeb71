"""What reaches a period after it was closed: the difference between the figures as first reported and as now known."""
import datetime
import json
import time

from product import greeted, replay


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def order(number, moment, total=100):
    return json.dumps({
        "specversion": "1.0", "id": str(number), "source": "/t", "subject": f"order-{number}", "type": "order.placed",
        "time": moment, "data": {
            "order_id": str(number), "number": "n", "account_id": "a", "total": total, "currency": "CNY",
            "placed_at": 0,
            "lines": [{"line_id": "1", "product_id": "p", "quantity_milli": 1000, "unit_price": total}]}})


def restatements(server, *options):
    summary, *events = map(json.loads, replay(server.directory, "restatements", *options, "--json").stdout.splitlines())
    assert summary["events"] == len(events) == sum(line["events"] for line in summary["types"])
    return summary, [event["position"] for event in events]


def test_what_came_after_the_close_is_listed(make_server):
    server = make_server().start()
    client = greeted(server)

    def say(*lines):
        replies = client.execute_command("LOG.INGEST", *lines)
        assert not [str(reply) for reply in replies if isinstance(reply, Exception)]

    start = now()
    say(order(0, start), order(1, "2025-01-31T23:59:59.999Z"), order(2, "2025-02-01T00:00:00Z"))
    time.sleep(0.05)
    end = now()
    time.sleep(0.05)
    # Of the period that ends at `end`: 3 and 5. Of January 2025: 1, 4 and the first moment of it, 6.
    say(order(3, start), order(4, "2025-01-15T00:00:00Z"), order(5, start), order(6, "2025-01-01T00:00:00Z"),
        order(7, "2024-12-31T23:59:59.999Z"), order(8, now()))

    summary, found = restatements(server, "--from", start, "--to", end)
    assert (summary["closed_at"], summary["position"], found) == (2, 8, [3, 5])
    assert summary["types"] == [{"type": "order.placed", "events": 2}]
    january = ("--from", "2025-01-01", "--to", "2025-02-01")
    # Nothing was recorded before January 2025 was over: all of it is restated.
    summary, found = restatements(server, *january)
    assert (summary["closed_at"], found) == (None, [1, 4, 6])
    assert restatements(server, *january, "--closed-at", 2)[1] == [4, 6]
    assert restatements(server, *january, "--closed-at", 4)[1] == [6]
    assert restatements(server, *january, "--closed-at", 8)[1] == []
    # With a grace that has not run out the period is open, and nothing is a restatement yet.
    assert restatements(server, "--from", start, "--to", end, "--grace-days", 1)[1] == []

    # In Shanghai January begins and ends eight hours earlier.
    summary, found = restatements(server, *january, "--time-zone", "Asia/Shanghai")
    assert (summary["from"], summary["time_zone"]) == ("2024-12-31T16:00:00.000Z", "Asia/Shanghai")
    assert found == [4, 6, 7]
    assert replay(server.directory, "restatements", *january, "--time-zone", "Mars/Olympus", expecting=1)

    text = replay(server.directory, "restatements", *january, "--closed-at", 2, "--limit", 1).stdout
    assert "restated   2 events" in text and text.count("order-") == 1
    assert replay(server.directory, "restatements", "--from", end, "--to", start, expecting=1)
    # What a report knew that rests on events which are not there, nobody can say.
    for position in (9, 2**64 - 1):
        refusal = replay(server.directory, "restatements", *january, "--closed-at", position, expecting=1)
        assert f"no position {position}" in refusal.stderr
    assert replay(server.directory, "restatements", *january, "--grace-days", 2**63 - 1, expecting=1)


def test_the_difference_of_the_figures_is_the_list(make_server, tmp_path):
    """Revenue of a month as first reported, plus what is listed, is revenue as now known."""
    server = make_server().start()
    client = greeted(server)
    client.execute_command("LOG.INGEST", *(order(n, "2025-03-10T00:00:00Z", 100 + n) for n in range(5)))
    client.execute_command("LOG.INGEST", *(order(n, f"2025-0{3 + n % 2}-20T00:00:00Z", 1000 + n) for n in range(5, 9)))
    lines = replay(server.directory, "restatements", "--from", "2025-03-01", "--to", "2025-04-01", "--closed-at", 4,
                   "--json").stdout.splitlines()[1:]
    later = sum(json.loads(line)["data"]["total"] for line in lines)
    totals = []
    for at in (4, 8):
        replay(server.directory, "export", "customer-360", "--format", "ndjson", "--out", tmp_path / "c", "--at", at,
               "--as-of", "2025-03-31")
        totals.append(json.loads((tmp_path / "c").read_text().splitlines()[1])["revenue"]["CNY"])
    assert later == 1006 + 1008 and totals[1] - totals[0] == later
