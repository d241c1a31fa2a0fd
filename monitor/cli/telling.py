"""What several verbs tell alike: marked sentences, mentions, durations, and how far long work is."""

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, TextIO

from monitor.cli.shell import Shell
from monitor.clock import SystemClock
from monitor.config.problems import did_you_mean
from monitor.errors import ConfigError, Place, Problem
from monitor.model import Excerpt, Mention
from monitor.settings import read_duration

if TYPE_CHECKING:
    from monitor.config.folder import Configuration

__all__ = [
    "MOST",
    "Progress",
    "duration",
    "how_many",
    "marked",
    "mentions",
    "progress",
    "row_number",
    "see_known",
]

MOST = 10**18  # rows, when all are meant
WIDTH = 28
OFTEN = 0.1  # seconds between two drawings


def duration(written: str) -> timedelta:
    """A duration given on the command line."""
    try:
        return read_duration(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def how_many(written: str) -> int:
    """A number of rows given on the command line; 0 is all there are."""
    number = _whole(written)
    if number is None:
        raise argparse.ArgumentTypeError(f"{written!r} is no number of rows; write 0 (all there are) or more")
    return number or MOST


def row_number(written: str) -> int:
    """The number of a row given on the command line."""
    number = _whole(written)
    if number is None:
        raise argparse.ArgumentTypeError(f"{written!r} is no number of a row")
    return number


def _whole(written: str) -> int | None:
    return int(written) if re.fullmatch(r"[0-9]{1,18}", written) else None


def see_known(found: "Configuration", *, watchlist: str | None = None, rule: str | None = None) -> None:
    """ConfigError where an option names a watchlist or a rule that is not there: it would find nothing."""
    rules = found.known.rules if watchlist is None else {watchlist: found.known.rules.get(watchlist, ())}
    ids = {each for known in rules.values() for each in known}
    if watchlist is not None and watchlist not in found.known.rules:
        option, written, known = "--watchlist", watchlist, set(found.known.rules)
    elif rule is not None and rule not in ids:
        option, written, known = "--rule", rule, ids
    else:
        return
    problem = f"{option.removeprefix('--')} {written!r} is not known"
    place = Place(file=option)
    raise ConfigError([Problem(place=place, problem=problem, remedy=did_you_mean(written, known))])


def marked(excerpt: Excerpt, shell: Shell) -> str:
    """The sentence with its marks in colour, or in «guillemets» where there is none."""
    pieces, at = [], 0
    for start, end in excerpt.marks:
        word = excerpt.text[start:end]
        pieces += [excerpt.text[at:start], shell.paint(word, "mark") if shell.colour else f"«{word}»"]
        at = end
    return "".join([*pieces, excerpt.text[at:]]).replace("\n", " ")


def mentions(found: tuple[Mention, ...]) -> list[dict[str, object]]:
    """Mentions as scripts read them."""
    return [
        {"term": each.term, "field": each.field, "start": each.start, "end": each.end, "text": each.text}
        for each in found
    ]


class Progress:
    """A line that is drawn over itself."""

    def __init__(self, stream: TextIO, what: str) -> None:
        self._stream = stream
        self._what = what
        self._clock = SystemClock()
        self._began = self._drawn = self._clock.monotonic()
        self._width = 0

    def at(self, done: int, total: int = 0) -> None:
        """So much is done, of so much where that is known."""
        now = self._clock.monotonic()
        if now - self._drawn >= OFTEN:
            self._drawn = now
            self._draw(self._line(done, total, now - self._began))

    def _draw(self, line: str) -> None:
        self._stream.write(f"\r{line.ljust(self._width)}")
        self._stream.flush()
        self._width = len(line)

    def _line(self, done: int, total: int, spent: float) -> str:
        if not total:
            return f"{self._what} {done:,}"
        full = round(WIDTH * done / total)
        left = f", {spent * (total - done) / done:.0f} s left" if done else ""
        return f"{self._what} {'█' * full}{'░' * (WIDTH - full)} {done:,} of {total:,}{left}"

    def clear(self) -> None:
        """Leave no trace."""
        if self._width:
            self._draw("")
            self._draw("")


class _Silent(Progress):
    def _draw(self, line: str) -> None:
        """Nobody looks."""


@contextmanager
def progress(shell: Shell, what: str) -> Iterator[Progress]:
    """How far long work is, on stderr; only where that is a terminal."""
    line = Progress(shell.stderr, what) if shell.stderr.isatty() else _Silent(shell.stderr, what)
    try:
        yield line
    finally:
        line.clear()
