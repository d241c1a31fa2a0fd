"""Decisions: what deciding on an article asks, what it is told, and what it changes."""

from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.alerts import Alert, Raised, Silence, Story
from monitor.model.articles import Article
from monitor.model.outbox import Dispatch, Mail

__all__ = ["Decision", "History", "Inquiry", "Relative", "Span", "Tally", "Trace"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is remembered of a matched article so that its relatives are found again.

    Hashes are 64 bit, signed. `index` are the few by which copies are looked up (one row each);
    `sketch` the many that verify a copy, `gist` those of the telling words of title and lead: both as
    sorted little-endian 8-byte integers. `entities` are the watched entities it mentions.
    """

    index: tuple[int, ...] = ()
    sketch: bytes = b""
    gist: bytes = b""
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """An earlier article that may tell the same: its story, when it was first seen, its language, its trace.

    `rules` are those of the Inquiry that it met too. Of `trace.index` it has the hashes that the article
    asked for (none: it is no copy, and needs no sketch).
    """

    article: str
    story: str
    seen: datetime
    language: str = ""
    trace: Trace = field(default_factory=Trace)
    rules: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A count to make: distinct articles with an alert raised at or after `since` and before `until`.

    An empty `rule` means every rule of the watchlist but those that are not an admin's (SURGE). Alerts
    with verdict BASELINE or TOO_OLD do not count. Counting stops at `most` alerts, where that is given.
    """

    watchlist: str
    rule: str
    since: datetime
    until: datetime
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The answer to a Span: how many, and when the first of them was raised."""

    count: int
    first: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What deciding on an article needs to be looked up.

    Copies: articles that share a hash of `trace.index` and were seen since `copies_since`. Events:
    articles of the same `rules` seen since `events_since`. Rows: all of these `threads`, those of these
    `trays` that wait, and all that are due or were sent since `rows_since`. `pairs` are
    (watchlist, entity, entity), asked whether they are known.
    Silences: those of the store in force at `silences_at`.
    """

    article: str
    trace: Trace = field(default_factory=Trace)
    rules: tuple[tuple[str, str], ...] = ()
    copies_since: datetime | None = None
    events_since: datetime | None = None
    threads: tuple[str, ...] = ()
    trays: tuple[str, ...] = ()
    rows_since: datetime | None = None
    pairs: tuple[tuple[str, str, str], ...] = ()
    spans: tuple[Span, ...] = ()
    silences_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the store remembers that could concern an article: its candidate stories and their past.

    `previous` is the same article as it was read before; `relatives` those that the Inquiry found;
    `recent` the rows since `rows_since`, and those that wait in its trays; `pairs` those of the Inquiry that
    are known; `tallies` answer its spans, in order; `silences` are those of the store in force, `aliases`
    the ids of stories that proved to be one of `stories`.
    """

    stories: tuple[Story, ...] = ()
    alerts: tuple[Raised, ...] = ()
    mails: tuple[Mail, ...] = ()
    previous: Article | None = None
    relatives: tuple[Relative, ...] = ()
    recent: tuple[Mail, ...] = ()
    pairs: tuple[tuple[str, str, str], ...] = ()
    tallies: tuple[Tally, ...] = ()
    silences: tuple[Silence, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an article changes: its story, an alert a match (spoken or silent), the rows to open.

    `merged` are the ids of stories that prove to be this one: their articles, alerts and rows become its
    own. `trace` and `pairs` are to be remembered.
    """

    story: Story
    alerts: tuple[Alert, ...] = ()
    dispatches: tuple[Dispatch, ...] = ()
    merged: tuple[str, ...] = ()
    trace: Trace | None = None
    pairs: tuple[tuple[str, str, str], ...] = ()
