"""The YAML's models: what is refused, where, and what the short form means."""

import pytest
from pydantic import ValidationError

from monitor.matching import Entity, EntityFile, Phrase, Watchlist
from monitor.model import Severity


def watchlist(**keys):
    return {"version": "1", "watchlist": "w", "rules": ["troops"], **keys}


@pytest.mark.parametrize(
    ("written", "place", "message"),
    [
        (watchlist(version="2"), ("version",), "version"),
        (watchlist(watchlist="Big List"), ("watchlist",), "'big-list'"),
        (watchlist(rules=[]), ("rules",), "write at least one"),
        (watchlist(rules=[{"id": "A b", "match": "x"}]), ("rules", 0, "id"), "'a-b'"),
        (watchlist(rules=[{"id": "a", "match": ""}]), ("rules", 0, "match"), "at least 1"),
        (watchlist(rules=[{"id": "a"}]), ("rules", 0, "match"), "required"),
        (watchlist(rules=[{"id": "a", "match": "x", "severity": "hgih"}]), ("rules", 0, "severity"), "'high'"),
        (watchlist(rules=[{"id": "a", "match": "x", "color": "red"}]), ("rules", 0, "color"), "not permitted"),
        (watchlist(rules=[{"id": "a", "match": "x", "tests": {"hit": [{}]}}]), ("rules", 0, "tests", "hit", 0), "a test is a sentence"),
        (watchlist(rules=[{"id": "a", "match": "x", "score": {"severity": {}}}]), ("rules", 0, "score", "severity"), "at least 1"),
        (watchlist(entities={"x": {"names": []}}), ("entities", "x", "names"), "at least 1"),
        (watchlist(entities={"x": {"names": ["a", " "]}}), ("entities", "x", "names"), "a term is empty"),
        (watchlist(entities={"x": {"names": ["a"], "typos": "2"}}), ("entities", "x", "typos"), "write 1"),
        (watchlist(entities={"x": {"names": ["a"], "kind": "planet"}}), ("entities", "x", "kind"), "'place'"),
        (watchlist(entities={"x": {"names": ["a"], "needs": {"within": "5", "any": []}}}), ("entities", "x", "needs", "any"), "at least 1"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_at_its_place_with_what_would_be_right(written, place, message):
    with pytest.raises(ValidationError) as caught:
        Watchlist.model_validate(written)
    (error,) = caught.value.errors()
    assert error["loc"] == place
    assert message in error["msg"]


def test_a_bare_phrase_is_a_rule_of_severity_medium_with_an_id_of_its_words():
    read = Watchlist.model_validate(watchlist(rules=["North Korea", "北韓", "Crash, boom!"]))
    assert [(type(rule), rule.id, rule.title, rule.severity) for rule in read.rules] == [
        (Phrase, "north-korea", "North Korea", Severity.MEDIUM),
        (Phrase, "5317-97d3", "北韓", Severity.MEDIUM),
        (Phrase, "crash-boom", "Crash, boom!", Severity.MEDIUM),
    ]


def test_terms_are_a_list_or_one_text_with_semicolons():
    listed = Entity.model_validate(
        {"names": ["Russia", "Россия"], "not": ["Russian doll"], "needs": {"any": ["a"], "for": ["Russia"]}}
    )
    written = Entity.model_validate(
        {"names": "Russia; Россия;", "not": "Russian doll", "needs": {"any": "a", "for": "Russia"}}
    )
    assert listed == written


def test_an_entity_pack_tells_its_date_of_knowledge():
    pack = EntityFile.model_validate(
        {
            "version": "1",
            "title": "Places",
            "known": "2025-06-01",
            "languages": "en; ko",
            "entities": {"x": {"names": "X"}},
        }
    )
    assert (str(pack.known), pack.languages, list(pack.entities)) == ("2025-06-01", ("en", "ko"), ["x"])


@pytest.mark.parametrize("model", [Watchlist, EntityFile])
def test_the_models_have_json_schemas_for_editors(model):
    assert model.model_json_schema()["type"] == "object"
