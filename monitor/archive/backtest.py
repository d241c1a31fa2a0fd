"""What rules and policy would have made of the archive: the daemon's own judge, at the time of each."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from monitor.alerting import Case, Policy, Sighting, scheduled
from monitor.archive.crew import Made, Seen, matched
from monitor.model import Article, Decision, Dispatch, EntryClaim, FeedEntry, Match, Trace, Verdict
from monitor.store.asking import Archive
from monitor.store.recording import Reading
from monitor.store.rehearsal import Posted
from monitor.store.sqlite import SqliteStore

__all__ = ["SPOKEN", "Change", "Outcome", "Plan", "backtest"]

SPOKEN = (Verdict.FIRST_MENTION, Verdict.DEVELOPMENT, Verdict.CORRECTION, Verdict.SURGE)
RUN_UP = timedelta(days=3)  # judged and not counted, so that the first day's news is not all new

Rule = tuple[str, str]
"""(watchlist, rule)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is tested: a policy for each of the matchers, on which articles, from when to when."""

    policies: tuple[Policy, ...]
    since: datetime
    until: datetime
    watchlist: str = ""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What one configuration would have done: counts by (watchlist, rule) and by local date."""

    verdicts: dict[Rule, Counter[tuple[date, Verdict]]] = field(default_factory=dict)
    mails: Counter[tuple[Rule, date]] = field(default_factory=Counter)
    mails_by_day: Counter[date] = field(default_factory=Counter)
    matched_by_day: Counter[date] = field(default_factory=Counter)

    def alerts(self, rule: Rule) -> Counter[date]:
        """What a rule would have said, by day."""
        found: Counter[date] = Counter()
        for (day, verdict), number in self.verdicts.get(rule, Counter()).items():
            found[day] += number * (verdict in SPOKEN)
        return found

    def silent(self, rule: Rule) -> int:
        """How often a rule would have matched without saying so."""
        counts = self.verdicts.get(rule, Counter())
        return sum(number for (_, verdict), number in counts.items() if verdict not in SPOKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An article that the second configuration (`before`) and the first one (`after`) match otherwise."""

    article: Article
    before: tuple[Rule, ...]
    after: tuple[Rule, ...]


@dataclass(frozen=True, kw_only=True)
class _Traced(Case):
    """A case whose trace was made where the article was matched: it costs as much as the rest of judging."""

    made: Trace

    @property
    def trace(self) -> Trace:
        """What will be remembered of the article."""
        return self.made


@dataclass(slots=True)
class _Rehearsal:
    """One configuration's past, in a store of its own that ends with it."""

    plan: Plan
    policy: Policy
    store: SqliteStore
    clock: datetime
    outcome: Outcome = field(default_factory=Outcome)

    async def read(self, batch: Sequence[Seen], number: int) -> None:
        """Judge articles with what the matcher of this number found in them."""
        found = [each for each in batch if each.matches[number]]
        if not found:
            return
        readings = [self._reading(each, each.matches[number]) for each in found]
        cases = [
            (reading, self._case(each, reading, each.traces[number]))
            for reading, each in zip(readings, found, strict=True)
        ]
        decisions = await self.store.archive.play(cases, since=self.clock, schedule=self._schedule)
        self.clock = readings[-1].now
        for reading, decision in zip(readings, decisions, strict=True):
            self._count(reading, decision)

    def _schedule(self, moment: datetime) -> Sequence[Dispatch]:
        return scheduled(self.policy, moment)

    def _reading(self, seen: Seen, matches: tuple[Match, ...]) -> Reading:
        article = seen.article
        entry = FeedEntry(id=article.url, url=article.link, title=article.title)
        claim = EntryClaim(
            source=article.origin.source,
            entry=entry,
            seen=article.fetched,
            baseline=seen.baseline,
            attempts=1,
            fence=0,
        )
        kept = replace(article, lead="", body="", caption="", furniture="")  # each is read but once
        return Reading(claim=claim, article=kept, matches=matches, now=article.fetched)

    def _case(self, seen: Seen, reading: Reading, trace: Trace) -> Case:
        sighting = Sighting(
            article=seen.article,
            matches=reading.matches,
            baseline=reading.claim.baseline,
            now=reading.now,
        )
        return _Traced(sighting=sighting, policy=self.policy, made=trace)

    def _count(self, reading: Reading, decision: Decision) -> None:
        if reading.now < self.plan.since:
            return
        day = self._day(reading.now)
        self.outcome.matched_by_day[day] += 1
        for alert in decision.alerts:
            rule = alert.match.watchlist, alert.match.rule
            self.outcome.verdicts.setdefault(rule, Counter())[day, alert.verdict] += 1

    async def finish(self) -> Outcome:
        """Let the time pass until the end, and count the mails; what waits for a later digest is none."""
        sent = await self.store.archive.posted(
            since=self.clock, until=self.plan.until, schedule=self._schedule
        )
        for mail in sent:
            if mail.sent >= self.plan.since:
                self._post(mail)
        await self.store.close()
        return self.outcome

    def _post(self, mail: Posted) -> None:
        day = self._day(mail.sent)
        self.outcome.mails_by_day[day] += 1
        for rule in mail.rules:
            self.outcome.mails[rule, day] += 1

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.policy.zone).date()


async def backtest(
    archive: Archive,
    url: str,
    made: Made,
    plan: Plan,
    *,
    processes: int,
    told: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[int, list[Outcome], list[Change]]:
    """How many articles were asked, what each configuration would have done, and where two differ.

    `url` is the store that `archive` is of; `made` makes a matcher for each policy of the plan.
    """
    numbers = await archive.numbers(plan.since - RUN_UP)
    counted = len(await archive.numbers(plan.since))
    begin = plan.since - RUN_UP
    rehearsals = [
        _Rehearsal(plan, policy, SqliteStore.open("sqlite://:memory:"), begin) for policy in plan.policies
    ]
    changes: list[Change] = []
    done = 0
    async for size, batch in matched(url, numbers, made, watchlist=plan.watchlist, processes=processes):
        for number, rehearsal in enumerate(rehearsals):
            await rehearsal.read(batch, number)
        changes += _changes(batch, plan)
        done += size
        told(done, len(numbers))
    return counted, [await rehearsal.finish() for rehearsal in rehearsals], changes


def _changes(batch: Sequence[Seen], plan: Plan) -> Iterator[Change]:
    for seen in batch:
        if len(seen.matches) < 2 or seen.article.fetched < plan.since:
            continue
        after, before = map(_rules, seen.matches)
        if set(after) != set(before):
            yield Change(article=seen.article, before=before, after=after)


def _rules(matches: tuple[Match, ...]) -> tuple[Rule, ...]:
    return tuple((match.watchlist, match.rule) for match in matches if not match.held)
