"""The path of an article, source → outbox. READ THIS FIRST.

    poll    source ─ fetch ─ read ─────────────────────────→ entries that wait   (store.finish_poll)
    read    entry ── fetch ─ extract ─ match ─ judge ──────→ article, alerts, outbox rows  (store.commit)

What a source repeats on many of its pages is cut between extracting and matching. What takes the CPU is
done in lanes, in the order of asking; the event loop only leads from one to the next.
Each ends in one transaction, so a crash at any point repeats a step and loses nothing. What happens to an
outbox row is told in delivery.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Protocol

from monitor.alerting import Case, Policy, Sighting
from monitor.clock import Clock
from monitor.extraction import (
    article_from_entry,
    fingerprints,
    headline_fingerprints,
    without_repeated,
)
from monitor.fetching import FetchingSettings, freshness
from monitor.fetching.urls import canonical, untracked, walled
from monitor.lanes import Lane, offload
from monitor.logs import log
from monitor.matching import Matcher
from monitor.metrics import Metrics
from monitor.model import (
    Article,
    Decision,
    Echoes,
    EntryClaim,
    Failed,
    FeedEntry,
    Fetched,
    Gone,
    Listing,
    Match,
    NotModified,
    Origin,
    Seen,
    SourceClaim,
    SourceState,
    Validators,
    Visit,
)
from monitor.sources import Source
from monitor.sources.walk import read_whole
from monitor.store.base import Polled, Store

__all__ = ["Pipeline", "Rules"]

FETCH_ATTEMPTS = 3
FETCH_AGAIN = timedelta(minutes=1)


class Fetcher(Protocol):
    """URL in, outcome out: monitor.fetching.client.Client."""

    async def fetch(
        self, url: str, *, validators: Validators = ..., accept: str = ..., configured: bool = ...
    ) -> Fetched | NotModified | Gone | Failed: ...


class Extractor(Protocol):
    """Page in, article out, whatever the page is: monitor.extraction.pool.Pool."""

    async def read(
        self, page: Fetched, entry: FeedEntry, origin: Origin, *, url: str, seen: datetime
    ) -> Article: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the admin configured, as far as an article's path depends on it; a reload swaps it whole."""

    sources: Mapping[str, Source]
    fetching: FetchingSettings
    matcher: Matcher
    policy: Policy


