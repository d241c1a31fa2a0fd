"""The store's upkeep: how long messages wait, how large it is, what a clock set back does."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Dispatch, Kind, RowState
from monitor.store import Ending
from monitor.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=10)


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    opened = SqliteStore.open("sqlite:///:memory:")
    yield opened
    await opened.close()


def row(key: str, *, due: datetime = NOW, kind: Kind = Kind.ALERT) -> Dispatch:
    return Dispatch(key=key, channel="desk", recipient="a@b.c", kind=kind, due=due, alerts=())


async def test_nothing_that_may_wait_counts_as_waiting(store):
    assert await store.waited(NOW) == timedelta(0)
    await store.open_rows([row("digest", due=NOW + HOUR, kind=Kind.DIGEST)], now=NOW)
    assert await store.waited(NOW) == timedelta(0)
    assert await store.waited(NOW + 3 * HOUR) == 2 * HOUR


async def test_what_failed_waits_since_its_first_attempt_however_late_it_is_tried_again(store):
    await store.open_rows([row("mail")], now=NOW)
    (claim,) = await store.claim_outbox(NOW, limit=1, lease=LEASE)
    failed = Ending(state=RowState.PENDING, due=NOW + 9 * HOUR, words="450 later")
    assert await store.settle(claim, failed, now=NOW)
    assert await store.waited(NOW + 5 * HOUR) == 5 * HOUR


async def test_what_ended_waits_no_more(store):
    await store.open_rows([row("mail")], now=NOW)
    (claim,) = await store.claim_outbox(NOW, limit=1, lease=LEASE)
    await store.settle(claim, Ending(state=RowState.SENT, words="250"), now=NOW)
    assert await store.waited(NOW + HOUR) == timedelta(0)


async def test_sizes_tell_the_file_its_log_and_the_disk(tmp_path):
    store = SqliteStore.open(f"sqlite:///{tmp_path}/m.db")
    sizes = await store.sizes()
    await store.close()
    assert sizes["used"] + sizes["free"] == (tmp_path / "m.db").stat().st_size
    assert sizes["log"] > 0
    assert sizes["disk"] > 0


async def test_a_clock_set_back_makes_no_poll_and_no_retry_late_and_no_digest_early(store):
    await store.register_sources({"a": "http://a.example/feed"}, now=NOW + HOUR)
    await store.open_rows([row("digest", due=NOW + 2 * HOUR, kind=Kind.DIGEST), row("mail")], now=NOW)
    (claim,) = await store.claim_outbox(NOW, limit=1, lease=LEASE)
    await store.settle(claim, Ending(state=RowState.PENDING, due=NOW + HOUR, words="450"), now=NOW)
    assert await store.claim_sources(NOW, limit=9, lease=LEASE) == []
    await store.turn_back(HOUR)
    assert [claim.state.source for claim in await store.claim_sources(NOW, limit=9, lease=LEASE)] == ["a"]
    assert [claim.key for claim in await store.claim_outbox(NOW, limit=9, lease=LEASE)] == ["mail"]
    due = {found.key: found.due for found in await store.outbox()}
    assert due["digest"] == NOW + 2 * HOUR


async def test_a_clock_set_back_frees_what_was_leased_as_early_as_was_meant(store):
    await store.register_sources({"a": "http://a.example/feed"}, now=NOW)
    assert len(await store.claim_sources(NOW, limit=9, lease=LEASE)) == 1
    await store.turn_back(HOUR)
    early, late = NOW - HOUR + LEASE - timedelta(seconds=1), NOW - HOUR + LEASE
    assert await store.claim_sources(early, limit=9, lease=LEASE) == []
    assert len(await store.claim_sources(late, limit=9, lease=LEASE)) == 1
