import asyncio
from datetime import timedelta

import pytest

from monitor.metrics import Metrics
from monitor.pulse import BEAT, Pulse


class Bench:
    """A pulse on a clock that moves only while it sleeps, as the script of (wall, monotonic) seconds says."""

    def __init__(self, clock, *steps: tuple[float, float]) -> None:
        self.clock = clock
        self.steps = list(steps)
        self.elapsed = 0.0
        self.jumps: list[float] = []
        self.metrics = Metrics()

    def now(self):
        return self.clock.now()

    def monotonic(self) -> float:
        return self.elapsed

    async def jumped(self, jump: timedelta) -> None:
        self.jumps.append(jump.total_seconds())

    async def rest(self, _seconds: float) -> None:
        if not self.steps:
            raise asyncio.CancelledError
        wall, elapsed = self.steps.pop(0)
        self.clock.pass_by(timedelta(seconds=wall))
        self.elapsed += elapsed

    async def run(self) -> None:
        with pytest.raises(asyncio.CancelledError):
            await Pulse(self, metrics=self.metrics, jumped=self.jumped, sleep=self.rest).run()

    def figure(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(name, labels)


async def test_a_clock_that_is_set_is_told_once_and_how_far(clock):
    bench = Bench(clock, (BEAT, BEAT), (BEAT - 3600, BEAT), (BEAT, BEAT), (BEAT + 60, BEAT))
    await bench.run()
    assert bench.jumps == [-3600, 60]
    assert bench.figure("monitor_clock_jumped_total", direction="back") == 1
    assert bench.figure("monitor_clock_jumped_total", direction="ahead") == 1


async def test_a_clock_that_is_slewed_or_a_loop_that_hangs_is_no_jump(clock):
    bench = Bench(clock, (BEAT + 0.01, BEAT), (BEAT - 0.01, BEAT), (20, 20))
    await bench.run()
    assert bench.jumps == []


async def test_how_late_the_loop_wakes_is_measured(clock):
    bench = Bench(clock, (BEAT, BEAT), (4, 4))
    await bench.run()
    assert bench.figure("monitor_event_loop_lag_seconds_count") == 2
    assert bench.figure("monitor_event_loop_lag_seconds_sum") == pytest.approx(4 - BEAT)
