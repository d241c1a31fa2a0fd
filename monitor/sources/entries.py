"""Entries from the raw values that every format has: guid, link, title, texts, date."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urljoin, urlsplit

from monitor.model import FeedEntry, Fetched, Listing
from monitor.sources.identity import digest, entry_id, told_apart
from monitor.sources.text import line, paragraphs

__all__ = ["MOST", "Found", "RawEntry", "believed", "entry", "in_order", "link", "link_of_guid", "listing"]

MOST = 1000
"""So many entries of a listing are taken, the newest."""

_PLAIN_LINK = re.compile(r"https?://[a-zA-Z0-9.-]+(?:[/?#][!-~]*)?")
_GOOGLE = re.compile(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}")
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(hours=24)
_FIRST = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """An item as its format writes it: texts may hold markup, the link may be relative."""

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    author: str = ""
    language: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader found: raw entries, the texts of the feed itself, and whether it is a feed at all."""

    entries: Sequence[RawEntry]
    channel: Mapping[str, str]
    feed: bool


def link(written: str, base: str) -> str:
    """A link in full; empty where it leads nowhere we would go. What Google Alerts wrap is unwrapped.

    >>> link("/a b", "https://example.org/feed"), link("javascript:alert(1)", "https://example.org/")
    ('https://example.org/a%20b', '')
    >>> link("https://www.google.com/url?rct=j&url=https://example.org/a%3Fb%3D1&ct=ga", "")
    'https://example.org/a?b=1'
    """
    url = _in_full(written, base)
    wrapped = _behind_google(url) if "/url?" in url else ""
    return (_in_full(wrapped, "") if wrapped else "") or url


def _in_full(written: str, base: str) -> str:
    if _PLAIN_LINK.fullmatch(written):
        return written
    written = "".join(written.split("\n")).strip().replace(" ", "%20")
    if not written:
        return ""
    if ":///" in written:  # a slip of some publishers that browsers forgive
        written = re.sub("^(https?://)/+", r"\1", written)
    try:
        url = written if written.startswith(("http://", "https://")) else urljoin(base, written)
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and host and "@" not in parts.netloc else ""


def _behind_google(url: str) -> str:
    """The address inside a link of Google Alerts, whose redirecting page only browsers follow."""
    parts = urlsplit(url)
    if parts.path != "/url" or not _GOOGLE.fullmatch(parts.netloc.casefold()):
        return ""
    asked = parse_qs(parts.query)
    return next((asked[key][0] for key in ("url", "q") if key in asked), "")


def believed(published: datetime | None, received: datetime | None) -> datetime | None:
    """A date in UTC, or None where it is ancient or more than a day ahead."""
    if published is None:
        return None
    try:
        moment = (published if published.tzinfo else published.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
    if moment < _OLDEST or (received is not None and moment > received + _AHEAD):
        return None
    return moment


def entry(raw: RawEntry, *, base: str, received: datetime | None) -> FeedEntry:
    """The entry that a raw one describes."""
    url = link(raw.link, base)
    title, summary = line(raw.title), paragraphs(raw.summary)
    content = paragraphs(raw.content) if raw.content and raw.content != raw.summary else ""
    return FeedEntry(
        id=entry_id(raw.guid, url, title, summary),
        url=url or link_of_guid(raw.guid),
        title=title,
        summary=summary,
        content=content,
        author=line(raw.author, limit=200),
        language=raw.language.strip()[:35],
        published=believed(raw.published, received),
        fingerprint=digest(title, summary, content),
    )


def link_of_guid(guid: str) -> str:
    """The address that a guid is, where it is one and no link is given."""
    return link(guid, "") if guid.strip().startswith(("http://", "https://")) else ""


def listing(
    raws: Sequence[RawEntry],
    fetched: Fetched,
    *,
    every: timedelta | None = None,
    title: str = "",
    language: str = "",
) -> Listing:
    """The newest entries of a source, told apart, newest first; undated ones stay where they stand."""
    remarks: tuple[str, ...] = ()
    if len(raws) > MOST:
        raws = _newest(raws)
        remarks = (f"lists more than {MOST:,} entries; the newest {MOST:,} were taken",)
    return Listing(
        entries=in_order([entry(raw, base=fetched.url, received=fetched.received) for raw in raws]),
        every=every,
        remarks=remarks,
        title=line(title, limit=200),
        language=language[:35],
    )


def in_order(entries: Sequence[FeedEntry]) -> tuple[FeedEntry, ...]:
    """The entries told apart, by date where all have one, else as they stand."""
    told = tuple(told_apart(entries))
    if all(each.published for each in told):
        return tuple(sorted(told, key=lambda each: each.published or _FIRST, reverse=True))
    return told


def _newest(raws: Sequence[RawEntry]) -> Sequence[RawEntry]:
    """The newest by date where all have one, else the first, for feeds begin with the newest."""
    if all(raw.published for raw in raws):
        return sorted(raws, key=lambda raw: raw.published or _FIRST, reverse=True)[:MOST]
    return raws[:MOST]
