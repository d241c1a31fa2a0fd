"""RSS, RDF, Atom and CDF. The only module that knows feedparser.

feedparser takes 0.1 s to import, so it is imported at the first feed, not at the first glance at a
configuration.
"""

import calendar
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from monitor.model import Failed, Fetched, Listing
from monitor.sources.base import Source
from monitor.sources.charset import decoded, prepared, with_sound_ampersands
from monitor.sources.dates import localised_date
from monitor.sources.entries import MOST, Found, RawEntry, listing
from monitor.sources.json_feed import read_json_feed
from monitor.sources.rhythm import asked_every, skipped
from monitor.sources.splitter import Memory, split, tags_outside_cdata
from monitor.sources.strict import read_strictly
from monitor.sources.symptoms import symptom

__all__ = ["FeedSource", "read_in_parts", "read_leniently"]

_MOST_TAGS = 100_000


class FeedSource(Source):
    """A feed."""

    published_for_readers: ClassVar[bool] = True

    kind: Annotated[Literal["feed"], Field(description="RSS, RDF, Atom or JSON Feed")] = "feed"

    def read(self, fetched: Fetched) -> Listing | Failed:
        """The entries in the bytes, or why there are none to be had."""
        text = decoded(fetched.body, fetched.content_type)
        found = read_json_feed(text) or _read_xml(text)
        if not found.entries and (why := symptom(fetched, feed=found.feed)):
            return Failed(reason=why)
        said = found.channel
        listed = listing(
            found.entries,
            fetched,
            every=asked_every(said),
            title=said.get("title", ""),
            language=said.get("language", ""),
        )
        hours, days = skipped(text)
        return replace(listed, skip_hours=hours, skip_days=days) if hours or days else listed


def _read_xml(text: str) -> Found:
    xml = prepared(text)
    found = read_strictly(xml)
    if found is not None:
        return found
    repaired = with_sound_ampersands(xml)
    return (None if repaired == xml else read_strictly(repaired)) or read_in_parts(repaired)


def read_in_parts(xml: bytes) -> Found:
    """What feedparser finds, asked only about items it has not seen before."""
    parts = split(xml)
    if parts is None:
        return read_leniently(xml)
    keys = parts.keys()[: MOST + 1]
    known = _memory.recall(keys)
    unknown = [number for number, entry in enumerate(known) if entry is None]
    found = read_leniently(parts.only(unknown))
    if len(found.entries) != len(unknown):
        return read_leniently(xml)
    for number, entry in zip(unknown, found.entries, strict=True):
        _memory.remember(keys[number], entry)
        known[number] = entry
    return Found([entry for entry in known if entry is not None], found.channel, feed=found.feed)


_memory = Memory(5000)
"""Reading stays a pure function of the bytes: what is remembered is what would be found again."""


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
    return Found([_entry(item) for item in parsed.entries], channel, feed=bool(parsed.get("version")))


@cache
def _feedparser() -> Any:
    import feedparser  # noqa: PLC0415 – a third of a second that `monitor check` does not owe

    return feedparser


def _entry(item: Mapping[str, Any]) -> RawEntry:
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
