"""Feels how late an event loop wakes, and sees what ran meanwhile."""

import asyncio
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, process_time, sleep
from types import FrameType

from monitor.store.sqlite import SqliteStore

__all__ = ["Feeler", "felt"]

BEAT = 0.005
LATE = 0.02
IDLE = {
    "select",
    "wait",
    "_wait_for_tstate_lock",
    "_worker",
    "_read",
    "_write",
    "receive",
    "_run_safe_shutdown_loop",
}


@dataclass(slots=True)
class Delay:
    """How late the loop woke once, in seconds, how long this process worked meanwhile, and at what."""

    wall: float = 0.0
    cpu: float = 0.0
    ran: str = ""

    @property
    def ours(self) -> float:
        return min(self.wall, self.cpu)


@dataclass(slots=True)
class Feeler:
    """Feels how late the loop wakes; keeps the longest delay and counts those above a tenth of a second.

    `turn` is the longest that the store's writer let somebody wait.
    """

    worst: Delay = field(default_factory=Delay)
    long: int = 0
    turn: float = 0.0
    _beat: float = field(default_factory=monotonic)
    _seen: Counter[str] = field(default_factory=Counter)
    _over: threading.Event = field(default_factory=threading.Event)

    async def feel(self) -> None:
        """Beat until cancelled."""
        looking = threading.Thread(target=self._look, args=(threading.get_ident(),), daemon=True)
        looking.start()
        worked = process_time()
        try:
            while True:
                self._beat = monotonic()
                await asyncio.sleep(BEAT)
                late, before, worked = monotonic() - self._beat - BEAT, worked, process_time()
                if late < LATE:
                    continue
                seen, self._seen = self._seen, Counter()
                ran = seen.most_common(1)[0][0] if seen else "?"
                delay = Delay(late, worked - before, ran)
                self.long += delay.ours > 0.1
                self.worst = max(self.worst, delay, key=lambda each: each.ours)
        finally:
            self._over.set()

    async def ask(self, store: SqliteStore) -> None:
        """Feel how long the store lets others wait, until cancelled."""
        while True:
            began = monotonic()
            await store.ready()
            self.turn = max(self.turn, monotonic() - began)
            await asyncio.sleep(10 * BEAT)

    def _look(self, loop: int) -> None:
        while not self._over.is_set():
            sleep(BEAT)
            if monotonic() - self._beat < LATE + BEAT:
                continue
            frames = sys._current_frames()
            place = _place(frames.pop(loop, None))
            if place.startswith(("select", "feel")):  # it waits for its turn: others have the interpreter
                frames.pop(threading.get_ident(), None)
                others = {name for frame in frames.values() if not (name := _place(frame)).startswith("wait")}
                place = f"not the loop: {', '.join(sorted(others))}"
            self._seen[place] += 1


def _place(frame: FrameType | None) -> str:
    """The innermost place in our own code, and what was called there."""
    innermost, called = frame, frame
    if frame is None or frame.f_code.co_name in IDLE:
        return "select" if frame and frame.f_code.co_name == "select" else "wait"
    while called is not None and "/monitor/" not in called.f_code.co_filename:
        called = called.f_back
    if innermost is None or called is None:
        return f"{frame.f_code.co_name} in {Path(frame.f_code.co_filename).name}"
    file = called.f_code.co_filename.rpartition("/monitor/")[2]
    inner = "" if innermost is called else f" → {innermost.f_code.co_name}"
    return f"{file}:{called.f_lineno} {called.f_code.co_name}{inner}"


@contextmanager
def felt() -> Iterator[Feeler]:
    """Delays while something is done."""
    feeler = Feeler()
    task = asyncio.create_task(feeler.feel())
    try:
        yield feeler
    finally:
        task.cancel()
