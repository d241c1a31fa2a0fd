import asyncio

import pytest
from waiting import turns

from monitor.errors import StoreError
from monitor.metrics import Metrics
from monitor.pump import Pump


class Heap:
    """Numbers to take, and the most that were in work at once."""

    def __init__(self, numbers: int) -> None:
        self.left = list(range(numbers))
        self.done: list[int] = []
        self.busy = self.most = 0
        self.empty = asyncio.Event()

    async def take(self, room: int) -> list[int]:
        taken, self.left = self.left[:room], self.left[room:]
        return taken

    async def work(self, number: int) -> None:
        self.busy += 1
        self.most = max(self.most, self.busy)
        await turns()
        self.busy -= 1
        self.done.append(number)
        if not self.left and not self.busy:
            self.empty.set()


def pump(heap: Heap, *, width: int = 3, work=None, take=None, metrics: Metrics | None = None) -> Pump[int]:
    return Pump(
        "count", width=width, take=take or heap.take, work=work or heap.work, metrics=metrics or Metrics()
    )


async def test_everything_is_worked_off_and_never_more_than_the_width_at_once():
    heap = Heap(20)
    await pump(heap).exhaust()
    assert (sorted(heap.done), heap.most) == (list(range(20)), 3)


async def test_a_nudge_works_off_a_full_heap_without_another():
    heap = Heap(20)
    running = pump(heap)
    loop = asyncio.create_task(running.run())
    running.nudge()
    await heap.empty.wait()
    await running.stop(grace=1)
    await loop


async def test_a_bug_in_one_job_is_counted_and_the_others_go_on():
    heap, metrics = Heap(5), Metrics()

    async def work(number: int) -> None:
        if number == 2:
            raise ZeroDivisionError
        await heap.work(number)

    await pump(heap, work=work, metrics=metrics).exhaust()
    assert sorted(heap.done) == [0, 1, 3, 4]
    assert metrics.registry.get_sample_value("monitor_jobs_crashed_total", {"work": "count"}) == 1


async def test_a_store_that_cannot_be_asked_stops_nothing():
    heap, refusals = Heap(3), [StoreError("disk full")]

    async def take(room: int) -> list[int]:
        if refusals:
            raise refusals.pop()
        return await heap.take(room)

    running = pump(heap, take=take)
    await running.exhaust()
    await running.exhaust()
    assert sorted(heap.done) == [0, 1, 2]


async def test_stopping_waits_for_what_is_in_work_and_then_cancels_it():
    heap, ends = Heap(2), []
    begun = asyncio.Event()

    async def work(number: int) -> None:
        begun.set()
        try:
            await (asyncio.Event().wait() if number else turns())
        except asyncio.CancelledError:
            ends.append(f"{number} cancelled")
            raise
        ends.append(f"{number} done")

    running = pump(heap, work=work)
    loop = asyncio.create_task(running.run())
    running.nudge()
    await begun.wait()
    await running.stop(grace=0.05)
    await loop
    assert ends == ["0 done", "1 cancelled"]


@pytest.mark.parametrize("width", [1, 7])
async def test_after_a_stop_nothing_is_taken(width):
    heap = Heap(4)
    running = pump(heap, width=width)
    await running.stop(grace=0)
    await running.exhaust()
    assert heap.done == []


async def test_what_is_being_taken_at_a_stop_is_finished_too():
    heap = Heap(2)
    asked, answer = asyncio.Event(), asyncio.Event()

    async def take(room: int) -> list[int]:
        asked.set()
        await answer.wait()
        return await heap.take(room)

    running = pump(heap, take=take)
    loop = asyncio.create_task(running.run())
    running.nudge()
    await asked.wait()
    stopping = asyncio.create_task(running.stop(grace=5))
    await turns()
    answer.set()
    await stopping
    assert sorted(heap.done) == [0, 1]
    await loop


async def test_a_job_that_cannot_end_does_not_keep_the_others_from_stopping():
    heap, begun = Heap(1), asyncio.Event()
    never = asyncio.Event()

    async def work(_: int) -> None:
        begun.set()
        while True:
            try:
                await never.wait()
            except asyncio.CancelledError:
                continue
            return

    running = pump(heap, work=work)
    loop = asyncio.create_task(running.run())
    running.nudge()
    await begun.wait()
    await running.stop(grace=0.01, last=0.01)
    assert running.busy == 1
    never.set()
    await loop


async def test_what_was_held_back_while_others_were_in_work_is_taken_when_they_end():
    heap, in_work, asked_in_vain = Heap(6), set(), asyncio.Event()

    async def take(room: int) -> list[int]:
        """One at a time, however much room there is: the rest is held back."""
        if in_work:
            asked_in_vain.set()
            return []
        return await heap.take(1)

    async def work(number: int) -> None:
        in_work.add(number)
        asked_in_vain.clear()
        running.nudge()
        await asked_in_vain.wait()
        in_work.remove(number)
        await heap.work(number)

    running = pump(heap, take=take, work=work)
    loop = asyncio.create_task(running.run())
    running.nudge()
    await asyncio.wait_for(heap.empty.wait(), 10)
    await running.stop(grace=1)
    await loop
    assert sorted(heap.done) == list(range(6))
