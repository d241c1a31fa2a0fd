"""What a query of another product says, before it is written in our language."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "AllOf",
    "AnyOf",
    "Cased",
    "Change",
    "ChangeKind",
    "Counted",
    "DialectError",
    "Fact",
    "Fielded",
    "First",
    "Log",
    "Lost",
    "Near",
    "Node",
    "Unit",
    "Words",
]


class DialectError(Exception):
    """A query that cannot be read: where, what is wrong, what would be right."""

    def __init__(self, at: int, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.at = at
        self.problem = problem
        self.remedy = remedy


class ChangeKind(StrEnum):
    """What a change does to what is found."""

    AMBIGUOUS = "ambiguous"  # the dialect itself has two readings: one was taken, the other is told
    WIDER = "wider"
    NARROWER = "narrower"
    OTHER = "other"  # neither contains the other
    IGNORED = "ignored"  # it only ranked or displayed


@dataclass(frozen=True, slots=True)
class Change:
    """One change of meaning: at which offset of the query, of what, and in words."""

    at: int
    written: str
    kind: ChangeKind
    says: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.kind}: {self.written}: {self.says}" if self.written else f"{self.kind}: {self.says}"


Log = Callable[[int, str, ChangeKind, str], None]
"""Notes a change: offset, what was written, what it does, in words."""


class Unit(StrEnum):
    """What a distance is counted in."""

    WORDS = "words"
    SENTENCE = "/s"
    PARAGRAPH = "/p"


@dataclass(frozen=True, slots=True)
class Words:
    """A word or a phrase, wildcards in our spelling; `slop` as in "a b"~5; `slip`: word~1.

    `plurals`: the dialect also finds regular plurals of it.
    """

    at: int
    text: str
    slop: int = -1
    slip: bool = False
    plurals: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """All clauses, and none of the vetoes."""

    at: int
    clauses: tuple["Node", ...]
    vetoes: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the clauses at least."""

    at: int
    clauses: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Two things not farther apart than so many words (1: neighbours), a sentence or a paragraph."""

    at: int
    left: "Node"
    right: "Node"
    unit: Unit = Unit.WORDS
    distance: int = 1
    ordered: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Fielded:
    """A query that must hold in one of the fields, word by word."""

    at: int
    names: tuple[str, ...]
    child: "Node"


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that occurs so many times at least."""

    at: int
    times: int
    child: "Node"


@dataclass(frozen=True, slots=True)
class First:
    """A query that must hold among the first words."""

    at: int
    words: int
    child: "Node"


@dataclass(frozen=True, slots=True)
class Cased:
    """Words in some case: caps, allcaps, nocaps."""

    at: int
    case: str
    child: "Node"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about the article as a whole, in our spelling: lang:en, words:>500."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Lost:
    """What has no counterpart in our language."""

    at: int
    written: str
    why: str


Node = Words | AllOf | AnyOf | Near | Fielded | Counted | First | Cased | Fact | Lost