class Pipeline:
    """The two jobs before delivery, on parts given by the composition root."""

    def __init__(
        self,
        rules: Rules,
        *,
        store: Store,
        fetcher: Fetcher,
        extractor: Extractor,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self.rules = rules
        self._store = store
        self._fetcher = fetcher
        self._extractor = extractor
        self._clock = clock
        self._metrics = metrics
        self._polls = cache(metrics.polls.labels)
        self._seen: dict[str, tuple[str, Seen]] = {}

    # ------------------------------------------------------------------ poll: source → entries

    async def poll(self, claim: SourceClaim) -> Polled | None:
        """Ask a source what is new; None if the claim was lost or the source is no longer configured."""
        rules, state = self.rules, claim.state
        source = rules.sources.get(state.source)
        if source is None:
            return None
        self._metrics.lateness.observe(max(0.0, (self._clock.now() - state.due).total_seconds()))
        outcome: Fetched | NotModified | Gone | Failed = await self._fetcher.fetch(
            freshness.address(state, self._clock.now()),
            validators=state.validators,
            configured=source.published_for_readers,
        )
        listing: Listing | None = None
        if isinstance(outcome, Fetched) and not freshness.unchanged(state, outcome):
            url, seen = self._seen.get(state.source, ("", None))
            again = seen if url == state.url else None
            read = await read_whole(source, outcome, self._fetcher, seen=again)
            if isinstance(read, Failed):
                outcome = read
            else:
                listing = read
        now = self._clock.now()
        after = freshness.after(
            state, outcome, listing=listing, source_every=source.every, settings=rules.fetching, now=now
        )
        entries = listing.entries if listing else ()
        headlines = await offload(Lane.PARSE, headline_fingerprints, entries) if entries else ()
        polled = await self._store.finish_poll(claim, after, entries, now=now, headlines=headlines)
        if polled is not None and listing is not None:
            self._remember(state, listing)
        self._tell_poll(outcome, after, polled, listing)
        return polled

    def _remember(self, state: SourceState, listing: Listing) -> None:
        """Know again what is now in the store; after a restart a feed is read whole once."""
        if listing.seen is None:
            self._seen.pop(state.source, None)
        else:
            self._seen[state.source] = (state.url, listing.seen)

    def _tell_poll(
        self,
        outcome: Fetched | NotModified | Gone | Failed,
        after: SourceState,
        polled: Polled | None,
        listing: Listing | None,
    ) -> None:
        self._polls(_word(outcome, listing)).inc()
        if isinstance(outcome, Failed | Gone):
            log.warning(
                "source failed",
                source=after.source,
                reason=outcome.reason,
                times=after.failures,
                next=after.due,
            )
        elif polled is not None and listing is not None:
            self._metrics.entries.labels("new").inc(polled.new)
            self._metrics.entries.labels("changed").inc(polled.changed)
            if polled.held:
                log.warning("feed is new all over", source=after.source, held_as_baseline=polled.held)
            for remark in listing.remarks:
                log.warning("source remarked", source=after.source, remark=remark)
            log.info(
                "source polled", source=after.source, new=polled.new, changed=polled.changed, next=after.due
            )

    # ------------------------------------------------------------------ read: entry → outbox

    async def read(self, claim: EntryClaim) -> Decision | None:
        """Read one entry's article, match it, judge it, record it; None if put off or the claim was lost."""
        rules, began = self.rules, self._clock.monotonic()
        source = rules.sources.get(claim.source)
        origin = source.origin if source else Origin(source=claim.source, outlet=claim.source)
        wanted = source is not None and source.full_text and bool(claim.entry.url)
        wall = walled(claim.entry.url) if wanted else ""
        page = await self._fetcher.fetch(claim.entry.url) if wanted and not wall else None
        visit = _visit(claim, page, self._clock.now())
        article = await self._article(rules, claim, origin, page, wall)
        if article is None:
            due = self._clock.now() + FETCH_AGAIN * claim.attempts
            await self._store.release_entry(claim, due=due, visit=visit)
            return None
        passages = await offload(Lane.MATCH, fingerprints, article)
        echoes = await self._store.echoes(claim.source, article.url, passages)
        now = self._clock.now()
        case = await offload(Lane.MATCH, _case, rules, claim, article, echoes, now)
        article, matches = case.sighting.article, case.sighting.matches
        decision = await self._store.commit(
            claim, article, matches, case, now=now, passages=passages, visit=visit
        )
        if decision is not None:
            self._tell_read(article, matches, decision, self._clock.monotonic() - began)
        return decision

    async def _article(
        self,
        rules: Rules,
        claim: EntryClaim,
        origin: Origin,
        page: Fetched | NotModified | Gone | Failed | None,
        wall: str,
    ) -> Article | None:
        """The article behind an entry; None where its page should be tried again later.

        A page that fails for a passing reason is tried again, unless the feed's own text already matches:
        then the alert does not wait.
        """
        entry = claim.entry
        match page:
            case None:
                return await self._from_feed(claim, origin, why=wall)
            case Fetched() if why := walled(page.url):
                return await self._from_feed(claim, origin, why=why)
            case Fetched():
                url = canonical(page.url) or canonical(entry.url)
                article = await self._extractor.read(page, entry, origin, url=url, seen=claim.seen)
                return replace(article, link=untracked(page.url))
            case Failed(reason=reason, code=code):
                article = await self._from_feed(claim, origin, why=reason)
                passing = not 400 <= code < 500 and claim.attempts < FETCH_ATTEMPTS
                again = passing and not await offload(Lane.MATCH, rules.matcher.match, article)
                return None if again else article
            case Gone(reason=reason):
                return await self._from_feed(claim, origin, why=reason)
            case NotModified():
                return await self._from_feed(claim, origin, why="the server sent no page")

    async def _from_feed(self, claim: EntryClaim, origin: Origin, *, why: str = "") -> Article:
        """The article as far as the feed tells it; an entry without a link is identified by its id."""
        entry = claim.entry
        url = canonical(entry.url) if entry.url else f"entry:{claim.source}:{entry.id}"
        read = partial(article_from_entry, entry, origin, url=url, seen=claim.seen, partial=why)
        return replace(await offload(Lane.MATCH, read), link=untracked(entry.url))

    def _tell_read(
        self, article: Article, matches: tuple[Match, ...], decision: Decision, seconds: float
    ) -> None:
        self._metrics.articles.labels("partial" if article.partial else "whole").inc()
        self._metrics.read_seconds.observe(seconds)
        log.info(
            "article read",
            source=article.origin.source,
            article=article.url,
            matches=len(matches),
            partial=article.partial or None,
        )
        for alert in decision.alerts:
            self._metrics.verdicts.labels(alert.verdict).inc()
            log.info(
                "alert judged",
                verdict=alert.verdict,
                watchlist=alert.match.watchlist,
                rule=alert.match.rule,
                severity=alert.match.severity,
                article=article.url,
                reason=alert.reason,
            )


def _case(rules: Rules, claim: EntryClaim, article: Article, echoes: Echoes, now: datetime) -> Case:
    """The article as rules see it, what they find in it, and what the store is to look up about it."""
    article = without_repeated(article, echoes)
    matches = rules.matcher.match(article)
    sighting = Sighting(article=article, matches=matches, baseline=claim.baseline, now=now)
    return Case(sighting=sighting, policy=rules.policy).prepared()


def _visit(claim: EntryClaim, page: Fetched | NotModified | Gone | Failed | None, now: datetime) -> Visit:
    visit = Visit(at=now, asked=claim.entry.url, name=canonical(claim.entry.url))
    match page:
        case None:
            return replace(visit, reason="the feed's own text is taken")
        case Fetched(url=url, status=status, body=body, content_type=kind):
            return replace(visit, landed=url, status=status, size=len(body), content_type=kind)
        case Failed(reason=reason, code=code):
            return replace(visit, status=code, reason=reason)
        case Gone(reason=reason):
            return replace(visit, status=410, reason=reason)
        case NotModified():
            return replace(visit, status=304, reason="the server sent no page")


def _word(outcome: Fetched | NotModified | Gone | Failed, listing: Listing | None) -> str:
    match outcome:
        case Fetched():
            return "read" if listing else "same_body"
        case NotModified():
            return "not_modified"
        case Gone():
            return "gone"
        case Failed():
            return "failed"
