"""One thread with one database connection: functions in, results out, many to a transaction."""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from monitor.clock import SystemClock
from monitor.errors import StoreError
from monitor.store.rows import Connection

__all__ = ["Worker"]

T = TypeVar("T")

COMPANY = 50  # functions that share a transaction at most
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
    answer: "Future[Any]"
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
        if self._closed:
            raise StoreError("the store is closed")
        answer: Future[T] = Future()
        self._jobs.put(_Job(work=work, answer=answer))
        return await asyncio.wrap_future(answer)

    async def close(self) -> None:
        """Finish what is queued, then close the connection."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    # ------------------------------------------------------------------ in the thread

    def _read(self) -> None:
        while (job := self._jobs.get()) is not None:
            if job.answer.set_running_or_notify_cancel():
                self._do(job)
                _answer(job)
        self._connection.close()

    def _write(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._transaction(job)
        self._connection.close()

    def _transaction(self, first: _Job) -> None:
        """Do the first job and those that wait already: begin, a savepoint each, commit, answer."""
        error = self._attempt(lambda: self._connection.execute("begin immediate"))
        batch: list[_Job] = []
        for job in self._company(first):
            if job.answer.set_running_or_notify_cancel():
                batch.append(job)
                error = error or self._step(job)
        error = error or self._attempt(lambda: self._connection.execute("commit"))
        if error and self._connection.in_transaction:
            self._attempt(lambda: self._connection.execute("rollback"))
        for job in batch:
            job.error = job.error or error
            _answer(job)

    def _company(self, first: _Job) -> Iterator[_Job]:
        """The first job and those that wait already, as many as one transaction should take."""
        ends = self._clock.monotonic() + PATIENCE
        yield first
        for _ in range(COMPANY - 1):
            if self._clock.monotonic() > ends or self._jobs.empty():
                return
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)
                return
            yield job

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


def _answer(job: _Job) -> None:
    if job.error is None:
        job.answer.set_result(job.result)
    else:
        job.answer.set_exception(job.error)
