"""What a page says about itself: JSON-LD first, then OpenGraph and plain meta tags."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape

from lxml.html import HtmlElement

from monitor.extraction.prose import clean, tells_more
from monitor.extraction.tree import text_of

__all__ = ["Metadata", "read_date", "read_metadata"]

_TAG = re.compile(r"<[^>]{0,500}>")
_ARTICLE_TYPES = ("article", "posting", "report", "review")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """A page's own word; empty where it says nothing. `canonical` is rel=canonical as it stands.

    `free` is False where the page declares itself behind a paywall; `body` is JSON-LD's articleBody;
    `description` may be the standfirst, or words for search engines.
    """

    title: str = ""
    byline: str = ""
    section: str = ""
    language: str = ""
    canonical: str = ""
    published: datetime | None = None
    free: bool = True
    body: str = ""
    description: str = ""


def read_date(written: str) -> datetime | None:
    """An aware UTC datetime from ISO 8601 or RFC 5322; None where it is neither.

    >>> read_date("2024-10-23T14:00:00+02:00")
    datetime.datetime(2024, 10, 23, 12, 0, tzinfo=datetime.timezone.utc)
    """
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            date = parse(written.strip())
            return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def read_metadata(tree: HtmlElement) -> Metadata:
    """All of it from one walk over the page's head and its JSON-LD."""
    tags = _meta_tags(tree)
    article = _own(list(_linked_articles(tree)), _first(tags, "og:title") or tree.findtext(".//title") or "")
    return Metadata(
        title=clean(_text(article.get("headline")) or _first(tags, "og:title", "twitter:title")),
        byline=clean(_names(article.get("author")) or _first(tags, "author", "article:author", "dc.creator")),
        section=clean(_text(article.get("articleSection")) or _first(tags, "article:section", "section")),
        language=_language(tree, tags, article),
        canonical=_canonical(tree),
        published=_published(tags, article),
        free=str(article.get("isAccessibleForFree", True)).lower() != "false",
        description=clean(_text(article.get("description")) or _first(tags, "og:description", "description")),
        body=unescape(_TAG.sub(" ", _text(article.get("articleBody")))),
    )


def _meta_tags(tree: HtmlElement) -> dict[str, str]:
    tags: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = meta.get("content")
        if name and content:
            tags.setdefault(name, content)
    return tags


def _first(tags: Mapping[str, str], *names: str) -> str:
    """The first that is said; an address (some pages link their author) is no name."""
    return next((tags[name] for name in names if tags.get(name) and "://" not in tags[name]), "")


def _linked_articles(tree: HtmlElement) -> Iterator[Mapping[str, object]]:
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            said = json.loads(text_of(script).strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue  # broken JSON-LD is common; the meta tags say much the same
        yield from _articles_in(said, 0)


def _own(articles: Sequence[Mapping[str, object]], title: str) -> Mapping[str, object]:
    """The article that the page's title speaks of, else the first: pages describe their teasers, too."""
    for article in articles[:50]:
        headline = clean(_text(article.get("headline")))
        if headline and not tells_more(headline, title):
            return article
    return next(iter(articles), {})


def _articles_in(said: object, depth: int) -> Iterator[Mapping[str, object]]:
    if depth > 4:
        return
    if isinstance(said, list):
        for part in said[:50]:
            yield from _articles_in(part, depth + 1)
    elif isinstance(said, dict):
        kinds = said.get("@type")
        if any(
            str(kind).lower().endswith(_ARTICLE_TYPES)
            for kind in (kinds if isinstance(kinds, list) else [kinds])
        ):
            yield said
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _articles_in(said.get(key), depth + 1)


def _text(value: object) -> str:
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("@value"))
    return value if isinstance(value, str) else ""


def _names(value: object) -> str:
    people = value if isinstance(value, list) else [value]
    return ", ".join(dict.fromkeys(filter(None, (_text(person).strip() for person in people[:10]))))


def _language(tree: HtmlElement, tags: Mapping[str, str], article: Mapping[str, object]) -> str:
    root = tree.getroottree().getroot()
    said = (
        _text(article.get("inLanguage"))
        or root.get("lang")
        or root.get("{http://www.w3.org/XML/1998/namespace}lang")
        or _first(tags, "og:locale", "content-language", "language", "dc.language")
    )
    return clean(said or "").replace("_", "-")


def _canonical(tree: HtmlElement) -> str:
    for link in tree.iter("link"):
        if (link.get("rel") or "").strip().lower() == "canonical":
            return (link.get("href") or "").strip()
    return ""


def _published(tags: Mapping[str, str], article: Mapping[str, object]) -> datetime | None:
    said = _text(article.get("datePublished")) or _first(
        tags, "article:published_time", "og:published_time", "datepublished", "date", "pubdate", "dc.date"
    )
    return read_date(said) if said else None
