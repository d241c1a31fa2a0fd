"""What every verb shares: where it speaks, with which colours, on which configuration."""

import argparse
import json
import sysconfig
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from monitor.errors import ConfigError, Level, Place, Problem
from monitor.heap import lasting

if TYPE_CHECKING:
    from monitor.config.folder import Configuration

__all__ = ["Shell", "shipped"]

_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "mark": "1;33"}


def shipped(name: str) -> Path:
    """A folder that comes with the program (config, seeds): here, beside the package, or installed."""
    beside = Path(__file__).resolve().parents[2]
    installed = Path(sysconfig.get_path("data"), "share", "media-monitor")
    folders = [Path(), beside, installed]
    return next((folder / name for folder in folders if (folder / name).is_dir()), Path(name))


def width(text: str) -> int:
    """The columns that a terminal takes for it: two for a character of East Asia, none for a mark.

    >>> width("troops"), width("병력 troops"), width("войска\u0301")
    (6, 11, 6)
    """
    if text.isascii():
        return len(text)
    marks = sum(unicodedata.category(letter) in {"Mn", "Me", "Cf"} for letter in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def _plain(thing: object) -> str:
    return thing.isoformat() if isinstance(thing, datetime) else str(thing)


def _painted(text: str, style: str) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Standard streams and environment, as arguments."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    environment: Mapping[str, str]
    colour: bool
    colour_stderr: bool

    @classmethod
    def of(cls, stdin: TextIO, stdout: TextIO, stderr: TextIO, environment: Mapping[str, str]) -> "Shell":
        """The shell of these streams; colours on a terminal only, and never against NO_COLOR."""
        welcome = not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
        return cls(
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            environment=environment,
            colour=welcome and stdout.isatty(),
            colour_stderr=welcome and stderr.isatty(),
        )

    def say(self, text: str = "") -> None:
        """A line of the answer."""
        print(text, file=self.stdout, flush=True)

    def say_json(self, record: Mapping[str, object]) -> None:
        """One object on one line, for scripts."""
        self.say(json.dumps(record, ensure_ascii=False, default=_plain))

    def complain(self, text: str, style: str = "") -> None:
        """A line about what is wrong, or how far we are; never part of the answer."""
        painted = _painted(text, style) if style and self.colour_stderr else text
        print(painted, file=self.stderr, flush=True)

    def paint(self, text: str, style: str) -> str:
        """The text in a style, where colours are welcome in the answer."""
        return _painted(text, style) if self.colour else text

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Columns as wide as their widest cell; the last is not padded. Without rows it says so."""
        lines = [list(head), *[list(row) for row in rows]]
        widths = [max(width(line[column]) for line in lines) for column in range(len(head))]
        for number, line in enumerate(lines):
            cells = [cell + " " * (full - width(cell)) for cell, full in zip(line[:-1], widths, strict=False)]
            text = "  ".join([*cells, line[-1]]).rstrip()
            self.say(self.paint(text, "dim") if number == 0 else text)
        if len(lines) == 1:
            self.complain("none", "dim")

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options that all verbs take."""
        parser.add_argument(
            "--config",
            type=Path,
            default=Path(self.environment.get("MONITOR_CONFIG") or shipped("config")),
            metavar="DIR",
            help="the configuration folder (default: MONITOR_CONFIG, else config)",
        )

    def configuration(self, folder: Path) -> "Configuration":
        """The configuration in `folder`; errors go out as ConfigError, warnings are for `check` and `run`."""
        from monitor.config.folder import load  # noqa: PLC0415 - the overview needs none of it

        with lasting():
            return load(folder, self.environment)

    def read(self, name: str) -> bytes:
        """A named file's bytes, `-` being standard input; ConfigError where it cannot be read."""
        if name == "-":
            return self.stdin.buffer.read() if hasattr(self.stdin, "buffer") else self.stdin.read().encode()
        try:
            return Path(name).read_bytes()
        except OSError as error:
            problem = f"cannot be read ({error.strerror})"
            raise ConfigError([Problem(place=Place(file=name), problem=problem, level=Level.ERROR)]) from None

    def write(self, path: Path, text: str) -> None:
        """A file, its folders made where they lack; ConfigError where it cannot be written."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            problem = f"cannot be written ({error.strerror})"
            raise ConfigError([Problem(place=Place(file=str(path)), problem=problem)]) from None
