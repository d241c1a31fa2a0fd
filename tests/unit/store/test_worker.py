"""The writer: every function is answered, alone in its failure, and many share a transaction."""

import asyncio
import sqlite3
from collections.abc import Iterator

import pytest
from waiting import turns

from monitor.errors import StoreError
from monitor.store.rows import Connection
from monitor.store.worker import COMPANY, Worker


def insert(number: int) -> object:
    def work(db: Connection) -> int:
        db.execute("insert into numbers values (?)", (number,))
        return number

    return work


def count(db: Connection) -> int:
    return int(db.execute("select count(*) from numbers").fetchone()[0])


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    made.execute("create table numbers (number integer primary key)")
    yield made
    made.close()


@pytest.mark.parametrize("several", [1, COMPANY - 1, COMPANY, COMPANY + 1, 5 * COMPANY])
async def test_however_many_ask_at_once_all_are_answered(
    connection: sqlite3.Connection, several: int
) -> None:
    worker = Worker(connection, translate=lambda error: error, writes=True)
    answers = await asyncio.gather(*(worker.run(insert(number)) for number in range(several)))
    assert (answers, await worker.run(count)) == (list(range(several)), several)
    await worker.close()


async def test_who_is_cancelled_while_waiting_hinders_nobody(connection: sqlite3.Connection) -> None:
    worker = Worker(connection, translate=lambda error: error, writes=True)
    asked = [asyncio.ensure_future(worker.run(insert(number))) for number in range(3)]
    await turns()
    asked[1].cancel()
    assert [await asked[0], await asked[2]] == [0, 2]
    assert asked[1].cancelled()
    await worker.close()


async def test_a_function_that_fails_takes_no_other_with_it(connection: sqlite3.Connection) -> None:
    worker = Worker(connection, translate=lambda error: error, writes=True)
    answers = await asyncio.gather(
        *(worker.run(insert(number)) for number in (1, 1, 2)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [int, sqlite3.IntegrityError, int]
    assert await worker.run(count) == 2
    await worker.close()


async def test_what_was_asked_before_closing_is_still_done(connection: sqlite3.Connection) -> None:
    worker = Worker(connection, translate=lambda error: error, writes=True)
    asked = [asyncio.ensure_future(worker.run(insert(number))) for number in range(3)]
    await turns()
    await worker.close()
    assert await asyncio.gather(*asked) == [0, 1, 2]
    with pytest.raises(StoreError, match="closed"):
        await worker.run(count)
