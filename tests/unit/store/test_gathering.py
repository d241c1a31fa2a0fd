"""What is in no hurry: one function for all who come at about the same time, and everybody is answered."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence

import pytest

from monitor.errors import StoreError
from monitor.store.gathering import Gathering
from monitor.store.rows import Connection
from monitor.store.worker import Worker

Numbers = Gathering[int, int]


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("create table numbers (number integer primary key)")
    made = Worker(connection, translate=lambda error: error, writes=True)
    yield made
    await made.close()


@pytest.fixture
def batches() -> list[Sequence[int]]:
    return []


@pytest.fixture
def numbers(worker: Worker, batches: list[Sequence[int]]) -> Numbers:
    def insert(db: Connection, asked: Sequence[int]) -> list[int]:
        batches.append(asked)
        db.executemany("insert into numbers values (?)", [(number,) for number in asked])
        return [10 * number for number in asked]

    return Gathering(worker, insert)


async def test_those_who_come_together_are_asked_for_together_and_each_gets_his_own_answer(
    numbers: Numbers, batches: list[Sequence[int]]
) -> None:
    answers = await asyncio.gather(*(numbers.ask(number) for number in range(20)))
    assert (answers, batches) == ([10 * number for number in range(20)], [tuple(range(20))])
    assert await numbers.ask(20) == 200


async def test_who_is_cancelled_while_waiting_is_not_asked_for_and_hinders_nobody(
    numbers: Numbers, batches: list[Sequence[int]]
) -> None:
    asked = [numbers.ask(number) for number in range(3)]
    asked[1].cancel()
    assert [await asked[0], await asked[2]] == [0, 20]
    assert (asked[1].cancelled(), batches) == (True, [(0, 2)])


async def test_what_fails_fails_for_all_who_came_together_and_for_nobody_after(numbers: Numbers) -> None:
    answers = await asyncio.gather(*map(numbers.ask, (1, 2, 2)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [sqlite3.IntegrityError] * 3
    assert await numbers.ask(1) == 10


async def test_who_still_waits_at_the_end_is_asked_for(numbers: Numbers, worker: Worker) -> None:
    last = numbers.ask(99)
    numbers.flush()
    await worker.close()
    assert await last == 990
    with pytest.raises(StoreError, match="closed"):
        await numbers.ask(100)
