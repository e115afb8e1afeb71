"""What the churn view finds is told to the log: signals at crossings only, and the parameters of models."""
import calendar
import json

KINDS = {"green": set(), "amber": {"churn_amber"}, "red": {"churn_amber", "churn_red"}}


def standing(server):
    """The kinds of signals that stand for each account, folded from the log without the program's help."""
    signals = {}
    for event in server.events():
        account = event["subject"].removeprefix("signal-account-")
        if event["type"] == "signal.raised" and event["source"] == "/rapport/churn":
            signals.setdefault(account, {})[event["data"]["signal_id"]] = event["data"]["kind"]
        elif event["type"] == "signal.cleared":
            signals.get(account, {}).pop(event["data"]["signal_id"], None)
    found = {account: sorted(kinds.values()) for account, kinds in signals.items() if kinds}
    assert all(len(set(kinds)) == len(kinds) for kinds in found.values()), "a kind stands once"
    return {account: set(kinds) for account, kinds in found.items()}


def signal(server, day, *options, expecting=0):
    said = server.rapport("churn", "signal", "--as-of", day, "--json", *options, expecting=expecting)
    lines = said.stdout.splitlines()
    return [json.loads(line) for line in lines]


def bands(server, day):
    rows = json.loads(server.rapport("view", "scan", "churn-signals", "limit=10000", "--as-of", day, "--json").stdout)
    return {row["account_id"]: KINDS[row["band"]] for row in rows["rows"] if row["band"] != "green"}


def test_signals_are_raised_and_cleared_at_crossings_only(make_server, demo):
    server = make_server().start()
    server.load(demo(100))
    server.wait_for_views()
    before = len(list(server.events()))
    would = signal(server, "2025-06-30", "--dry-run")
    assert would and len(list(server.events())) == before, "a dry run appends nothing"
    assert signal(server, "2025-06-30") == would
    server.wait_for_views()
    assert standing(server) == bands(server, "2025-06-30")
    assert signal(server, "2025-06-30") == [], "nobody is told twice"

    # Another service's signal about somebody is its own matter.
    account = next(iter(standing(server)))
    server.client().execute_command(
        "LOG.APPEND", "STREAM", f"signal-account-{account}", "EXPECT", "exists", "EVENT", "signal.raised", json.dumps({
            "signal_id": "other", "kind": "fraud", "subject_type": "account", "subject_id": account, "severity": 1,
            "evidence_event_ids": ["e"], "rule_version": 1}), "TIME", "2025-07-01T00:00:00Z")
    server.wait_for_views()
    said = signal(server, "2025-12-31")
    assert {line["type"] for line in said} == {"signal.raised", "signal.cleared"}
    server.wait_for_views()
    assert standing(server) == bands(server, "2025-12-31")
    assert "0 signals raised, 0 cleared" in server.rapport("churn", "signal", "--as-of", "2025-12-31").stdout

    events = list(server.events())
    ids = {event["id"] for event in events}
    raised = [e for e in events if e["type"] == "signal.raised" and e["source"] == "/rapport/churn"]
    for event in raised:
        evidence = event["data"]["evidence_event_ids"]
        assert evidence and set(evidence) <= ids, "every signal names the events behind it"
        assert event["time"] in ("2025-06-30T23:59:59.999Z", "2025-12-31T23:59:59.999Z")


def overdue(name, day):
    """Somebody who owes everything for months: at risk without any model."""
    return json.dumps({
        "specversion": "1.0", "id": f"i-{name}", "source": "/t", "type": "invoice.issued", "time": f"{day}T00:00:00Z",
        "subject": f"invoice-{name}", "data": {
            "invoice_id": name, "number": "1", "account_id": name, "total": 100, "currency": "CNY", "lines": [{
                "line_id": "1", "product_id": "p", "quantity_milli": 1000, "unit_price": 100}],
            "issue_date": day, "due_date": day}})


