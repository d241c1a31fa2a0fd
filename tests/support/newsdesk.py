"""A daemon under torture: its configuration, its process, and what its database says afterwards."""

import asyncio
import os
import socket
import sqlite3
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import nursery
from hostile import Hostile
from newsroom import write_folder
from newsstand import Newsstand
from nursery import Child, Nursery
from waiting import first_of, until

from monitor.clock import SystemClock
from monitor.receipts import Receipts

__all__ = ["FEEDS", "Newsdesk"]

FEEDS = ("one", "two", "three")
READERS = ("a@example.org", "b@example.org")
WATCHLIST = """\
    version: 1
    watchlist: korea
    rules: [{id: troops, severity: critical, match: '"North Korean" /s troops'}]
    """
ALERTING = """\
    version: 1
    channels: {{desk: {{type: email, to: [{readers}]}}}}
    defaults: {{group: article, wait: 0s, first_run: alert, limit: {{per_recipient: 99999/h}}}}
    """


@dataclass(slots=True)
class Newsdesk:
    """Everything about one daemon; `times`, `grace`, `patience` as doomed.daemon takes them.

    Of the feeds in `whole` the articles' pages are fetched and read.
    """

    folder: Path
    stand: Newsstand
    mail: Hostile
    nursery: Nursery
    times: int = 60
    grace: float = 5.0
    patience: float = 5.0
    disk: Path | None = None
    feeds: tuple[str, ...] = FEEDS
    readers: tuple[str, ...] = READERS
    whole: tuple[str, ...] = ("three",)
    database: Path = field(init=False)
    epoch: datetime = field(init=False)
    port: int = field(init=False)

    def __post_init__(self) -> None:
        self.database = (self.disk or self.folder) / "m.db"
        self.epoch = SystemClock().now()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        feeds = (
            f"{{id: {name}, url: '{self.stand.root}/feed/{name}', every: 60s, full_text: {str(name in self.whole).lower()}}}"
            for name in self.feeds
        )
        sources = f"sources: [{', '.join(feeds)}]\n"
        write_folder(
            self.folder / "config",
            sources=sources,
            watchlist=WATCHLIST,
            alerting=ALERTING.format(readers=", ".join(self.readers)),
        )

    async def start(self) -> Child:
        """A new daemon process, in a session of its own."""
        return await self.nursery.start("daemon", *self._words(), environment=self._environment())

    async def start_afresh(self, **environment: str) -> asyncio.subprocess.Process:
        """A daemon that is no fork: its environment also speaks to the loader."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, nursery.__file__, "daemon", *self._words()),
            start_new_session=True,
            env={**self._environment(), **environment},
        )

    def _words(self) -> tuple[str, ...]:
        asked = (self.epoch.isoformat(), str(self.times), str(self.grace), str(self.patience))
        return (str(self.folder / "config"), *asked)

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("MONITOR_", "COV_"))
        }
        return {
            **kept,
            "MONITOR_STORAGE": f"sqlite:///{self.database}",
            "MONITOR_HTTP__BIND": f"127.0.0.1:{self.port}",
            "MONITOR_MAIL__SMTP__HOST": "127.0.0.1",
            "MONITOR_MAIL__SMTP__PORT": str(self.mail.port),
            "MONITOR_MAIL__SMTP__TLS": "none",
            "MONITOR_FETCHING__ALLOW_PRIVATE": "[127.0.0.0/8]",
            "MONITOR_FETCHING__PER_HOST__GAP": "0s",
            "MONITOR_FETCHING__PER_HOST__CONCURRENT": "8",
            "MONITOR_FETCHING__DEADLINE": "2s",
        }

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """What the database says; nothing while there is none."""
        if not self.database.exists():
            return []
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=5)
        try:
            return connection.execute(statement).fetchall()
        except sqlite3.OperationalError:  # its tables are not made yet
            return []
        finally:
            connection.close()

    def states(self) -> Counter[object]:
        """How many outbox rows are in each state."""
        return Counter(state for (state,) in self.rows("select state from outbox"))

    def half_done(self) -> list[tuple[object, ...]]:
        """Articles that lack an alert, or a row for a reader."""
        return self.rows(
            f"""
            select articles.url, count(distinct alerts.id), count(distinct outbox_alerts.row)
            from articles
            left join alerts on alerts.article = articles.id
            left join outbox_alerts on outbox_alerts.alert = alerts.id
            group by articles.id
            having count(distinct alerts.id) != 1 or count(distinct outbox_alerts.row) != {len(self.readers)}
            """
        )

    def noted(self) -> set[object]:
        """Message-IDs of what is recorded as sent, or noted to be by the next start."""
        receipts = Receipts.open(self.database.with_name(f"{self.database.name}.receipts"))
        keys = {receipt.slip.key for receipt in receipts.read()}
        receipts.close()
        found = self.rows("select message_id, state, key from outbox")
        return {message for message, state, key in found if state == "sent" or key in keys}

    async def until_closed(self) -> None:
        """Wait until the post room of a daemon that was killed has ended too."""
        receipts = Receipts.open(self.database.with_name(f"{self.database.name}.receipts"))
        await until(receipts.hold)
        receipts.close()

    def told(self) -> bool:
        """Whether every article that was published is read and every row of it is at its end."""
        articles = self.rows("select count(*) from articles")
        states = self.states()
        due = self.stand.published * len(self.readers)
        return articles == [(self.stand.published,)] and set(states) == {"sent"} and states["sent"] == due

    async def readiness(self) -> int:
        """The status of /readyz."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"GET /readyz HTTP/1.0\r\n\r\n")
        status = (await reader.readline()).split()[1]
        writer.close()
        return int(status)

    async def _is_up(self) -> bool:
        try:
            return await self.readiness() == 200
        except OSError:
            return False

    async def until_told(self, process: Child | asyncio.subprocess.Process) -> None:
        """Wait until the daemon is up and everything is told."""

        def all_came() -> bool:
            return len({mail.message_id for mail in self.mail.taken}) >= self.stand.published * len(
                self.readers
            )

        async def told() -> bool:
            assert process.returncode is None, "the daemon ended by itself"
            return self.told() and await self._is_up()

        await first_of(self.mail.bell.until(all_came), process.wait())
        await until(told)
