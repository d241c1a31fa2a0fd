"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.sources.dates import standard_date
from monitor.sources.entries import Found, RawEntry

__all__ = ["read_json_feed"]


def read_json_feed(text: str) -> Found | None:
    """The JSON Feed in a text, or None where it is something else."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    items = said.get("items")
    if not isinstance(items, list) or "jsonfeed.org" not in str(said.get("version", "")):
        return None
    channel = {"title": _text(said, "title"), "language": _text(said, "language")}
    return Found([_entry(item) for item in items if isinstance(item, dict)], channel, feed=True)


def _entry(item: Mapping[str, Any]) -> RawEntry:
    content = _text(item, "content_html") or _text(item, "content_text")
    return RawEntry(
        guid=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        summary=_text(item, "summary") or content,
        content=content,
        author=_author(item),
        language=_text(item, "language"),
        published=_date(item, "date_published") or _date(item, "date_modified"),
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    """A value as text; ids are sometimes numbers, against the letter of the format."""
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def _date(item: Mapping[str, Any], name: str) -> datetime | None:
    return standard_date(_text(item, name))


def _author(item: Mapping[str, Any]) -> str:
    named = item.get("authors")
    for author in [*(named if isinstance(named, list) else []), item.get("author")]:
        if isinstance(author, dict) and _text(author, "name"):
            return _text(author, "name")
    return ""
