"""The catalog as people and programs meet it: `rapport catalog`, its schemas and examples, and the log that takes them."""
import json
import re

import pytest

from product import SHARED, greeted, run

DOCUMENT = SHARED / "design" / "CATALOG.md"


def catalog(*words, expecting=0):
    return run("rapport", "catalog", *words, expecting=expecting)


@pytest.fixture(scope="module")
def types():
    return json.loads(catalog("list", "--json").stdout)


def test_lists_every_type_of_the_document(types):
    listed = {entry["type"] for entry in types}
    assert len(listed) == len(types) == 128
    text = catalog("list").stdout
    assert all(name in text for name in listed)
    if not DOCUMENT.exists():
        pytest.skip("shared/design/CATALOG.md is not beside the package")
    rows = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", DOCUMENT.read_text(), re.MULTILINE)
    assert listed == set(rows)


def test_shows_a_type_and_names_the_nearest_one_to_a_misspelt_one():
    shown = catalog("show", "lead.captured").stdout
    assert "lead-{lead_id}" in shown and "company_name" in shown and "lead_id · sales" in shown
    refused = catalog("show", "lead.capture", expecting=1).stderr
    assert "Did you mean 'lead.captured'?" in refused


def test_writes_a_page_with_every_type_and_every_field(types):
    page = catalog("page").stdout
    for entry in types:
        section = page.split(f"### `{entry['type']}`\n")[1].split("\n##")[0]
        for field in entry["fields"]:
            assert field["name"] == "note" or f"| `{field['name']}` |" in section, (entry["type"], field)


def test_gives_examples_that_their_schemas_accept(types):
    jsonschema = pytest.importorskip("jsonschema")
    for entry in types:
        schema = json.loads(catalog("schema", entry["type"]).stdout)
        validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
        for words in ((), ("--full",)):
            event = json.loads(catalog("example", entry["type"], *words).stdout)
            validator.validate(event["data"])
            assert schema["$id"] == event["dataschema"]
            assert not validator.is_valid({**event["data"], "colour": "blue"})


def test_gives_examples_that_the_log_takes_and_shows_whole(server, types):
    """The personal members come back beside the data, and nothing of them stands in it."""
    lines = []
    for number, entry in enumerate(types):
        event = json.loads(catalog("example", entry["type"], "--full").stdout)
        lines.append({**event, "id": f"example-{number}"})
    replies = greeted(server).execute_command("LOG.INGEST", *map(json.dumps, lines))
    refused = [(entry["type"], str(reply)) for entry, reply in zip(types, replies) if isinstance(reply, Exception)]
    assert not refused
    for line, entry, event in zip(lines, types, server.events(), strict=True):
        always = {f["name"] for f in entry["fields"] if f["personal"] == "always"} - {"changes"}
        assert always.isdisjoint(event["data"]), entry["type"]
        shown = {**event["data"], **event.get("personal", {})}
        assert set(shown) == set(line["data"]), entry["type"]
