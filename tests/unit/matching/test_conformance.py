"""The table of queries: what hits, misses and is refused on documents in a dozen languages."""

from pathlib import Path

import pytest
from newsroom import read_yaml

from monitor.model import Origin

TABLE = read_yaml((Path(__file__).parents[2] / "data" / "matching" / "conformance.yaml").read_text("utf-8"))
CASES = [
    (wanted == "hit", name, query)
    for wanted in ("hit", "miss")
    for name, queries in TABLE[wanted].items()
    for query in queries
]


def read(article, name):
    fields = dict(TABLE["documents"][name])
    origin = Origin(source=fields.pop("source", "wire"), outlet="", tags=tuple(fields.pop("tags", ())))
    return article(origin=origin, **fields)


def test_the_table_has_three_hundred_queries_and_eight_languages():
    assert (len(CASES) + len(TABLE["refused"]) >= 300, len(TABLE["documents"]) >= 8) == (True, True)


@pytest.mark.parametrize(("wanted", "name", "query"), CASES)
def test_a_query_hits_and_misses_as_the_table_says(wanted, name, query, hits, article):
    assert hits(query, read(article, name)) is wanted


@pytest.mark.parametrize("query", TABLE["refused"])
def test_a_query_is_refused_at_its_place_with_what_would_be_right(query, compiled):
    at, message = TABLE["refused"][query]
    (problem,) = [each for each in compiled(query).problems if each.level == "error"]
    assert (problem.file, problem.path, problem.offset) == ("w.yaml", ("rules", 0, "match"), at)
    assert message in f"{problem.problem}; {problem.remedy}"


def test_all_rules_of_a_watchlist_match_together_as_they_match_alone(matcher, article):
    for name in TABLE["documents"]:
        queries = [query for wanted in ("hit", "miss") for query in TABLE[wanted][name]]
        matched = {match.rule for match in matcher(*queries).match(read(article, name))}
        assert matched == {f"r{number}" for number in range(len(TABLE["hit"][name]))}
