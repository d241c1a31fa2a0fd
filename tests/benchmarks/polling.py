"""What polling costs: N feeds on loopback, each its own host, beside a bare aiohttp loop in the same run.

    python tests/benchmarks/polling.py [--feeds 1000] [--rounds 15] [--configured 10000]

Prints CPU seconds of this process (the server runs in another) for a first poll, an unchanged poll and a
poll with two new items a feed, store included, and the ratio to a bare loop that keeps ETags and throws the
bodies away; then what feedparser alone takes for the same bodies; then what a daemon with very many sources
costs, and how late its polls begin.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import re
import resource
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic, process_time
from typing import Any

import aiohttp
import feedparser
from aiohttp import web

from monitor.daemon import LEASE, POLLS
from monitor.fetching import FetchingSettings
from monitor.fetching.client import Client
from monitor.heap import lasting
from monitor.logs import configure_logs
from monitor.metrics import Metrics
from monitor.model import SourceClaim
from monitor.pipeline import Pipeline, Rules
from monitor.pump import Pump
from monitor.sources import Source, SourcesFile
from monitor.store.sqlite import SqliteStore

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
WORDS = [
    "troops",
    "north",
    "korea",
    "russia",
    "says",
    "minister",
    "after",
    "talks",
    "in",
    "seoul",
    "over",
    "the",
    "deployment",
    "of",
    "soldiers",
    "to",
    "kursk",
    "region",
    "officials",
    "said",
    "on",
    "monday",
    "as",
    "government",
    "allies",
    "warn",
    "of",
    "further",
    "escalation",
    "and",
    "new",
    "sanctions",
]


# ---------------------------------------------------------------------------- the feeds


def item(feed: int, number: int) -> str:
    chance = random.Random(feed * 1_000_003 + number)
    title = " ".join(chance.choices(WORDS, k=9)).capitalize()
    text = " ".join(chance.choices(WORDS, k=40))
    when = (START - timedelta(minutes=17 * (200 - number))).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"<item><title>{title}</title><link>https://news{feed}.example.org/world/{number}?utm_source=rss</link>"
        f'<guid isPermaLink="false">https://news{feed}.example.org/{number}</guid><pubDate>{when}</pubDate>'
        f"<dc:creator>Jane Doe</dc:creator><category>World</category><description><![CDATA[<p>{text} &amp; "
        f'<a href="https://example.org/more">more</a></p>]]></description>'
        f'<media:thumbnail url="https://images.example.org/{number}.jpg" width="240" height="135"/></item>'
    )


def feed_body(feed: int, added: int) -> bytes:
    length = 20 + feed % 31
    items = "".join(item(feed, number) for number in range(100 + added, 100 + added - length, -1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:media="http://search.yahoo.com/mrss/"><channel><title>News</title><link>https://example.org/'
        f"</link><language>en</language>{items}</channel></rss>"
    ).encode()


def serve(feeds: int, ready: Connection) -> None:
    """Every feed with an ETag; POST /advance gives each two new items."""
    state = {"added": 0}
    bodies: dict[tuple[int, int], bytes] = {}

    async def answer(request: web.Request) -> web.Response:
        feed = int(request.match_info["feed"])
        etag = f'"{feed}-{state["added"]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        key = (feed, state["added"])
        if key not in bodies:
            bodies[key] = feed_body(*key)
        return web.Response(body=bodies[key], headers={"ETag": etag}, content_type="application/rss+xml")

    async def few(request: web.Request) -> web.Response:
        feed = int(request.match_info["feed"])
        etag = f'"few-{feed}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        body = f"<rss version='2.0'><channel>{item(feed, 1)}{item(feed, 2)}</channel></rss>"
        spaces = "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/'"
        body = body.replace("<rss ", f"<rss {spaces} ")
        return web.Response(text=body, headers={"ETag": etag}, content_type="application/rss+xml")

    async def advance(_: web.Request) -> web.Response:
        state["added"] += 2
        bodies.update({(feed, state["added"]): feed_body(feed, state["added"]) for feed in range(feeds)})
        return web.Response()

    async def run() -> None:
        app = web.Application()
        app.add_routes(
            [web.get("/feed/{feed}", answer), web.get("/feed/{feed}/few", few), web.post("/advance", advance)]
        )
        bodies.update({(feed, 0): feed_body(feed, 0) for feed in range(feeds)})
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "0.0.0.0", 0, backlog=1024)
        await site.start()
        server: Any = site._server
        ready.send(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    asyncio.run(run())


def address(port: int, feed: int) -> str:
    return f"http://127.{1 + feed // 62500}.{feed // 250 % 250}.{1 + feed % 250}:{port}/feed/{feed}"


# ---------------------------------------------------------------------------- what is measured


class ShiftedClock:
    """The machine's clock, which can be set forward to make every source due."""

    def __init__(self) -> None:
        self.shift, self.seconds = timedelta(0), 0.0

    def set_forward(self, by: timedelta) -> None:
        self.shift += by
        self.seconds += by.total_seconds()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def monotonic(self) -> float:
        return monotonic() + self.seconds


