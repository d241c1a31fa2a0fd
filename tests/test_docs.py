"""What README says is so: its commands exist, its examples load, its links lead somewhere."""

import importlib.util
import io
import re
import shlex
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel

from monitor.alerting import Condition
from monitor.cli import VERBS, main, parser_of
from monitor.cli.shell import Shell
from monitor.config.document import read_document
from monitor.config.folder import SHAPES, load
from monitor.errors import Level
from monitor.matching import Watchlist, compile_watchlists
from monitor.model import Article, Origin, RowState, Severity, Verdict

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    words = [
        shlex.split(part) for block in blocks("sh") for part in re.split(r"&&|\n", block) if part.strip()
    ]
    return [line[1:] for line in words if line[0].endswith("/monitor")]


def test_readme_names_commands():
    assert len(commands()) >= 4


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_of_readme_is_a_verb_with_those_options(words, capsys):
    verb, *options = words
    assert verb in VERBS
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(word in said for word in options if word.startswith("--"))


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:)([^)#]+)\)", README))
def test_every_link_of_readme_leads_to_a_file(target):
    assert (ROOT / target).exists()


@pytest.mark.parametrize("text", [block for block in blocks("yaml") if "watchlist:" in block], ids=len)
def test_every_watchlist_of_readme_loads_beside_the_shipped_entities(text, tmp_path):
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "entities").symlink_to(ROOT / "config" / "entities")
    (tmp_path / "sources.yaml").write_text("sources: [{id: daily, url: https://example.org/rss.xml}]\n")
    (tmp_path / "watchlists" / "example.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path, {}).compiled.matcher.rules


def test_readme_says_how_to_test_in_a_block_that_ci_finds():
    assert README.count("<!-- test command -->\n```sh\n") == 1


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_told_of_in_readme(verb):
    assert f"monitor {verb}" in README


def models(shape: object) -> Iterator[type[BaseModel]]:
    """The settings models in a type, and in the fields of each."""
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        yield shape
        for field in shape.model_fields.values():
            yield from models(field.annotation)
    for part in typing.get_args(shape):
        yield from models(part)


FIELDS = {
    f"{model.__qualname__}.{name}": field
    for root in SHAPES.values()
    for model in models(root)
    for name, field in model.model_fields.items()
}


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_every_settings_field_says_what_it_means(name):
    assert FIELDS[name].description, "say it in Field(description=...): editors and the reference show it"


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_of_a_verb_says_what_it_does(verb):
    shell = Shell.of(io.StringIO(), io.StringIO(), io.StringIO(), {})
    silent = [action.dest for action in parser_of(verb, shell)._actions if not action.help]
    assert silent == []


# ---------------------------------------------------------------------------- the reference


def script(name: str):
    """A script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WRITER = script("reference")
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")


def test_the_reference_is_what_the_program_says():
    assert WRITER.reference() == REFERENCE, "a verb, key, operator or figure changed: run `make reference`"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_and_option_is_in_the_reference(verb):
    _, _, section = REFERENCE.partition(f"\n### monitor {verb}\n")
    section = section.partition("\n### ")[0]
    assert section
    shell = Shell.of(io.StringIO(), io.StringIO(), io.StringIO(), {})
    for action in parser_of(verb, shell)._actions:
        if action.dest not in {"help", "config"}:
            assert all(option in section.replace("\\-", "-") for option in action.option_strings)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_every_settings_field_is_in_the_reference(name):
    field = FIELDS[name]
    key = field.alias or name.rpartition(".")[2]
    assert f"| `{key}` |" in REFERENCE
    assert " ".join(field.description.split()).replace("|", "\\|") in REFERENCE


def test_every_word_that_people_meet_is_explained():
    tables = (WRITER.VERDICTS, WRITER.STATES, WRITER.CONDITIONS, WRITER.SEVERITIES)
    for table, words in zip(tables, (Verdict, RowState, Condition, Severity), strict=True):
        assert list(table) == list(words)


def sample(text: str) -> Article:
    """A text of the reference's table of operators as an article."""
    mark, _, rest = text.partition(" ")
    title, body = (rest, "") if mark == "TITLE" else ("", text)
    language, source = (rest if mark == "LANG" else "en"), (rest if mark == "SOURCE" else "s")
    origin = Origin(source=source, outlet="Outlet")
    fetched = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    return Article(
        url="https://example.org/", origin=origin, title=title, body=body, language=language, fetched=fetched
    )


@pytest.mark.parametrize(("query", "hit", "miss"), [(row[0], row[2], row[3]) for row in WRITER.LANGUAGE])
def test_every_operator_of_the_reference_does_what_it_says(query, hit, miss):
    value = read_document("w.yaml", WRITER.NEEDED.replace("rules:", "").encode()).value
    watchlist = Watchlist.model_validate({**value, "rules": [{"id": "r", "match": query}]})
    compiled = compile_watchlists({"w.yaml": watchlist}, {})
    assert [problem.problem for problem in compiled.problems if problem.level is Level.ERROR] == []
    assert compiled.matcher.match(sample(hit))
    assert not compiled.matcher.match(sample(miss))