def test_one_customer_of_whom_nothing_can_be_said_keeps_nobody_else_from_being_told(make_server):
    server = make_server().start()
    client = server.client()
    names = ["a1", "b" * 120, "c1"]
    replies = client.execute_command("LOG.INGEST", *(overdue(name, "2025-01-01") for name in names))
    assert not [str(reply) for reply in replies if isinstance(reply, Exception)]
    server.wait_for_views()
    # A stream's name is too short for the long one.
    would = server.rapport("churn", "signal", "--as-of", "2025-06-30", "--dry-run", expecting=2)
    assert "Nothing was appended" in would.stderr and "2 signals would be raised" in would.stdout
    told = server.rapport("churn", "signal", "--as-of", "2025-06-30", expecting=2)
    assert "1 customers were refused" in told.stderr and "2 signals raised" in told.stdout
    server.wait_for_views()
    assert standing(server) == {"a1": {"churn_amber"}, "c1": {"churn_amber"}}

    # What else stands in a stream of signals is passed over, and a new risk is told all the same.
    corrected = {"corrects_event_id": "x", "reason": "typing_error", "changes": []}
    client.execute_command(
        "LOG.APPEND", "STREAM", "signal-account-a1", "EXPECT", "exists", "EVENT", "event.corrected",
        json.dumps(corrected), "TIME", "2025-07-01T00:00:00Z")
    client.execute_command("LOG.INGEST", json.dumps({
        "specversion": "1.0", "id": "paid", "source": "/t", "type": "invoice.adjusted", "subject": "invoice-a1",
        "time": "2025-07-01T00:00:00Z", "data": {"kind": "void", "amount": 100, "reason": "mistake"}}))
    server.wait_for_views()
    assert [line["type"] for line in signal(server, "2025-07-02", expecting=2)] == ["signal.cleared"]
    server.wait_for_views()
    assert standing(server) == {"c1": {"churn_amber"}}
    earlier = server.rapport("churn", "signal", "--as-of", "2025-06-30", expecting=1)
    assert "Nothing was appended" in earlier.stderr

    # Without a day it is today, for the question and for what is said.
    server.rapport("churn", "signal", expecting=2)
    server.wait_for_views()
    assert "0 signals raised, 0 cleared" in server.rapport("churn", "signal", expecting=2).stdout


def test_a_fit_is_recorded_and_used_from_then_on(make_server, demo):
    server = make_server().start()
    server.load(demo(100))
    server.wait_for_views()

    def fit(*options):
        lines = server.rapport("churn", "fit", "--as-of", "2025-12-31", "--json", *options).stdout.splitlines()
        return {model["model_id"]: model for model in map(json.loads, lines)}

    def model():
        answer = server.rapport("view", "report", "churn-signals", "--as-of", "2025-12-31", "--json").stdout
        return json.loads(answer)["report"]["model"]

    fitted = model()
    models = fit()
    assert models["bg-nbd"]["weak"] and not models["bg-nbd"]["recorded"], "a weak fit has to be asked for"
    assert model()["source"] == "fitted"
    for version in (1, 2):
        assert fit("--weak")["bg-nbd"]["recorded"]
        server.wait_for_views()
        recorded = model()
        assert (recorded["source"], recorded["model_version"]) == ("recorded", version)
        assert all(recorded[name] == fitted[name] for name in ("r_nano", "alpha_nano", "a_nano", "b_nano"))


def order(account, number, month, total):
    """An order on the first of a month of 2025."""
    return {
        "specversion": "1.0", "id": number, "source": "/t", "type": "order.placed", "subject": f"order-{number}",
        "time": f"2025-{month:02}-01T00:00:00Z", "data": {
            "order_id": number, "number": number, "account_id": account, "total": total, "currency": "EUR",
            "placed_at": calendar.timegm((2025, month, 1, 0, 0, 0)) * 1000,
            "lines": [{"line_id": "1", "product_id": "p", "quantity_milli": 1000, "unit_price": total}]}}


def test_a_parameter_that_no_integer_holds_is_shown_as_unknown_and_not_recorded(make_server):
    server = make_server().start()
    client = server.client()
    client.ping()
    orders = [
        order(f"a{customer}", f"o{customer}-{month}", month, 10**13 * (1 + customer % 7) * month)
        for customer in range(40) for month in range(1, 3 + customer % 5)]
    replies = client.execute_command("LOG.INGEST", *map(json.dumps, orders))
    assert not [str(reply) for reply in replies if isinstance(reply, Exception)]
    server.wait_for_views()
    said = server.rapport("churn", "fit", "--as-of", "2025-12-31", "--weak", "--json").stdout.splitlines()
    models = {model["model_id"]: model for model in map(json.loads, said)}
    spending = models["gamma-gamma-EUR"]
    assert spending["params"]["gamma"] is None and spending["params"]["p"] > 0 and not spending["recorded"]
    assert models["bg-nbd"]["recorded"]
    recorded = [event["subject"] for event in server.events() if event["type"] == "prediction.recorded"]
    assert recorded == ["prediction-bg-nbd"]


def test_a_fit_of_nobody_is_refused(make_server):
    server = make_server().start()
    assert "Nothing was recorded" in server.rapport("churn", "fit", expecting=4).stderr
    assert signal(server, "2025-06-30") == []
