"""One article's way from a real feed to a real mailbox: real HTTP, real SQLite, real SMTP, real processes."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiohttp import web
from newsroom import ROOT, Mailroom, StillClock, write_folder

from monitor.config.folder import load
from monitor.daemon import Daemon
from monitor.model import Alert, FeedEntry, RowState, Verdict
from monitor.store.sqlite import SqliteStore
from monitor.web.site import SampleSite

SOURCES = """\
    version: 1
    sources:
      - {{id: daily, url: "{site}/feed.xml", outlet: The Daily}}
      - {{id: wire, url: "{site}/wire.atom", outlet: The Wire}}
    """
WATCHLIST = """\
    version: 1
    watchlist: korea
    rules:
      - {id: troops, severity: critical, match: '"North Korean" /s (troops OR soldiers)'}
    """
ALERTING = """\
    version: 1
    channels:
      desk: {type: email, to: [desk@example.org]}
    defaults: {first_run: alert}
    """

NO_FEEDS = {
    "nothing": (b"", "empty"),
    "login": (b"<!doctype html><html><title>Sign in</title><p>Please sign in", "web page, not a feed"),
    "excuse": (b'{"error": "no such feed"}', "JSON"),
    "huge": (b"<rss><channel><title>x</title>" + b" " * (11 << 20), "MiB"),
}


class Newsroom:
    """A configured system over the sample site: `cycle()` is `monitor run --once`."""

    def __init__(self, config: Path, environment: dict[str, str], clock) -> None:
        self.config, self.environment, self.clock = config, environment, clock
        self.measured = 0  # articles of the last cycle of which it is known how long they took to be told

    async def cycle(self) -> int:
        found = load(self.config, self.environment)
        store = SqliteStore.open(found.settings.storage, mode="daemon")
        daemon = Daemon(found, store=store, environment=self.environment, clock=self.clock)
        try:
            return await daemon.once()
        finally:
            registry = daemon.metrics.registry
            self.measured = int(registry.get_sample_value("monitor_alert_handling_seconds_count") or 0)
            await store.close()

    async def alerts(self) -> list[Alert]:
        store = SqliteStore.open(self.environment["MONITOR_STORAGE"], mode="read")
        try:
            return await store.alerts(limit=1000)
        finally:
            await store.close()

    async def to_index(self) -> int:
        store = SqliteStore.open(self.environment["MONITOR_STORAGE"], mode="read")
        try:
            return (await store.counts())["articles_to_index"]
        finally:
            await store.close()

    async def states(self) -> list[RowState]:
        store = SqliteStore.open(self.environment["MONITOR_STORAGE"], mode="read")
        try:
            return [row.state for row in await store.outbox(limit=1000)]
        finally:
            await store.close()


def environment(folder: Path, port: int) -> dict[str, str]:
    """The settings of a test's system: its own store, the mail room, pages from this machine."""
    return {
        "MONITOR_STORAGE": f"sqlite:///{folder / 'monitor.db'}",
        "MONITOR_MAIL__SMTP__HOST": "127.0.0.1",
        "MONITOR_MAIL__SMTP__PORT": str(port),
        "MONITOR_MAIL__SMTP__TLS": "none",
        "MONITOR_FETCHING__ALLOW_PRIVATE": "[127.0.0.0/8]",
        "MONITOR_FETCHING__PER_HOST__GAP": "0s",
        "MONITOR_FETCHING__PER_HOST__CONCURRENT": "8",
    }


@pytest.fixture
def newsroom(folder: Callable[..., Path], site: str, tmp_path: Path, clock, mailroom) -> Newsroom:
    config = folder(sources=SOURCES.format(site=site), watchlist=WATCHLIST, alerting=ALERTING)
    return Newsroom(config, environment(tmp_path, mailroom.port), clock)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[EmailMessage], list[Alert]]:
    """The mails and alerts of one full cycle over the whole sample site, read once for all who ask."""
    return asyncio.run(first_cycle(tmp_path_factory.mktemp("told")))


async def first_cycle(folder: Path) -> tuple[list[EmailMessage], list[Alert]]:
    clock, mailroom = StillClock(datetime(2026, 11, 24, 9, 0, tzinfo=UTC)), Mailroom()
    site = SampleSite(ROOT / "seeds", now=clock.now())
    await mailroom.start()
    sources = SOURCES.format(site=await site.start())
    config = write_folder(folder / "config", sources=sources, watchlist=WATCHLIST, alerting=ALERTING)
    newsroom = Newsroom(config, environment(folder, mailroom.port), clock)
    assert await newsroom.cycle() == 0
    assert await newsroom.to_index() == 0
    await site.stop()
    await mailroom.stop()
    return mailroom.mails, await newsroom.alerts()


