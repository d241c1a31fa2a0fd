"""The exception tree: what an admin or operator must act on.

MonitorError
├── ConfigError     a file of the configuration is wrong: carries its Problems
└── StoreError      the store cannot be used: full, locked by another daemon, newer than this program

Other people's servers are never exceptions: their failures are values (see model.Failed and friends).
"""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ConfigError", "Level", "MonitorError", "Place", "Problem", "StoreError"]


class Level(StrEnum):
    """How much a problem matters: an error stops the configuration, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """A position in a file; line and column count from 1, 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """`file:line:column`, the form that editors and terminals turn into a link."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, where, and what would be right (`remedy` may be empty)."""

    place: Place
    problem: str
    remedy: str = ""
    level: Level = Level.ERROR

    def __str__(self) -> str:
        """One line: place, what is wrong, what would be right."""
        warning = "warning: " if self.level is Level.WARNING else ""
        return f"{self.place}: {warning}{self.problem}" + (f"; {self.remedy}" if self.remedy else "")


class MonitorError(Exception):
    """Somebody must act; the command prints one line and exits 2."""


class ConfigError(MonitorError):
    """The configuration cannot be used; `problems` lists everything found, in reading order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class StoreError(MonitorError):
    """The store cannot be used; the message says what to do."""
