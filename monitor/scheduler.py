"""Chores that are done again and again. The only importer of apscheduler.

Due times live in the store; what is here only ticks, so a missed or late tick loses nothing.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.clock import SystemClock

__all__ = ["Scheduler"]


class Scheduler:
    """Ticks from `start` to `stop`; one that comes while the last is still at work waits for the next.

    It counts by the machine's clock, whatever clock its daemon lives by.
    """

    def __init__(self) -> None:
        self._jobs = AsyncIOScheduler(timezone="UTC")
        self._clock = SystemClock()

    def every(
        self, period: timedelta, act: Callable[[], Awaitable[object]], *, first: timedelta | None = None
    ) -> None:
        """Do it once a period, the first time so long from now (default: a period from the start)."""

        async def tick() -> None:  # whatever is awaitable; apscheduler would take some of it to a thread
            await act()

        begin = {"next_run_time": self._clock.now() + first} if first is not None else {}
        self._jobs.add_job(
            tick,
            "interval",
            seconds=period.total_seconds(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
            **begin,
        )

    def start(self) -> None:
        """Begin to tick."""
        self._jobs.start()

    def stop(self) -> None:
        """Tick no more; what is under way goes on."""
        self._jobs.shutdown(wait=False)

    def restart(self) -> None:
        """Tick at once and count from there: set back, the clock is long before the old times come."""
        now = self._clock.now()
        for job in self._jobs.get_jobs():
            job.modify(next_run_time=now)