async def cpu(label: str, work: Callable[[], Awaitable[object]]) -> float:
    began, at = process_time(), monotonic()
    await work()
    used = process_time() - began
    print(f"  {label:<44} {used:7.2f} CPU s   {monotonic() - at:7.2f} s")
    return used


async def bare_loop(urls: list[str], etags: dict[str, str]) -> None:
    """The least a poller can do: conditional GETs, 64 at a time, nothing else."""
    places = asyncio.Semaphore(64)
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask(url: str) -> None:
            headers = {"If-None-Match": etags[url]} if url in etags else {}
            async with places, session.get(url, headers=headers) as response:
                await response.read()
                assert response.status in {200, 304}
                etags[url] = response.headers["ETag"]

        await asyncio.gather(*map(ask, urls))


class Bench:
    """The daemon's own parts from claim to finish_poll, and its way to take work."""

    def __init__(self, store: SqliteStore, sources: dict[str, Source]) -> None:
        self.store = store
        self.clock = ShiftedClock()
        settings = FetchingSettings.model_validate({"allow_private": ["127.0.0.0/8"]})
        self.client = Client(settings, clock=self.clock, version="0")
        self.metrics = Metrics()
        unused: Any = None
        rules = Rules(sources=sources, fetching=settings, matcher=unused, policy=unused)
        self.pipeline = Pipeline(
            rules,
            store=store,
            fetcher=self.client,
            extractor=unused,
            clock=self.clock,
            metrics=self.metrics,
        )

    async def poll_all(self) -> None:
        """Every source once."""
        self.clock.set_forward(timedelta(minutes=65))  # all are due again, and none was away
        pump = Pump("poll", width=POLLS, take=self._take, work=self.pipeline.poll, metrics=self.metrics)
        await pump.exhaust()

    async def _take(self, room: int) -> list[SourceClaim]:
        return await self.store.claim_sources(self.clock.now(), limit=room, lease=LEASE)


def sources_of(port: int, count: int) -> dict[str, Source]:
    written = [{"id": f"feed-{number}", "url": address(port, number)} for number in range(count)]
    return {source.id: source for source in SourcesFile.model_validate({"sources": written}).sources}


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measure(port: int, feeds: int, configured: int, rounds: int) -> None:
    urls = [address(port, number) for number in range(feeds)]
    etags: dict[str, str] = {}
    print(f"{feeds} feeds of 20 to 50 items")
    bare_first = await cpu("bare aiohttp loop, first", lambda: bare_loop(urls, etags))
    with tempfile.TemporaryDirectory() as folder:
        with lasting():  # as `monitor run` does
            sources = sources_of(port, feeds)
        store = SqliteStore.open(f"sqlite:///{Path(folder) / 'bench.db'}")
        bench = Bench(store, sources)
        await store.register_sources(
            {name: source.url for name, source in sources.items()}, now=bench.clock.now()
        )
        first = await cpu("first poll, entries stored", bench.poll_all)
        await unchanged(bench, urls, etags, rounds)
        async with aiohttp.ClientSession() as session:
            await session.post(f"http://127.0.0.1:{port}/advance")
        steady = await cpu("poll with two new items a feed", bench.poll_all)
        print(
            f"  entries waiting: {(await store.counts()).get('entries_waiting')}; peak {megabytes():.0f} MiB"
        )
        await parse_alone(feeds)
        print(f"  first: {first / feeds * 1000:.2f} ms a feed, {first / bare_first:.1f} × the bare loop")
        print(f"  two new items: {steady / feeds * 1000:.2f} ms a feed")
        await bench.client.close()
        await store.close()
        if configured:
            await many(port, configured, Path(folder))


