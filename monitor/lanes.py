"""Offloading: the one door to the threads that do what takes the CPU, so that the event loop need not.

A thread lets others have the interpreter every few milliseconds, so that nobody waits for it but those in
its own lane. More threads get no more done, and each takes its slices from the loop: there is one a lane,
but where C code works that needs no interpreter.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Final, ParamSpec, TypeVar

__all__ = ["Lane", "offload", "places"]

P = ParamSpec("P")
T = TypeVar("T")


class Lane(StrEnum):
    """What is offloaded; work of one kind is begun in the order it was asked for."""

    PARSE = "parse"
    MATCH = "match"
    COMPOSE = "compose"
    DIGEST = "digest"
    COMPILE = "compile"


class _Threads:
    """A lane's threads; they begin when first needed, and end with the process."""

    def __init__(self, name: str, width: int = 1) -> None:
        self.name = name
        self.width = width
        self.busy = 0  # what is done, and what waits for its turn
        self._executor = ThreadPoolExecutor(width, thread_name_prefix=name)

    async def run(self, work: Callable[[], T]) -> T:
        """What the function returns or raises.

        Who is cancelled hears nothing of it: what has begun comes to its end, what has not never begins.
        """
        self.busy += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self.busy -= 1


_LANES: Final = {lane: _Threads(lane, width=2 if lane is Lane.PARSE else 1) for lane in Lane}


async def offload(lane: Lane, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What the function returns or raises, done in its lane."""
    return await _LANES[lane].run(lambda: work(*given, **named))


def places() -> tuple[_Threads, ...]:
    """The lanes, for those who count what is in work."""
    return tuple(_LANES.values())
