"""What is wrong with the monitor itself reaches those who asked to hear of it."""

from collections.abc import Callable
from pathlib import Path

from newsroom import Mailroom, StillClock

from monitor.config.folder import load
from monitor.daemon import Daemon
from monitor.store.sqlite import SqliteStore

SOURCES = "sources: [{id: a, url: 'http://127.0.0.1:1/rss'}]\n"
WATCHLIST = "watchlist: w\nrules: [Korea]\n"
ALERTING = """\
    channels: {ops: {type: email, to: [ops@example.org]}}
    health: {to: [ops]}
    """


async def test_a_refused_configuration_is_mailed_once_and_so_is_its_end(
    folder: Callable[..., Path], tmp_path: Path, clock: StillClock, mailroom: Mailroom
) -> None:
    config = folder(sources=SOURCES, watchlist=WATCHLIST, alerting=ALERTING)
    environment = {
        "MONITOR_MAIL__SMTP__HOST": "127.0.0.1",
        "MONITOR_MAIL__SMTP__PORT": str(mailroom.port),
        "MONITOR_MAIL__SMTP__TLS": "none",
    }
    store = SqliteStore.open(f"sqlite:///{tmp_path / 'm.db'}")
    daemon = Daemon(load(config, environment), store=store, environment=environment, clock=clock)
    folder(watchlist="watchlist: w\nrules: [{id: a, match: 'a AND b OR c'}]\n")
    assert [await daemon.reload(), await daemon.reload()] == [False, False]
    folder(watchlist=WATCHLIST)
    assert await daemon.reload() is True
    await daemon.once()
    await store.close()
    told = [mail.get_body(("plain",)).get_content() for mail in mailroom.mails]
    refused = "Configuration refused, the old one stays in force"
    assert [f"Well again: {refused}" in text for text in told] == [False, True]
    assert all(refused in text and "w.yaml:2:" in text for text in map(join, told))


def join(text: str) -> str:
    return " ".join(text.split())
