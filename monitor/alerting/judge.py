"""Decides, purely, what an article changes: its story, why we speak or stay silent, which rows to open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2s

from monitor.alerting.policy import Address, Policy
from monitor.model import (
    Alert,
    Article,
    Decision,
    Dispatch,
    History,
    Kind,
    Mail,
    Match,
    Raised,
    Severity,
    Story,
    Verdict,
)

__all__ = ["Sighting", "judge"]

SPOKEN = frozenset({Verdict.FIRST_MENTION, Verdict.DEVELOPMENT, Verdict.CORRECTION, Verdict.SURGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An article as it came in, with its matches; `baseline`: it stood there when we first looked."""

    article: Article
    matches: tuple[Match, ...]
    baseline: bool
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is decided on one match, and by which line of the policy."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """Everything that deciding on one article needs."""

    sighting: Sighting
    policy: Policy
    before: Story | None
    story: Story
    alerts: tuple[Raised, ...]
    mails: Mapping[str, Mail]

    @property
    def now(self) -> datetime:
        return self.sighting.now

    def told(self, address: Address) -> dict[tuple[str, str], Severity]:
        """The rules that an address has heard of, or is about to, with the gravest severity."""
        heard: dict[tuple[str, str], Severity] = {}
        for raised in self.alerts:
            rows = (self.mails[key] for key in raised.mails if key in self.mails)
            if any((row.channel, row.recipient) == (address.channel, address.recipient) for row in rows):
                rule = raised.watchlist, raised.rule
                heard[rule] = max(heard.get(rule, raised.severity), raised.severity, key=lambda s: s.rank)
        return heard

    def rows(self, address: Address) -> list[Mail]:
        """The story's rows of an address, oldest first."""
        mine = (
            m for m in self.mails.values() if (m.channel, m.recipient) == (address.channel, address.recipient)
        )
        return sorted((m for m in mine if m.story == self.story.id), key=lambda m: (m.due, m.key))


def judge(history: History, sighting: Sighting, policy: Policy) -> Decision:
    """The story an article belongs to, an alert a match with its verdict and reason, and the rows to open."""
    before = history.stories[0] if history.stories else None
    story = _grown(before, sighting)
    case = _Case(
        sighting=sighting,
        policy=policy,
        before=before,
        story=story,
        alerts=tuple(a for a in history.alerts if a.story == story.id),
        mails={mail.key: mail for mail in history.mails},
    )
    rulings: list[Ruling] = []
    news: dict[Address, list[tuple[Match, Ruling]]] = {}
    for match in sighting.matches:
        silent = _silent(case, match)
        heard = (
            {} if silent else {a: _news(case, match, a) for a in policy.addresses(match, sighting.article)}
        )
        for address, ruling in heard.items():
            news.setdefault(address, []).append((match, ruling))
        rulings.append(silent or _loudest(list(heard.values())))
    alerts = tuple(
        Alert(
            article=sighting.article,
            match=match,
            story=story,
            verdict=ruling.verdict,
            raised=sighting.now,
            reason=ruling.reason,
        )
        for match, ruling in zip(sighting.matches, rulings, strict=True)
    )
    rows = (_dispatch(case, address, heard) for address, heard in news.items())
    return Decision(story=story, alerts=alerts, dispatches=tuple(row for row in rows if row))


def _grown(before: Story | None, sighting: Sighting) -> Story:
    """The story with this article in it."""
    article, now = sighting.article, sighting.now
    if before is None:
        name = blake2s(article.url.encode(), digest_size=8).hexdigest()
        return Story(
            id=f"st-{name}", title=article.title, opened=now, touched=now, sources=(article.origin.source,)
        )
    known = article.origin.source in before.sources
    sources = before.sources if known else (*before.sources, article.origin.source)
    return replace(before, touched=max(before.touched, now), sources=sources)


