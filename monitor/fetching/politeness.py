"""Taking turns: so many requests at a time in all and to one host, and a gap between their starts."""

import asyncio
from collections.abc import Awaitable, Callable
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

    def turn(self, host: str, *, gap: float = 0.0) -> "_Turn":
        """Wait for a turn at `host` and hold it; `gap` (seconds) is the host's own wish, if longer."""
        return _Turn(self, self._lane(host), max(gap, self._gap))

    async def wait(self, lane: _Lane, gap: float) -> None:
        """Come to the head of a lane that has a place, and wait for its gap and for a place in the house."""
        async with lane.door:
            pause = lane.free - self._clock.monotonic()
            if pause > 0:
                await self._pause(pause)
            await self._all.acquire()
            lane.free = self._clock.monotonic() + gap

    def leave(self) -> None:
        """Give the place in the house back."""
        self._all.release()

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


class _Turn:
    """A turn at a host: `async with` waits for it. Every request takes one, so it costs little."""

    __slots__ = ("_gap", "_lane", "_politeness")

    def __init__(self, politeness: Politeness, lane: _Lane, gap: float) -> None:
        self._politeness = politeness
        self._lane = lane
        self._gap = gap

    async def __aenter__(self) -> None:
        lane, entered = self._lane, False
        lane.users += 1
        try:
            await lane.places.acquire()
            try:
                await self._politeness.wait(lane, self._gap)
                entered = True
            finally:
                if not entered:
                    lane.places.release()
        finally:
            if not entered:
                lane.users -= 1

    async def __aexit__(self, *_: object) -> None:
        self._politeness.leave()
        self._lane.places.release()
        self._lane.users -= 1
