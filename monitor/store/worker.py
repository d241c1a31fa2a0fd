"""One thread with one database connection: functions in, results out, many to a transaction."""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from monitor.clock import SystemClock
from monitor.errors import StoreError
from monitor.store.rows import Connection

__all__ = ["Worker"]

T = TypeVar("T")

COMPANY = 50  # functions that share a transaction at most
LINGER = 4.0  # seconds that closing waits for what is queued
PATIENCE = 0.02  # seconds after which a transaction takes no more of them


class Database(Connection, Protocol):
    """A connection as its owner holds it."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open; a full disk may have ended it."""

    def close(self) -> None:
        """Let go of the file."""


@dataclass(slots=True, kw_only=True)
class _Job:
    work: Callable[[Connection], Any]
    answer: "asyncio.Future[Any]"
    result: Any = None
    error: Exception | None = None


class Worker:
    """Runs functions on a connection, one after another, and answers once they are on disk.

    Each function succeeds or fails alone (a savepoint); those that wait while others are written share
    the next transaction. A lone one waits for nobody.
    """

    def __init__(
        self, connection: Database, *, translate: Callable[[Exception], Exception], writes: bool
    ) -> None:
        self._connection = connection
        self._translate = translate
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._clock = SystemClock()
        self._closed = False
        self._thread = threading.Thread(
            target=self._write if writes else self._read, name="store", daemon=True
        )
        self._thread.start()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """The function's result, once its transaction is committed."""
        return await self.ask(work)

    def ask(self, work: Callable[[Connection], T]) -> "asyncio.Future[T]":
        """The same, to be awaited later."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        if self._closed:
            answer.set_exception(StoreError("the store is closed"))
        else:
            self._jobs.put(_Job(work=work, answer=answer))
        return answer

    async def close(self) -> None:
        """Finish what is queued, then close the connection.

        Where that takes too long (another process keeps the database locked) the thread is left to end with
        the process: what it has not committed was never answered.
        """
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join, LINGER)

    # ------------------------------------------------------------------ in the thread

    def _read(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not job.answer.cancelled():
                self._do(job)
                _answer([job])
        self._connection.close()

    def _write(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._transaction(job)
        self._connection.close()

    def _transaction(self, first: _Job) -> None:
        """Do a job and those that wait already: begin, a savepoint each, commit, answer."""
        error = self._attempt(lambda: self._connection.execute("begin immediate"))
        batch: list[_Job] = []
        for job in self._company(first):
            if not job.answer.cancelled():
                batch.append(job)
                error = error or self._step(job)
        error = error or self._attempt(lambda: self._connection.execute("commit"))
        if error and self._connection.in_transaction:
            self._attempt(lambda: self._connection.execute("rollback"))
        for job in batch:
            job.error = job.error or error
        _answer(batch)

    def _company(self, first: _Job) -> Iterator[_Job]:
        """The first job and those that wait already, as many as one transaction should take."""
        ends = self._clock.monotonic() + PATIENCE
        yield first
        taken = 1
        while taken < COMPANY and self._clock.monotonic() <= ends and not self._jobs.empty():
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)
                return
            yield job
            taken += 1

    def _step(self, job: _Job) -> Exception | None:
        """Do a job alone inside the transaction; the error that ended the whole transaction, if one did."""
        error = self._attempt(lambda: self._connection.execute("savepoint job"))
        if error:
            return error
        self._do(job)
        if not self._connection.in_transaction:
            return job.error or StoreError("the transaction ended early")
        if job.error:
            error = self._attempt(lambda: self._connection.execute("rollback to job"))
        return error or self._attempt(lambda: self._connection.execute("release job"))

    def _do(self, job: _Job) -> None:
        def work() -> None:
            job.result = job.work(self._connection)

        job.error = self._attempt(work)

    def _attempt(self, act: Callable[[], object]) -> Exception | None:
        try:
            act()
        except Exception as error:  # noqa: BLE001  handed to the task that asked, as executors do
            return self._translate(error)
        return None


def _answer(batch: list[_Job]) -> None:
    """Wake the tasks that asked, each event loop once for all of its own."""
    for loop in {job.answer.get_loop() for job in batch}:
        mine = [job for job in batch if job.answer.get_loop() is loop]
        with suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_wake, mine)


def _wake(batch: list[_Job]) -> None:
    for job in batch:
        if job.answer.done():  # who asked was cancelled meanwhile
            continue
        if job.error is None:
            job.answer.set_result(job.result)
        else:
            job.answer.set_exception(job.error)
