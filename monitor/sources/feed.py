"""RSS, RDF, Atom and CDF. The only module that knows feedparser.

feedparser takes 0.1 s to import, so it is imported at the first feed that needs it.
"""

import calendar
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from monitor.model import Failed, Fetched, Listing, Seen
from monitor.sources.charset import decoded, prepared, with_sound_ampersands
from monitor.sources.dates import localised_date
from monitor.sources.entries import MOST, Found, RawEntry, entry, in_order, listing
from monitor.sources.json_feed import read_json_feed
from monitor.sources.recall import Recall
from monitor.sources.rhythm import asked_every, skipped
from monitor.sources.splitter import Split, split, tags_outside_cdata
from monitor.sources.strict import read_strictly
from monitor.sources.symptoms import symptom

__all__ = ["read_feed", "read_leniently"]

_MOST_TAGS = 100_000


def read_feed(fetched: Fetched, seen: Seen | None = None) -> Listing | Failed:
    """The entries in the bytes that were not seen before, or why there are none to be had."""
    text = decoded(fetched.body, fetched.content_type)
    read = _read(text, fetched, seen)
    if not isinstance(read, Listing):
        return read
    hours, days = skipped(text)
    return replace(read, skip_hours=hours, skip_days=days) if hours or days else read


def _read(text: str, fetched: Fetched, seen: Seen | None) -> Listing | Failed:
    found = read_json_feed(text)
    if found is None:
        xml = prepared(text)
        parts = split(xml)
        if parts is not None and len(parts.chunks) <= MOST and fetched.received is not None:
            recall = Recall.of(parts.keys(), seen, fetched.received)
            if (short := _read_news(xml, parts, recall, fetched)) is not None:
                return short
        found = _read_xml(xml)
    if not found.entries and (why := symptom(fetched, feed=found.feed)):
        return Failed(reason=why)
    return _listing(found, fetched)


def _read_news(xml: bytes, parts: Split, recall: Recall, fetched: Fetched) -> Listing | None:
    """What is new in a feed; None where only the whole of it can be understood."""
    fresh = recall.fresh
    found = _read_xml(xml if len(fresh) == len(recall.keys) else parts.only(fresh))
    if len(found.entries) != len(fresh):
        return None
    entries = [entry(raw, base=fetched.url, received=fetched.received) for raw in found.entries]
    again = recall.again(entries)
    if again is None and recall.seen is not None:
        return None
    listed = _listing(Found((), found.channel, feed=found.feed), fetched)
    return replace(listed, entries=in_order(entries), unread=recall.unread(), seen=again)


def _listing(found: Found, fetched: Fetched) -> Listing:
    said = found.channel
    return listing(
        found.entries,
        fetched,
        every=asked_every(said),
        title=said.get("title", ""),
        language=said.get("language", ""),
    )


def _read_xml(xml: bytes) -> Found:
    """What the strict reader finds, or else feedparser, which is asked about so many items only."""
    found = read_strictly(xml)
    if found is not None:
        return found
    repaired = with_sound_ampersands(xml)
    found = None if repaired == xml else read_strictly(repaired)
    if found is not None:
        return found
    parts = split(repaired)
    if parts is not None and len(parts.chunks) > MOST:
        return read_leniently(parts.only(range(MOST + 1)))
    return read_leniently(repaired)


def read_leniently(xml: bytes) -> Found:
    """What feedparser finds in UTF-8 bytes that hold no document type; nothing in a mass of tags."""
    if tags_outside_cdata(xml) > _MOST_TAGS:
        return Found((), {}, feed=False)
    parsed = _feedparser().parse(
        BytesIO(xml),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    said = parsed.feed
    channel = {
        "title": str(said.get("title", "")),
        "language": str(said.get("language", "")),
        "ttl": str(said.get("ttl", "")),
        "updatePeriod": str(said.get("sy_updateperiod", "")),
        "updateFrequency": str(said.get("sy_updatefrequency", "")),
    }
    return Found([_raw(item) for item in parsed.entries], channel, feed=bool(parsed.get("version")))


@cache
def _feedparser() -> Any:
    import feedparser  # noqa: PLC0415 – a third of a second that `monitor check` does not owe

    return feedparser


def _raw(item: Mapping[str, Any]) -> RawEntry:
    contents = item.get("content") or ()
    content = max((part.get("value", "") for part in contents), key=len, default="")
    return RawEntry(
        guid=item.get("id", ""),
        link=_link(item),
        title=item.get("title", ""),
        summary=item.get("summary", "") or content,
        content=content,
        author=item.get("author", ""),
        language=item.get("language", ""),
        published=_published(item),
    )


def _link(item: Mapping[str, Any]) -> str:
    """The entry's page: where it first appeared, before any redirector of the feed's host."""
    link = str(item.get("feedburner_origlink", "") or item.get("link", ""))
    return "" if item.get("guidislink") and link == item.get("id") else link


def _published(item: Mapping[str, Any]) -> datetime | None:
    for name in ("published", "created", "updated"):
        if name in item:
            parsed = item.get(f"{name}_parsed")
            if parsed is not None:
                return datetime.fromtimestamp(0, UTC) + timedelta(seconds=calendar.timegm(parsed))
            if (moment := localised_date(str(item[name]))) is not None:
                return moment
    return None
