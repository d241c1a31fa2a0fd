"""What README says is so: its commands exist, its examples load, its links lead somewhere."""

import io
import re
import shlex
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from monitor.cli import VERBS, main, parser_of
from monitor.cli.shell import Shell
from monitor.config.folder import SHAPES, load

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
