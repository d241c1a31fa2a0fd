from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerting import Case, Policy, Sighting
from monitor.alerting.settings import AlertingSettings
from monitor.model import Article, FeedEntry, Field, Match, Mention, Origin, Severity
from monitor.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
POLICY = Policy(settings=AlertingSettings(), recipients={})
RULE = ("korea", "troops")
MATCH = Match(
    watchlist=RULE[0],
    rule=RULE[1],
    title="Troops",
    severity=Severity.HIGH,
    mentions=(Mention(term="troops", field=Field.TITLE, start=0, end=6, text="Troops"),),
)


@pytest.fixture
async def store():
    opened = SqliteStore.open("sqlite:///:memory:")
    await opened.register_sources({"daily": "https://example.org/rss"}, now=NOW)
    yield opened
    await opened.close()


async def read(
    store: SqliteStore, lengths: list[int], *, at: datetime, matches: tuple[Match, ...] = ()
) -> None:
    """Poll and read one article of each length, a minute apart."""
    for number, letters in enumerate(lengths):
        seen = at + timedelta(minutes=number)
        (claim,) = await store.claim_sources(seen + timedelta(days=365), limit=1, lease=timedelta(0))
        url = f"https://example.org/{seen.isoformat()}"
        await store.finish_poll(claim, claim.state, [FeedEntry(id=url, url=url, title="Troops")], now=seen)
        (entry,) = await store.claim_entries(seen, limit=1, lease=timedelta(minutes=5))
        origin = Origin(source="daily", outlet="Daily")
        article = Article(url=url, origin=origin, title="Troops", fetched=seen, body="x" * letters)
        case = Case(
            sighting=Sighting(article=article, matches=matches, baseline=False, now=seen), policy=POLICY
        )
        assert await store.commit(entry, article, matches, case, now=seen) is not None


async def test_a_rules_last_match_is_told_and_never_for_one_that_has_none(store):
    await read(store, [10], at=NOW - timedelta(days=2), matches=(MATCH,))
    await read(store, [10, 10], at=NOW - timedelta(hours=1), matches=(MATCH,))
    vitals = await store.vitals(rules=[RULE, ("korea", "other")], now=NOW)
    assert vitals.last_hits == {RULE: NOW - timedelta(minutes=59), ("korea", "other"): None}
    assert vitals.hits_today == {RULE: 2}
    assert vitals.watching_since == NOW - timedelta(days=2)
    assert (vitals.census.articles, vitals.census.sources) == (2, 1)


@pytest.mark.parametrize(
    ("lengths", "short"),
    [
        ([1000] * 20, {}),
        ([1000] * 20 + [100] * 3, {"daily": 3}),
        ([1000] * 20 + [100, 100, 1000], {}),
        ([1000] * 5 + [100] * 3, {}),
        ([200] * 20 + [10] * 3, {}),
    ],
)
async def test_articles_far_shorter_than_usual_are_counted_from_the_newest_on(store, lengths, short):
    await read(store, lengths, at=NOW - timedelta(hours=2))
    assert (await store.vitals(rules=[], now=NOW)).short == short
