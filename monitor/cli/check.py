"""Validate the configuration, warn of what will surprise, run the rules' tests.

Prints one line a problem, file:line:column first; exits 0, or 2 when there is an error.
"""

import argparse

from monitor.cli.shell import Shell
from monitor.config.folder import Configuration, failed_tests, load
from monitor.errors import ConfigError, Level, Problem
from monitor.model import Article

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """example:
  monitor check
  monitor check --config /etc/media-monitor --json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `check` takes."""
    parser.add_argument("--json", action="store_true", help="one object a problem")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """Every problem of every file, then what was found right."""
    try:
        found = load(arguments.config, shell.environment)
    except ConfigError as error:
        problems = error.problems
        summary = ""
    else:
        problems = [*found.warnings, *failed_tests(found, lambda name: _sample(found, name))]
        summary = _summary(found)
    for problem in problems:
        if arguments.json:
            shell.say_json(_record(problem))
        else:
            shell.say(shell.paint(str(problem), "red" if problem.level is Level.ERROR else "yellow"))
    errors = sum(problem.level is Level.ERROR for problem in problems)
    if not arguments.json:
        shell.say(f"{errors} errors, {len(problems) - errors} warnings" if errors else summary)
    return 2 if errors else 0


def _record(problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "level": problem.level,
        "problem": problem.problem,
        "remedy": problem.remedy,
    }


def _sample(found: Configuration, name: str) -> Article:
    """The article in a file that a rule's test names, relative to the configuration's parent folder."""
    from monitor.cli.articles import read_article  # noqa: PLC0415 - most rules' tests are sentences

    path = found.folder.resolve().parent / name
    return read_article(path.read_bytes(), name)


def _summary(found: Configuration) -> str:
    rules = found.compiled.matcher.rules
    warned = f", {len(found.warnings)} warnings" if found.warnings else ""
    watchlists = len({rule.watchlist for rule in rules})
    sizes = f"{len(found.sources)} sources, {watchlists} watchlists, {len(rules)} rules"
    return f"{found.folder}: {sizes}: right{warned}"
