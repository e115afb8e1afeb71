"""Prints one Markdown table from the rounds of `run`: medians, ranges, and ratios to the peers of the same rounds."""
import json
import statistics
import sys
from pathlib import Path

work = Path(sys.argv[1])

# row: (what is said of it, unit, Redis' row, raw LMDB's row)
ROWS = {
    "append 1 x 1": ("1 client, 1 event a request", "events/s", ("append", "1 x 1 (unix)"), ("append", "1 x 1 (log only)")),
    "append 64 x 1": ("64 clients, 1 event a request", "events/s", ("append", "64 x 1 (unix)"),
                      ("append", "64 x 1 (log only, group commit)")),
    "append 64 x 1 pipelined": ("1 client, 64 requests in flight", "events/s", ("append", "64 x 1 pipelined (unix)"), None),
    "append 4 x 100": ("4 clients, 100 events a request", "events/s", ("append", "4 x 100 (unix)"),
                       ("append", "1 x 100 (log only)")),
    "scan": ("scan of everything", "events/s", ("scan", "every stream (unix)"), ("scan", "forward, all")),
    "stream 1 clients": ("one 10-event stream, 1 client", "streams/s", ("stream", "1 clients (unix)"), ("stream", "1 clients")),
    "stream 16 clients": ("one 10-event stream, 16 clients", "streams/s", ("stream", "16 clients (unix)"), ("stream", "16 clients")),
}


def peers(part, key):
    rates = []
    for path in sorted(work.glob("peers-*.json")):
        for row in json.loads(path.read_text())["parts"].get(part, {}).get("rows", []):
            if key and (row["op"], row["shape"]) == key:
                rates.append(row["median"])
    return rates


def cell(rates):
    if not rates:
        return "–"
    return f"{statistics.median(rates):,.0f} ({min(rates):,.0f}–{max(rates):,.0f})"


def ratio(ours, theirs):
    return f"{statistics.median(ours) / statistics.median(theirs):.2f}" if ours and theirs else "–"


floors = [json.loads(line) for line in (work / "floor.ndjson").read_text().splitlines()]
measured = [json.loads(line) for line in (work / "ours.ndjson").read_text().splitlines()]
durability = next((m["durability"] for m in measured if m.get("durability")), "?")
print("| work | unit | Rapport, over the socket | p50 / p99 µs | Redis, AOF always | ratio | raw LMDB in C, in process | ratio | the socket alone |")
print("|---|---|---|---|---|---|---|---|---|")
for name, (title, unit, redis, lmdb) in ROWS.items():
    mine = [m for m in measured if m["row"] == name]
    rates = [m["per_second"] for m in mine]
    times = " / ".join(f"{statistics.median(m[k] for m in mine) / 1000:,.0f}" for k in ("p50_ns", "p99_ns")) if mine else "–"
    r, l = peers("redis", redis), peers("lmdb", lmdb)
    socket = [f["per_second"] for f in floors if f["row"] == name]
    print(f"| {title} | {unit} | {cell(rates)} | {times} | {cell(r)} | {ratio(rates, r)} | {cell(l)} | {ratio(rates, l)} "
          f"| {cell(socket)} |")
print()
print(f"Medians of {len({p.name for p in work.glob('peers-*.json')})} alternating rounds, with their ranges. "
      f"Rapport's appends: {durability}, validated, canonical and indexed; read models off. "
      "Redis' scan reads stream after stream: it has no order across them. Raw LMDB pays no socket. "
      "The socket alone: requests and answers of these sizes between two threads that do nothing else.")
errors = sum(m["errors"] for m in measured)
if errors:
    print(f"\n**{errors} requests were refused; these figures are not to be quoted.**")
