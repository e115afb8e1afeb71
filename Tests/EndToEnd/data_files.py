"""The files of the real data sets, and what others computed from them."""
import csv
import datetime
import json

DAY_MS = 86_400_000


def csv_rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(folder):
    return json.loads((folder / "facts.json").read_text())


def nearest_rank_median(values):
    """facts.json interpolates between the two middle values; Rapport's median is one of the values (READ_MODELS 0).

    So medians are computed here, as the element of rank ceil(n / 2), and not compared with facts.json.
    """
    return sorted(values)[(len(values) + 1) // 2 - 1] if values else None


def days_between(start, end):
    return (datetime.date.fromisoformat(end) - datetime.date.fromisoformat(start)).days


def check_that_importing_again_changes_nothing(server, views, *load):
    """Loads the same file a second time: no event is new, and no view says anything else."""
    before = {view: server.ask("report", view) for view in views}
    summary = server.load(*load)
    assert summary["appended"] == 0 and summary["rejected"] == 0
    assert {view: server.ask("report", view) for view in views} == before
