"""CDNOW's customers, calibrated to the end of September 1997: who buys how often, and who is still there."""
import json

import pytest

from data_files import check_that_importing_again_changes_nothing, csv_rows, days_between, facts
from product import MAPPINGS, VIEWS, audit, replay

CALIBRATION_END = "1997-09-30"


@pytest.fixture(scope="module")
def cdnow(make_shared_server, data_sets):
    folder = data_sets / "cdnow-sample"
    server = make_shared_server("cdnow").start()
    summary = server.load(folder / "transactions.csv", "--mapping", MAPPINGS / "cdnow.json")
    assert (summary["read"], summary["rejected"]) == (6919, 0)
    assert summary["appended"] == 6919 + 2357, "every row is an order, and every customer an account"
    server.wait_for_views()
    return server, folder


@pytest.fixture(scope="module")
def purchases(data_sets):
    """(x, t_x, T) in days by customer, from the file itself: distinct days up to the end of the calibration."""
    days = {}
    for row in csv_rows(data_sets / "cdnow-sample" / "transactions.csv"):
        if row["date"] <= CALIBRATION_END:
            days.setdefault(row["customer_id"], set()).add(row["date"])
    assert len(days) == 2357
    return {
        customer: (len(dates) - 1, days_between(min(dates), max(dates)), days_between(min(dates), CALIBRATION_END))
        for customer, dates in days.items()}


def patterns(rows):
    return {row["account_id"]: (row["x"], row["t_x_days"], row["t_days"]) for row in rows}


def test_all_cdnow_customers_have_the_published_recency_and_frequency(cdnow, purchases):
    server, _ = cdnow
    words = ["churn-signals", "fields=bgnbd", "limit=10000", "--as-of", CALIBRATION_END, "--json"]
    page = json.loads(server.rapport("view", "scan", *words).stdout)
    assert page["next"] is None
    assert patterns(page["rows"]) == purchases


def test_a_replay_gives_the_same_cdnow_customers(cdnow, purchases):
    server, _ = cdnow
    out = replay(
        server.directory, "as-of", "churn-signals", "scan", "--all", "--json", "--as-of",
        f"{CALIBRATION_END}T23:59:59.999Z", "--with", '{"fields":"bgnbd"}').stdout
    assert patterns(map(json.loads, out.splitlines())) == purchases


def test_the_cdnow_fit_equals_the_published_one(cdnow):
    server, folder = cdnow
    published = facts(folder)["bgnbd"]
    end = f"{CALIBRATION_END}T23:59:59.999Z"
    replayed = replay(server.directory, "as-of", "churn-signals", "report", "--as-of", end, "--json").stdout
    for answer in (server.ask("report", "churn-signals", as_of=end), json.loads(replayed)):
        report = answer["report"]
        for name in ("customers", "with_repeat", "repeat_transactions"):
            assert report[name] == published[name]
        model = report["model"]
        for name in ("r", "alpha", "a", "b"):
            assert model[f"{name}_nano"] / 1e9 == pytest.approx(published[name], abs=0.001)
        assert model["log_likelihood_micro"] / 1e6 == pytest.approx(published["log_likelihood"], abs=0.01)
        assert report["expected_micro"] / 1e6 == pytest.approx(
            published["expected_transactions_next_39_weeks"], rel=0.001)


def test_twenty_cdnow_customers_are_as_alive_as_published(cdnow):
    server, folder = cdnow
    for known in facts(folder)["customers_20"]:
        answer = server.ask("get", "churn-signals", known["customer_id"], as_of=f"{CALIBRATION_END}T23:59:59.999Z")
        row = answer["row"]
        assert row["x"] == known["x"]
        assert row["t_x_days"] / 7 == pytest.approx(known["t_x_weeks"], abs=1e-6)
        assert row["t_days"] / 7 == pytest.approx(known["T_weeks"], abs=1e-6)
        assert row["p_alive_micro"] / 1e6 == pytest.approx(known["p_alive"], abs=1e-4), known["customer_id"]
        assert row["expected_micro"] / 1e6 == pytest.approx(known["expected_next_39_weeks"], abs=0.01)


def test_importing_cdnow_again_changes_nothing(cdnow):
    server, folder = cdnow
    check_that_importing_again_changes_nothing(
        server, VIEWS, folder / "transactions.csv", "--mapping", MAPPINGS / "cdnow.json")
    assert audit(server.directory)["exit_code"] == 0
