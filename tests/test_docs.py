"""What README says is so: its commands exist, its examples load, its links lead somewhere."""

import asyncio
import email
import hashlib
import hmac
import importlib.util
import io
import os
import re
import shlex
import sys
import tomllib
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel

from monitor.alerting import Condition
from monitor.cli import VERBS, parser_of
from monitor.cli.shell import Shell
from monitor.clock import SystemClock
from monitor.config.document import read_document
from monitor.config.folder import SHAPES, failed_tests, load
from monitor.errors import Level
from monitor.matching import Watchlist, compile_watchlists
from monitor.model import Article, Origin, RowState, Severity, Verdict
from monitor.web.site import SampleSite

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
PAGES["README.md"] = README
WRITTEN = {name: text for name, text in PAGES.items() if name != "reference.md"}


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGES[page], re.MULTILINE | re.DOTALL)


def commands() -> dict[str, list[str]]:
    """Our commands in all pages, without what names the program."""
    found = {}
    for page in WRITTEN:
        for block in blocks(page, "sh"):
            for part in re.split(r"&&|\n", block):
                words = shlex.split(part, comments=True)
                if words and words[0].rpartition("/")[2] == "monitor":
                    found[f"{page}: {' '.join(words[1:])}"] = words[1:]
    return found


@pytest.mark.parametrize("page", ["README.md", "tutorial.md", "how-to.md"])
def test_a_page_names_commands(page):
    assert sum(name.startswith(page) for name in commands()) >= 4


@pytest.mark.parametrize("name", commands())
def test_every_command_of_a_page_is_a_verb_with_those_options(name):
    verb, *words = commands()[name]
    assert verb in VERBS
    parser_of(verb, Shell.of(io.StringIO(), io.StringIO(), io.StringIO(), {})).parse_args(words)


def anchors(text: str) -> set[str]:
    """What the headings of a page are linked by."""
    headings = re.findall(
        r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


LINKS = [
    (page, target) for page, text in PAGES.items() for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text)
]


@pytest.mark.parametrize(("page", "target"), LINKS)
def test_every_link_leads_somewhere(page, target):
    file, _, anchor = target.partition("#")
    place = ROOT if page == "README.md" else ROOT / "docs"
    led = (place / file).resolve() if file else (place / page)
    assert led.exists()
    if anchor:
        assert anchor in anchors(led.read_text(encoding="utf-8"))


def kind(text: str) -> str:
    """Which of the five kinds of file an example is."""
    keys = {line.partition(":")[0] for line in text.splitlines() if re.match(r"\w+:", line)}
    kinds = {
        "watchlist": "watchlist",
        "sources": "sources",
        "channels": "alerting",
        "mail": "monitor",
        "entities": "entities",
    }
    return next(kind for key, kind in kinds.items() if key in keys)


EXAMPLES = [(page, text) for page in WRITTEN for text in blocks(page, "yaml")]
MINIMAL = {
    "sources": "sources: [{id: daily, url: https://example.org/rss.xml}]\n",
    "watchlist": "watchlist: w\nrules: [Korea]\n",
}


def write(folder: Path, **files: str) -> Path:
    """A folder of these files beside the shipped entities."""
    (folder / "watchlists").mkdir(parents=True)
    (folder / "entities").symlink_to(ROOT / "config" / "entities")
    for name, text in files.items():
        place = "watchlists/example.yaml" if name == "watchlist" else f"{name}.yaml"
        (folder / place).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("page", "text"), EXAMPLES, ids=[f"{page} {kind(text)} {len(text)}" for page, text in EXAMPLES]
)
def test_every_example_of_a_page_is_right_and_its_tests_pass(page, text, tmp_path):
    folder = write(tmp_path / "config", **{**MINIMAL, kind(text): text})
    found = load(folder, {})
    assert found.compiled.matcher.rules
    assert failed_tests(found, lambda name: pytest.fail(f"{page} names {name}")) == ()


def test_what_the_how_to_tells_receivers_of_webhooks_knows_our_signature():
    (code,) = blocks("how-to.md", "python")
    told: dict[str, object] = {}
    exec(code, told)
    is_ours = told["is_ours"]
    signature = "sha256=" + hmac.new(b"secret", b"body", hashlib.sha256).hexdigest()
    assert is_ours(b"body", signature, b"secret")
    assert not is_ours(b"another body", signature, b"secret")


async def test_the_tutorial_leads_to_an_alert(tmp_path):
    """Its files as they stand, but for the source: the sample site, since tests have no other network."""
    sample = SampleSite(ROOT / "seeds", now=SystemClock().now())
    address = await sample.start()
    inside = "fetching: {allow_private: [127.0.0.0/8], per_host: {gap: 0s}}\nhttp: {bind: '127.0.0.1:0'}\n"
    for text in blocks("tutorial.md", "yaml"):
        name = re.match(r"# mine/(\S+)\n", text)[1]
        told = re.sub(r'url: "[^"]*"', f'url: "{address}/feed.xml"', text)
        place = tmp_path / "mine" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(inside if name == "monitor.yaml" else told, encoding="utf-8")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MONITOR_", "COV_"))
    }
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "monitor", "run", "--once", "--config", "mine"),
        cwd=tmp_path,
        env=environment,
        stderr=asyncio.subprocess.PIPE,
    )
    _, log = await run.communicate()
    await sample.stop()
    assert run.returncode == 0, log.decode()
    mails = [
        email.message_from_bytes(path.read_bytes()) for path in (tmp_path / "var" / "mail" / "new").iterdir()
    ]
    assert any(mail["To"] == "you@example.org" and "troops" in mail["Subject"].lower() for mail in mails)


@pytest.mark.parametrize("part", ["run", "test"])
def test_readme_says_how_to_run_and_to_test_in_blocks_that_ci_finds(part):
    assert README.count(f"<!-- {part} command -->\n```sh\n") == 1


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_told_of_in_readme(verb):
    assert f"monitor {verb}" in README


def test_the_map_shows_the_layers_that_the_checkers_hold():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = [line.replace("monitor.", "") for line in contracts["contracts"][0]["layers"]]
    shown = next(block for block in blocks("architecture.md", "text") if block.startswith("cli\n"))
    assert [line.split("  ")[0] for line in shown.splitlines()] == layers[1:]


def test_every_word_of_the_glossary_is_told_once():
    words = re.findall(r"^\| \*\*([^*]+)\*\* \|", PAGES["glossary.md"], re.MULTILINE)
    assert len(words) == len(set(words)) >= 35


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


def test_every_settings_field_says_what_it_means():
    """In Field(description=...), which editors and the reference show."""
    assert [name for name, field in FIELDS.items() if not field.description] == []


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


def is_in_the_reference(name, field):
    key = field.alias or name.rpartition(".")[2]
    meaning = " ".join(field.description.split()).replace("|", "\\|")
    return f"| `{key}` |" in REFERENCE and meaning in REFERENCE


def test_every_settings_field_is_in_the_reference():
    assert [name for name, field in FIELDS.items() if not is_in_the_reference(name, field)] == []


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
