"""Real customer histories: the answers equal those that others computed from the same files."""
import csv
import datetime
import json

import pytest

from product import MAPPINGS, audit, replay

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


# CDNOW, calibration to the end of September 1997 -------------------------------------------------------------------

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
        server.directory, "as-of", "churn-signals", "scan", "--all", "--json", "--time",
        f"{CALIBRATION_END}T23:59:59.999Z", "--with", '{"fields":"bgnbd"}').stdout
    assert patterns(map(json.loads, out.splitlines())) == purchases


def test_the_cdnow_fit_equals_the_published_one(cdnow):
    server, folder = cdnow
    published = facts(folder)["bgnbd"]
    end = f"{CALIBRATION_END}T23:59:59.999Z"
    replayed = replay(server.directory, "as-of", "churn-signals", "report", "--time", end, "--json").stdout
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


# Maven, a sales pipeline -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def maven(make_shared_server, data_sets):
    folder = data_sets / "maven-crm-central"
    server = make_shared_server("maven").start()
    summary = server.load(folder / "sales_pipeline.csv", "--mapping", MAPPINGS / "maven-pipeline.json")
    assert (summary["read"], summary["rejected"]) == (3512, 0)
    server.wait_for_views()
    return server, folder


def check_deals(group, known):
    """Counts, money and win rate of one group of the funnel report, grouped or not."""
    deals, engaging = group["funnel"]["deals"], group["funnel"]["pipelines"]["hardware"]["stages"]["engaging"]
    assert (deals["opened"], deals["won"], deals["lost"]) == (known["created"], known["won"], known["lost"])
    assert (engaging["entered"], engaging["open"]) == (known["engaged"], known["engaging"])
    assert deals["open"] == known["engaging"] + known["prospecting"]
    assert deals["won_amount"] == round(known["revenue"] * 100)
    rate = deals["win_rate"]
    assert (rate["numerator"], rate["denominator"]) == (known["won"], known["won"] + known["lost"])
    assert rate["numerator"] / rate["denominator"] == pytest.approx(known["win_rate"], abs=5e-7)


def test_maven_deals_equal_the_facts_overall_and_per_agent(maven):
    server, folder = maven
    known = facts(folder)
    check_deals(server.ask("report", "sales-funnel")["report"], known["overall"])
    groups = server.ask("report", "sales-funnel", group_by="owner")["report"]["groups"]
    agents = {name.lower().replace(" ", "-"): figures for name, figures in known["by_agent"].items()}
    assert [group["key"] for group in groups] == sorted(agents)
    for group in groups:
        check_deals(group, agents[group["key"]])


def test_maven_products_and_months_equal_the_facts(maven):
    server, folder = maven
    known = facts(folder)
    groups = server.ask("report", "sales-funnel", group_by="source")["report"]["groups"]
    assert {group["key"] for group in groups} == set(known["by_product_as_spelled"])
    for group in groups:
        check_deals(group, known["by_product_as_spelled"][group["key"]])
    months = server.ask("report", "sales-funnel", report="deals", group_by="month_closed")["report"]["groups"]
    closed = {group["key"]: group["deals"] for group in months if group["key"] is not None}
    assert {
        month: {"won": deals["won"], "lost": deals["lost"], "revenue": deals["won_amount"] / 100}
        for month, deals in closed.items()} == known["closed_by_month"]


def test_maven_medians_are_nearest_rank(maven):
    server, folder = maven
    cycles = {"Won": {}, "Lost": {}}
    for row in csv_rows(folder / "sales_pipeline.csv"):
        if row["deal_stage"] in cycles:
            agent = row["sales_agent"].lower().replace(" ", "-")
            days = days_between(row["engage_date"], row["close_date"])
            cycles[row["deal_stage"]].setdefault(agent, []).append(days)
    for group in server.ask("report", "sales-funnel", report="deals", group_by="owner")["report"]["groups"]:
        for outcome in ("Won", "Lost"):
            found, days = group["deals"]["cycle"][outcome.lower()], cycles[outcome][group["key"]]
            assert found["n"] == len(days)
            assert found["p50_ms"] == nearest_rank_median(days) * DAY_MS, (group["key"], outcome)


