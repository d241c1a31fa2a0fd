"""The daemon's regular chores beside the work: figures, what goes out at set times, forgetting."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from monitor.alerting import Condition, checkup, condition, scheduled
from monitor.clock import Clock
from monitor.config.settings import Retention
from monitor.errors import StoreError
from monitor.logs import log
from monitor.metrics import Metrics, show
from monitor.model import RowState, SourceState
from monitor.pipeline import Rules
from monitor.store.base import Store

__all__ = ["Housekeeping", "Workplace"]

REST = 0.1  # seconds between two steps of a long chore


class Workplace(Protocol):
    """Where jobs of one kind are done: a pump, the pool that reads pages."""

    @property
    def name(self) -> str:
        """The kind of its jobs."""

    @property
    def busy(self) -> int:
        """Jobs that are there; more than its width: some wait."""

    @property
    def width(self) -> int:
        """The most jobs that are done at once."""


class Housekeeping:
    """Each chore is short, and one that the store refuses has its next turn."""

    def __init__(
        self,
        store: Store,
        *,
        rules: Callable[[], Rules],
        retention: Callable[[], Retention],
        clock: Clock,
        metrics: Metrics,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._store = store
        self._rules = rules
        self._retention = retention
        self._clock = clock
        self._metrics = metrics

    async def do(self, chore: Callable[[], Awaitable[object]]) -> None:
        """Do a chore, or say why not."""
        try:
            await chore()
        except StoreError as error:
            log.error("housekeeping put off", error=str(error))

    async def turn(self, chore: Callable[[], Awaitable[object]]) -> None:
        """Do a chore as the scheduler asks; cut short by the end, its next turn comes.

        The scheduler itself would tell its own cancelling as an error, with a traceback.
        """
        try:
            await self.do(chore)
        except asyncio.CancelledError:
            log.info("chore cut short")

    async def count(self, *, places: Sequence[Workplace], paused: Mapping[str, object]) -> None:
        """Set the gauges."""
        figures, now = self._metrics, self._clock.now()
        for place in places:
            figures.busy.labels(place.name).set(place.busy)
            figures.places.labels(place.name).set(place.width)
        figures.paused.set(len(paused))
        counts, sizes = await self._store.counts(), dict(await self._store.sizes())
        show(figures.outbox, {state: counts[f"outbox_{state}"] for state in RowState})
        show(figures.stored, {kind: n for kind, n in counts.items() if not kind.startswith("outbox_")})
        figures.oldest.set((await self._store.waited(now)).total_seconds())
        figures.disk_free.set(sizes.pop("disk", 0))
        show(figures.store_bytes, sizes)
        show(figures.sources, _conditions(await self._store.sources(), now))

    async def plan(
        self, *, paused: Mapping[str, tuple[datetime, str]] | None = None, refused: tuple[str, ...] = ()
    ) -> int:
        """Open what goes out at set times, and tell what is wrong, once until it changes; how many are new.

        `paused` are the channels that take nothing, since when and why; `refused` the problems of a
        configuration that was refused.
        """
        policy, now = self._rules().policy, self._clock.now()
        rules = [(rule.watchlist, rule.id) for rule in self._rules().matcher.rules]
        vitals = await self._store.vitals(rules=rules, now=now)
        found = checkup(policy, replace(vitals, paused=paused or {}, refused=refused), now)
        opened = await self._store.open_rows(scheduled(policy, now, vitals), now=now)
        return opened + await self._store.record_health(found.standing, found.dispatches, now=now)

    async def prune(self) -> None:
        """Forget what retention does not keep, and give the space back, in steps that make nobody wait."""
        kept, now, articles, deliveries, more = self._retention(), self._clock.now(), 0, 0, True
        while more:
            pruned = await self._store.prune(
                articles_before=now - kept.articles, deliveries_before=now - kept.deliveries
            )
            articles, deliveries = articles + pruned.articles, deliveries + pruned.deliveries
            more = pruned.more
            await self._sleep(REST)
        if articles or deliveries:
            log.info("old rows removed", articles=articles, deliveries=deliveries)
        while await self._store.give_back():
            await self._sleep(REST)


def _conditions(states: Sequence[SourceState], now: datetime) -> dict[str, float]:
    found: dict[str, float] = dict.fromkeys(Condition, 0)
    for state in states:
        found[condition(state, now)] += 1
    return found
