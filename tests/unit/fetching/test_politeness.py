"""Taking turns at a host."""

import asyncio
from typing import Any

import pytest
from waiting import turns

from monitor.fetching.politeness import Politeness


def politeness(clock: Any, *, concurrent: int = 2, gap: float = 1.0, total: int = 64) -> Politeness:
    return Politeness(concurrent=concurrent, gap=gap, total=total, clock=clock, pause=clock.pause)


class Visits:
    """Who is inside, who came when, and the most that were inside at once."""

    def __init__(self, clock: Any) -> None:
        self.clock = clock
        self.inside = 0
        self.most = 0
        self.starts: list[tuple[str, float]] = []

    async def visit(self, polite: Politeness, host: str, name: str, *, gap: float = 0.0) -> None:
        async with polite.turn(host, gap=gap):
            self.starts.append((name, self.clock.monotonic()))
            self.inside += 1
            self.most = max(self.most, self.inside)
            await turns(5)
            self.inside -= 1


async def test_a_host_is_asked_in_order_with_a_gap_between_the_starts(clock: Any) -> None:
    visits, polite = Visits(clock), politeness(clock)
    await asyncio.gather(*(visits.visit(polite, "a", str(number)) for number in range(5)))
    assert visits.starts == [("0", 0), ("1", 1), ("2", 2), ("3", 3), ("4", 4)]


async def test_no_more_than_so_many_are_at_one_host(clock: Any) -> None:
    visits, polite = Visits(clock), politeness(clock, gap=0)
    await asyncio.gather(*(visits.visit(polite, "a", str(number)) for number in range(20)))
    assert visits.most == 2


async def test_no_more_than_so_many_are_anywhere(clock: Any) -> None:
    visits, polite = Visits(clock), politeness(clock, total=3)
    await asyncio.gather(*(visits.visit(polite, str(number), str(number)) for number in range(20)))
    assert visits.most == 3


async def test_hosts_do_not_wait_for_each_other(clock: Any) -> None:
    visits, polite = Visits(clock), politeness(clock)
    await asyncio.gather(*(visits.visit(polite, str(number), str(number)) for number in range(3)))
    assert visits.starts == [("0", 0), ("1", 0), ("2", 0)]


async def test_a_host_may_ask_for_a_longer_gap(clock: Any) -> None:
    visits, polite = Visits(clock), politeness(clock)
    for name in "ab":
        await visits.visit(polite, "a", name, gap=10)
    assert visits.starts == [("a", 0), ("b", 10)]


async def test_who_leaves_the_queue_leaves_no_trace(clock: Any) -> None:
    visits, polite = Visits(clock), politeness(clock, concurrent=1, gap=0, total=1)
    async with polite.turn("a"):
        waiting = [asyncio.create_task(visits.visit(polite, "a", str(number))) for number in range(3)]
        await turns()
        waiting[0].cancel()
        waiting[1].cancel()
        await asyncio.wait(waiting[:2])
    await waiting[2]
    assert visits.starts == [("2", 0)]
    await visits.visit(polite, "b", "last")


async def test_who_is_cancelled_inside_frees_the_place(clock: Any) -> None:
    polite = politeness(clock, concurrent=1, gap=0, total=1)

    async def stay() -> None:
        async with polite.turn("a"):
            await asyncio.Event().wait()

    staying = asyncio.create_task(stay())
    await turns()
    staying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await staying
    async with polite.turn("a"):
        pass


async def test_ten_thousand_hosts_are_not_remembered_for_ever(clock: Any) -> None:
    polite = politeness(clock)
    for number in range(10_000):
        clock.seconds += 0.01
        async with polite.turn(str(number)):
            pass
    assert len(polite._lanes) <= 1024
