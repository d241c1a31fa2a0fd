"""What takes the CPU is done in lanes: in order, off the event loop, and each lane for itself."""

import asyncio
import threading

import pytest
from waiting import turns

from monitor.lanes import Lane, offload, places


def busy(lane: Lane) -> int:
    return next(place.busy for place in places() if place.name == lane)


async def test_it_is_done_in_another_thread_and_what_it_returns_or_raises_comes_back():
    here = threading.get_ident()
    assert await offload(Lane.MATCH, threading.get_ident) != here
    assert await offload(Lane.MATCH, int, "ff", base=16) == 255
    with pytest.raises(ValueError, match="invalid literal"):
        await offload(Lane.MATCH, int, "no number")


async def test_a_lane_keeps_the_order_of_asking():
    done: list[int] = []
    await asyncio.gather(*(offload(Lane.MATCH, done.append, number) for number in range(50)))
    assert done == list(range(50))


async def test_work_that_takes_long_holds_up_neither_the_loop_nor_another_lane():
    gate = threading.Event()
    long = asyncio.create_task(offload(Lane.MATCH, gate.wait, 60))
    behind = asyncio.create_task(offload(Lane.MATCH, len, "abc"))
    assert await offload(Lane.COMPOSE, len, "ab") == 2
    assert (busy(Lane.MATCH), behind.done()) == (2, False)
    gate.set()
    assert (await long, await behind, busy(Lane.MATCH)) == (True, 3, 0)


async def test_what_is_cancelled_before_its_turn_never_begins():
    gate, begun = threading.Event(), threading.Event()
    long = asyncio.create_task(offload(Lane.MATCH, gate.wait, 60))
    waits = asyncio.create_task(offload(Lane.MATCH, begun.set))
    await turns()
    assert busy(Lane.MATCH) == 2
    waits.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waits
    gate.set()
    assert await long
    await offload(Lane.MATCH, len, "")
    assert not begun.is_set()
