"""The tables of queries in tests/data/dialects, and what holds for every query whatever."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.document import read_document
from monitor.dialects import DIALECTS, ChangeKind, DialectError, import_query
from monitor.errors import Level
from monitor.matching import Watchlist, compile_watchlists

TABLES = Path(__file__).resolve().parents[2] / "data" / "dialects"
ROWS = {
    dialect: read_document(f"{dialect}.yaml", (TABLES / f"{dialect}.yaml").read_bytes()).value
    for dialect in DIALECTS
}
CASES = [(dialect, row) for dialect, rows in ROWS.items() for row in rows]


def told(dialect: str, query: str) -> dict[str, object]:
    """A row of the table, as the importer would write it."""
    try:
        imported = import_query(dialect, query)
    except DialectError as error:
        problem = f"{error.at + 1}: {error.problem}" + (f"; {error.remedy}" if error.remedy else "")
        return {"query": query, "refused": problem}
    changes = [f"{change.at + 1}: {change}" for change in imported.changes]
    return {"query": query, "ours": imported.query} | ({"changes": changes} if changes else {})


def faults(query: str) -> list[str]:
    """Why our own language refuses a query."""
    rule = {"id": "imported", "match": query}
    watchlist = Watchlist.model_validate({"watchlist": "w", "rules": [rule]})
    found = compile_watchlists({"w.yaml": watchlist}, {}).problems
    return [problem.problem for problem in found if problem.level is Level.ERROR]


@pytest.mark.parametrize(("dialect", "row"), CASES, ids=[f"{d}: {row['query']}" for d, row in CASES])
def test_a_query_becomes_what_the_table_says(dialect, row):
    assert told(dialect, row["query"]) == row
    assert faults(row.get("ours", "words")) == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_table_has_forty_queries_at_least_of_which_some_change_and_some_are_ambiguous(dialect):
    rows = ROWS[dialect]
    assert len({row["query"] for row in rows if "ours" in row}) >= 40
    said = [change for row in rows for change in row.get("changes", ())]
    for kind in (ChangeKind.AMBIGUOUS, ChangeKind.WIDER, ChangeKind.NARROWER):
        assert any(f": {kind}: " in change for change in said)


PIECES = {
    "factiva": "troops|'north korea'|(|)|[|]|and|or|not|near5|adj3|w/2|same|hd=|hlp=|la=en|ns=gcat|/F50/|atleast3|wom?n|a*|%|wc>5",
    "nexis": "troop!|w*m|cat dogs|(|)|and|or|and not|w/5|/s|pre/3|not w/4|w/seg|hlead(|caps(|atleast3(|byline(|term(|length > 5",
    "meltwater": 'apple|"apple juice"|(|)|AND|OR|NOT|NEAR|ONEAR/3|NEAR/200|title:|country:|language:en|^9|#tag|$AAPL|wat*|d*c',
    "lucene": 'troops|"a b"~5|"a b c"|(|)|AND|OR|NOT|&&|+|-|roam~|roams~2|te?t|test*|title:|lang:en|[1 TO 2]|^4|/re/|\\(',
}


@pytest.mark.parametrize("dialect", DIALECTS)
@given(soup=st.data())
def test_whatever_is_written_is_refused_or_becomes_a_query_of_ours(dialect, soup):
    pieces = st.lists(st.sampled_from(PIECES[dialect].split("|")), min_size=1, max_size=9)
    query = soup.draw(pieces.map(" ".join) | pieces.map("".join) | st.text(max_size=40))
    row = told(dialect, query)
    assert ("refused" in row) or faults(str(row["ours"])) == []


@pytest.mark.parametrize(
    ("dialect", "query"),
    [
        ("factiva", "a " + "near5 b " * 5000),
        ("factiva", "atleast3 " * 5000 + "a"),
        ("nexis", "aa " + "w/5 bb " * 5000),
        ("meltwater", "(" * 5000 + "a"),
        ("lucene", "title:" * 5000 + "a"),
        ("lucene", "+(" * 5000 + "a" + ")" * 5000),
    ],
)
def test_a_query_without_end_is_refused_in_words(dialect, query):
    with pytest.raises(DialectError, match="nested deeper than"):
        import_query(dialect, query)
