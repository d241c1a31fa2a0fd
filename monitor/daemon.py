"""The composition root: builds the parts, gives them their rhythm, reloads and stops them."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from monitor import __version__, lanes
from monitor.alerting import Policy, compose
from monitor.clock import Clock, SystemClock
from monitor.config.folder import Configuration
from monitor.config.reloading import Reloader
from monitor.delivery import Delivery
from monitor.extraction.pool import Pool
from monitor.fetching.client import Client
from monitor.fetching.urls import claimed
from monitor.housekeeping import Housekeeping, Workplace
from monitor.logs import log
from monitor.metrics import Metrics
from monitor.model import EntryClaim, Kind, OutboxClaim, RowState, SourceClaim
from monitor.pipeline import Pipeline, Rules
from monitor.postroom.rooms import PostRooms
from monitor.pulse import Pulse
from monitor.pump import Pump
from monitor.scheduler import Scheduler
from monitor.store.base import Store
from monitor.web.server import Readiness, WebServer
from monitor.weighing import weigh

__all__ = ["Daemon"]
Claim = TypeVar("Claim")

GRACE = 10.0  # seconds that a delivery in hand gets after SIGTERM; then it is cancelled and settled
BRIEF = 2.0  # seconds for polls and readings: they are begun again after the restart, and lose nothing
LEASE = timedelta(minutes=10)
POLLS = 256  # more than the client fetches at once: those of slow hosts wait in its gate
READS = 128
READY = 2  # articles of a host in hand for each that it is asked for at once, so that no moment is lost
SENDS = 2048  # a channel that hangs holds 32 of them at most
TICK = timedelta(seconds=1)
WARM = timedelta(minutes=1)  # before the archive's words are weighed: the start has other work


class Daemon:
    """One process: everything from poll to delivery on one event loop, what takes the CPU beside it."""

    def __init__(
        self,
        configuration: Configuration,
        *,
        store: Store,
        environment: Mapping[str, str],
        clock: Clock | None = None,
        grace: float = GRACE,
        deserted: Callable[[], bool] = bool,
    ) -> None:
        """`deserted` tells whether the terminal that we were started on is gone: then SIGHUP says so."""
        self._configuration = configuration
        self._environment = environment
        self._store = store
        self._clock = clock or SystemClock()
        self.metrics = Metrics()
        self.metrics.build.labels(__version__).set(1)
        self._grace = grace
        self._deserted = deserted
        self._failed = 0
        self._refused: tuple[str, ...] = ()
        self._stop = asyncio.Event()
        self._pool = Pool(settle=claimed)
        self._client = self._new_client()
        self._rooms = self._new_rooms()
        self._delivery = self._new_delivery()
        self._pipeline = self._new_pipeline()
        self._polls: Pump[SourceClaim] = self._pump("poll", POLLS, self._take_sources, self._poll)
        self._reads: Pump[EntryClaim] = self._pump("read", READS, self._take_entries, self._read)
        self._sends: Pump[OutboxClaim] = self._pump("deliver", SENDS, self._take_outbox, self._send)
        self._pumps: tuple[Pump[Any], ...] = (self._polls, self._reads, self._sends)
        self._chores = self._new_chores()
        self._reloader = self._new_reloader()
        self._scheduler = self._new_scheduler()
        self._pulse = Pulse(self._clock, metrics=self.metrics, jumped=self._clock_set)

    # ------------------------------------------------------------------ the two ways to run

    async def run(self) -> int:
        """Work until SIGTERM or SIGINT, then finish what is in hand and return 0."""
        self._listen_to_signals()
        web = WebServer(self._configuration.settings.http, metrics=self.metrics, ready=self._ready)
        address = await web.start()
        await self._register(self._configuration)
        works = [asyncio.create_task(pump.run(), name=pump.name) for pump in self._pumps]
        watches = [asyncio.create_task(each.run()) for each in (self._reloader, self._pulse)]
        self._scheduler.start()
        self._tell_start(address)
        stop = asyncio.create_task(self._stop.wait(), name="stop")
        await asyncio.wait([stop, *works, *watches], return_when=asyncio.FIRST_COMPLETED)
        self._scheduler.stop()
        for watch in (stop, *watches):
            watch.cancel()
        await asyncio.gather(self._polls.stop(BRIEF), self._reads.stop(BRIEF), self._sends.stop(self._grace))
        await web.stop()
        await self._close()
        for task in (*works, *watches):  # none of them ends by itself but by a bug: then so do we
            with suppress(asyncio.CancelledError):
                await task
        log.info("daemon stopped")
        return 0

    async def once(self) -> int:
        """Poll what is due, close every gathering wait, deliver what may go now; 1 if a delivery failed."""
        await self._register(self._configuration)
        await self._polls.exhaust()
        await self._reads.exhaust()
        await self._plan()
        while not await self._store.inherit():  # noqa: ASYNC110  another process ends
            await asyncio.sleep(TICK.total_seconds() / 10)
        await self._store.hasten(self._clock.now())
        await self._sends.exhaust()
        await self._index()
        await self._close()
        return 1 if self._failed else 0

    def _tell_start(self, address: str) -> None:
        found = self._configuration
        mail = found.settings.mail
        way = f"{mail.smtp.host}:{mail.smtp.number}" if mail.smtp else f"Maildir {mail.maildir} (no SMTP)"
        log.info("daemon started", version=__version__, sources=len(found.sources), http=address, mail=way)

    # ------------------------------------------------------------------ the work

    async def _take_sources(self, room: int) -> list[SourceClaim]:
        return await self._store.claim_sources(self._clock.now(), limit=room, lease=LEASE)

    async def _poll(self, claim: SourceClaim) -> None:
        polled = await self._pipeline.poll(claim)
        if polled and (polled.new or polled.changed):
            self._reads.nudge()

    async def _take_entries(self, room: int) -> list[EntryClaim]:
        asked_at_once = self._configuration.settings.fetching.per_host.concurrent
        return await self._store.claim_entries(
            self._clock.now(), limit=room, lease=LEASE, of_one_host=READY * asked_at_once
        )

    async def _read(self, claim: EntryClaim) -> None:
        decision = await self._pipeline.read(claim)
        if decision and decision.dispatches:
            self._sends.nudge()

    async def _take_outbox(self, room: int) -> list[OutboxClaim]:
        return await self._delivery.take(room)

    async def _send(self, claim: OutboxClaim) -> None:
        state = await self._delivery.deliver(claim)
        self.metrics.deliveries.labels(claim.channel, state).inc()
        if state is not RowState.SENT:
            self._failed += 1
            return
        if claim.kind is not Kind.DIGEST:  # a digest waits by design
            self._measure(claim)

    def _measure(self, claim: OutboxClaim) -> None:
        """How long its articles took to be told."""
        now, articles = self._clock.now(), {alert.article.url: alert.article for alert in claim.alerts}
        for article in articles.values():
            self.metrics.alert_handling.observe(max(0.0, (now - article.fetched).total_seconds()))
            if article.published:
                self.metrics.alert_latency.observe(max(0.0, (now - article.published).total_seconds()))

    # ------------------------------------------------------------------ rhythm

    async def reweigh(self) -> None:
        """Learn from the archive how common words are, and bring rules up by what is rare there."""
        if frequencies := await weigh(self._store):
            self._configuration = await self._reloader.reweigh(frequencies)
            self._pipeline.rules = self._rules()

    async def _tick(self) -> None:
        for pump in self._pumps:
            pump.nudge()

    async def _count(self) -> None:
        places: tuple[Workplace, ...] = (*self._pumps, self._pool, *lanes.places())
        await self._chores.count(places=places, paused=self._delivery.paused())

    async def _index(self) -> None:
        """Bring the archive's index up to date, half of the time leaving the store to others."""
        began = self._clock.monotonic()
        while not self._stop.is_set() and await self._store.archive.catch_up():
            await asyncio.sleep(self._clock.monotonic() - began)
            began = self._clock.monotonic()

    async def _plan(self) -> None:
        if await self._chores.plan(paused=self._delivery.paused(), refused=self._refused):
            self._sends.nudge()

    async def _clock_set(self, jump: timedelta) -> None:
        """Go by the new time: what the store holds was due by the old one."""
        if jump < timedelta(0):
            await self._chores.do(lambda: self._store.turn_back(-jump))
        self._scheduler.restart()

    # ------------------------------------------------------------------ signals

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked_to_stop, number)
        loop.add_signal_handler(signal.SIGHUP, self._asked_to_reload)

    def _asked_to_stop(self, number: signal.Signals) -> None:
        """The first signal stops cleanly; its handler goes, so that the second ends the process at once."""
        log.info("stopping", signal=number.name, grace_seconds=self._grace)
        asyncio.get_running_loop().remove_signal_handler(number)
        self._stop.set()

    def _asked_to_reload(self) -> None:
        if self._deserted():
            self._stop.set()
            return
        self._reloading = asyncio.create_task(self._reloader.reload(), name="reload")

    async def reload(self) -> bool:
        """Put the configuration in force as it is on disk now, all of it or, where it is wrong, nothing."""
        return await self._reloader.reload()

    async def _put(self, found: Configuration) -> None:
        """Take a configuration over; ConfigError or StoreError, and nothing is changed."""
        room = self._rooms.prepare(found.channels, found.settings.mail)
        await self._register(found)
        self._rooms.move(room)
        self._configuration, self._refused = found, ()
        self._delivery.adopt(self._rooms.channels())
        self._pipeline.rules = self._rules()

    async def _complain(self, problems: Sequence[str]) -> None:
        self._refused = tuple(problems)
        await self._chores.do(self._plan)

    # ------------------------------------------------------------------ the parts

    def _rules(self) -> Rules:
        found = self._configuration
        return Rules(
            sources=found.sources,
            fetching=found.settings.fetching,
            matcher=found.compiled.matcher,
            policy=self._policy(),
        )

    def _policy(self) -> Policy:
        return Policy(settings=self._configuration.alerting, recipients=self._rooms.recipients())

    def _new_rooms(self) -> PostRooms:
        found = self._configuration
        return PostRooms(
            found.channels,
            found.settings.mail,
            receipts=self._store.receipts,
            clock=self._clock,
            metrics=self.metrics,
        )

    def _new_client(self) -> Client:
        return Client(self._configuration.settings.fetching, clock=self._clock, version=__version__)

    def _new_delivery(self) -> Delivery:
        return Delivery(
            self._store,
            self._rooms.channels(),
            lambda claim: compose(claim, policy=self._pipeline.rules.policy, now=self._clock.now()),
            clock=self._clock,
            random=random.SystemRandom().random,
        )

    def _new_pipeline(self) -> Pipeline:
        return Pipeline(
            self._rules(),
            store=self._store,
            fetcher=self._client,
            extractor=self._pool,
            clock=self._clock,
            metrics=self.metrics,
        )

    def _new_chores(self) -> Housekeeping:
        return Housekeeping(
            self._store,
            rules=lambda: self._pipeline.rules,
            retention=lambda: self._configuration.settings.retention,
            clock=self._clock,
            metrics=self.metrics,
        )

    def _new_reloader(self) -> Reloader:
        return Reloader(
            self._configuration,
            self._environment,
            put=self._put,
            complain=self._complain,
            clock=self._clock,
            metrics=self.metrics,
        )

    def _new_scheduler(self) -> Scheduler:
        scheduler, turn = Scheduler(), self._chores.turn
        scheduler.every(TICK, self._tick)
        scheduler.every(timedelta(seconds=5), partial(turn, self._index))
        scheduler.every(timedelta(seconds=15), partial(turn, self._count))
        scheduler.every(timedelta(minutes=1), partial(turn, self._plan))
        scheduler.every(timedelta(hours=1), partial(turn, self._chores.prune))
        scheduler.every(timedelta(hours=6), partial(turn, self.reweigh), first=WARM)
        return scheduler

    def _pump(
        self,
        name: str,
        width: int,
        take: Callable[[int], Awaitable[list[Claim]]],
        work: Callable[[Claim], Awaitable[None]],
    ) -> Pump[Claim]:
        return Pump(name, width=width, take=take, work=work, metrics=self.metrics)

    async def _register(self, found: Configuration) -> None:
        """Tell the store which sources are configured."""
        urls = {source.id: source.url for source in found.sources.values()}
        await self._store.register_sources(urls, now=self._clock.now())

    async def _ready(self) -> Readiness:
        paused = self._delivery.paused().items()
        return Readiness(
            drain="stopping" if self._stop.is_set() else "",
            store=await self._store.ready(),
            configuration=self._reloader.trouble,
            channels=", ".join(
                f"{name} is paused since {since:%H:%M} UTC: {words}" for name, (since, words) in paused
            ),
            post_room=self._rooms.deaths.words(),
        )

    async def _close(self) -> None:
        await self._client.close()
        await self._rooms.close()
        self._pool.close()
