"""Listings: what a source's bytes promise."""

from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["FeedEntry", "Listing", "Seen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """An item as the source lists it: the promise of an article.

    `id` is the entry's identity within its source, `url` absolute or empty, `title`, `summary` and
    `content` plain text (`content` is the feed's own full text, if it has one), `fingerprint` changes
    when the entry does.
    """

    id: str
    url: str
    title: str
    summary: str = ""
    content: str = ""
    author: str = ""
    language: str = ""
    published: datetime | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a feed listed when it was last read, item by item, so that only what is new is read again.

    `items` names each item's bytes, `ids` its entry's id and `dates` when it was published, all in the same
    order, as 8 bytes each: hashes, and seconds since 1970 (0: no date). `whole` is when the feed was last
    read from end to end.
    """

    items: bytes
    ids: bytes
    dates: bytes
    whole: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a source's bytes said: its entries, newest first, and what is worth telling its admin.

    `unread` are the dates of what else it lists, unchanged since it was last read: those are not among the
    entries. `seen` is what makes the next reading as short.

    `every` is the rhythm the feed itself asks for (ttl, sy:updatePeriod), `skip_hours` (UTC) and `skip_days`
    (Monday is 0) when it asks to be left alone, `title` and `language` what it says of itself, `further`
    what must be fetched and read too (the sitemaps of an index).
    """

    entries: tuple[FeedEntry, ...]
    unread: tuple[datetime | None, ...] = ()
    seen: Seen | None = None
    every: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    remarks: tuple[str, ...] = ()
    title: str = ""
    language: str = ""
    further: tuple[str, ...] = ()
