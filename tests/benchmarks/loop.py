"""How long the daemon's event loop is kept waiting, and by what: large and hostile work, one kind at a time.

python tests/benchmarks/loop.py [--only WORD] [--rows 1000000] [--rules 10000] [--readers 200]

A whole daemon a kind, in this process; the web and mail servers run in another. A task that sleeps 5 ms tells
how late it woke. Beside the wall's milliseconds stand those in which this process worked (CPU): on a busy
machine only they are ours. A thread that looks at the stacks while the loop is late names what ran.
"""

import argparse
import asyncio
import multiprocessing
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from feeler import Feeler, felt
from largeworld import (
    MEGABYTE,
    TEXTS,
    digests,
    feed,
    item,
    large_feed,
    large_pages,
    live_blog,
    ordinary,
    page,
    prose,
    serve,
)
from newsroom import ROOT, write_folder

from monitor.config.folder import load
from monitor.daemon import Daemon
from monitor.heap import lasting
from monitor.logs import configure_logs
from monitor.store.rows import micros
from monitor.store.sqlite import SqliteStore

# ---------------------------------------------------------------------------- the daemon


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of work: what the sources serve, and what is done beside reading it.

    `bodies` is what stands at which path: /feed… is a source each, `{root}` in it the server of its pages,
    which are read where `whole`. `besides` is done once all that is read.
    """

    name: str
    bodies: Mapping[str, str]
    whole: bool = False
    alerting: str = ""
    prepare: Callable[[SqliteStore], Awaitable[object]] | None = None
    besides: Callable[["Bench"], Awaitable[object]] | None = None


ALERTING = """\
channels: {{desk: {{type: email, to: [{readers}]}}}}
defaults: {{group: article, wait: 0s, first_run: {first_run}, limit: {{per_recipient: 99999/h}}}}
"""


def alerting(readers: int = 1, first_run: str = "alert") -> str:
    names = ", ".join(f"reader{number}@example.org" for number in range(readers))
    return ALERTING.format(readers=names, first_run=first_run)


@dataclass(slots=True, kw_only=True)
class Bench:
    """A daemon at work on its folder."""

    daemon: Daemon
    running: "asyncio.Task[int]"
    store: SqliteStore
    folder: Path
    asked: argparse.Namespace

    async def settled(self) -> None:
        """Wait until everything is polled, read and, whenever it should have gone, sent."""
        while await self._to_read() or self._busy():  # noqa: ASYNC110  the store tells nobody
            await asyncio.sleep(0.1)
        await self.store._writer.run(
            lambda db: db.execute("update outbox set due = 0 where state = 'pending'")
        )
        while await self._to_send() or self._busy():  # noqa: ASYNC110  the same
            await asyncio.sleep(0.1)

    async def _to_read(self) -> bool:
        assert not self.running.done(), "the daemon was stopped"
        states, counts = await self.store.sources(), await self.store.counts()
        return not (states and all(state.polled for state in states)) or counts["entries_waiting"] > 0

    async def _to_send(self) -> int:
        assert not self.running.done(), "the daemon was stopped"
        counts = await self.store.counts()
        return counts["outbox_pending"] + counts["outbox_sending"]

    def _busy(self) -> int:
        return sum(pump.busy for pump in self.daemon._pumps)

    async def run_verb(self, *words: str) -> None:
        """A verb of the command beside the daemon, in its own process."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "monitor", *words, "--config", str(self.folder / "config")),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, errors = await process.communicate()
        assert process.returncode in {0, 1}, errors.decode()


@asynccontextmanager
async def at_work(kind: Kind, ports: tuple[int, int], asked: argparse.Namespace) -> AsyncIterator[Bench]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configure(folder, kind, ports)
        with lasting():
            configuration = load(folder / "config", {})
        store = SqliteStore.open(configuration.settings.storage)
        if kind.prepare:
            await kind.prepare(store)
        daemon = Daemon(configuration, store=store, environment={}, grace=1.0)
        running = asyncio.create_task(daemon.run())
        try:
            yield Bench(daemon=daemon, running=running, store=store, folder=folder, asked=asked)
        finally:
            daemon._stop.set()
            await running
            await store.close()


def configure(folder: Path, kind: Kind, ports: tuple[int, int]) -> None:
    """The shipped rules and entities, and the kind's sources, each a host of its own."""
    web_port, mail_port = ports
    lines = "".join(
        f"  - {{id: s{number}, url: 'http://127.0.1.{number + 1}:{web_port}{path}', "
        f"full_text: {str(kind.whole).lower()}}}\n"
        for number, path in enumerate(path for path in kind.bodies if path.startswith("/feed"))
    )
    config = write_folder(
        folder / "config",
        sources=f"sources:\n{lines}",
        alerting=kind.alerting or alerting(),
        monitor=f"""\
            storage: 'sqlite:///{folder / "m.db"}'
            http: {{bind: '127.0.0.1:0'}}
            mail: {{from: m@example.org, smtp: {{host: 127.0.0.1, port: {mail_port}, tls: none}}}}
            fetching: {{allow_private: [127.0.0.0/8], per_host: {{gap: 0s}}}}
            """,
    )
    (config / "entities").symlink_to(ROOT / "config" / "entities")
    for shipped in (ROOT / "config" / "watchlists").iterdir():
        (config / "watchlists" / shipped.name).symlink_to(shipped)


def say(name: str, feeler: Feeler, took: float) -> None:
    worst = feeler.worst
    print(
        f"{name:<34} {worst.ours * 1000:5.0f} ms ({worst.wall * 1000:5.0f} on the wall), "
        f"{feeler.long:3} above 100 ms, "
        f"store {feeler.turn * 1000:5.0f} ms, {took:5.1f} s  {worst.ran}",
        flush=True,
    )