@pytest.mark.parametrize("day", ["2016-12-31", "2017-03-31", "2017-06-30", "2017-09-30", "2017-12-31"])
def test_maven_snapshots_equal_the_facts(maven, day):
    server, folder = maven
    known = facts(folder)["as_of"][day]
    end = f"{day}T23:59:59.999Z"
    replayed = json.loads(
        replay(server.directory, "as-of", "sales-funnel", "report", "--time", end, "--json").stdout)
    live = server.ask("report", "sales-funnel", as_of=end)
    asked = json.loads(server.rapport("view", "report", "sales-funnel", "--as-of", day, "--json").stdout)
    assert live["report"] == replayed["report"] == asked["report"]
    for report in (replayed["report"], report_of_day(server, day)):
        deals = report["funnel"]["deals"]
        engaging = report["funnel"]["pipelines"]["hardware"]["stages"]["engaging"]
        assert engaging["entered"] == known["engaged"]
        assert (deals["won"], deals["lost"], engaging["open"]) == (known["won"], known["lost"], known["open"])
        assert deals["won_amount"] == round(known["revenue_to_date"] * 100)


def report_of_day(server, day):
    """The same by the report's own parameter `as_of`, which looks back in the rows of now."""
    words = ["VIEW.REPORT", "sales-funnel", "WITH", json.dumps({"as_of": day})]
    return json.loads(server.client().execute_command(*words))["report"]


# Olist, leads of a marketplace -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def olist(make_shared_server, data_sets):
    folder = data_sets / "olist-funnel"
    server = make_shared_server("olist").start()
    for file, mapping, count in [
        ("olist_marketing_qualified_leads_dataset.csv", "olist-leads.json", 8000),
        ("olist_closed_deals_dataset.csv", "olist-deals.json", 842),
    ]:
        summary = server.load(folder / file, "--mapping", MAPPINGS / mapping)
        assert (summary["read"], summary["rejected"]) == (count, 0)
    server.wait_for_views()
    return server, folder


def leads_report(server, **parameters):
    return server.ask("report", "sales-funnel", report="leads", **parameters)["report"]


def check_leads(found, known):
    assert (found["captured"], found["converted"]) == (known["leads"], known["won"])
    rate = found["conversion"]
    assert rate["numerator"] / rate["denominator"] == pytest.approx(known["conversion"], abs=5e-7)


def test_olist_conversion_equals_the_facts_overall_by_origin_and_by_month(olist):
    server, folder = olist
    known = facts(folder)
    check_leads(leads_report(server)["leads"], known["overall"])
    for grouping, name in (("source", "by_origin"), ("month", "by_first_contact_month")):
        groups = {group["key"]: group["leads"] for group in leads_report(server, group_by=grouping)["groups"]}
        assert set(groups) == set(known[name])
        for key, leads in groups.items():
            check_leads(leads, known[name][key])
    converted = leads_report(server, group_by="month_converted")["groups"]
    assert {x["key"]: x["leads"]["converted"] for x in converted if x["key"]} == known["won_by_month"]


def test_olist_snapshots_equal_the_facts(olist):
    server, folder = olist
    for day, known in facts(folder)["as_of_end_of_day"].items():
        words = ["--time", f"{day}T23:59:59.999Z", "--with", '{"report":"leads"}', "--json"]
        report = json.loads(replay(server.directory, "as-of", "sales-funnel", "report", *words).stdout)["report"]
        assert (report["leads"]["captured"], report["leads"]["converted"]) == (known["leads"], known["won"]), day


def test_olist_median_days_to_win_are_nearest_rank(olist):
    server, folder = olist
    leads = {row["mql_id"]: row for row in csv_rows(folder / "olist_marketing_qualified_leads_dataset.csv")}
    times = {}
    for deal in csv_rows(folder / "olist_closed_deals_dataset.csv"):
        lead = leads[deal["mql_id"]]
        start = datetime.datetime.fromisoformat(lead["first_contact_date"])
        taken = datetime.datetime.fromisoformat(deal["won_date"]) - start
        times.setdefault(lead["origin"] or "(missing)", []).append(round(taken.total_seconds() * 1000))
    for group in leads_report(server, group_by="source")["groups"]:
        found = group["leads"]["to_convert"]
        assert found["n"] == len(times[group["key"]])
        assert found["p50_ms"] == nearest_rank_median(times[group["key"]]), group["key"]


@pytest.mark.parametrize("name, file, mappings", [
    ("cdnow", "cdnow-sample/transactions.csv", ["cdnow"]),
    ("maven", "maven-crm-central/sales_pipeline.csv", ["maven-pipeline"]),
])
def test_importing_a_data_set_again_changes_nothing(request, data_sets, name, file, mappings):
    server, _ = request.getfixturevalue(name)
    before = {view: server.ask("report", view) for view in ("customer-360", "sales-funnel", "churn-signals")}
    summary = server.load(data_sets / file, "--mapping", MAPPINGS / f"{mappings[0]}.json")
    assert summary["appended"] == 0 and summary["rejected"] == 0
    assert {view: server.ask("report", view) for view in before} == before
    assert audit(server.directory)["exit_code"] == 0
