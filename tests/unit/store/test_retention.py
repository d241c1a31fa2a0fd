"""What is old goes in short steps; what may still be sent, and that it was seen and told, stays."""

import sqlite3
from pathlib import Path

import pytest
from archive import DAY, HOUR, LEASE, MATCH, NOW, entry, poll, read, send

from monitor.model import RowState
from monitor.store import Ending, Pruned
from monitor.store.retention import STEP
from monitor.store.sqlite import SqliteStore

LATER = NOW + 200 * DAY


@pytest.fixture
async def store():
    opened = SqliteStore.open("sqlite:///:memory:")
    yield opened
    await opened.close()


async def bodies(store: SqliteStore) -> list[bool]:
    """Of every alerted article, whether its text is there."""
    return [bool(alert.article.body) for alert in await store.alerts()]


async def prune(store: SqliteStore, *, articles=LATER, deliveries=LATER) -> None:
    while (await store.prune(articles_before=articles, deliveries_before=deliveries)).more:
        pass


async def test_what_was_told_keeps_its_title_and_the_rest_goes(store):
    await poll(store, entry("told", NOW), at=NOW)
    await read(store, at=NOW)
    await send(store, at=NOW)
    await poll(store, entry("nothing", NOW), entry("told", NOW), at=NOW)
    await read(store, at=NOW, matches=())
    pruned = await store.prune(articles_before=LATER, deliveries_before=LATER)
    assert (pruned.articles, pruned.deliveries, pruned.more) == (2, 1, True)
    await prune(store)
    (alert,) = await store.alerts()
    assert (alert.article.title, alert.article.body) == ("Troops told dlot", "")
    counts = await store.counts()
    assert (counts["articles"], counts["stories"], counts["outbox_sent"]) == (1, 1, 1)
    await poll(store, entry("told", NOW), at=LATER)
    assert (await store.counts())["entries_waiting"] == 0
    again = await store.prune(articles_before=LATER, deliveries_before=LATER)
    assert again == Pruned(articles=0, deliveries=0, more=False)


@pytest.mark.parametrize("state", [RowState.DEAD, RowState.EXPIRED, RowState.PENDING])
async def test_what_may_still_be_sent_keeps_its_text_and_its_bytes(store, state):
    await poll(store, entry("a", NOW), at=NOW)
    await read(store, at=NOW)
    (claim,) = await store.claim_outbox(NOW, limit=1, lease=LEASE)
    await store.freeze(claim, parcel=b"mail", subject="s", message_id="<1@a>", now=NOW)
    await store.settle(claim, Ending(state=state, due=NOW, words="550 no"), now=NOW)
    await prune(store, deliveries=NOW - DAY)
    assert await bodies(store) == [True]
    (row,) = await store.outbox()
    if state is not RowState.PENDING:
        assert await store.retry(row.id, now=LATER)
    (again,) = await store.claim_outbox(LATER, limit=1, lease=LEASE)
    assert again.frozen == b"mail"


async def test_a_dead_message_whose_bytes_are_gone_cannot_be_sent_again(store):
    await poll(store, entry("a", NOW), at=NOW)
    await read(store, at=NOW)
    (claim,) = await store.claim_outbox(NOW, limit=1, lease=LEASE)
    await store.freeze(claim, parcel=b"mail", subject="s", message_id="<1@a>", now=NOW)
    await store.settle(claim, Ending(state=RowState.DEAD, words="550 no"), now=NOW)
    await prune(store)
    assert not await store.retry(claim.id, now=LATER)
    assert (await store.counts())["outbox_dead"] == 1


async def test_pruning_goes_on_until_nothing_is_left_and_no_step_is_long(store):
    names = [f"n{number}" for number in range(STEP + 5)]
    for begin in range(0, len(names), 250):
        await poll(store, *(entry(name, NOW) for name in names[begin : begin + 250]), at=NOW)
        await read(store, at=NOW, matches=())
    first = await store.prune(articles_before=LATER, deliveries_before=LATER)
    assert (first.articles, first.more) == (STEP, True)
    second = await store.prune(articles_before=LATER, deliveries_before=LATER)
    assert (second.articles, second.more) == (5, True)
    await prune(store)
    counts = await store.counts()
    assert (counts["articles"], counts["stories"]) == (0, 0)


async def test_space_that_is_free_goes_back_to_the_disk_step_by_step(tmp_path: Path):
    file = tmp_path / "m.db"
    store = SqliteStore.open(f"sqlite:///{file}")
    await poll(store, *(entry(f"big{number}", NOW, content="x" * 6_600_000) for number in range(3)), at=NOW)
    full = (await store.sizes())["used"]
    await read(store, at=NOW, matches=(MATCH,))
    steps = 1
    while await store.give_back():
        steps += 1
    sizes = await store.sizes()
    await store.close()
    assert sizes["used"] < full / 10
    assert 15 << 20 <= sizes["free"] <= 17 << 20
    assert file.stat().st_size < 20 << 20
    assert steps > 3
    with sqlite3.connect(file) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    database.close()


async def test_little_free_space_is_left_alone(store):
    await poll(store, entry("a", NOW, content="x" * 100_000), at=NOW)
    await read(store, at=NOW + HOUR)
    before = await store.sizes()
    assert not await store.give_back()
    assert await store.sizes() == before
