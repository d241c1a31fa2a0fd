import json

import pytest

from monitor.cli import main
from monitor.config.folder import load


def test_the_query_is_the_answer_and_the_changes_are_told_beside_it(capsys):
    assert main(["import", "--from", "factiva", "fds=ibm and russia w/5 troops"]) == 0
    said = capsys.readouterr()
    assert said.out == "russia PRE/5 troops\n"
    assert said.err == "query:1:1: wider: fds=ibm: is a code of Factiva's own indexing; it is left out\n"


def test_a_query_in_a_file_is_told_of_by_line_and_column(tmp_path, capsys):
    (tmp_path / "saved.txt").write_text('apple AND\n  $AAPL AND (watch\n OR "iwatch")\n')
    assert main(["import", "--from", "meltwater", str(tmp_path / "saved.txt")]) == 0
    said = capsys.readouterr()
    assert said.out == "apple AND (watch OR iwatch)\n"
    assert said.err.startswith(f"{tmp_path}/saved.txt:2:3: wider: $AAPL: is a mark of social media")


def test_a_query_that_its_dialect_refuses_is_one_line_and_exit_2(capsys):
    assert main(["import", "--from", "nexis", "(russia and troops"]) == 2
    assert capsys.readouterr().err == "query:1:1: this parenthesis is never closed; close it with )\n"


def test_json_is_one_object_with_the_query_and_its_changes(capsys):
    assert main(["import", "--from", "lucene", "a1 AND b1 OR c1", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["query"] == "a1 AND b1"
    assert [change["kind"] for change in answer["changes"]] == ["ambiguous", "ambiguous", "ignored"]
    assert answer["changes"][2] == {
        "line": 1,
        "column": 14,
        "kind": "ignored",
        "written": "c1",
        "says": "beside what must occur, it only ranks in Lucene; it is left out",
    }


@pytest.mark.parametrize(
    "query", ["troop! w/5 (russia or kursk)", '"a" w/5 b # and \' : c', "9/11\nand memorial"]
)
def test_the_yaml_is_a_watchlist_that_loads(query, tmp_path, capsys):
    assert main(["import", "--from", "nexis", query, "--yaml"]) == 0
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "sources.yaml").write_text("sources: [{id: daily, url: https://example.org/rss.xml}]\n")
    (tmp_path / "watchlists" / "imported.yaml").write_text(capsys.readouterr().out)
    (ready,) = load(tmp_path, {}).compiled.matcher.rules
    assert ready.id == "imported"