def _silent(case: _Case, match: Match) -> Ruling | None:
    """Why nobody hears of a match, whoever it would go to."""
    article, defaults = case.sighting.article, case.policy.settings.defaults
    if match.held:
        return Ruling(verdict=Verdict.SILENCED, reason=f"held by unless: {match.held}")
    if match.severity is Severity.INFO:
        return Ruling(verdict=Verdict.SILENCED, reason="severity info is recorded, never mailed")
    if case.sighting.baseline and defaults.first_run == "silent":
        return Ruling(verdict=Verdict.BASELINE, reason="first_run: it stood there when we first looked")
    if article.published is not None and case.now - article.published > defaults.max_age:
        hours = defaults.max_age.total_seconds() / 3600
        return Ruling(verdict=Verdict.TOO_OLD, reason=f"max_age: published more than {hours:g} h ago")
    silence = case.policy.silence(match, article, case.now)
    if silence is not None:
        by = f" ({silence.by})" if silence.by else ""
        return Ruling(verdict=Verdict.SILENCED, reason=f"silence until {silence.until}: {silence.why}{by}")
    return None


def _news(case: _Case, match: Match, address: Address) -> Ruling:
    """What is new for an address in this match."""
    told, update = case.told(address), case.policy.settings.defaults.update
    rule = match.watchlist, match.rule
    if not told:
        return Ruling(verdict=Verdict.FIRST_MENTION, reason="first report of this story")
    if rule not in told:
        if "new_rule" in update.when:
            return Ruling(verdict=Verdict.DEVELOPMENT, reason="update: a new rule matches this story")
        return Ruling(verdict=Verdict.REPEAT, reason="told already; update has no new_rule")
    if match.severity.rank > told[rule].rank and "severity_up" in update.when:
        return Ruling(verdict=Verdict.DEVELOPMENT, reason=f"update: severity rose to {match.severity}")
    before = len(case.before.sources) if case.before else 0
    for number in update.sources:
        if before < number <= len(case.story.sources):
            return Ruling(verdict=Verdict.DEVELOPMENT, reason=f"update: {number} sources tell this story")
    return Ruling(verdict=Verdict.REPEAT, reason="told already, nothing new")


def _loudest(rulings: list[Ruling]) -> Ruling:
    """An alert's own verdict: the loudest of those for its addresses."""
    if not rulings:
        return Ruling(verdict=Verdict.SILENCED, reason="no route fits")
    order = list(Verdict)
    return min(rulings, key=lambda ruling: order.index(ruling.verdict))


def _dispatch(case: _Case, address: Address, heard: list[tuple[Match, Ruling]]) -> Dispatch | None:
    """The row that tells an address what is new; repeats only join a row that still waits."""
    rows = case.rows(address)
    waiting = next((row for row in rows if not row.frozen), None)
    news = [(match, ruling) for match, ruling in heard if ruling.verdict in SPOKEN]
    if not news and waiting is None:
        return None
    frozen = [row for row in rows if row.frozen]
    key = waiting.key if waiting else _key(address, case.story.id, len(frozen))
    due = min(_dues(case, news, frozen[-1] if frozen else None, waiting))
    return Dispatch(
        key=key,
        channel=address.channel,
        recipient=address.recipient,
        kind=Kind.UPDATE if frozen else Kind.ALERT,
        due=due,
        alerts=tuple((match.watchlist, match.rule) for match, _ in heard),
        thread=case.story.id,
    )


def _dues(
    case: _Case, news: list[tuple[Match, Ruling]], last: Mail | None, waiting: Mail | None
) -> Iterator[datetime]:
    """When each piece of news, and the row that waits, may go; critical news never waits."""
    if waiting is not None:
        yield waiting.due
    every = case.policy.settings.defaults.update.at_most_every
    for match, _ in news:
        ready = case.now + case.policy.wait(match.severity)
        held = last is not None and match.severity is not Severity.CRITICAL
        yield max(ready, (last.sent or last.due) + every) if last is not None and held else ready


def _key(address: Address, thread: str, number: int) -> str:
    """A row's identity for ever."""
    whole = "\x1f".join((address.channel, address.recipient, thread, str(number)))
    return blake2s(whole.encode(), digest_size=16).hexdigest()


def seen_by(article: Article) -> str:
    """The outlet, as people name it."""
    return article.origin.outlet or article.origin.source
