"""Translate a query of another product into the watchlist language, telling every change of meaning.

The query goes to standard output, the changes to standard error, a line each, with their place in the query.
Where the dialect itself has two readings, one is taken and the other is told. - reads standard input.
"""

import argparse
import json
from pathlib import Path

from monitor.cli.shell import Shell
from monitor.config.schemas import modeline
from monitor.dialects import DIALECTS, Change, DialectError, Imported, import_query
from monitor.errors import ConfigError, Place, Problem
from monitor.matching import Watchlist, compile_watchlists

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor import --from factiva 'hd=(north korea) and troop$1 near5 russia'
  monitor import --from nexis saved-search.txt --yaml > config/watchlists/saved.yaml
  pbpaste | monitor import --from lucene - --json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `import` takes."""
    parser.add_argument(
        "--from", dest="dialect", required=True, choices=sorted(DIALECTS), help="who wrote it"
    )
    parser.add_argument("query", metavar="QUERY|FILE|-", help="the query itself, a file that holds it, or -")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--yaml", action="store_true", help="a watchlist with the query as its rule")
    form.add_argument("--json", action="store_true", help="one object: the query and its changes")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """The query in our language; 2 where it cannot be read."""
    name, query = _read(arguments.query, shell)
    try:
        imported = import_query(arguments.dialect, query)
    except DialectError as error:
        place = _place(name, query, error.at)
        raise ConfigError([Problem(place=place, problem=error.problem, remedy=error.remedy)]) from None
    _prove(imported, name)
    if arguments.json:
        shell.say_json(
            {"query": imported.query, "changes": [_record(change, query) for change in imported.changes]}
        )
        return 0
    if arguments.yaml:
        shell.say(_watchlist(arguments.dialect, query, imported))
    else:
        shell.say(imported.query)
    for change in imported.changes:
        shell.complain(f"{_place(name, query, change.at)}: {change}", "yellow")
    return 0


def _read(given: str, shell: Shell) -> tuple[str, str]:
    """What the query is called where a problem is told, and its text."""
    if given == "-" or _is_file(given):
        return given, shell.read(given).decode("utf-8", "replace").strip()
    return "query", given


def _is_file(given: str) -> bool:
    try:
        return Path(given).is_file()
    except OSError:  # too long to be a name
        return False


def _place(name: str, query: str, at: int) -> Place:
    line = query.count("\n", 0, at) + 1
    return Place(file=name, line=line, column=at - (query.rfind("\n", 0, at) + 1) + 1)


def _prove(imported: Imported, name: str) -> None:
    """ConfigError where what we wrote is not a query of ours: it must never reach a watchlist unseen."""
    watchlist = Watchlist.model_validate(
        {"watchlist": "imported", "rules": [{"id": "q", "match": imported.query}]}
    )
    problems = [each for each in compile_watchlists({name: watchlist}, {}).problems if each.level == "error"]
    if problems:
        problem = f"the translation {imported.query} cannot be used: {problems[0].problem}"
        raise ConfigError([Problem(place=Place(file=name), problem=problem, remedy=problems[0].remedy)])


def _record(change: Change, query: str) -> dict[str, object]:
    place = _place("", query, change.at)
    return {
        "line": place.line,
        "column": place.column,
        "kind": change.kind,
        "written": change.written,
        "says": change.says,
    }


def _watchlist(dialect: str, query: str, imported: Imported) -> str:
    """A watchlist whose one rule is the query, what changed being told in a comment above it."""
    told = [
        *(f"# {line}" for line in f"{dialect}: {query}".splitlines()),
        *(f"# {each}" for each in imported.changes),
    ]
    return "\n".join(
        [
            modeline("watchlist", 1),
            "version: 1",
            "watchlist: imported",
            "rules:",
            *(f"  {line}" for line in told),
            "  - id: imported",
            "    severity: medium",
            "    match: |",
            f"      {imported.query}",
            f"    note: {json.dumps(f'imported from {dialect}')}",
        ]
    )
