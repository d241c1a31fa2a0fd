"""When post rooms died that nobody had dismissed: for the metric, and for whoever asks how the daemon is."""

from collections import deque
from datetime import datetime, timedelta

from monitor.clock import Clock
from monitor.metrics import Metrics

__all__ = ["Deaths"]

TOLD = timedelta(days=1)
MANY = 1000


class Deaths:
    """Kept for as long as the daemon lives, whatever rooms a reload opens."""

    def __init__(self, clock: Clock, *, metrics: Metrics) -> None:
        self._clock = clock
        self._metrics = metrics
        self._moments = deque[datetime](maxlen=MANY)

    def note(self) -> None:
        """A post room died just now."""
        self._metrics.post_rooms_died.inc()
        self._moments.append(self._clock.now())

    def words(self) -> str:
        """What there is to tell of the last day; empty: nothing."""
        now = self._clock.now()
        recent = [moment for moment in self._moments if now - moment < TOLD]
        if not recent:
            return ""
        times = "once" if len(recent) == 1 else f"{len(recent)} times"
        last = f"last at {recent[-1]:%H:%M} UTC"
        return f"died {times} in the last day, {last}; the next message opens another"
