"""Matches: an article satisfies a rule; where, and how much it matters."""

from dataclasses import dataclass
from enum import StrEnum

from monitor.model.articles import Field

__all__ = ["Excerpt", "Match", "Mention", "Severity"]


class Severity(StrEnum):
    """How much a match matters; `info` is recorded and never mailed."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info up to 4 for critical; compare ranks, not names."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One occurrence of a term: `text == article.text(field)[start:end]`."""

    term: str
    field: Field
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A sentence worth showing: its text, and the (start, end) offsets into `text` to mark."""

    field: Field
    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article satisfies a rule. `held` names the `unless` that vetoes it (empty: none does).

    `excerpts` are the best sentences first; `entities` the names of watched entities the article mentions.
    """

    watchlist: str
    rule: str
    title: str
    severity: Severity
    mentions: tuple[Mention, ...]
    excerpts: tuple[Excerpt, ...] = ()
    labels: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    score: float | None = None
    held: str = ""
