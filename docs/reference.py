"""Writes docs/reference.md from the program itself: `make reference`. A test holds it up to date."""

import argparse
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from monitor.alerting import Condition
from monitor.cli import EXIT_CODES, VERBS, module_of, parser_of
from monitor.cli.shell import Shell
from monitor.config.folder import SHAPES
from monitor.config.schemas import schema_of
from monitor.metrics import Metrics
from monitor.model import RowState, Severity, Verdict

__all__ = ["LANGUAGE", "NEEDED", "reference"]

HERE = Path(__file__).resolve().parent
Schema = Mapping[str, Any]

DURATIONS = ["15m", "2h", "90d"]
"""The examples by which a schema's durations are known."""

FILES = {
    "monitor": "monitor.yaml",
    "sources": "sources.yaml",
    "watchlist": "watchlists/*.yaml",
    "entities": "entities/*.yaml",
    "alerting": "alerting.yaml",
}

NEEDED = """
watchlist: example
entities:
  dprk: {names: [North Korea, DPRK], demonyms: [North Korean], metonyms: [Pyongyang]}
lists:
  forces: [troop!, soldier$1]
rules:
"""
"""What the queries of LANGUAGE refer to."""

LANGUAGE = (
    ("North Korea", "a phrase: neighbouring words, whatever their case", "In north korea.", "Korea, north"),
    ('"North Korea"', "the same, quoted", "North Korea said", "Korea North"),
    (
        '"troops Russia"~3',
        "these words, at most so many others between them",
        "troops sent to Russia",
        "troops",
    ),
    ("a1 AND b2", "both; also `and`, `And`", "b2, then a1", "a1 only"),
    ("a1 OR b2", "one or both", "b2 only", "neither"),
    ("a1 AND NOT b2", "the first without the second", "a1 only", "a1 and b2"),
    ("(a1 OR b2) AND c3", "AND beside OR needs brackets; without them it is refused", "b2, c3", "a1, b2"),
    ("troop!", "any ending; `troop*` is the same", "two troopers", "a supertrooper"),
    ("soldier$1", "at most so many more letters", "soldiers", "soldierly"),
    ("wom?n", "exactly one letter", "women", "womn"),
    ("Zelensky~1", "one slip in a word of five letters or more", "Zelenksy", "Zelen"),
    ("a1 NEAR/3 b2", "at most so many words apart, in any order", "b2 x y a1", "a1 x x x x x b2"),
    ("a1 PRE/3 b2", "the same, in this order; also ONEAR/3 and ADJ3", "a1 x b2", "b2 x a1"),
    ("a1 /s b2", "in one sentence", "The a1 met b2 here.", "Here is a1. There is b2."),
    ("a1 /p b2", "in one paragraph", "Here is a1. There is b2.", "a1 alone"),
    ("a1 NOT NEAR/3 b2", "an a1 that has no b2 near; also NOT /s and NOT /p", "a1 x x x x x b2", "a1 b2"),
    ("atleast2(a1)", "so many times or more", "a1 and again a1", "a1 once"),
    (
        "first5(a1)",
        "among the first so many words, the title included",
        "one a1",
        "one two three four five six a1",
    ),
    ("@dprk", "an entity: any of its names, forms, demonyms, metonyms", "Pyongyang said", "pyongyang"),
    ("@dprk.names", "only these; also .demonyms, .metonyms", "the DPRK said", "Pyongyang said"),
    ("@forces", "a list of the watchlist: any of its terms", "a soldier", "an army"),
    ("caps(us)", "written with a capital", "The US said", "tell us"),
    ("allcaps(who)", "written all in capitals", "The WHO said", "Who said"),
    ("nocaps(polish)", "written without a capital", "they polish it", "the Polish army"),
    ("exact(Café)", "letter by letter, accents and case", "the Café", "the cafe"),
    ("title:summit", "in a field: title, lead, body, caption", "TITLE summit", "no title: summit"),
    ("about(summit)", "in title or lead, or three times", "TITLE summit", "x y"),
    ("words:>2", "how long the article is; also < >= <=", "one two three four", "TITLE "),
    ("lang:en", "the article's language; `lang:(ko OR ru)`", "LANG en", "LANG ko"),
    (
        "source:daily",
        "the source's id, outlet or a tag; also author:, section:",
        "SOURCE daily",
        "SOURCE other",
    ),
    ("a1 # a comment", "what follows the sign is for people", "a1", "b2"),
)
"""(query, what it means, a text that matches, one that does not), tried by the tests.

TITLE puts the words into the title, LANG and SOURCE make an article of that language or source.
"""

