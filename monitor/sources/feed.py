"""RSS, RDF, Atom and CDF. The only module that knows feedparser.

feedparser takes 0.1 s to import, so it is imported at the first feed, not at the first glance at a
configuration.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from io import BytesIO
from typing import Any, Literal

from monitor.model import Failed, FeedEntry, Fetched, Listing
from monitor.sources.base import Source
from monitor.sources.entries import RawEntry, entry, listing
from monitor.sources.symptoms import symptom

__all__ = ["FeedSource"]

_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_ITEM = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>/]", re.IGNORECASE)


class FeedSource(Source):
    """A feed."""

    kind: Literal["feed"] = "feed"

    def read(self, fetched: Fetched) -> Listing | Failed:
        """The entries in the bytes, or why there are none to be had."""
        parsed = _feedparser().parse(
            BytesIO(fetched.body),
            response_headers={"content-type": fetched.content_type, "content-location": fetched.url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        if not parsed.entries and (why := symptom(fetched, feed=bool(parsed.version))):
            return Failed(reason=why)
        channel = parsed.feed
        return listing(
            (_entry(item, fetched) for item in parsed.entries),
            every=_every(channel),
            title=channel.get("title", ""),
            language=channel.get("language", ""),
        )


@cache
def _feedparser() -> Any:
    return import_module("feedparser")


def _entry(item: Mapping[str, Any], fetched: Fetched) -> FeedEntry:
    contents = item.get("content") or ()
    content = max((part.get("value", "") for part in contents), key=len, default="")
    return entry(
        RawEntry(
            guid=item.get("id", ""),
            link=_link(item),
            title=item.get("title", ""),
            summary=item.get("summary", "") or content,
            content=content,
            author=item.get("author", ""),
            language=item.get("language", "") or item.get("dc_language", ""),
            published=_published(item),
        ),
        base=fetched.url,
        received=fetched.received,
    )


def _link(item: Mapping[str, Any]) -> str:
    """The entry's page: where it first appeared, before any redirector of the feed's host."""
    original = item.get("feedburner_origlink", "")
    return str(original or item.get("link", ""))


def _published(item: Mapping[str, Any]) -> datetime | None:
    parsed = item.get("published_parsed") or item.get("created_parsed")
    if parsed is None and "updated_parsed" in item:
        parsed = item["updated_parsed"]
    if parsed is None:
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=calendar.timegm(parsed))


def _every(channel: Mapping[str, Any]) -> timedelta | None:
    """The rhythm the feed asks for: ttl in minutes, or sy:updatePeriod and updateFrequency."""
    ttl = str(channel.get("ttl", "")).strip()
    if ttl.isascii() and ttl.isdigit():
        return timedelta(minutes=min(int(ttl[:6]), 10080))
    period = _PERIODS.get(str(channel.get("sy_updateperiod", "")).strip().lower())
    if period is None:
        return None
    frequency = str(channel.get("sy_updatefrequency", "1")).strip()
    times = int(frequency[:4]) if frequency.isascii() and frequency.isdigit() else 1
    return timedelta(hours=period) / max(times, 1)
