"""Sources under watch: real HTTP, a real store, the real matcher and policy, and a clock that is set."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from newsroom import StillClock
from webserver import Names

from monitor.alerting import Policy
from monitor.config.folder import load
from monitor.fetching.client import Client
from monitor.metrics import Metrics
from monitor.model import Alert, Article, FeedEntry, Fetched, Origin, RowState, SourceState
from monitor.pipeline import Pipeline, Rules
from monitor.store.base import Ending, Polled
from monitor.store.sqlite import SqliteStore

__all__ = ["Jumping", "Watch", "atom_date", "item", "rss"]

LEASE = timedelta(minutes=10)


def item(number: int, title: str, *, guid: str = "", when: str = "", more: str = "") -> str:
    """An RSS item about something."""
    dated = f"<pubDate>{when}</pubDate>" if when else ""
    return (
        f"<item><title>{title}</title><link>https://news.example.org/{number}</link>"
        f"<guid isPermaLink='false'>{guid or number}</guid>{dated}<description>{more}</description></item>"
    )


def rss(items: Iterable[str]) -> bytes:
    """A feed of items."""
    return f"<rss version='2.0'><channel><title>T</title>{''.join(items)}</channel></rss>".encode()


def atom_date(clock: StillClock, ago: timedelta) -> str:
    """A moment as feeds write it."""
    return (clock.now() - ago).strftime("%a, %d %b %Y %H:%M:%S +0000")


class Jumping(StillClock):
    """A clock whose time of day may be set back while its seconds go on, as a machine's do."""

    def monotonic(self) -> float:
        return 0.0


class NoPages:
    """No test here reads a page."""

    async def read(self, page: Fetched, *_: FeedEntry | Origin, **__: object) -> Article:
        raise AssertionError(f"the page {page.url} was read")


class Watch:
    """A configured system; `cycle` polls what is due, reads what came and sends what is due then."""

    def __init__(self, config: Path, clock: Jumping) -> None:
        environment = {
            "MONITOR_FETCHING__ALLOW_PRIVATE": "[127.0.0.1/32]",
            "MONITOR_FETCHING__PER_HOST__GAP": "0s",
        }
        found = load(config, environment)
        self.clock = clock
        self.store = SqliteStore.open("sqlite://:memory:")
        names = Names({"consent.example.com": ["127.0.0.1"]})
        self.client = Client(found.settings.fetching, clock=clock, version="1", resolver=names)
        self.urls = {source.id: source.url for source in found.sources.values()}
        recipients = {name: ["desk@example.org"] for name in found.channels}
        self.pipeline = Pipeline(
            Rules(
                sources=found.sources,
                fetching=found.settings.fetching,
                matcher=found.compiled.matcher,
                policy=Policy(settings=found.alerting, recipients=recipients),
            ),
            store=self.store,
            fetcher=self.client,
            extractor=NoPages(),
            clock=clock,
            metrics=Metrics(),
        )

    async def poll(self) -> list[Polled | None]:
        """Poll every source that is due."""
        await self.store.register_sources(self.urls, now=self.clock.now())
        polled: list[Polled | None] = []
        while claims := await self.store.claim_sources(self.clock.now(), limit=999, lease=LEASE):
            polled += await asyncio.gather(*map(self.pipeline.poll, claims))
        return polled

    async def read(self) -> None:
        """Read, match and judge all entries that wait."""
        while claims := await self.store.claim_entries(self.clock.now(), limit=99, lease=LEASE):
            for claim in claims:
                assert await self.pipeline.read(claim) is not None

    async def send(self) -> list[str]:
        """Send the mails that are due: the kind of each, and the titles it tells."""
        sent: list[str] = []
        now = self.clock.now()
        for claim in await self.store.claim_outbox(now, limit=999, lease=LEASE):
            await self.store.freeze(claim, parcel=b"x", subject="s", message_id="<m>", now=now)
            await self.store.settle(claim, Ending(state=RowState.SENT), now=now)
            titles = dict.fromkeys(alert.article.title for alert in claim.alerts)
            sent.append(f"{claim.kind}: {', '.join(titles)}")
        return sent

    async def cycle(self, pause: timedelta = timedelta(days=1, hours=1)) -> list[str]:
        """Poll everything that is due, read it, let time pass, send the mails that are due then."""
        await self.poll()
        await self.read()
        self.clock.pass_by(pause)
        return await self.send()

    async def states(self) -> dict[str, SourceState]:
        """What is remembered of each source."""
        return {state.source: state for state in await self.store.sources()}

    async def alerts(self) -> list[Alert]:
        """All alerts, spoken or not."""
        return await self.store.alerts(limit=9999)

    async def close(self) -> None:
        """Let go of store and network."""
        await self.client.close()
        await self.store.close()