VERDICTS = {
    Verdict.FIRST_MENTION: "nobody was told of this story under this rule before",
    Verdict.DEVELOPMENT: "something new in a story that was told",
    Verdict.CORRECTION: "an article that was told says something else now",
    Verdict.SURGE: "many more reports than usual",
    Verdict.REPEAT: "told already, nothing new",
    Verdict.SILENCED: "somebody silenced it, with an end and a reason",
    Verdict.QUIET_HOURS: "held until quiet hours end, then sent as a digest",
    Verdict.FOLDED: "a stronger rule speaks; this is a line in its mail",
    Verdict.OVER_LIMIT: "over the recipient's limit: it goes with the overflow digest",
    Verdict.TOO_OLD: "published longer ago than `max_age`",
    Verdict.BASELINE: "it stood there when the source was first looked at",
}

SEVERITIES = {
    Severity.INFO: "recorded, never mailed",
    Severity.LOW: "worth a line in a digest",
    Severity.MEDIUM: "what a rule has that says nothing else",
    Severity.HIGH: "worth a mail of its own",
    Severity.CRITICAL: "does not gather reports first, and goes also over the recipient's limit",
}

STATES = {
    RowState.PENDING: "waits for its time, or for another attempt",
    RowState.SENDING: "is being sent",
    RowState.SENT: "the server took it",
    RowState.DEAD: "the server refused it for good; `monitor outbox retry ID` sends it again",
    RowState.EXPIRED: "not delivered for 48 hours, or held after a restore; may be sent again like a dead one",
}

CONDITIONS = {
    Condition.OK: "answers, and brings what it usually does",
    Condition.NEW: "not polled yet",
    Condition.SILENT: "answers, and brought nothing for three times its usual gap (an hour at least)",
    Condition.FAILING: "does not answer, or not with what was expected",
    Condition.GONE: "its server says that it is gone for good",
}

ENDPOINTS = {
    "/healthz": "200 while the event loop turns: for liveness probes",
    "/readyz": "200 when ready, 503 and why when the store cannot be written to or the daemon was asked to stop; then"
    " a line a part: store, drain, configuration, channels, post room. A refused configuration, a paused channel or a post room that died leaves it ready",
    "/metrics": "the figures below, and the process's own, in Prometheus's text format",
}


def reference() -> str:
    """The whole page."""
    parts = (
        _head(),
        _commands(),
        _codes(),
        _files(),
        _environment(),
        _language(),
        _words(),
        _web(),
        _figures(),
    )
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _head() -> Iterator[str]:
    yield "# Reference"
    yield "<!-- Written by `make reference` from the program itself. Do not edit: change the program. -->"
    yield "Every command, setting, operator and figure. To learn by doing: [tutorial](tutorial.md); for a task:"
    yield "[how-to](how-to.md); for a word: [glossary](glossary.md)."
    yield ""
    yield "[Commands](#commands) · [Exit codes](#exit-codes) · [Configuration](#configuration) ·"
    yield "[Environment](#environment) · [Watchlist language](#watchlist-language) · [Words](#words) ·"
    yield "[HTTP](#http) · [Metrics](#metrics)"
    yield ""


# ---------------------------------------------------------------------------- commands


