"""Feels the event loop and the clocks: how late a sleep wakes, and whether the wall clock was set."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clock import Clock
from monitor.logs import log
from monitor.metrics import Metrics

__all__ = ["Pulse", "Reading", "drift"]

BEAT = 0.5  # seconds between two readings
JUMP = timedelta(seconds=2)  # what NTP slews in a beat is a thousandth of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Both clocks at one moment."""

    now: datetime
    monotonic: float

    @classmethod
    def of(cls, clock: Clock) -> "Reading":
        """What a clock says."""
        return cls(now=clock.now(), monotonic=clock.monotonic())


def drift(before: Reading, after: Reading) -> timedelta:
    """How far the wall clock moved beyond the time that passed; negative: it was set back.

    >>> noon = datetime(2026, 1, 1, 12)
    >>> drift(Reading(now=noon, monotonic=5.0), Reading(now=noon - timedelta(hours=1), monotonic=6.0))
    datetime.timedelta(days=-1, seconds=82799)
    """
    return after.now - before.now - timedelta(seconds=after.monotonic - before.monotonic)


class Pulse:
    """Beats for ever; tells the loop's lag to the metrics, and a jump of the wall clock to `jumped`."""

    def __init__(
        self,
        clock: Clock,
        *,
        metrics: Metrics,
        jumped: Callable[[timedelta], Awaitable[None]],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._metrics = metrics
        self._jumped = jumped
        self._sleep = sleep

    async def run(self) -> None:
        """Beat until cancelled."""
        before = Reading.of(self._clock)
        while True:
            await self._sleep(BEAT)
            after = Reading.of(self._clock)
            self._metrics.loop_lag.observe(max(0.0, after.monotonic - before.monotonic - BEAT))
            jump = drift(before, after)
            before = after
            if abs(jump) >= JUMP:
                self._metrics.clock_jumps.labels("back" if jump < timedelta(0) else "ahead").inc()
                log.warning("the clock was set", seconds=round(jump.total_seconds(), 1))
                await self._jumped(jump)
