"""The little that sources must fetch beyond their own address: an index's sitemaps, a site's feeds."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlsplit

from monitor.model import Failed, FeedEntry, Fetched, Gone, Listing, NotModified, Seen
from monitor.sources.base import Source
from monitor.sources.discovery import Candidate, announced, in_robots, usual_places
from monitor.sources.entries import MOST
from monitor.sources.kinds import FeedSource, PageSource, SitemapSource

__all__ = ["Fetcher", "Probe", "probe", "read_whole"]

_TRIES = 12


class Fetcher(Protocol):
    """What fetches for us."""

    async def fetch(self, url: str, *, configured: bool = False) -> Fetched | NotModified | Gone | Failed:
        """What stands at an address."""


async def read_whole(
    source: Source, fetched: Fetched, client: Fetcher, *, seen: Seen | None = None
) -> Listing | Failed:
    """What a source lists, with what its listing says to read further (one level deep).

    Parsing runs in a thread, for it would hold up the event loop.
    """
    read = await asyncio.to_thread(source.read, fetched, seen)
    if isinstance(read, Failed) or not read.further:
        return read
    entries: list[FeedEntry] = []
    remarks = list(read.remarks)
    for url in read.further:
        part = await _read_part(source, url, client)
        if isinstance(part, Failed):
            remarks.append(f"{url}: {part.reason}")
        else:
            entries.extend(part.entries)
    if not entries and remarks:
        return Failed(reason=remarks[0])
    distinct = {entry.id: entry for entry in entries}.values()
    return replace(read, entries=tuple(distinct)[:MOST], remarks=tuple(remarks), further=())


async def _read_part(source: Source, url: str, client: Fetcher) -> Listing | Failed:
    fetched = await client.fetch(url)
    if isinstance(fetched, Fetched):
        return await asyncio.to_thread(source.read, fetched)
    return Failed(reason=_why(fetched))


def _why(answer: NotModified | Gone | Failed) -> str:
    return "nothing new" if isinstance(answer, NotModified) else answer.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a look at a site brought: the sources that work, best first, and what was tried in vain."""

    found: tuple[tuple[Source, Listing], ...]
    tried: tuple[tuple[str, str], ...]


async def probe(url: str, client: Fetcher) -> Probe:
    """The sources at an address: itself, what it announces, the usual places, its sitemap, its links."""
    found: list[tuple[Source, Listing]] = []
    tried: list[tuple[str, str]] = []
    start = await client.fetch(url, configured=True)
    if not isinstance(start, Fetched):
        return Probe(found=(), tried=((url, _why(start)),))
    own = await _try(Candidate(kind="feed", url=start.url), start, client)
    if not isinstance(own, Failed):
        return Probe(found=(own,), tried=())
    await _try_all(announced(start), client, found, tried)
    if not found:
        await _try_all(usual_places(start.url), client, found, tried)
    if not found:
        await _try_all(await _sitemaps(start.url, client), client, found, tried)
    listed = await _try(Candidate(kind="page", url=start.url), start, client)
    if isinstance(listed, Failed):
        tried.append((start.url, listed.reason))
    else:
        found.append(listed)
    return Probe(found=tuple(found), tried=tuple(tried))


async def _try_all(
    candidates: Iterable[Candidate],
    client: Fetcher,
    found: list[tuple[Source, Listing]],
    tried: list[tuple[str, str]],
) -> None:
    for candidate in list(candidates)[:_TRIES]:
        fetched = await client.fetch(candidate.url, configured=candidate.kind == "feed")
        if not isinstance(fetched, Fetched):
            tried.append((candidate.url, _why(fetched)))
            continue
        result = await _try(candidate, fetched, client)
        if isinstance(result, Failed):
            tried.append((candidate.url, result.reason))
        elif result[1].entries:
            found.append(result)


async def _try(candidate: Candidate, fetched: Fetched, client: Fetcher) -> tuple[Source, Listing] | Failed:
    source = _source(candidate, fetched.url)
    listing = await read_whole(source, fetched, client)
    if isinstance(listing, Failed):
        return listing
    named = {"outlet": candidate.title or listing.title, "language": listing.language}
    return source.model_copy(update={key: text for key, text in named.items() if text}), listing


def _source(candidate: Candidate, url: str) -> Source:
    host = (urlsplit(url).hostname or "source").removeprefix("www.").lower()
    match candidate.kind:
        case "sitemap":
            return SitemapSource(kind="sitemap", id=host, url=url)
        case "page":
            return PageSource(kind="page", id=host, url=url)
        case _:
            return FeedSource(id=host, url=url)


async def _sitemaps(url: str, client: Fetcher) -> list[Candidate]:
    parts = urlsplit(url)
    robots = await client.fetch(f"{parts.scheme}://{parts.netloc}/robots.txt", configured=True)
    named = in_robots(robots) if isinstance(robots, Fetched) else ()
    return [*named, Candidate(kind="sitemap", url=f"{parts.scheme}://{parts.netloc}/sitemap.xml")]
