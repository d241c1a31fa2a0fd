"""Health: what is wrong, who knows of it, and what tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model.outbox import Census
from monitor.model.polls import SourceState

__all__ = ["Ailment", "DeadLetters", "Standing", "Vitals"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """Something wrong. `name`: what and where, the same while it lasts; `words`: for people.

    It is told once, and again where its `mark` changes.
    """

    name: str
    words: str
    mark: str = ""

    @property
    def kind(self) -> str:
        """The first word of its name."""
        return self.name.partition(" ")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An ailment that people know of: when they were told, and when it was last found."""

    ailment: Ailment
    told: datetime
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetters:
    """Messages of a channel that were given up: how many, and the newest one's reader and last words.

    `newest` is the last row that is no health mail: the death of a mail that told of deaths is not news.
    """

    number: int
    newest: int
    recipient: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What health needs to know of the last day.

    `gaps` are the usual gaps between a source's entries, `short` how many articles in a row came far
    shorter than the source's usual, `last_hits` a rule's last match (None: never), as (watchlist, rule).
    `dead` are the last week's dead letters by channel, `paused` the channels that take nothing, since when
    and why; `disk` is the percentage that is free where the database is (None: it is on none), `refused`
    the problems of a configuration that was refused, `standing` what people know of, by name.
    """

    census: Census
    sources: tuple[SourceState, ...] = ()
    gaps: Mapping[str, timedelta] = field(default_factory=dict)
    short: Mapping[str, int] = field(default_factory=dict)
    last_hits: Mapping[tuple[str, str], datetime | None] = field(default_factory=dict)
    hits_today: Mapping[tuple[str, str], int] = field(default_factory=dict)
    watching_since: datetime | None = None
    dead: Mapping[str, DeadLetters] = field(default_factory=dict)
    paused: Mapping[str, tuple[datetime, str]] = field(default_factory=dict)
    disk: float | None = None
    refused: tuple[str, ...] = ()
    standing: Mapping[str, Standing] = field(default_factory=dict)