def _commands() -> Iterator[str]:
    yield "## Commands"
    yield "`--config DIR` may stand before or after the verb; without it, `MONITOR_CONFIG`, else `config`."
    yield ""
    shell = Shell.of(io.StringIO(), io.StringIO(), io.StringIO(), {})
    for verb, meaning in VERBS.items():
        yield f"### monitor {verb}"
        yield f"{meaning[0].upper()}{meaning[1:]}."
        yield ""
        yield "```text"
        yield (module_of(verb).__doc__ or "").strip()
        yield "```"
        yield ""
        yield "| option | what it does |"
        yield "|---|---|"
        for action in parser_of(verb, shell)._actions:  # noqa: SLF001 - the library tells them nowhere else
            if action.dest not in {"help", "config"}:
                yield f"| {_option(action)} | {_cell(str(action.help))} |"
        yield ""
        yield "```text"
        yield module_of(verb).EXAMPLES
        yield "```"
        yield ""


def _option(action: argparse.Action) -> str:
    value = action.metavar or (
        "\\|".join(map(str, action.choices)) if action.choices else action.dest.upper()
    )
    named = f"{value}" if action.nargs != 0 else ""
    words = " ".join([", ".join(action.option_strings), str(named)]).strip()
    return f"`{words}`" if "\\|" not in words else words.replace("--", "\\-\\-")


def _codes() -> Iterator[str]:
    yield "## Exit codes"
    yield from _table(
        ("code", "what it means"), ((str(code), meaning) for code, meaning in EXIT_CODES.items())
    )


# ---------------------------------------------------------------------------- configuration


def _files() -> Iterator[str]:
    yield "## Configuration"
    yield "A folder of YAML files; only `sources.yaml` and one watchlist are needed. Durations are a number and a unit:"
    yield "`30s`, `15m`, `2h`, `90d`. An unknown key is an error. `monitor check` prints every mistake with its place."
    yield ""
    for kind, file in FILES.items():
        schema = schema_of(SHAPES[kind])
        yield f"### {file}"
        yield _sentence(schema)
        yield ""
        yield from _fields(schema, schema["$defs"])
        for name in _reached(schema):
            inner = schema["$defs"][name]
            if "properties" in inner:
                yield f"#### {file}: {_title(name)}"
                yield _sentence(inner)
                yield ""
                yield from _fields(inner, schema["$defs"])


def _reached(schema: Schema) -> list[str]:
    """The models below a schema, in the order in which a reader meets them."""
    found: dict[str, None] = {}

    def visit(part: object) -> None:
        if isinstance(part, Mapping):
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found[name] = None
                visit(schema["$defs"][name])
            for key, value in part.items():
                if key not in {"$defs", "discriminator"}:
                    visit(value)
        elif isinstance(part, list):
            for value in part:
                visit(value)

    visit(schema)
    return list(found)


def _fields(schema: Schema, models: Schema) -> Iterator[str]:
    required = schema.get("required", ())
    yield from _table(
        ("key", "type", "default", "meaning"),
        (
            (
                f"`{key}`",
                _type(field, models),
                _default(field, needed=key in required),
                field.get("description", ""),
            )
            for key, field in schema.get("properties", {}).items()
        ),
    )


