"""Thinking aside: the one door to the threads that do what takes the CPU, so that the event loop need not.

A thread that thinks lets others have the interpreter every few milliseconds, so that nobody waits for it but
those who stand in its own line. More threads think no faster, and each takes its slices from the loop: a
process has one for each line, but where C code works that needs no interpreter.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Final, ParamSpec, TypeVar

__all__ = ["Line", "places", "think"]

P = ParamSpec("P")
T = TypeVar("T")


class Line(StrEnum):
    """What is thought about; work of one kind is begun in the order it was asked for."""

    PARSE = "parse"
    MATCH = "match"
    COMPOSE = "compose"
    DIGEST = "digest"
    COMPILE = "compile"


class _Threads:
    """A line's threads; they begin when first needed, and end with the process."""

    def __init__(self, name: str, width: int = 1) -> None:
        self.name = name
        self.width = width
        self.busy = 0  # what is thought about, and what waits for that
        self._threads = ThreadPoolExecutor(width, thread_name_prefix=name)

    async def think(self, work: Callable[[], T]) -> T:
        """What the function returns or raises.

        Who is cancelled hears nothing of it: what has begun comes to its end, what has not never begins.
        """
        self.busy += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self.busy -= 1


_LINES: Final = {line: _Threads(line, width=2 if line is Line.PARSE else 1) for line in Line}


async def think(line: Line, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What the function returns or raises, thought about in its line."""
    return await _LINES[line].think(lambda: work(*given, **named))


def places() -> tuple[_Threads, ...]:
    """The lines, for those who count what is in work."""
    return tuple(_LINES.values())
