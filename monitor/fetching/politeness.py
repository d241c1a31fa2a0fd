"""Taking turns: so many requests at a time in all and to one host, and a gap between their starts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from monitor.clock import Clock

__all__ = ["Politeness"]

_SWEEP_FROM = 1024


@dataclass(slots=True)
class _Lane:
    """One host's queue. `free` is the monotonic second from which the next request may start."""

    places: asyncio.Semaphore
    door: asyncio.Lock = field(default_factory=asyncio.Lock)
    free: float = 0.0
    users: int = 0


class Politeness:
    """Who may ask which host when; first come, first served, and a cancelled waiter leaves no trace."""

    def __init__(
        self,
        *,
        concurrent: int,
        gap: float,
        total: int,
        clock: Clock,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._concurrent = concurrent
        self._gap = gap
        self._clock = clock
        self._pause = pause
        self._all = asyncio.Semaphore(total)
        self._lanes: dict[str, _Lane] = {}
        self._sweep_at = _SWEEP_FROM

    @asynccontextmanager
    async def turn(self, host: str, *, gap: float = 0.0) -> AsyncIterator[None]:
        """Wait for a turn at `host` and hold it; `gap` (seconds) is the host's own wish, if longer."""
        lane = self._lane(host)
        lane.users += 1
        try:
            async with lane.places:
                async with lane.door:
                    wait = lane.free - self._clock.monotonic()
                    if wait > 0:
                        await self._pause(wait)
                    await self._all.acquire()
                    lane.free = self._clock.monotonic() + max(gap, self._gap)
                try:
                    yield
                finally:
                    self._all.release()
        finally:
            lane.users -= 1

    def _lane(self, host: str) -> _Lane:
        lane = self._lanes.get(host)
        if lane is None:
            if len(self._lanes) >= self._sweep_at:
                self._sweep()
            lane = self._lanes[host] = _Lane(asyncio.Semaphore(self._concurrent))
        return lane

    def _sweep(self) -> None:
        """Forget the hosts that nobody waits for and whose gap is over."""
        now = self._clock.monotonic()
        self._lanes = {host: lane for host, lane in self._lanes.items() if lane.users or lane.free > now}
        self._sweep_at = max(_SWEEP_FROM, 2 * len(self._lanes))
