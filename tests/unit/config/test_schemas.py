"""What editors say of the shipped files and of broken ones, by the shipped schemas."""

import json
from pathlib import Path

import pytest
from editor import complaints, schema_named_in
from jsonschema import Draft7Validator

from monitor.config.document import read_document
from monitor.config.folder import SHAPES
from monitor.config.schemas import DIALECT, file_name, modeline, schema_of

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = ROOT / "config" / "schema"
SHIPPED = sorted([*(ROOT / "config").rglob("*.yaml"), *(ROOT / "seeds" / "config").glob("*.yaml")])
BAD = ROOT / "tests" / "data" / "config" / "bad"


def kind_of(path: Path) -> str:
    return {"watchlists": "watchlist", "entities": "entities"}.get(path.parent.name, path.stem)


@pytest.mark.parametrize("kind", SHAPES)
def test_the_shipped_schema_is_what_the_settings_say_today(kind):
    written = json.loads((SCHEMAS / file_name(kind)).read_text(encoding="utf-8"))
    assert written == schema_of(SHAPES[kind]), "run: monitor schema --write config/schema"


@pytest.mark.parametrize("kind", SHAPES)
def test_a_schema_is_one_of_the_dialect_that_it_names(kind):
    schema = schema_of(SHAPES[kind])
    assert schema["$schema"] == DIALECT
    Draft7Validator.check_schema(schema)


def test_there_is_no_schema_of_something_else():
    assert {path.name for path in SCHEMAS.iterdir()} == {file_name(kind) for kind in SHAPES}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_shipped_file_names_its_schema_and_obeys_it(path):
    assert schema_named_in(path) == SCHEMAS / file_name(kind_of(path))
    assert complaints(path.read_text(encoding="utf-8"), SCHEMAS / file_name(kind_of(path))) == []


def test_a_modeline_leads_from_a_files_folder_to_the_schemas():
    assert modeline("sources") == "# yaml-language-server: $schema=schema/sources.schema.json"
    assert modeline("entities", 2) == "# yaml-language-server: $schema=../../schema/entities.schema.json"


# What a schema can see: a key, a kind of value, a word of a few, a form. Not: what names mean, queries, YAML itself.
SEEN = {
    "alerting-calendar-days": "$.calendars.night",
    "alerting-calendar-hours": "$.calendars.night.hours",
    "alerting-channel-type": "$.channels.desk",
    "alerting-channel-type-missing": "$.channels.desk",
    "alerting-digest-time": "$.digests.morning.at",
    "alerting-quiet-is-text": "$.routes[0].quiet",
    "alerting-rate": "$.defaults.limit",
    "alerting-route-to-nobody": "'to'",
    "alerting-severity-unknown": "$.routes[0].when.severity",
    "alerting-unknown-key-in-pick": "'watchlists'",
    "alerting-update-when": "$.defaults.update.when[0]",
    "entities-kind": "$.entities.dprk.kind",
    "entities-names-empty": "$.entities.dprk.names",
    "entities-names-missing": "'names'",
    "entities-needs-no-company": "$.entities.georgia.needs",
    "entities-within-is-words": "$.entities.georgia.needs",
    "monitor-port-out-of-range": "$.mail.smtp",
    "monitor-retention-no-duration": "$.retention.articles",
    "monitor-smtp-is-text": "$.mail.smtp",
    "monitor-tls-mistyped": "$.mail.smtp",
    "monitor-unknown-key": "'fetchin'",
    "monitor-version-from-the-future": "$.version",
    "sources-dash-forgotten": "$.sources",
    "sources-duration-without-unit": "$.sources[0]",
    "sources-full-text-maybe": "$.sources[0]",
    "sources-id-with-capitals": "$.sources[0]",
    "sources-kind-unknown": "$.sources[0]",
    "sources-links-of-a-feed": "$.sources[0]",
    "sources-no-duration": "$.sources[0]",
    "sources-no-web-address": "$.sources[0]",
    "sources-tags-as-text": "$.sources[0]",
    "sources-unknown-key": "$.sources[0]",
    "sources-url-with-a-space": "$.sources[0]",
    "watchlist-id-with-spaces": "$.rules[0]",
    "watchlist-is-a-list": "$",
    "watchlist-match-is-a-list": "$.rules[0]",
    "watchlist-name-missing": "'watchlist'",
    "watchlist-no-rules": "$.rules",
    "watchlist-rules-is-a-mapping": "$.rules",
    "watchlist-score-points-in-words": "$.rules[0]",
    "watchlist-score-without-severity": "$.rules[0]",
    "watchlist-severity-mistyped": "$.rules[0]",
    "watchlist-test-under-wrong-key": "$.rules[0]",
    "watchlist-two-faults": "'titel'",
    "watchlist-until-no-date": "$.rules[0]",
}


@pytest.mark.parametrize("name", SEEN)
def test_an_editor_underlines_a_broken_file_where_a_schema_can_see_it(name):
    schema = SCHEMAS / file_name(name.partition("-")[0])
    told = complaints((BAD / f"{name}.yaml").read_text(encoding="utf-8"), schema)
    assert any(SEEN[name] in each for each in told), told


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("monitor", "mail: {smtp: {host: mail.example.org, port: 587, tls: starttls}}"),
        ("sources", "sources: [{id: a, url: 'https://example.org', full_text: no}]"),
        ("sources", "sources: [{id: a, url: 'https://example.org', outlet: 1843, tags: [2024, yes]}]"),
        ("watchlist", "watchlist: w\nrules: [1984, NO, {id: a, match: 007, severity: low}]"),
        ("watchlist", "watchlist: w\nlists: {forces: troop!; soldier$1}\nrules: ['@forces']"),
        ("entities", "known: 2025-06-30\nentities: {tv: {kind: organization, names: [1+1, 24], typos: 1}}"),
        (
            "alerting",
            "health: {to: ops, source_silent: 3}\nroutes: [{when: {severity: high, rule: r}, to: desk}]\nsurge: [{watchlist: w, ratio: 2.5, at_least: 3}]",
        ),
    ],
)
def test_what_the_loader_reads_as_text_is_underlined_no_less_than_a_number(kind, text):
    SHAPES[kind].model_validate(read_document("f.yaml", text.encode()).value)
    assert complaints(text, SCHEMAS / file_name(kind)) == []
