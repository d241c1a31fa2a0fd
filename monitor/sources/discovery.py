"""Where a site may keep its feeds: what its pages announce, the usual places, robots.txt. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from monitor.model import Fetched
from monitor.sources.charset import decoded
from monitor.sources.entries import link
from monitor.sources.page import document

__all__ = ["USUAL", "Candidate", "announced", "in_robots", "usual_places"]

_FEED_TYPES = frozenset(
    ["application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"]
)
USUAL = ("feed", "rss", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feeds", "feed.json", "?feed=rss2")
_LOOKS_LIKE_FEED = re.compile(
    r"(?:^|[/._=-])(?:rss|feed|atom|rdf)(?:$|[/._?-])|\.(?:rss|rdf|atom)$", re.IGNORECASE
)
_COMMENTS = re.compile(r"comments?\b", re.IGNORECASE)
_SITEMAP = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that may be a source of this kind."""

    kind: str
    url: str
    title: str = ""


def announced(page: Fetched) -> tuple[Candidate, ...]:
    """The feeds a page announces in its head, then the links that are named like feeds; no comments."""
    tree = document(page)
    if tree is None:
        return ()
    named: dict[str, str] = {}
    for element in tree.iter("link"):
        kind = element.get("type", "").partition(";")[0].strip().lower()
        if "alternate" in element.get("rel", "").lower().split() and kind in _FEED_TYPES:
            named.setdefault(element.get("href") or "", element.get("title", "").strip())
    for anchor in tree.iter("a"):
        if _LOOKS_LIKE_FEED.search(anchor.get("href") or ""):
            named.setdefault(anchor.get("href") or "", "")
    return tuple(
        Candidate(kind="feed", url=url, title=title)
        for url, title in named.items()
        if url and not _COMMENTS.search(f"{url} {title}")
    )


def usual_places(url: str) -> tuple[Candidate, ...]:
    """Where sites keep a feed without saying so.

    >>> usual_places("https://example.org/world/")[0].url
    'https://example.org/feed'
    """
    return tuple(Candidate(kind="feed", url=urljoin(url, f"/{place}")) for place in USUAL)


def in_robots(robots: Fetched) -> tuple[Candidate, ...]:
    """The sitemaps that a robots.txt names, those for news first."""
    text = decoded(robots.body, robots.content_type)
    named = dict.fromkeys(filter(None, (link(address, robots.url) for address in _SITEMAP.findall(text))))
    ordered = sorted(named, key=lambda address: "news" not in address.lower())
    return tuple(Candidate(kind="sitemap", url=address) for address in ordered)
