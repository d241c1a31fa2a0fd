"""What is done again and again: at its period, one at a time, and anew when the clock was set."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.scheduler import Scheduler

HOUR, SHORT = timedelta(hours=1), timedelta(milliseconds=5)


class Counted:
    """What is done; `begun` so often, and as often as it may end."""

    def __init__(self) -> None:
        self.begun = asyncio.Queue[None]()
        self.may_end = asyncio.Event()

    async def __call__(self) -> None:
        self.begun.put_nowait(None)
        await self.may_end.wait()


@pytest.fixture
async def scheduler() -> Iterator[Scheduler]:
    made = Scheduler()
    yield made
    made.stop()


async def test_it_ticks_once_a_period_and_not_while_the_last_is_at_work(scheduler):
    slow, other = Counted(), Counted()
    other.may_end.set()
    scheduler.every(SHORT, slow)
    scheduler.every(SHORT, other)
    scheduler.start()
    await slow.begun.get()
    for _ in range(5):
        await other.begun.get()
    assert slow.begun.empty()
    slow.may_end.set()
    await slow.begun.get()


async def test_the_first_time_can_be_told_and_after_a_jump_all_restart(scheduler):
    soon, later = Counted(), Counted()
    soon.may_end.set()
    scheduler.every(HOUR, soon, first=timedelta(0))
    scheduler.every(HOUR, later)
    scheduler.start()
    await soon.begun.get()
    assert later.begun.empty()
    scheduler.restart()
    await later.begun.get()
    await soon.begun.get()
