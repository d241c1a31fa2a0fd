"""Validate the configuration, warn of what will surprise, run the rules' tests.

Prints one line a problem, file:line:column first; exits 0, or 2 when there is an error. --watch checks again
whenever a file is saved, until Ctrl-C. --archive also asks the archive: terms that occur in no article, rules
that match none or would be noisy.
"""

import argparse
import gc
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from monitor.alerting.prose import plural
from monitor.cli.shell import Shell
from monitor.cli.telling import duration
from monitor.clock import SystemClock
from monitor.config.folder import Configuration, failed_tests, load, missing_files
from monitor.errors import ConfigError, Level, Place, Problem
from monitor.model import Article

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor check
  monitor check --watch
  monitor check --archive --since 7d
  monitor check --config /etc/media-monitor --json"""

_STYLES = {Level.ERROR: "red", Level.WARNING: "yellow"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `check` takes."""
    parser.add_argument("--json", action="store_true", help="one object a problem")
    parser.add_argument("--archive", action="store_true", help="ask the archive about the rules, too")
    parser.add_argument(
        "--since",
        type=duration,
        metavar="30d",
        default=timedelta(days=30),
        help="for --archive (default: 30d)",
    )
    parser.add_argument("--watch", action="store_true", help="check again whenever a file is saved")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """Every problem of every file, then what was found right."""
    if arguments.watch:
        return _watch(arguments, shell)
    gc.disable()  # what is loaded stays until the end, which is near
    try:
        return _check(arguments, shell)[0]
    finally:
        gc.enable()


def _check(arguments: argparse.Namespace, shell: Shell) -> tuple[int, tuple[Path, ...]]:
    """The exit code of one check, and the files that the rules' tests read."""
    problems: Sequence[Problem]
    samples: list[tuple[Path, Problem | None]] = []
    try:
        found = load(arguments.config, shell.environment)
    except ConfigError as error:
        problems, summary = error.problems, ""
    else:
        samples = list(_samples(found))
        problems = [
            *found.warnings,
            *missing_files(found),
            *_failed(found, samples),
            *_over(found),
            *_rehearsed(found, arguments, shell),
        ]
        summary = _summary(found, problems)
    for problem in problems:
        if arguments.json:
            shell.say_json(_record(problem))
        else:
            shell.say(shell.paint(str(problem), _STYLES[problem.level]))
    errors = sum(problem.level is Level.ERROR for problem in problems)
    if not arguments.json:
        shell.say(f"{plural(errors, 'error', 'errors')}, {_warnings(problems)}" if errors else summary)
    return 2 if errors else 0, tuple({path for path, _ in samples})


def _watch(arguments: argparse.Namespace, shell: Shell) -> int:
    """Check now and after every save; ended by Ctrl-C, as a KeyboardInterrupt."""
    from threading import Event  # noqa: PLC0415 - a single check waits for nothing

    from monitor.config.files import fingerprint  # noqa: PLC0415 - the same
    from monitor.config.watching import Watch  # noqa: PLC0415 - the same

    pause = Event()
    while True:
        read = fingerprint(arguments.config)
        _, samples = _check(arguments, shell)
        watch = Watch(read={**fingerprint(arguments.config, samples), **read}, seen={})
        shell.complain(f"watching {arguments.config}; Ctrl-C ends it", "dim")
        while not watch.due(now := fingerprint(arguments.config, samples)):
            watch = watch.looked(now)
            pause.wait(0.2)
        shell.complain("")


def _failed(found: Configuration, samples: Sequence[tuple[Path, Problem | None]]) -> Iterator[Problem]:
    """The rules' tests that fail; those whose file cannot be read are told as that."""
    lacking = {problem.place: problem for _, problem in samples if problem is not None}
    for problem in failed_tests(found, lambda name: _sample(found, name)):
        yield lacking.pop(problem.place, problem)
    yield from lacking.values()


def _over(found: Configuration) -> Iterator[Problem]:
    """Warnings of rules whose day has passed: a year mistyped would be silence."""
    today = SystemClock().now().date()
    for file, watchlist in found.compiled.watchlists.items():
        for number, rule in enumerate(watchlist.rules):
            if rule.until is not None and rule.until < today:
                place = found.documents[file].place(("rules", number, "until"))
                problem = f"{rule.id} ended on {rule.until} and finds nothing"
                remedy = "remove the rule, or name a later day"
                yield Problem(place=place, problem=problem, remedy=remedy, level=Level.WARNING)


def _rehearsed(found: Configuration, arguments: argparse.Namespace, shell: Shell) -> list[Problem]:
    if not arguments.archive:
        return []
    from monitor.cli.rehearsal import rehearse  # noqa: PLC0415 - most checks ask no archive

    return rehearse(found, arguments.config, arguments.since, shell)


def _samples(found: Configuration) -> Iterator[tuple[Path, Problem | None]]:
    """Every file that a rule's test names, and what is wrong with it."""
    for file, watchlist in found.compiled.watchlists.items():
        for number, rule in enumerate(watchlist.rules):
            for wanted, trials in (("hit", rule.tests.hit), ("miss", rule.tests.miss)):
                for line, trial in enumerate(trials):
                    if trial.file:
                        place = found.documents[file].place(("rules", number, "tests", wanted, line))
                        yield _path(found, trial.file), _unreadable(_path(found, trial.file), place)


def _unreadable(path: Path, place: Place) -> Problem | None:
    if path.is_file():
        return None
    remedy = "name it from the folder that holds the configuration, like seeds/articles/troops.html"
    return Problem(place=place, problem=f"there is no file {path}", remedy=remedy)


def _sample(found: Configuration, name: str) -> Article:
    """The article in a file that a rule's test names; an empty one where it cannot be read."""
    from monitor.cli.articles import read_article  # noqa: PLC0415 - most rules' tests are sentences

    path = _path(found, name)
    return read_article(path.read_bytes(), name) if path.is_file() else read_article(b"", "none.txt")


def _path(found: Configuration, name: str) -> Path:
    """Files are named relative to the configuration's parent folder."""
    return found.folder.resolve().parent / name


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


def _summary(found: Configuration, problems: Sequence[Problem]) -> str:
    rules = found.compiled.matcher.rules
    tests = sum(len(ready.rule.tests.hit) + len(ready.rule.tests.miss) for ready in rules)
    sizes = (
        plural(len(found.sources), "source", "sources"),
        plural(len({rule.watchlist for rule in rules}), "watchlist", "watchlists"),
        plural(len(rules), "rule", "rules"),
        plural(tests, "test", "tests"),
    )
    return f"{found.folder}: {', '.join(sizes)}: right" + (f", {_warnings(problems)}" if problems else "")


def _warnings(problems: Sequence[Problem]) -> str:
    return plural(sum(each.level is Level.WARNING for each in problems), "warning", "warnings")
