from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerting import Case, Policy, Sighting
from monitor.alerting.settings import AlertingSettings
from monitor.model import (
    Ailment,
    Article,
    DeadLetters,
    Dispatch,
    FeedEntry,
    Field,
    Kind,
    Match,
    Mention,
    Origin,
    RowState,
    Severity,
    Standing,
)
from monitor.store.base import Ending
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
        ([1000] * 20 + [0] * 40, {"daily": 40}),
        ([1000] * 20 + [0, 1000] * 10, {"daily": 10}),
        ([1000] * 20 + [0, 1000, 1000] * 7, {}),
    ],
)
async def test_articles_far_shorter_than_usual_are_counted_from_the_newest_on(store, lengths, short):
    await read(store, lengths, at=NOW - timedelta(hours=2))
    assert (await store.vitals(rules=[], now=NOW)).short == short


async def test_what_people_know_of_is_remembered_with_the_rows_that_told_them(store):
    bbc, afp = (
        Standing(ailment=Ailment(name=f"short {name}", words=name, mark="1"), told=NOW, seen=NOW)
        for name in ("bbc", "afp")
    )
    row = Dispatch(key="k", channel="ops", recipient="o@x.org", kind=Kind.HEALTH, due=NOW, alerts=())
    assert await store.record_health([bbc, afp], [row], now=NOW) == 1
    assert (await store.vitals(rules=[], now=NOW)).standing == {"short bbc": bbc, "short afp": afp}
    assert await store.record_health([bbc], [row], now=NOW) == 0
    assert (await store.vitals(rules=[], now=NOW)).standing == {"short bbc": bbc}


async def test_the_last_weeks_dead_letters_are_counted_by_channel(store):
    kinds = [Kind.ALERT, Kind.ALERT, Kind.HEALTH]
    rows = [
        Dispatch(key=f"k{n}", channel="ops", recipient=f"{n}@x.org", kind=kind, due=NOW, alerts=())
        for n, kind in enumerate(kinds)
    ]
    await store.open_rows(rows, now=NOW)
    assert (await store.vitals(rules=[], now=NOW)).dead == {}
    for claim in await store.claim_outbox(NOW, limit=9, lease=timedelta(minutes=5)):
        await store.settle(claim, Ending(state=RowState.DEAD, code=550, words=f"550 {claim.key}"), now=NOW)
    after = NOW + timedelta(days=6)
    assert (await store.vitals(rules=[], now=after)).dead == {
        "ops": DeadLetters(number=3, newest=2, recipient="2@x.org", words="550 k2")
    }
    assert (await store.vitals(rules=[], now=NOW + timedelta(days=8))).dead == {}


async def test_the_disk_is_looked_at_where_the_database_is_on_one(store, tmp_path):
    on_disk = SqliteStore.open(f"sqlite:///{tmp_path / 'm.db'}")
    found = [(await one.vitals(rules=[], now=NOW)).disk for one in (store, on_disk)]
    await on_disk.close()
    assert found[0] is None
    assert 0 <= found[1] <= 100
