"""Decides, purely, what an article changes: its story, why we speak or stay silent, which rows to open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from hashlib import blake2s

from monitor.alerting import story as stories
from monitor.alerting.news import Past, Ruling, Sighting, news, pairs_of
from monitor.alerting.policy import Address, Policy, Way, row_key
from monitor.alerting.routing import THREADS, Slot, closed, first_run, placed, slot, tray
from monitor.alerting.silencing import silent
from monitor.alerting.surge import spans, surges
from monitor.model import (
    Alert,
    Decision,
    Dispatch,
    History,
    Inquiry,
    Kind,
    Mail,
    Match,
    Relative,
    Severity,
    Story,
    Trace,
    Verdict,
)

__all__ = ["Case", "Sighting", "judge"]

SPOKEN = frozenset({Verdict.FIRST_MENTION, Verdict.DEVELOPMENT, Verdict.CORRECTION, Verdict.SURGE})


@dataclass(frozen=True, kw_only=True)
class Case:
    """One article before the judge: what to look up about it, whose past matters, and the decision."""

    sighting: Sighting
    policy: Policy

    @cached_property
    def trace(self) -> Trace:
        """What will be remembered of the article; of one without a match nothing is."""
        return (
            stories.trace(self.sighting.article, self.sighting.matches) if self.sighting.matches else Trace()
        )

    @cached_property
    def inquiry(self) -> Inquiry:
        """What the store is to look up."""
        article, now, settings = self.sighting.article, self.sighting.now, self.policy.settings
        if not self.sighting.matches:
            return Inquiry(article=article.url)
        asks_pairs = "new_pair" in settings.defaults.update.when
        quiet = (f"quiet:{name}" for name in settings.calendars)
        scheduled = (f"digest:{name}" for name in ("daily", *settings.digests))
        return Inquiry(
            article=article.url,
            trace=self.trace,
            rules=tuple((match.watchlist, match.rule) for match in self.sighting.matches),
            copies_since=article.fetched - stories.COPIES_WITHIN,
            events_since=article.fetched - stories.EVENTS_WITHIN,
            threads=(f"article:{article.url}",),
            trays=(*THREADS, *quiet, *scheduled),
            rows_since=now - max(settings.defaults.limit.per_recipient.per, timedelta(hours=1)),
            pairs=pairs_of(self.sighting.matches) if asks_pairs else (),
            spans=spans(self.policy, self.sighting.matches, now),
            silences_at=now,
        )

    def prepared(self) -> "Case":
        """The same, with what takes long behind it: what asks the store holds up nobody else there."""
        _ = self.inquiry  # kept, and with it the trace
        return self

    def likely(self, gists: Sequence[bytes]) -> Sequence[int]:
        """The places of the gists that may be of reports of what the article tells."""
        return stories.likely(self.trace, gists)

    def kin(self, relatives: Sequence[Relative]) -> tuple[str, ...]:
        """The ids of the stories that the article belongs to or proves to be one."""
        found = stories.kin(self.sighting.article, self.sighting.matches, self.trace, relatives)
        return tuple(dict.fromkeys(relative.story for relative in found))

    def __call__(self, history: History) -> Decision:
        """The decision."""
        story, before, merged = _placed(history, self.sighting)
        past = Past(history=history, story=story, before=before, sighting=self.sighting, policy=self.policy)
        bench = _Bench(past=past, sighting=self.sighting)
        rulings = [bench.rule(match) for match in self.sighting.matches]
        dispatches = [row for bundle in bench.bundles.values() if (row := bench.dispatch(bundle))]
        alerts = [
            self._alert(match, story, bench.final(match, ruling))
            for match, ruling in zip(self.sighting.matches, rulings, strict=True)
        ]
        for surge in surges(past):
            alerts.append(self._alert(surge.match, story, surge.ruling))
            dispatches.extend(surge.dispatches)
        return Decision(
            story=story,
            alerts=tuple(alerts),
            dispatches=tuple(dispatches),
            merged=merged,
            trace=self.trace if self.sighting.matches else None,
            pairs=self.inquiry.pairs,
        )

    def _alert(self, match: Match, story: Story, ruling: Ruling) -> Alert:
        return Alert(
            article=self.sighting.article,
            match=match,
            story=story,
            verdict=ruling.verdict,
            raised=self.sighting.now,
            reason=ruling.reason,
            earlier=ruling.earlier,
        )


def judge(history: History, sighting: Sighting, policy: Policy) -> Decision:
    """The story an article belongs to, an alert a match with its verdict and reason, and the rows to open."""
    return Case(sighting=sighting, policy=policy)(history)


def _placed(history: History, sighting: Sighting) -> tuple[Story, Story | None, tuple[str, ...]]:
    """The article's story with it in, as it was before, and the stories that prove to be the same."""
    article, now = sighting.article, sighting.now
    if not history.stories:
        name = blake2s(article.url.encode(), digest_size=8).hexdigest()
        new = Story(
            id=f"st-{name}", title=article.title, opened=now, touched=now, sources=(article.origin.source,)
        )
        return new, None, ()
    ranked = sorted(history.stories, key=lambda story: (story.opened, story.id))
    told = tuple(dict.fromkeys(source for story in ranked for source in story.sources))
    before = replace(
        ranked[0],
        sources=told,
        articles=sum(story.articles for story in ranked),
        touched=max(story.touched for story in ranked),
    )
    known = any(relative.article == article.url for relative in history.relatives) or bool(history.previous)
    story = replace(
        before,
        articles=before.articles if known else before.articles + 1,
        touched=max(before.touched, now),
        sources=tuple(dict.fromkeys((*told, article.origin.source))),
    )
    return story, before, tuple(other.id for other in ranked[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """A match on its way to an address."""

    match: Match
    way: Way
    ruling: Ruling


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bundle:
    """What one address hears of an article in one conversation: one row carries all of it."""

    address: Address
    thread: str
    heard: list[_Heard] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Bench:
    """Rules on the matches of one article one by one, and gathers what each address is to hear."""

    past: Past
    sighting: Sighting
    bundles: dict[tuple[Address, str], _Bundle] = field(default_factory=dict)
    slots: dict[tuple[Address, str], Slot] = field(default_factory=dict)

    def rule(self, match: Match) -> Ruling:
        """The ruling on a match, before it is known when its rows go."""
        held = silent(self.past, match)
        if held:
            return held
        ways = self.past.policy.ways(match, self.sighting.article)
        found = []
        for address, way in ways.items():
            ruling = self._fold(match, address) or self._news(match, address)
            key = address, self.past.thread(match)
            bundle = self.bundles.setdefault(key, _Bundle(address=key[0], thread=key[1]))
            bundle.heard.append(_Heard(match=match, way=way, ruling=ruling))
            found.append(ruling)
        return _loudest(found)

    def _news(self, match: Match, address: Address) -> Ruling:
        ruling = news(self.past, match, address)
        baseline = self.sighting.baseline and self.past.policy.settings.defaults.first_run == "digest"
        if baseline and ruling.verdict in SPOKEN:
            return Ruling(verdict=Verdict.BASELINE, reason="first_run: it stood there when we first looked")
        return ruling

    def _fold(self, match: Match, address: Address) -> Ruling | None:
        """Whether a stronger rule speaks to the address of this article or story."""
        for rule in self.past.policy.stronger(match.rule):
            told = {(r.watchlist, r.rule) for r, _ in self.past.carriers(address, match)}
            if (match.watchlist, rule) in told or self._speaks(match.watchlist, rule, address):
                return Ruling(verdict=Verdict.FOLDED, reason=f"fold: {rule} speaks for it")
        return None

    def _speaks(self, watchlist: str, rule: str, address: Address) -> bool:
        policy = self.past.policy
        return any(
            not silent(self.past, other) and address in policy.ways(other, self.sighting.article)
            for other in self.sighting.matches
            if (other.watchlist, other.rule) == (watchlist, rule)
        )

    def dispatch(self, bundle: _Bundle) -> Dispatch | None:
        """The row that tells an address what is new; repeats and folded matches only ride along."""
        spoken = [h for h in bundle.heard if h.ruling.verdict in SPOKEN | {Verdict.BASELINE}]
        rows = self.past.rows(bundle.address, bundle.thread)
        waiting = self._waiting(bundle, rows)
        if not spoken:
            return self._row(bundle, waiting.key, waiting) if waiting else None
        told = self._told(bundle, rows)
        place = min(self._slots(bundle, spoken, told), key=lambda s: (s.due, s.kind is Kind.DIGEST))
        if place.kind is Kind.DIGEST and waiting is not None and waiting.due <= place.due:
            return self._row(bundle, waiting.key, waiting)
        self.slots[bundle.address, bundle.thread] = place
        if place.key:
            return self._row(bundle, place.key, place)
        joined = next((row for row in rows if not closed(row)), None)
        if joined:
            return self._row(
                bundle, joined.key, replace(place, kind=joined.kind, due=min(place.due, joined.due))
            )
        kind = Kind.UPDATE if told else Kind.ALERT
        if any(h.ruling.verdict is Verdict.CORRECTION for h in spoken):
            kind = Kind.CORRECTION
        key = row_key(bundle.address, bundle.thread, str(sum(map(closed, rows))))
        return self._row(bundle, key, replace(place, kind=kind))

    def _told(self, bundle: _Bundle, rows: list[Mail]) -> list[Mail]:
        """The rows by which the address was told of this conversation, be they digests, in order of time."""
        carrying = [m for h in bundle.heard for _, m in self.past.carriers(bundle.address, h.match)]
        over = {mail.key: mail for mail in (*rows, *carrying) if closed(mail)}
        return sorted(over.values(), key=lambda mail: mail.sent or mail.due)

    def _waiting(self, bundle: _Bundle, rows: list[Mail]) -> Mail | None:
        """The first row still open that tells the address of this story, be it a digest."""
        carrying = [m for h in bundle.heard for _, m in self.past.carriers(bundle.address, h.match)]
        still = [mail for mail in (*rows, *carrying) if not closed(mail)]
        return min(still, key=lambda mail: (mail.due, mail.key), default=None)

    def _slots(self, bundle: _Bundle, spoken: list[_Heard], told: list[Mail]) -> Iterator[Slot]:
        mine = tray(self.past, bundle.address)
        policy, now = self.past.policy, self.sighting.now
        for heard in spoken:
            if heard.ruling.verdict is Verdict.BASELINE:
                yield first_run(mine)
                continue
            severity = heard.match.severity
            ready = now + policy.wait(severity)
            if told and severity is not Severity.CRITICAL:
                last = told[-1].sent or told[-1].due
                ready = max(ready, last + policy.settings.defaults.update.at_most_every)
            yield slot(mine, heard.way, severity, thread=bundle.thread, ready=ready)

    def _row(self, bundle: _Bundle, key: str, place: Slot | Mail) -> Dispatch:
        return Dispatch(
            key=key,
            channel=bundle.address.channel,
            recipient=bundle.address.recipient,
            kind=place.kind,
            due=place.due,
            alerts=tuple((heard.match.watchlist, heard.match.rule) for heard in bundle.heard),
            thread=place.thread if isinstance(place, Slot) else place.story,
        )

    def final(self, match: Match, ruling: Ruling) -> Ruling:
        """The ruling once it is known when its rows go: held everywhere, it says why."""
        if ruling.verdict not in SPOKEN:
            return ruling
        places = [
            self.slots[key]
            for key, bundle in self.bundles.items()
            if key in self.slots
            and any(h.match is match and h.ruling.verdict in SPOKEN for h in bundle.heard)
        ]
        return placed(ruling, places)


def _loudest(rulings: list[Ruling]) -> Ruling:
    """An alert's own verdict: the loudest of those for its addresses."""
    if not rulings:
        return Ruling(verdict=Verdict.SILENCED, reason="no route fits")
    order = list(Verdict)
    return min(rulings, key=lambda ruling: order.index(ruling.verdict))
