"""Waiting in tests. No test sleeps: it waits for an event, or here for what has none, and never for ever."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from inspect import isawaitable

__all__ = ["Bell", "first_of", "pace", "turns", "until"]

DEADLINE = 900 if "MONITOR_TORTURE" in os.environ else 100  # seconds; then what was awaited will never be
AGAIN = 0.005  # seconds until another process is looked at again


async def until(condition: Callable[[], object]) -> None:
    """Wait for what another process does, or another thread; `condition` may have to be awaited."""
    async with asyncio.timeout(DEADLINE):
        while True:
            found = condition()
            if await found if isawaitable(found) else found:
                return
            await asyncio.sleep(AGAIN)


async def turns(number: int = 1) -> None:
    """Let all that is ready go on, so often."""
    for _ in range(number):
        await asyncio.sleep(0)


async def pace(seconds: float) -> None:
    """How long a slow server thinks, or news takes to come: a part of the scene, and nothing is hoped for."""
    await asyncio.sleep(seconds)


async def first_of(*awaited: Awaitable[object]) -> None:
    """Wait for what comes first, and give up the rest."""
    tasks = [asyncio.ensure_future(each) for each in awaited]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()


class Bell:
    """Rung whenever something happens; who waits looks whether it is what they wait for."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(DEADLINE):
            while not condition():
                rung = asyncio.get_running_loop().create_future()
                self._waiting.add(rung)
                try:
                    await rung
                finally:
                    self._waiting.discard(rung)
