"""Backup, retention and giving space back, beside a writer: `python tests/benchmarks/upkeep.py [ARTICLES]`.

Prints the backup's speed against a plain copy by sqlite3 in the same run, and how long the longest of the
writer's turns took while each of the chores ran, against a quiet store.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from monitor.store.backup import backup
from monitor.store.rows import Connection, micros
from monitor.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OLD = NOW - timedelta(days=200)
TEXT = "A sentence of an article that nobody will read again, as so many are. " * 60


def fill(db: Connection, articles: int) -> None:
    """Half of the articles old, each a story of its own, none alerted."""
    for number in range(articles):
        seen = micros(OLD if number % 2 else NOW)
        story = {"id": f"st-{number}", "at": seen}
        db.execute("insert into stories values (:id, '', :at, :at, 1, '[]', null)", story)
        db.execute(
            "insert into articles (url, link, story, source, origin, language, title, lead, body, caption, byline,"
            " section, published, fetched, partial, furniture)"
            " values (:url, '', :story, 's', '{}', 'en', 'T', '', :body, '', '', '', null, :at, '', '')",
            {"url": f"https://example.org/{number}", "story": f"st-{number}", "body": TEXT, "at": seen},
        )


async def whole(store: SqliteStore) -> int:
    """The size of the file."""
    sizes = await store.sizes()
    return sizes["used"] + sizes["free"]


async def until_done(step: Callable[[], Awaitable[bool]]) -> None:
    """Do steps, resting between them, until one says that it was the last."""
    more = True
    while more:
        more = await step()
        await asyncio.sleep(0.01)


async def beside(store: SqliteStore, chore: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """How long a chore takes, and the longest turn of a writer that goes on beside it, in seconds."""
    longest, over = 0.0, asyncio.Event()

    async def write() -> None:
        nonlocal longest
        while not over.is_set():
            began = time.perf_counter()
            await store.ready()
            longest = max(longest, time.perf_counter() - began)
            await asyncio.sleep(0.005)

    writing = asyncio.create_task(write())
    began = time.perf_counter()
    await chore()
    took = time.perf_counter() - began
    over.set()
    await writing
    return took, longest


async def main(articles: int) -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "m.db")
        store = SqliteStore.open(f"sqlite:///{file}")
        await store._writer.run(lambda db: fill(db, articles))

        async def pruned() -> bool:
            return (await store.prune(articles_before=NOW, deliveries_before=NOW)).more

        async def copy() -> None:
            await asyncio.to_thread(
                backup, f"sqlite:///{file}", Path(folder, "b.db"), progress=lambda *_: None
            )

        _, quiet = await beside(store, lambda: asyncio.sleep(2))
        size = await whole(store)
        began = time.perf_counter()
        with (
            closing(sqlite3.connect(file)) as plain,
            closing(sqlite3.connect(Path(folder, "p.db"))) as target,
        ):
            plain.backup(target)
        plain_took = time.perf_counter() - began
        print(
            f"{articles:,} articles, {size / 1e6:.0f} MB; a quiet store's longest turn {quiet * 1000:.0f} ms"
        )
        for name, chore in (
            ("backup", copy),
            ("prune", partial(until_done, pruned)),
            ("give back", partial(until_done, store.give_back)),
        ):
            took, longest = await beside(store, chore)
            ratio = f", {took / plain_took:.1f} times a plain copy" if chore is copy else ""
            print(f"{name:10} {took:6.1f} s{ratio}; the writer's longest turn {longest * 1000:.0f} ms")
        left = await whole(store)
        print(f"the file shrank from {size / 1e6:.0f} to {left / 1e6:.0f} MB")
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
