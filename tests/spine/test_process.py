"""The daemon as its operator meets it: a process that gets signals."""

import asyncio
import email
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from newsroom import ROOT
from nursery import Child, Nursery
from waiting import until

from monitor.clock import SystemClock
from monitor.model import RowState
from monitor.store.sqlite import SqliteStore
from monitor.web.site import SampleSite

WATCHLIST = """\
    version: 1
    watchlist: korea
    rules: [{id: troops, severity: critical, match: '"North Korean" /s (troops OR soldiers)'}]
    """
ALERTING = """\
    version: 1
    channels: {desk: {type: email, to: [desk@example.org]}}
    defaults: {first_run: alert}
    """


class Process:
    """A running daemon and its log."""

    def __init__(self, process: asyncio.subprocess.Process | Child, log: asyncio.StreamReader) -> None:
        self.process = process
        self._log = log

    async def until(self, event: str, times: int = 1) -> dict[str, object]:
        """Read the log until an event was told so often; the last telling."""
        async for line in self._log:
            told = json.loads(line)
            times -= told["event"] == event
            if not times:
                return told
        raise AssertionError(f"the daemon ended before it told: {event}")

    async def end(self, number: signal.Signals) -> int:
        """Send a signal and read the log to its end; the exit code."""
        self.process.send_signal(number)
        await self._log.read()
        return await self.process.wait()


@asynccontextmanager
async def watched(
    process: asyncio.subprocess.Process | Child, log: asyncio.StreamReader
) -> AsyncIterator[Process]:
    """A daemon that does not outlive its test."""
    try:
        yield Process(process, log)
    finally:
        if process.returncode is None:
            process.kill()
            await log.read()
            await process.wait()


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """The sample news site as of now: the process has the real clock, and old news alert nobody."""
    sample = SampleSite(ROOT / "seeds", now=SystemClock().now())
    yield await sample.start()
    await sample.stop()


@pytest.fixture
def config(folder: Callable[..., Path], site: str) -> Path:
    feeds = {"daily": "feed.xml", "wire": "wire.atom"}
    listed = (f"{{id: {name}, url: '{site}/{file}', full_text: false}}" for name, file in feeds.items())
    sources = f"sources: [{', '.join(listed)}]\n"
    return folder(sources=sources, watchlist=WATCHLIST, alerting=ALERTING)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MONITOR_", "COV_"))}
    return kept | {
        "MONITOR_STORAGE": f"sqlite:///{tmp_path / 'monitor.db'}",
        "MONITOR_MAIL__MAILDIR": str(tmp_path / "mail"),
        "MONITOR_HTTP__BIND": "127.0.0.1:0",
        "MONITOR_FETCHING__ALLOW_PRIVATE": "[127.0.0.0/8]",
        "MONITOR_FETCHING__PER_HOST__GAP": "0s",
    }


def words(config: Path) -> tuple[str, ...]:
    return ("run", "--config", str(config), "--log", "json")


@pytest.fixture
def daemon(environment: dict[str, str], nursery: Nursery) -> Callable[[Path], object]:
    @asynccontextmanager
    async def start(config: Path) -> AsyncIterator[Process]:
        log = asyncio.StreamReader(limit=1 << 20)
        reading = asyncio.StreamReaderProtocol(log)
        heard, told = os.pipe()
        await asyncio.get_running_loop().connect_read_pipe(lambda: reading, os.fdopen(heard, "rb", 0))
        process = await nursery.start("monitor", *words(config), environment=environment, streams={2: told})
        os.close(told)
        async with watched(process, log) as running:
            yield running

    return start


@pytest.fixture
def fresh_daemon(environment: dict[str, str]) -> Callable[[Path], object]:
    """Started as an operator does, by the interpreter."""

    @asynccontextmanager
    async def start(config: Path) -> AsyncIterator[Process]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "monitor", *words(config)),
            env=environment,
            stderr=asyncio.subprocess.PIPE,
            limit=1 << 20,
        )
        assert process.stderr
        async with watched(process, process.stderr) as running:
            yield running

    return start


def delivered(tmp_path: Path) -> list[str]:
    """The Message-IDs in the Maildir."""
    mails = (tmp_path / "mail" / "new").glob("*")
    return [email.message_from_bytes(path.read_bytes())["Message-ID"] for path in mails]


async def row_states(tmp_path: Path) -> list[RowState]:
    store = SqliteStore.open(f"sqlite:///{tmp_path / 'monitor.db'}", mode="read")
    try:
        return [row.state for row in await store.outbox(limit=1000)]
    finally:
        await store.close()


async def test_without_any_network_it_stays_up_says_what_failed_and_ends_well(fresh_daemon, folder):
    sources = (
        "sources: [{id: a, url: 'http://nowhere.invalid/rss'}, {id: b, url: 'http://127.0.0.1:1/rss'}]\n"
    )
    config = folder(sources=sources, watchlist=WATCHLIST, alerting=ALERTING)
    async with fresh_daemon(config) as running:
        await running.until("daemon started")
        told = await running.until("source failed", times=2)
        assert told["reason"]
        assert running.process.returncode is None
        assert await running.end(signal.SIGTERM) == 0


async def test_killed_and_started_again_it_sends_what_is_left_and_nothing_twice(daemon, config, tmp_path):
    async def all_sent() -> bool:
        states = await row_states(tmp_path)
        return len(states) >= 5 and set(states) == {RowState.SENT}

    async with daemon(config) as running:
        await running.until("delivery settled", times=3)
        assert await running.end(signal.SIGKILL) == -signal.SIGKILL
    before = len(delivered(tmp_path))
    async with daemon(config) as running:
        await running.until("daemon started")
        await until(all_sent)  # what a receipt settled is told by no event
        assert await running.end(signal.SIGTERM) == 0
    sent = delivered(tmp_path)
    assert len(sent) == len(await row_states(tmp_path)) >= before
    assert sorted(sent) == sorted(set(sent))


async def test_it_ends_with_the_terminal_that_it_was_started_on(config, environment, nursery):
    screen, keyboard = os.openpty()
    unread = asyncio.StreamReader()
    unread.feed_eof()
    process = await nursery.start("monitor", *words(config), environment=environment, streams={2: keyboard})
    os.close(keyboard)
    async with watched(process, unread):
        seen = b""
        while b"daemon started" not in seen:
            seen += await asyncio.to_thread(os.read, screen, 4096)
        os.close(screen)
        process.send_signal(signal.SIGHUP)
        assert await process.wait() == 0


async def test_a_reload_takes_all_or_nothing_and_sigterm_ends_it_with_no_row_in_work(
    daemon, config, tmp_path
):
    watchlist = config / "watchlists" / "w.yaml"
    async with daemon(config) as running:
        await running.until("daemon started")
        watchlist.write_text("watchlist: w\nrules: [{id: a, match: 'a AND b OR c'}]\n")
        running.process.send_signal(signal.SIGHUP)
        refused = await running.until("configuration refused, the old one stays in force")
        assert str(watchlist) in refused["problems"][0]
        watchlist.write_text("watchlist: w\nrules: [Korea]\n")
        running.process.send_signal(signal.SIGHUP)
        assert (await running.until("configuration reloaded"))["sources"] == 2
        watchlist.write_text("watchlist: w\nrules: [Korea, Russia]\n")
        assert (await running.until("configuration reloaded"))["changed"] == {
            "rules": {"added": ["w/russia"]}
        }
        assert await running.end(signal.SIGTERM) == 0
    assert RowState.SENDING not in await row_states(tmp_path)
