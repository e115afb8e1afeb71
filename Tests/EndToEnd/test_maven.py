"""Maven's sales pipeline: won, lost, open and revenue, also as of five days, equal what others computed."""
import json

import pytest

from data_files import (
    DAY_MS, check_that_importing_again_changes_nothing, csv_rows, days_between, facts, nearest_rank_median)
from product import MAPPINGS, VIEWS, audit, replay


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
        replay(server.directory, "as-of", "sales-funnel", "report", "--as-of", end, "--json").stdout)
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


def test_importing_maven_again_changes_nothing(maven):
    server, folder = maven
    check_that_importing_again_changes_nothing(
        server, VIEWS, folder / "sales_pipeline.csv", "--mapping", MAPPINGS / "maven-pipeline.json")
    assert audit(server.directory)["exit_code"] == 0