def _type(field: Schema, models: Schema) -> str:
    """A field's type in words."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return _type(models[name], models) if "enum" in models[name] else _title(name)
    if "const" in field:
        return f"`{field['const']}`"
    kinds = field.get("anyOf") or field.get("oneOf") or ()
    if kinds:
        return " or ".join(dict.fromkeys(_type(one, models) for one in kinds if one.get("type") != "null"))
    match field.get("type"):
        case "array":
            return f"list of {_type(field.get('items', {}), models)}"
        case "object":
            values = [field.get("additionalProperties"), *field.get("patternProperties", {}).values()]
            return f"map of {' or '.join(_type(value, models) for value in values if value)}"
        case _:
            return _plain(field)


def _plain(field: Schema) -> str:
    if "enum" in field:
        return "yes or no" if True in field["enum"] else ", ".join(f"`{value}`" for value in field["enum"])
    if "examples" in field:
        return "duration" if field["examples"] == DURATIONS else f"like `{field['examples'][0]}`"
    formats = {"password": "secret", "path": "file", "date": "date", "date-time": "moment"}
    kind = field.get("type", "text")
    kinds = kind if isinstance(kind, list) else [kind]
    names = {"string": "text", "integer": "whole number", "boolean": "true or false", "number": "number"}
    return formats.get(field.get("format", "")) or names.get(kinds[0], kinds[0])


def _default(field: Schema, *, needed: bool) -> str:
    default = field.get("default")
    if needed:
        return "needed"
    if default in (None, "", []) or isinstance(default, dict):
        return (
            ", ".join(f"`{key}: {value}`" for key, value in (default or {}).items())
            if "$ref" not in field
            else ""
        )
    if isinstance(default, list):
        return ", ".join(f"`{value}`" for value in default)
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _title(name: str) -> str:
    """`SmtpSettings` → `smtp`; a model's name as prose."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return words.removesuffix(" settings").removesuffix(" source") if words != "sources file" else words


def _sentence(schema: Schema) -> str:
    return _cell(schema.get("description", "")).replace("\\|", "|")


def _environment() -> Iterator[str]:
    yield "## Environment"
    yield "Every key of `monitor.yaml` has a variable that overrides it: `MONITOR_`, then the keys in capitals, two"
    yield "underscores between them. With `_FILE` behind it, the variable names a file that holds the value: for secrets."
    yield "`MONITOR_CONFIG` names the folder."
    yield ""
    schema = schema_of(SHAPES["monitor"])
    for name, field in _variables(schema, schema, "MONITOR"):
        yield f"- `{name}`: {field.get('description', '')}"
    yield ""


def _variables(schema: Schema, part: Schema, prefix: str) -> Iterator[tuple[str, Schema]]:
    for key, field in part.get("properties", {}).items():
        name = f"{prefix}{'_' if prefix == 'MONITOR' else '__'}{key.upper()}"
        below = [one for one in (field, *field.get("anyOf", ())) if "$ref" in one]
        if below:
            yield from _variables(schema, schema["$defs"][below[0]["$ref"].rpartition("/")[2]], name)
        else:
            yield name, field


# ---------------------------------------------------------------------------- the rest


def _language() -> Iterator[str]:
    yield "## Watchlist language"
    yield "Words are compared without case and accents. Where products contradict each other, a query is refused with"
    yield "both readings printed. `monitor match FILE --explain` shows what a query does to a text."
    yield ""
    yield from _table(
        ("query", "what it asks for"), ((f"`{query}`", meaning) for query, meaning, _, _ in LANGUAGE)
    )


def _words() -> Iterator[str]:
    yield "## Words"
    yield "The same word stands in the log, in `--json`, in mails and as a metric's label."
    yield ""
    for title, words in (
        ("verdict", VERDICTS),
        ("state of a message", STATES),
        ("condition of a source", CONDITIONS),
        ("severity", SEVERITIES),
    ):
        yield from _table(
            (title, "what it means"), ((f"`{word}`", meaning) for word, meaning in words.items())
        )


def _web() -> Iterator[str]:
    yield "## HTTP"
    yield from _table(
        ("path", "what it answers"), ((f"`{path}`", meaning) for path, meaning in ENDPOINTS.items())
    )


def _figures() -> Iterator[str]:
    yield "## Metrics"
    yield from _table(
        ("metric", "kind", "labels", "meaning"),
        (
            (
                f"`{figure.series[0].removesuffix('_bucket')}`",
                figure.kind,
                ", ".join(f"`{label}`" for label in figure.labels),
                figure.meaning,
            )
            for figure in Metrics().figures()
        ),
    )


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"
    yield ""


def _cell(text: str) -> str:
    """Text that fits a table's cell."""
    return " ".join(text.split()).replace("|", "\\|").replace("\\\\|", "\\|")


if __name__ == "__main__":
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
    sys.stderr.write(f"{HERE / 'reference.md'}\n")