def about_training(mails: list[EmailMessage]) -> list[EmailMessage]:
    """The mails about the story that both feeds tell, one of them twice over."""
    return [mail for mail in mails if "North Korean troops are training in Russia" in mail["Subject"]]


def test_a_mail_server_receives_the_alert_with_the_matching_sentence(told):
    (mail,) = about_training(told[0])
    assert mail["To"] == "desk@example.org"
    assert "*North Korean* *troops*" in mail.get_body(("plain",)).get_content()
    assert "<mark" in mail.get_body(("html",)).get_content()


def test_the_same_article_through_two_feeds_alerts_once(told):
    mails, alerts = told
    assert len(about_training(mails)) == 1
    assert len([alert for alert in alerts if "troops-in-russia.html" in alert.article.url]) == 1


def test_a_hostile_title_neither_breaks_nor_changes_the_mail(told):
    (mail,) = [each for each in told[0] if "Bcc" in str(each["Subject"])]
    assert mail["Bcc"] is None
    assert "<script" not in mail.get_body(("html",)).get_content().lower()
    assert "\u202e" not in mail["Subject"]


def test_words_in_boilerplate_alert_nobody(told):
    urls = {alert.article.url.rpartition("/")[2] for alert in told[1]}
    assert not urls & {"school-kitchens.html", "martial-law.html", "georgia-football.html"}


def test_every_match_is_told_or_has_the_reason_why_not(told):
    assert told[1]
    assert all(alert.verdict in Verdict and alert.reason for alert in told[1])


async def test_a_restart_sends_nothing_again(newsroom, mailroom):
    await newsroom.cycle()
    told = len(mailroom.taken)
    assert newsroom.measured >= told > 0
    newsroom.clock.pass_by(timedelta(hours=1))
    assert await newsroom.cycle() == 0
    assert len(mailroom.taken) == told
    assert set(await newsroom.states()) == {RowState.SENT}


async def test_how_long_news_took_is_measured_of_alerts_but_not_of_digests_which_wait_by_design(
    newsroom, mailroom
):
    alerting = newsroom.config / "alerting.yaml"
    alerting.write_text(alerting.read_text().replace("first_run: alert", "first_run: digest"))
    assert await newsroom.cycle() == 0
    newsroom.clock.pass_by(timedelta(days=1))
    assert await newsroom.cycle() == 0
    assert [mail["Subject"].partition(":")[0] for mail in mailroom.mails] == ["First look"]
    assert newsroom.measured == 0


async def test_a_dead_mail_server_loses_nothing_and_the_cycle_says_so(newsroom, mailroom):
    port = newsroom.environment["MONITOR_MAIL__SMTP__PORT"]
    newsroom.environment["MONITOR_MAIL__SMTP__PORT"] = "1"
    assert await newsroom.cycle() == 1
    waiting = await newsroom.states()
    assert set(waiting) == {RowState.PENDING}
    newsroom.environment["MONITOR_MAIL__SMTP__PORT"] = port
    newsroom.clock.pass_by(timedelta(hours=2))
    assert await newsroom.cycle() == 0
    assert len(mailroom.taken) == len(waiting)


async def test_feeds_that_are_none_fail_in_words_and_the_others_are_read(newsroom, mailroom, folder, site):
    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=NO_FEEDS[request.match_info["name"]][0])

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    broken = "".join(f"  - {{id: {name}, url: '{root}/{name}'}}\n" for name in NO_FEEDS)
    folder(sources=f"sources:\n  - {{id: wire, url: '{site}/wire.atom'}}\n{broken}")
    await newsroom.cycle()
    await runner.cleanup()
    store = SqliteStore.open(newsroom.environment["MONITOR_STORAGE"], mode="read")
    states = {state.source: state for state in await store.sources()}
    await store.close()
    for name, (_, said) in NO_FEEDS.items():
        assert said in states[name].error
        assert states[name].due > newsroom.clock.now()
    assert states["wire"].error == ""
    assert mailroom.taken


async def test_of_one_host_the_daemon_takes_no_more_articles_than_keep_it_busy(newsroom):
    found = load(newsroom.config, newsroom.environment)
    store = SqliteStore.open(found.settings.storage, mode="daemon")
    now = newsroom.clock.now()
    await store.register_sources({"daily": "https://slow.example/feed"}, now=now)
    (claim,) = await store.claim_sources(now, limit=1, lease=timedelta(minutes=1))
    many = [FeedEntry(id=str(n), url=f"https://slow.example/{n}", title="t") for n in range(99)]
    await store.finish_poll(claim, claim.state, many, now=now)
    daemon = Daemon(found, store=store, environment=newsroom.environment, clock=newsroom.clock)
    taken = await daemon._take_entries(99)
    await daemon._close()
    await store.close()
    assert len(taken) == 2 * found.settings.fetching.per_host.concurrent
