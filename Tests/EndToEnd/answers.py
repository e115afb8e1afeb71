"""The product's answers in the shape of ../shared/bench/crm, built from nothing but what views say.

The definitions of every column are in that folder's README; its engines, which are not ours, agree on the
expected files. Here is only the translation: members of the views' answers to columns of the table.
"""
import datetime
import hashlib
import json

from product import replay

# Columns that the views give under another name or in another place.
CURRENCY = "CNY"
SUMS = ("open_pipeline", "won_revenue", "revenue", "paid")
BGNBD = ("order_days", "x", "t_x_days", "t_days", "repeat_amount", "repeat_mean")
WITHOUT_ORDERS = {"order_days": 0, "repeat_amount": 0}
NOT_SUMMED = ("account_id", "first_touch", "last_touch", "last_event", "last_nps")


def from_views(server, columns):
    """The answer of the live views of a running server."""
    totals = server.ask("report", "customer-360")
    churn = server.ask("report", "churn-signals", limit=1)
    return answer(
        columns,
        customers=server.scan("customer-360", limit=10_000),
        orders=server.scan("churn-signals", limit=10_000, fields="bgnbd"),
        funnel=server.ask("report", "sales-funnel")["report"]["funnel"],
        totals=totals["report"], latest_time=totals["latest_time"], as_of=churn["report"]["as_of_day"],
        first_time=first_time(server))


def from_replay(directory, columns, with_totals=True):
    """The answer of `rapport-replay as-of`, which folds the log anew and owes the views nothing."""
    bgnbd = json.dumps({"fields": "bgnbd", "limit": 10_000})
    funnel = one(directory, "sales-funnel", "report")
    parts = {}
    if with_totals:
        parts["totals"] = one(directory, "customer-360", "report")["report"]
    return answer(
        columns,
        customers=rows(directory, "customer-360", "--with", '{"limit":10000}'),
        orders=rows(directory, "churn-signals", "--with", bgnbd),
        funnel=funnel["report"]["funnel"], latest_time=funnel["latest_time"], **parts)


def one(directory, view, *question):
    return json.loads(replay(directory, "as-of", view, *question, "--json").stdout)


def rows(directory, view, *options):
    """Every row of a scan as of now."""
    lines = replay(directory, "as-of", view, "scan", "--all", "--json", *options).stdout.splitlines()
    return [json.loads(line) for line in lines]


def milliseconds(time):
    moment = datetime.datetime.strptime(time, "%Y-%m-%dT%H:%M:%S.%f%z")
    return round(moment.timestamp() * 1000)


def first_time(server):
    """The least time in the log. An event lies at most three days before earlier ones, so the beginning is enough."""
    page = server.client().execute_command("LOG.READ", "ALL", "FROM", 0, "COUNT", 4096)
    return min(milliseconds(json.loads(line)["time"]) for line in page)


def table(columns, customers, orders):
    """Rows of the per-account table, in the order of the account ids."""
    bought = {row["account_id"]: row for row in orders}
    lines = []
    for row in sorted(customers, key=lambda row: row["account_id"].encode()):
        counts = {"n_" + name.replace(".", "_"): count for name, count in row["counts"].items()}
        assert set(counts) <= set(columns), "a type that the table has no column for"
        purchases = bought.pop(row["account_id"], WITHOUT_ORDERS)
        cells = []
        for column in columns:
            if column.startswith("n_"):
                cells.append(counts.get(column, 0))
            elif column in SUMS:
                assert set(row[column]) <= {CURRENCY}
                cells.append(row[column].get(CURRENCY, 0))
            elif column in BGNBD:
                cells.append(purchases.get(column))
            elif column == "open_tickets":
                cells.append(0)  # basic events have no tickets
            else:
                cells.append(row[column])
        lines.append(cells)
    assert not bought, "a customer with orders is missing in the customer view"
    return lines


def answer(columns, customers, orders, funnel, latest_time, totals=None, as_of=None, first_time=None):
    """The answer, with only those members that were asked of the product."""
    lines = table(columns, customers, orders)
    text = [",".join("" if cell is None else str(cell) for cell in line) for line in lines]
    csv = ",".join(columns) + "\n" + "".join(line + "\n" for line in text)
    step = max(1, len(text) // 20)
    found = {
        "accounts": len(text), "columns": columns, "last_time": milliseconds(latest_time),
        "accounts_csv_sha256": hashlib.sha256(csv.encode()).hexdigest(),
        "totals": {column: sum(line[place] or 0 for line in lines)
                   for place, column in enumerate(columns) if column not in NOT_SUMMED},
        "funnel": funnel,
        "funnel_sha256": hashlib.sha256(
            json.dumps(funnel, sort_keys=True, separators=(",", ":")).encode()).hexdigest(),
        "sample_accounts": text[step // 2::step][:20],
    }
    if totals is not None:
        found |= {"events": totals["events"], "unattributed": totals["unattributed"]["counts"]}
        assert totals["accounts"] == len(text)
        assert totals["unattributed"]["events"] == sum(found["unattributed"].values())
    if as_of is not None:
        found["as_of"] = as_of
    if first_time is not None:
        found["first_time"] = first_time
    return found
