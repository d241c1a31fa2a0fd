import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest
from archive import DAY, HOUR, LEASE, NOW, POLICY, entry, poll, read, send

from monitor.config.settings import Retention
from monitor.errors import StoreError
from monitor.fetching import FetchingSettings
from monitor.housekeeping import Housekeeping
from monitor.matching import compile_watchlists
from monitor.metrics import Metrics
from monitor.model import RowState
from monitor.pipeline import Rules
from monitor.store import Ending
from monitor.store.sqlite import SqliteStore


@dataclass(frozen=True, kw_only=True)
class Place:
    name: str
    busy: int
    width: int


@pytest.fixture
async def store(tmp_path):
    opened = SqliteStore.open(f"sqlite:///{tmp_path}/m.db")
    yield opened
    await opened.close()


@pytest.fixture
def rests() -> list[float]:
    return []


@pytest.fixture
def chores(store, clock, rests) -> Housekeeping:
    matcher = compile_watchlists({}, {}).matcher
    rules = Rules(sources={}, fetching=FetchingSettings(), matcher=matcher, policy=POLICY)

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    return Housekeeping(
        store,
        rules=lambda: rules,
        retention=lambda: Retention(articles=DAY, deliveries=DAY),
        clock=clock,
        metrics=Metrics(),
        sleep=rest,
    )


def figure(chores: Housekeeping, name: str, **labels: str) -> float | None:
    return chores._metrics.registry.get_sample_value(name, labels)


async def test_the_gauges_tell_what_is_stored_waits_and_is_in_work(chores, store, clock):
    await poll(store, entry("a", NOW), entry("b", NOW), at=NOW)
    await read(store, at=NOW)
    (one, two) = await store.claim_outbox(NOW, limit=2, lease=LEASE)
    await store.settle(one, Ending(state=RowState.PENDING, due=NOW + HOUR, words="450"), now=NOW)
    await store.settle(two, Ending(state=RowState.DEAD, words="550"), now=NOW)
    clock.pass_by(timedelta(minutes=20))
    await chores.count(places=[Place(name="read", busy=3, width=8)], paused={"desk": "why"})
    assert figure(chores, "monitor_outbox_rows", state="pending") == 1
    assert figure(chores, "monitor_outbox_rows", state="dead") == 1
    assert figure(chores, "monitor_outbox_oldest_pending_seconds") == 1200
    assert figure(chores, "monitor_sources", condition="ok") == 1
    assert figure(chores, "monitor_store_rows", kind="articles") == 2
    assert figure(chores, "monitor_jobs_busy", work="read") == 3
    assert figure(chores, "monitor_jobs_places", work="read") == 8
    assert figure(chores, "monitor_channels_paused") == 1
    assert figure(chores, "monitor_disk_free_bytes") > 0
    assert figure(chores, "monitor_store_bytes", part="used") > 0


async def test_pruning_rests_between_its_steps_and_goes_on_to_the_end(chores, store, clock, rests):
    await poll(store, *(entry(f"n{number}", NOW) for number in range(3)), at=NOW)
    await read(store, at=NOW, matches=())
    await send(store, at=NOW)
    clock.pass_by(2 * DAY)
    await chores.prune()
    counts = await store.counts()
    assert (counts["articles"], counts["stories"]) == (0, 0)
    assert len(rests) >= 2


async def test_a_chore_that_the_store_refuses_is_put_off(chores):
    async def chore() -> None:
        raise StoreError("the disk is full")

    await chores.do(chore)


async def test_a_chore_cut_short_by_the_scheduler_ends_without_an_error(chores):
    begun = asyncio.Event()

    async def long() -> None:
        begun.set()
        await asyncio.Event().wait()

    turn = asyncio.create_task(chores.turn(long))
    await begun.wait()
    turn.cancel()
    assert await turn is None
