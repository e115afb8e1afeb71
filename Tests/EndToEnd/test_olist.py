"""Olist's leads: conversion by origin and by month equals what others computed."""
import datetime
import json

import pytest

from data_files import check_that_importing_again_changes_nothing, csv_rows, facts, nearest_rank_median
from product import MAPPINGS, VIEWS, audit, replay


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
        words = ["--as-of", f"{day}T23:59:59.999Z", "--with", '{"report":"leads"}', "--json"]
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


def test_importing_olist_again_changes_nothing(olist):
    server, folder = olist
    check_that_importing_again_changes_nothing(
        server, VIEWS, folder / "olist_closed_deals_dataset.csv", "--mapping", MAPPINGS / "olist-deals.json")
    assert audit(server.directory)["exit_code"] == 0
