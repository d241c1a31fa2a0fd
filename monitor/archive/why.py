"""One article's way, found by whatever somebody has in hand, and what today's rules say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import urlsplit

from monitor.alerting.story import SAME_COPY, shared
from monitor.fetching.urls import canonical, untracked
from monitor.hosts import registrable
from monitor.matching import Explanation, Matcher
from monitor.sources import Source
from monitor.store.asking import Archive
from monitor.store.ways import Kin, Way

__all__ = ["Answer", "Ask", "Stranger", "answer", "copied", "stranger", "ways"]

NEAREST = 3  # rules that came near, where nobody asked for all


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Which rules are asked about: of a watchlist, of a name, all of them; else those that matter."""

    watchlist: str | None = None
    rule: str | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What today's rules say: those asked about, those that came near, and how many are left out."""

    asked: tuple[Explanation, ...]
    near: tuple[Explanation, ...]
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """An address that nothing is known of: the known ones most like it, and the sources of its site."""

    name: str
    site: str
    near: tuple[str, ...]
    sources: tuple[Source, ...]


async def ways(archive: Archive, given: str) -> list[Way]:
    """The ways of the articles that somebody means; none where nothing is known of it.

    `given`: an address in any of its forms, a story's id (st-…), an outbox row's number, key or Message-ID,
    an alert's id (alert:12). A bare number is an outbox row, and an alert where there is no such row.
    """
    named = given.strip()
    if "://" in named or named.startswith("entry:"):
        return await _by_address(archive, named)
    if named.startswith("alert:"):
        return await _by_id(archive, "alert", named.removeprefix("alert:"))
    if named.startswith("st-"):
        return await _by_id(archive, "story", named)
    found = await _by_id(archive, "row", named)
    return found or await _by_id(archive, "alert", named)


async def _by_id(archive: Archive, kind: str, name: str) -> list[Way]:
    return [await archive.way(article=number) for number in await archive.articles_of(kind, name) or ()]


async def _by_address(archive: Archive, url: str) -> list[Way]:
    names = tuple(dict.fromkeys(name for name in (url, untracked(url), canonical(url)) if name))
    numbers = await archive.articles_named(names)
    if numbers:
        return [await archive.way(article=number) for number in numbers]
    entries = await archive.entries_named(names)
    if not entries:
        waiting = await archive.unread()
        entries = [(source, entry) for source, entry, at in waiting if canonical(at) in names]
    return [await archive.way(entry=entry) for entry in entries]


async def stranger(archive: Archive, url: str, sources: Sequence[Source]) -> Stranger:
    """What can be said of an address that nothing is known of."""
    name = canonical(url)
    place = urlsplit(name)
    site = registrable(place.hostname or "")
    hosts = dict.fromkeys((place.netloc, site, f"www.{site}"))
    starts = [f"{scheme}://{each}/" for each in hosts for scheme in ("https", "http")]
    known = await archive.beside(starts)
    return Stranger(
        name=name,
        site=site,
        near=tuple(get_close_matches(name, known, n=3, cutoff=0.6)),
        sources=tuple(
            source for source in sources if registrable(urlsplit(source.url).hostname or "") == site
        ),
    )


def answer(way: Way, matcher: Matcher, ask: Ask) -> Answer:
    """What today's rules say of the article of a way; of an entry that waits, nothing."""
    article = way.article
    if article is None:
        return Answer(asked=(), near=(), others=0)
    if ask.everything or ask.rule or ask.watchlist:
        asked = matcher.explain(article, watchlist=ask.watchlist, rule=ask.rule)
        return Answer(asked=asked, near=(), others=0)
    heard = {(alert.match.watchlist, alert.match.rule) for _, alert, _ in way.alerts}
    heard |= {(ready.watchlist, ready.id) for ready in matcher.decide(matcher.read(article))}
    told = tuple(
        explanation
        for watchlist, rule in sorted(heard)
        for explanation in matcher.explain(article, watchlist=watchlist, rule=rule)
    )
    nearest = matcher.nearest(article, NEAREST + len(heard))
    near = tuple(each for each in nearest if (each.watchlist, each.rule) not in heard)[:NEAREST]
    return Answer(asked=told, near=near, others=len(matcher) - len(told) - len(near))


def copied(way: Way) -> tuple[Kin, float] | None:
    """The earliest article of which this one is a copy, and how much of the shorter text is in both."""
    own = next((kin for kin in way.kin if kin.number == way.number), None)
    if own is None or not own.trace.sketch:
        return None
    for kin in way.kin:
        if kin.number == way.number:
            return None
        if (share := shared(own.trace, kin.trace)) >= SAME_COPY:
            return kin, share
    return None
