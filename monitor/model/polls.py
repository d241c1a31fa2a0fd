"""Polls: what is remembered of sources and entries, and what is ours to do until a lease ends."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.model.fetches import Validators
from monitor.model.listings import FeedEntry

__all__ = ["EntryClaim", "SourceClaim", "SourceState", "Visit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of a source between polls. `polled` is None before the first good poll.

    `every` is the rhythm that held at the last poll, `wish` the slowest the source itself asks for,
    `skip_hours` and `skip_days` when it asks to be left alone, `gap` the usual time between its entries.
    `unchanged` counts the polls in a row that brought nothing new, `spared` all that were answered with
    304. `length` is how many entries were last listed, `remark` what the last listing should tell the
    admin.
    """

    source: str
    url: str
    due: datetime
    validators: Validators = field(default_factory=Validators)
    body_hash: str = ""
    polled: datetime | None = None
    attempted: datetime | None = None
    newest: datetime | None = None
    every: timedelta | None = None
    failures: int = 0
    failing_since: datetime | None = None
    error: str = ""
    gone: bool = False
    moved: str = ""
    moved_since: datetime | None = None
    unchanged: int = 0
    polls: int = 0
    gap: timedelta | None = None
    wish: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    spared: int = 0
    length: int = 0
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceClaim:
    """A source that is ours to poll until the lease ends; the store refuses a stale `fence`."""

    state: SourceState
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryClaim:
    """An entry that is ours to read until the lease ends.

    `baseline` marks what stood in the feed at the source's first good poll: stored, never a flood of
    alerts. `attempts` counts how often reading it was begun.
    """

    source: str
    entry: FeedEntry
    seen: datetime
    baseline: bool
    attempts: int
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One try to read an entry's page, and how it ended; what `why` tells of it.

    `name` is the canonical form of what was asked, `landed` the page's final address, `size` its bytes once
    decompressed; `status` is 0 where no server answered or was asked. `reason` says why there is no page
    (empty: there is one).
    """

    at: datetime
    asked: str
    name: str
    landed: str = ""
    status: int = 0
    size: int = 0
    content_type: str = ""
    reason: str = ""
