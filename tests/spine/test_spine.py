"""One article's way from a real feed to a real mailbox: real HTTP, real SQLite, real SMTP, real processes."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiohttp import web

from monitor.config.folder import load
from monitor.daemon import Daemon
from monitor.model import Alert, RowState, Verdict
from monitor.store.sqlite import SqliteStore

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


class Newsroom:
    """A configured system over the sample site: `cycle()` is `monitor run --once`."""

    def __init__(self, config: Path, environment: dict[str, str], clock) -> None:
        self.config, self.environment, self.clock = config, environment, clock

    async def cycle(self) -> int:
        found = load(self.config, self.environment)
        store = SqliteStore.open(found.settings.storage, mode="daemon")
        try:
            return await Daemon(found, store=store, environment=self.environment, clock=self.clock).once()
        finally:
            await store.close()

    async def alerts(self) -> list[Alert]:
        store = SqliteStore.open(self.environment["MONITOR_STORAGE"], mode="read")
        try:
            return await store.alerts(limit=1000)
        finally:
            await store.close()

    async def states(self) -> list[RowState]:
        store = SqliteStore.open(self.environment["MONITOR_STORAGE"], mode="read")
        try:
            return [row.state for row in await store.outbox(limit=1000)]
        finally:
            await store.close()


@pytest.fixture
def newsroom(folder: Callable[..., Path], site: str, tmp_path: Path, clock, mailroom) -> Newsroom:
    config = folder(sources=SOURCES.format(site=site), watchlist=WATCHLIST, alerting=ALERTING)
    environment = {
        "MONITOR_STORAGE": f"sqlite:///{tmp_path / 'monitor.db'}",
        "MONITOR_MAIL__SMTP__HOST": "127.0.0.1",
        "MONITOR_MAIL__SMTP__PORT": str(mailroom.port),
        "MONITOR_MAIL__SMTP__TLS": "none",
        "MONITOR_FETCHING__ALLOW_PRIVATE": "[127.0.0.0/8]",
        "MONITOR_FETCHING__PER_HOST__GAP": "0s",
        "MONITOR_FETCHING__PER_HOST__CONCURRENT": "8",
    }
    return Newsroom(config, environment, clock)


def about_training(mailroom) -> list[EmailMessage]:
    """The mails about the story that both feeds tell, one of them twice over."""
    return [
        mail for mail in mailroom.mails if "North Korean troops are training in Russia" in mail["Subject"]
    ]


async def test_a_mail_server_receives_the_alert_with_the_matching_sentence(newsroom, mailroom):
    assert await newsroom.cycle() == 0
    (mail,) = about_training(mailroom)
    assert mail["To"] == "desk@example.org"
    assert "*North Korean* *troops*" in mail.get_body(("plain",)).get_content()
    assert "<mark" in mail.get_body(("html",)).get_content()


async def test_the_same_article_through_two_feeds_alerts_once(newsroom, mailroom):
    await newsroom.cycle()
    assert len(about_training(mailroom)) == 1
    alerts = [alert for alert in await newsroom.alerts() if "troops-in-russia.html" in alert.article.url]
    assert len(alerts) == 1


async def test_a_restart_sends_nothing_again(newsroom, mailroom):
    await newsroom.cycle()
    told = len(mailroom.taken)
    newsroom.clock.pass_by(timedelta(hours=1))
    assert await newsroom.cycle() == 0
    assert len(mailroom.taken) == told
    assert set(await newsroom.states()) == {RowState.SENT}


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


async def test_a_hostile_title_neither_breaks_nor_changes_the_mail(newsroom, mailroom):
    await newsroom.cycle()
    (mail,) = [each for each in mailroom.mails if each["Subject"] and "Bcc" in str(each["Subject"])]
    assert mail["Bcc"] is None
    assert "<script" not in mail.get_body(("html",)).get_content().lower()
    assert "\u202e" not in mail["Subject"]


async def test_words_in_boilerplate_alert_nobody(newsroom):
    await newsroom.cycle()
    urls = {alert.article.url.rpartition("/")[2] for alert in await newsroom.alerts()}
    assert not urls & {"school-kitchens.html", "martial-law.html", "georgia-football.html"}


async def test_every_match_is_told_or_has_the_reason_why_not(newsroom):
    await newsroom.cycle()
    alerts = await newsroom.alerts()
    assert alerts
    assert all(alert.verdict in Verdict and alert.reason for alert in alerts)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"", "empty"),
        (b"<!doctype html><html><title>Sign in</title><p>Please sign in", "web page, not a feed"),
        (b'{"error": "no such feed"}', "JSON"),
    ],
)
async def test_a_feed_that_is_none_is_a_failure_in_words_and_the_others_are_read(
    newsroom, mailroom, folder, site, answer, said
):
    async def answer_so(_: web.Request) -> web.Response:
        return web.Response(body=answer, headers={"Content-Type": "text/plain"})

    app = web.Application()
    app.router.add_get("/broken.xml", answer_so)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    broken = f"http://127.0.0.1:{runner.addresses[0][1]}/broken.xml"
    folder(sources=SOURCES.format(site=site) + f"  - {{id: broken, url: {broken}}}\n")
    await newsroom.cycle()
    await runner.cleanup()
    store = SqliteStore.open(newsroom.environment["MONITOR_STORAGE"], mode="read")
    states = {state.source: state for state in await store.sources()}
    await store.close()
    assert said.lower() in states["broken"].error.lower()
    assert states["broken"].due > newsroom.clock.now()
    assert states["daily"].error == ""
    assert mailroom.taken