async def measure(kind: Kind, ports: tuple[int, int], asked: argparse.Namespace) -> None:
    with felt() as feeler:
        async with at_work(kind, ports, asked) as bench:
            asking = asyncio.create_task(feeler.ask(bench.store))
            began = monotonic()
            await bench.settled()
            if kind.besides:
                await kind.besides(bench)
                await bench.settled()
            took = monotonic() - began
            asking.cancel()
            say(kind.name, feeler, took)


# ---------------------------------------------------------------------------- the kinds


async def reload(bench: Bench) -> None:
    """Many rules more, and back."""
    folder = bench.folder / "config" / "watchlists"
    await asyncio.to_thread(write_rules, folder, bench.asked.rules)
    assert await bench.daemon.reload()
    for file in await asyncio.to_thread(lambda: list(folder.glob("many*"))):
        await asyncio.to_thread(file.unlink)
    assert await bench.daemon.reload()


def write_rules(folder: Path, rules: int) -> None:
    """So many rules, in watchlists of 500."""
    places, shapes = (
        ("russia", "dprk", "china", "japan"),
        ("@{} AND word{}", "@{} NEAR/15 (word{} OR other*)"),
    )
    for start in range(0, rules, 500):
        lines = [
            f"  - {{id: r{n}, match: '{shapes[n % 2].format(places[n // 2 % 4], n)}'}}\n"
            for n in range(start, min(start + 500, rules))
        ]
        text = f"watchlist: many{start}\nrules:\n{''.join(lines)}"
        (folder / f"many{start}.yaml").write_text(text)


async def fill(store: SqliteStore, rows: int) -> None:
    """So many old entries and visits, half as many headlines, and a twentieth as many articles."""
    old = micros(datetime.now(UTC) - timedelta(days=400))

    def write(db: Any) -> None:
        db.executemany(
            "insert into entries (source, id, url, fingerprint, seen, listed, baseline, due)"
            " values ('gone', ?, '', '', ?, ?, 0, 0)",
            ((str(number), old, old) for number in range(rows // 2)),
        )
        db.executemany(
            "insert into headlines (source, hash, listed) values ('gone', ?, ?)",
            ((number, old) for number in range(rows // 2)),
        )
        for number in range(rows // 20):
            db.execute("insert into stories values (?, '', ?, ?, 1, '[]', null)", (f"st-{number}", old, old))
            db.execute(
                "insert into articles (url, link, story, source, origin, language, title, lead, body, caption,"
                " byline, section, published, fetched, partial, furniture)"
                " values (?, '', ?, 'gone', '{}', 'en', 'T', '', ?, '', '', '', null, ?, '', '')",
                (f"https://example.org/{number}", f"st-{number}", "Nobody reads this. " * 100, old),
            )

    await store._writer.run(write)


async def questions(bench: Bench) -> None:
    """What people ask beside it."""
    await asyncio.gather(
        bench.run_verb("backtest", "--since", "30d"),
        bench.run_verb("search", "troops AND russia"),
        bench.run_verb("alerts"),
    )


def kinds(asked: argparse.Namespace) -> Iterator[Kind]:
    yield Kind(name="nothing", bodies=ordinary(1, 1), besides=lambda _: asyncio.sleep(5))
    for name, write in TEXTS.items():
        told = {"/feed": feed(item("page", link="{root}/page")), "/page": page(write(4_900_000))}
        yield Kind(name=f"a page of {name}", bodies=told, whole=True)
        yield Kind(
            name=f"a feed's text of {name}", bodies={"/feed": feed(item("x", text=write(MEGABYTE - 9)))}
        )
    blog = {"/feed": feed(item("blog", link="{root}/blog")), "/blog": live_blog()}
    yield Kind(name="a live blog of 300 posts", bodies=blog, whole=True)
    rules = "".join(f"Disallow: /p{number}/*x$\n" for number in range(28_000))
    asked_first = {"/robots.txt": f"User-agent: *\n{rules}", "/page": page(prose(3000))}
    told = {"/feed": feed(item("page", link="{root}/page")), **asked_first}
    yield Kind(name="a robots.txt of 500 KB", bodies=told, whole=True)
    yield Kind(name="all large pages", bodies=large_pages(), whole=True)
    yield Kind(name="a feed of 10 MB", bodies=large_feed())
    first = alerting(1, "digest")
    yield Kind(name="three first polls of 1,000 entries", bodies=ordinary(3, 1000), alerting=first)
    yield Kind(
        name=f"digests of 500 items to {asked.readers} readers",
        bodies=digests(),
        alerting=alerting(asked.readers, "digest"),
    )
    yield Kind(name=f"reload of {asked.rules:,} rules", bodies=ordinary(2, 50), besides=reload)
    yield Kind(
        name=f"retention over {asked.rows:,} rows",
        bodies=ordinary(2, 50),
        prepare=lambda store: fill(store, asked.rows),
        besides=lambda bench: bench.daemon._chores.prune(),
    )
    yield Kind(
        name="backtest, search and alerts asked", bodies=ordinary(3, 400), alerting=first, besides=questions
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="kinds that have this in their name")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rules", type=int, default=10_000)
    parser.add_argument("--readers", type=int, default=200, help="who get a digest each")
    asked = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    configure_logs((Path(tempfile.gettempdir()) / "loop.log").open("w", encoding="utf-8"), json=True)
    for kind in kinds(asked):
        if asked.only not in kind.name:
            continue
        receiving, sending = spawn.Pipe(duplex=False)
        bodies = {path: body.encode() for path, body in kind.bodies.items()}
        server = spawn.Process(target=serve, args=(bodies, sending), daemon=True)
        server.start()
        try:
            asyncio.run(measure(kind, receiving.recv(), asked))
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
