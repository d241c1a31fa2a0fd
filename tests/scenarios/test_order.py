"""Whatever the order in which the same articles arrive, the same stories are found and the same alerts raised."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from desk import Arrival, Desk, words
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerting import AlertingSettings, Policy
from monitor.model import Article, Match, Origin, Severity, Verdict

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
POLICY = Policy(settings=AlertingSettings(), recipients={"desk": ("a@example.org", "b@example.org")})
FAMILIES = {"one": 4, "two": 3, "three": 1}
"""Stories by name, with the number of articles that tell each."""


def an_article(family: str, number: int) -> Article:
    kept = words(family, 200)
    own = words(f"{family}{number}", 40)
    return Article(
        url=f"https://s{number}.example/{family}",
        origin=Origin(source=f"s{number}", outlet=f"s{number}"),
        title=f"About {family}",
        fetched=START,
        published=START,
        language="en",
        body=" ".join((*own, *kept[14 * number :])),
    )


ARTICLES = [an_article(family, number) for family, size in FAMILIES.items() for number in range(size)]
MATCHES = tuple(
    Match(watchlist="w", rule=rule, title=rule, severity=severity, mentions=())
    for rule, severity in (("troops", Severity.HIGH), ("background", Severity.LOW))
)


def arrivals(order: list[Article], step: timedelta) -> list[Arrival]:
    return [
        Arrival(
            at=START + number * step, article=replace(article, fetched=START + number * step), matches=MATCHES
        )
        for number, article in enumerate(order)
    ]


async def outcome(order: list[Article], step: timedelta) -> tuple[object, ...]:
    """What is independent of names: the stories as sets of articles, the alerts, and who was told what how often."""
    desk = Desk.open(POLICY)
    await desk.run(arrivals(order, step), until=START + timedelta(days=1))
    stories: dict[str, set[str]] = {}
    for decision, article in zip(desk.decisions, order, strict=True):
        assert decision.merged == ()
        stories.setdefault(decision.story.id, set()).add(article.url)
    raised = {(alert.article.url, alert.match.rule) for alert in desk.alerts}
    firsts = sorted(
        (alert.article.url.rpartition("/")[2], alert.match.rule)
        for alert in desk.alerts
        if alert.verdict is Verdict.FIRST_MENTION
    )
    mails = sorted(
        (sent.claim.recipient, sent.carried[0].article.url.rpartition("/")[2]) for sent in desk.sent
    )
    before = len(desk.sent)
    await desk.run(
        [replace(a, at=a.at + timedelta(days=2)) for a in arrivals(order, step)],
        until=START + timedelta(days=4),
    )
    assert len(desk.sent) == before  # read again, nothing is told again
    await desk.store.close()
    return sorted(map(sorted, stories.values())), sorted(raised), firsts, mails


@settings(max_examples=6, deadline=None)
@given(order=st.permutations(ARTICLES), minutes=st.sampled_from([0, 1, 25]))
def test_any_order_of_arrival_raises_the_same_alerts(order: list[Article], minutes: int) -> None:
    assert asyncio.run(outcome(order, timedelta(minutes=minutes))) == as_listed(minutes)


@cache
def as_listed(minutes: int) -> tuple[object, ...]:
    return asyncio.run(outcome(ARTICLES, timedelta(minutes=minutes)))


def test_each_story_is_told_once_to_each_recipient() -> None:
    _, _, firsts, mails = asyncio.run(outcome(ARTICLES, timedelta(minutes=25)))
    assert firsts == sorted((family, rule) for family in FAMILIES for rule in ("troops", "background"))
    assert mails == sorted((to, family) for family in FAMILIES for to in POLICY.recipients["desk"])
