"""Whatever the order in which the same articles arrive, and however often the daemon starts again meanwhile, the same
stories are found, the same alerts raised and the same mails sent; stories that merge or articles that change mail nobody
again.
"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import permutations
from tempfile import TemporaryDirectory

import pytest
from desk import Arrival, Deed, Desk, words
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerting import AlertingSettings, Policy
from monitor.model import Article, Match, Origin, Severity, Verdict

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
POLICY = Policy(settings=AlertingSettings(), recipients={"desk": ("a@example.org", "b@example.org")})
FAMILIES = {"one": 3, "two": 2, "three": 1, "talks": 3}
"""Stories by name, with the number of articles that tell each; `talks` is told in words of each outlet's own."""
TALKS = ["envoys", "meet", "quietly", "somewhere", "beyond", "Vladivostok", "harbour"]


def an_article(family: str, number: int) -> Article:
    kept = words(family, 200) if family != "talks" else []
    own = words(f"{family}{number}", 200 if family == "talks" else 40)
    title = " ".join(word for place, word in enumerate(TALKS) if place != number)
    return Article(
        url=f"https://s{number}.example/{family}",
        origin=Origin(source=f"s{number}", outlet=f"s{number}"),
        title=title if family == "talks" else f"About {family}",
        fetched=START,
        published=START,
        language="en",
        body=" ".join((*own, *kept[14 * number :])),
    )


ARTICLES = [an_article(family, number) for family, size in FAMILIES.items() for number in range(size)]
MATCHES = tuple(
    Match(watchlist="w", rule=rule, title=rule, severity=severity, mentions=(), entities=("dprk", "russia"))
    for rule, severity in (("troops", Severity.HIGH), ("background", Severity.LOW))
)


def arrivals(order: list[Article], step: timedelta) -> list[Arrival]:
    return [
        Arrival(
            at=START + number * step, article=replace(article, fetched=START + number * step), matches=MATCHES
        )
        for number, article in enumerate(order)
    ]


async def outcome(
    order: list[Article], step: timedelta, restarts: frozenset[int] = frozenset()
) -> tuple[object, ...]:
    """What is independent of names: the stories as sets of articles, the alerts, and who was told what how often.

    `restarts`: after so many articles the daemon starts again.
    """
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/monitor.db" if restarts else "sqlite://:memory:"
        desk = Desk.open(POLICY, url)
        again = [
            Deed(at=START + number * step, do=lambda desk: desk.restart(url)) for number in sorted(restarts)
        ]
        found = await _outcome(desk, order, step, again)
        await desk.store.close()
        return found


async def _outcome(
    desk: Desk, order: list[Article], step: timedelta, deeds: list[Deed]
) -> tuple[object, ...]:
    await desk.run([*arrivals(order, step), *deeds], until=START + timedelta(days=1))
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
    return sorted(map(sorted, stories.values())), sorted(raised), firsts, mails


@settings(max_examples=6, deadline=None)
@given(order=st.permutations(ARTICLES), minutes=st.sampled_from([0, 1, 25]))
def test_any_order_of_arrival_raises_the_same_alerts(order: list[Article], minutes: int) -> None:
    assert asyncio.run(outcome(order, timedelta(minutes=minutes))) == as_listed(minutes)


@settings(max_examples=3, deadline=None)
@given(
    order=st.permutations(ARTICLES),
    restarts=st.frozensets(st.integers(0, len(ARTICLES)), min_size=1, max_size=4),
)
def test_a_daemon_that_starts_again_tells_the_same_and_nothing_twice(
    order: list[Article], restarts: frozenset[int]
) -> None:
    assert asyncio.run(outcome(order, timedelta(minutes=25), restarts)) == as_listed(25)


@cache
def as_listed(minutes: int) -> tuple[object, ...]:
    return asyncio.run(outcome(ARTICLES, timedelta(minutes=minutes)))


def test_each_story_is_told_once_to_each_recipient() -> None:
    _, _, firsts, mails = asyncio.run(outcome(ARTICLES, timedelta(minutes=25)))
    assert firsts == sorted((family, rule) for family in FAMILIES for rule in ("troops", "background"))
    assert mails == sorted((to, family) for family in FAMILIES for to in POLICY.recipients["desk"])


KHASAN = "Trains full of soldiers cross the bridge at Khasan"
TUMANGANG = "Border railway closed after convoy seen near Tumangang"
BOTH = "Soldiers cross bridge at Khasan; railway closed near Tumangang border convoy"


@pytest.mark.parametrize("titles", list(permutations((KHASAN, TUMANGANG, BOTH))), ids=range(6))
def test_stories_that_prove_to_be_one_are_told_once_each_whatever_comes_first(
    titles: tuple[str, ...],
) -> None:
    order = [
        replace(an_article(title, number), title=title, url=f"https://s{number}.example/x")
        for number, title in enumerate(titles)
    ]

    async def run() -> tuple[int, set[str], list[tuple[str, ...]]]:
        desk = Desk.open(POLICY)
        await desk.run(arrivals(order, timedelta(hours=1)), until=START + timedelta(days=1))
        stories = {alert.story.id for alert in await desk.store.alerts()}
        mails = [(sent.claim.recipient, *sorted(a.article.title for a in sent.carried)) for sent in desk.sent]
        await desk.store.close()
        return len(desk.sent), stories, mails

    sent, stories, mails = asyncio.run(run())
    assert len(stories) == 1
    assert len(mails) == len(set(mails))
    assert sent == 2 * (2 if titles[2] == BOTH else 1)  # to each recipient: told apart until the third came