async def unchanged(bench: Bench, urls: list[str], etags: dict[str, str], rounds: int) -> None:
    """Turns of both, so that what else the machine does meets both; the first of each only warms up."""
    pairs: list[tuple[float, float]] = []
    for turn in range(rounds + 1):
        bare = await cpu(f"bare aiohttp loop, unchanged, {turn}", lambda: bare_loop(urls, etags))
        ours = await cpu(f"unchanged poll, {turn}", bench.poll_all)
        pairs.append((bare, ours))
    ratios = sorted(ours / bare for bare, ours in pairs[1:])
    bares, all_ours = (sorted(side) for side in zip(*pairs[1:], strict=True))
    print(
        f"  unchanged: {statistics.median(ratios):.2f} × the bare loop, the median of {rounds} pairs "
        f"({ratios[0]:.2f} to {ratios[-1]:.2f}); least of each {all_ours[0] / bares[0]:.2f} ×\n"
        f"    {statistics.median(all_ours) / len(urls) * 1000:.2f} ms a feed "
        f"({all_ours[0] / len(urls) * 1000:.2f} to {all_ours[-1] / len(urls) * 1000:.2f}), "
        f"the bare loop {statistics.median(bares) / len(urls) * 1000:.2f}"
    )


async def parse_alone(feeds: int) -> None:
    sample = range(0, feeds, max(1, feeds // 50))

    async def parse() -> None:
        for number in sample:
            feedparser.parse(BytesIO(feed_body(number, 0)), sanitize_html=False, resolve_relative_uris=False)

    used = await cpu(f"lean feedparser alone, {len(sample)} feeds", parse)
    print(f"  lean feedparser for all {feeds}: {used / len(sample) * feeds:.1f} CPU s")


async def many(port: int, count: int, folder: Path) -> None:
    """What it costs a daemon to have very many sources, and how late it is; 60 s are watched after all were read."""
    config = write_config(folder, port, count)
    began = monotonic()
    daemon = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "monitor", "run", "--config", str(config), "--log", "json"),
        stderr=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    assert daemon.stderr is not None
    told: Counter[str] = Counter()
    http = ""
    async for line in daemon.stderr:
        event = json.loads(line)
        told[event["event"]] += 1
        if event["event"] == "daemon started":
            http = str(event["http"])
            http = http if "://" in http else f"http://{http}"
            print(f"{count} sources: started after {monotonic() - began:.1f} s, {of(daemon.pid)}")
        if told["source polled"] + told["source failed"] >= count:
            break
    print(f"  all read after {monotonic() - began:.1f} s, {of(daemon.pid)}, {told['source failed']} failed")
    reading = asyncio.create_task(daemon.stderr.read())
    async with aiohttp.ClientSession() as session:
        before = await lateness(session, http)
        await asyncio.sleep(60)
        after = await lateness(session, http)
    polls = {bound: after[bound] - before[bound] for bound in after}
    print(f"  polls in the 60 s after: {polls['+Inf']:.0f}; begun at most so many seconds late: {polls}")
    print(f"  {of(daemon.pid)}")
    daemon.terminate()
    await reading
    await daemon.wait()


def write_config(folder: Path, port: int, count: int) -> Path:
    """A folder with so many sources, each its own host, of two entries, polled fifteen times as often as usual."""
    config = folder / "config"
    (config / "watchlists").mkdir(parents=True)
    lines = (
        f"  - {{id: feed-{number}, url: '{address(port, number)}/few', full_text: false, every: 60s}}\n"
        for number in range(count)
    )
    (config / "sources.yaml").write_text("sources:\n" + "".join(lines))
    (config / "watchlists" / "w.yaml").write_text("watchlist: w\nrules: [North Korea]\n")
    (config / "monitor.yaml").write_text(
        f"storage: 'sqlite:///{folder / 'many.db'}'\nhttp: {{bind: '127.0.0.1:0'}}\n"
        f"mail: {{maildir: '{folder / 'mail'}'}}\nfetching: {{allow_private: [127.0.0.0/8]}}\n"
    )
    return config


def of(process: int) -> str:
    """A process's CPU seconds and greatest memory so far."""
    status = Path(f"/proc/{process}/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    ticks = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return f"{(int(ticks[11]) + int(ticks[12])) / os.sysconf('SC_CLK_TCK'):.1f} CPU s, peak {peak:.0f} MiB"


async def lateness(session: aiohttp.ClientSession, http: str) -> dict[str, float]:
    """How many polls began at most so late, by the bound in seconds."""
    async with session.get(f"{http}/metrics") as response:
        text = await response.text()
    found = re.findall(r'monitor_source_lateness_seconds_bucket\{le="([^"]+)"\} (\S+)', text)
    return {bound: float(number) for bound, number in found if bound in {"0.5", "1.0", "2.5", "10.0", "+Inf"}}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--configured", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=15, help="pairs of unchanged polls")
    asked = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    receiving, sending = spawn.Pipe(duplex=False)
    server = spawn.Process(target=serve, args=(asked.feeds, sending), daemon=True)
    server.start()
    configure_logs((Path(tempfile.gettempdir()) / "polling.log").open("w", encoding="utf-8"), json=True)
    try:
        asyncio.run(measure(receiving.recv(), asked.feeds, asked.configured, asked.rounds))
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
