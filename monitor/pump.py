"""Keeps claims of one kind in work: takes as many as there is room for, and stops cleanly."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from monitor.errors import StoreError
from monitor.logs import log
from monitor.metrics import Metrics

__all__ = ["Pump"]

LAST = 2.0  # seconds for jobs that were cancelled to put back what they had in hand

Claim = TypeVar("Claim")


class Pump(Generic[Claim]):
    """At most `width` claims of one kind at once.

    A bug in one job is logged with its traceback and counted; its claim comes back when the lease ends,
    and the other jobs go on. This is the package's one broad catch.
    """

    def __init__(
        self,
        name: str,
        *,
        width: int,
        take: Callable[[int], Awaitable[Sequence[Claim]]],
        work: Callable[[Claim], Awaitable[object]],
        metrics: Metrics,
    ) -> None:
        self.name = name
        self._width = width
        self._take = take
        self._work = work
        self._metrics = metrics
        self._jobs: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._stopping = False
        self._turning = asyncio.Lock()

    @property
    def busy(self) -> int:
        """Jobs in work."""
        return len(self._jobs)

    @property
    def width(self) -> int:
        """The most jobs that can be in work at once."""
        return self._width

    def nudge(self) -> None:
        """There may be work."""
        self._wake.set()

    async def run(self) -> None:
        """Take work at every nudge until `stop`."""
        while not self._stopping:
            await self._wake.wait()
            self._wake.clear()
            await self._turn()

    async def exhaust(self) -> None:
        """Work until nothing is left to take."""
        while not self._stopping:
            await self._turn()
            if not self._jobs:
                return
            await self._wake.wait()
            self._wake.clear()

    async def stop(self, grace: float, *, last: float = LAST) -> None:
        """Take nothing more; give what is in work `grace` seconds, then cancel it.

        What is being taken this moment is in work too. A job that cannot end even then is left behind.
        """
        self._stopping = True
        self._wake.set()
        async with self._turning:
            jobs = frozenset(self._jobs)
        if jobs:
            _, late = await asyncio.wait(jobs, timeout=grace)
            for job in late:
                job.cancel()
            if late:
                await asyncio.wait(late, timeout=last)

    async def _turn(self) -> None:
        async with self._turning:
            room = self._width - len(self._jobs)
            if room > 0 and not self._stopping:
                await self._fill(room)

    async def _fill(self, room: int) -> None:
        """Take as much as there is room for, and begin it."""
        try:
            claims = await self._take(room)
        except StoreError as error:
            log.error("work could not be taken", work=self.name, error=str(error))
            return
        for claim in claims:
            job = asyncio.create_task(self._do(claim), name=self.name)
            self._jobs.add(job)
            job.add_done_callback(self._ended)

    def _ended(self, job: asyncio.Task[None]) -> None:
        self._jobs.discard(job)
        self.nudge()  # who takes may have held something back while this one was in work

    async def _do(self, claim: Claim) -> None:
        try:
            await self._work(claim)
        except StoreError as error:
            log.error("job could not be recorded", work=self.name, error=str(error))
        except Exception:
            self._metrics.bugs.labels(self.name).inc()
            log.exception("job crashed", work=self.name)
