"""The little that sources must fetch beyond their own address: an index's sitemaps, a site's feeds."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from monitor.lanes import Lane, offload
from monitor.model import Failed, FeedEntry, Fetched, Gone, Listing, NotModified, Seen
from monitor.sources.base import Source
from monitor.sources.discovery import USUAL, Candidate, announced, in_robots, usual_places
from monitor.sources.entries import MOST
from monitor.sources.kinds import FeedSource, PageSource, SitemapSource

__all__ = ["Fetcher", "Probe", "probe", "read_whole"]

_TRIES = 12
_FEW = 5  # usual places of a site that has already said no
_TOO_MANY = 429


class Fetcher(Protocol):
    """What fetches for us."""

    async def fetch(self, url: str, *, configured: bool = False) -> Fetched | NotModified | Gone | Failed:
        """What stands at an address."""


async def read_whole(
    source: Source, fetched: Fetched, client: Fetcher, *, seen: Seen | None = None
) -> Listing | Failed:
    """What a source lists, with what its listing says to read further (one level deep).

    It is parsed aside, for it would hold up the event loop.
    """
    read = await offload(Lane.PARSE, source.read, fetched, seen)
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
        return await offload(Lane.PARSE, source.read, fetched)
    return Failed(reason=_why(fetched))


def _why(answer: NotModified | Gone | Failed) -> str:
    return "nothing new" if isinstance(answer, NotModified) else answer.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a look at a site brought: the sources that work, best first, and what was tried in vain."""

    found: tuple[tuple[Source, Listing], ...]
    tried: tuple[tuple[str, str], ...]


async def probe(url: str, client: Fetcher) -> Probe:
    """The sources at an address: itself, what it announces, the usual places, its sitemap, its links.

    Where there is no such page, or none for us, the site's home page and a few places are tried instead.
    """
    search = _Search(client)
    start = await client.fetch(url, configured=True)
    if isinstance(start, Fetched):
        own = await _try(Candidate(kind="feed", url=start.url), start, client)
        if not isinstance(own, Failed):
            return Probe(found=(own,), tried=())
        await search.site(start.url, start, places=len(USUAL))
        await search.page(start)
        return search.result()
    search.tried.append((url, _why(start)))
    if _refused(start):
        home = urljoin(url, "/")
        page = await client.fetch(home, configured=True) if home != url else start
        await search.site(home, page if isinstance(page, Fetched) else None, places=_FEW)
    return search.result()


def _refused(answer: NotModified | Gone | Failed) -> bool:
    """Whether a server has nothing for us at this address; one in trouble, or busy, is left alone."""
    return isinstance(answer, Gone) or (
        isinstance(answer, Failed) and 400 <= answer.code < 500 and answer.code != _TOO_MANY
    )


class _Search:
    """What is found on the way through a site, and what was tried in vain."""

    def __init__(self, client: Fetcher) -> None:
        self._client = client
        self._found: list[tuple[Source, Listing]] = []
        self.tried: list[tuple[str, str]] = []

    def result(self) -> Probe:
        """What has come of it."""
        return Probe(found=tuple(self._found), tried=tuple(self.tried))

    async def site(self, url: str, page: Fetched | None, *, places: int) -> None:
        """Try what a page announces, then so many of the usual places, then the sitemaps."""
        if page is not None:
            await self._try_all(announced(page))
        if not self._found:
            await self._try_all(usual_places(url)[:places])
        if not self._found:
            await self._try_all(await _sitemaps(url, self._client))

    async def page(self, page: Fetched) -> None:
        """Try the page as a list of links."""
        listed = await _try(Candidate(kind="page", url=page.url), page, self._client)
        if isinstance(listed, Failed):
            self.tried.append((page.url, listed.reason))
        else:
            self._found.append(listed)

    async def _try_all(self, candidates: Iterable[Candidate]) -> None:
        for candidate in list(candidates)[:_TRIES]:
            fetched = await self._client.fetch(candidate.url, configured=candidate.kind == "feed")
            if not isinstance(fetched, Fetched):
                self.tried.append((candidate.url, _why(fetched)))
                continue
            result = await _try(candidate, fetched, self._client)
            if isinstance(result, Failed):
                self.tried.append((candidate.url, result.reason))
            elif result[1].entries:
                self._found.append(result)


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
