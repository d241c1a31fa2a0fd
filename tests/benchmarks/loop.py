"""How long the daemon's event loop is kept waiting, and by what: large and hostile work, one kind at a time.

python tests/benchmarks/loop.py [--only WORD] [--rows 1000000] [--rules 10000] [--readers 200]

A whole daemon a kind, in this process; the web and mail servers run in another. A task that sleeps 5 ms tells
how late it woke. Beside the wall's milliseconds stand those in which this process worked (CPU): on a busy
machine only they are ours. A thread that looks at the stacks while the loop is late names what ran.
"""

import argparse
import asyncio
import gzip
import multiprocessing
import random
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic, process_time, sleep
from types import FrameType
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from newsroom import ROOT, write_folder

from monitor.config.folder import load
from monitor.daemon import Daemon
from monitor.heap import lasting
from monitor.logs import configure_logs
from monitor.store.rows import micros
from monitor.store.sqlite import SqliteStore

BEAT = 0.005
LATE = 0.02
IDLE = {
    "select",
    "wait",
    "_wait_for_tstate_lock",
    "_worker",
    "_read",
    "_write",
    "receive",
    "_run_safe_shutdown_loop",
}
MEGABYTE = 2**20
WORDS = (
    "troops north korea russia says minister after talks in seoul over the deployment of soldiers to kursk "
    "region officials said on monday as government allies warn of further escalation and new sanctions"
).split()


# ---------------------------------------------------------------------------- texts that nobody would write


def prose(size: int, seed: int = 1) -> str:
    """Ordinary paragraphs, no two alike."""
    chance, told = random.Random(seed), []
    while size > 0:
        told.append(" ".join(chance.choices(WORDS, k=60)).capitalize() + ".")
        size -= len(told[-1])
    return "\n".join(told)


TEXTS: Mapping[str, Callable[[int], str]] = {
    "one word": lambda size: "spam " * (size // 5),
    "a watched word": lambda size: "troops " * (size // 7),
    "watched words": lambda size: "North Korean troops in Russia. " * (size // 31),
    "marks": lambda size: ("a" + "\u0306\u0323" * 8 + " ") * (size // 34),
    "apostrophes and dots": lambda size: "a's u.s. b's d.p.r.k. " * (size // 22),
    "expansions": lambda size: "ﷺ㍿ǅ " * (size // 12),
    "Chinese": lambda size: "朝鲜军队在俄罗斯库尔斯克" * (size // 36),
    "short lines": lambda size: "".join(f"troops {number}\n" for number in range(size // 14)),
    "prose": prose,
}


def page(text: str) -> str:
    told = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return f"<html lang='en'><body><article><h1>Troops of North Korea in Russia</h1>{told}</article></body></html>"


def live_blog() -> str:
    posts = "".join(
        f"<div class='post'><h2>{number % 24}:00 North Korea {number}</h2><p>{prose(1600, number)}</p></div>"
        for number in range(300)
    )
    return f"<html lang='en'><body><article><h1>Live: the war</h1>{posts}</article></body></html>"


def feed(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>F</title>{''.join(items)}</channel></rss>"


def item(name: str, *, title: str = "Troops of North Korea in Russia", text: str = "", link: str = "") -> str:
    when = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"<item><guid isPermaLink='false'>{name}</guid><title>{title} {name}</title><pubDate>{when}</pubDate>"
        f"<link>{link or f'https://example.org/{name}'}</link><description>{text}</description></item>"
    )


# ---------------------------------------------------------------------------- the other machines


class Taker:
    """A mail server that takes everything."""

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802
        return "250 taken"


def serve(bodies: Mapping[str, bytes], ready: Connection) -> None:
    """Feeds and pages by path, packed, and a mail server beside them, for as long as who asked for them lives."""
    packed: dict[str, bytes] = {}

    async def answer(request: web.Request) -> web.Response:
        body = packed.get(request.path)
        if body is None:
            return web.Response(status=404)
        kind = "application/rss+xml" if request.path.startswith("/feed") else "text/html; charset=utf-8"
        return web.Response(body=body, headers={"Content-Type": kind, "Content-Encoding": "gzip"})

    async def run() -> None:
        app = web.Application()
        app.add_routes([web.get("/{path:.*}", answer)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "0.0.0.0", 0)
        await site.start()
        server: Any = site._server
        port = server.sockets[0].getsockname()[1]
        root = f"http://127.0.0.1:{port}".encode()
        packed.update(
            {path: gzip.compress(body.replace(b"{root}", root), 1) for path, body in bodies.items()}
        )
        smtp = await asyncio.get_running_loop().create_server(lambda: SMTP(Taker()), "127.0.0.1", 0)
        ready.send((port, smtp.sockets[0].getsockname()[1]))
        over, parent = asyncio.Event(), multiprocessing.parent_process()
        assert parent is not None
        asyncio.get_running_loop().add_reader(parent.sentinel, over.set)
        await over.wait()

    asyncio.run(run())


# ---------------------------------------------------------------------------- what is measured


@dataclass(slots=True)
class Delay:
    """How late the loop woke once, in seconds, how long this process worked meanwhile, and at what."""

    wall: float = 0.0
    cpu: float = 0.0
    ran: str = ""

    @property
    def ours(self) -> float:
        return min(self.wall, self.cpu)


@dataclass(slots=True)
class Feeler:
    """Feels how late the loop wakes; keeps the longest delay and counts those above a tenth of a second.

    `turn` is the longest that the store's writer let somebody wait.
    """

    worst: Delay = field(default_factory=Delay)
    long: int = 0
    turn: float = 0.0
    _beat: float = field(default_factory=monotonic)
    _seen: Counter[str] = field(default_factory=Counter)
    _over: threading.Event = field(default_factory=threading.Event)

    async def feel(self) -> None:
        """Beat until cancelled."""
        looking = threading.Thread(target=self._look, args=(threading.get_ident(),), daemon=True)
        looking.start()
        worked = process_time()
        try:
            while True:
                self._beat = monotonic()
                await asyncio.sleep(BEAT)
                late, before, worked = monotonic() - self._beat - BEAT, worked, process_time()
                if late < LATE:
                    continue
                seen, self._seen = self._seen, Counter()
                ran = seen.most_common(1)[0][0] if seen else "?"
                delay = Delay(late, worked - before, ran)
                self.long += delay.ours > 0.1
                self.worst = max(self.worst, delay, key=lambda each: each.ours)
        finally:
            self._over.set()

    async def ask(self, store: SqliteStore) -> None:
        """Feel how long the store lets others wait, until cancelled."""
        while True:
            began = monotonic()
            await store.ready()
            self.turn = max(self.turn, monotonic() - began)
            await asyncio.sleep(10 * BEAT)

    def _look(self, loop: int) -> None:
        while not self._over.is_set():
            sleep(BEAT)
            if monotonic() - self._beat < LATE + BEAT:
                continue
            frames = sys._current_frames()
            place = _place(frames.pop(loop, None))
            if place.startswith(("select", "feel")):  # it waits for its turn: others have the interpreter
                frames.pop(threading.get_ident(), None)
                others = {name for frame in frames.values() if not (name := _place(frame)).startswith("wait")}
                place = f"not the loop: {', '.join(sorted(others))}"
            self._seen[place] += 1


def _place(frame: FrameType | None) -> str:
    """The innermost place in our own code, and what was called there."""
    innermost, called = frame, frame
    if frame is None or frame.f_code.co_name in IDLE:
        return "select" if frame and frame.f_code.co_name == "select" else "wait"
    while called is not None and "/monitor/" not in called.f_code.co_filename:
        called = called.f_back
    if innermost is None or called is None:
        return f"{frame.f_code.co_name} in {Path(frame.f_code.co_filename).name}"
    file = called.f_code.co_filename.rpartition("/monitor/")[2]
    inner = "" if innermost is called else f" → {innermost.f_code.co_name}"
    return f"{file}:{called.f_lineno} {called.f_code.co_name}{inner}"


@contextmanager
def felt() -> Iterator[Feeler]:
    """Delays while something is done."""
    feeler = Feeler()
    task = asyncio.create_task(feeler.feel())
    try:
        yield feeler
    finally:
        task.cancel()


def say(name: str, feeler: Feeler, took: float) -> None:
    worst = feeler.worst
    print(
        f"{name:<34} {worst.ours * 1000:5.0f} ms ({worst.wall * 1000:5.0f} on the wall), "
        f"{feeler.long:3} above 100 ms, "
        f"store {feeler.turn * 1000:5.0f} ms, {took:5.1f} s  {worst.ran}",
        flush=True,
    )


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


def large_pages() -> dict[str, str]:
    """A feed, and behind each of its items a page of nearly 5 MB, or one with 300 posts."""
    pages = {f"/page/{number}": page(write(4_900_000)) for number, write in enumerate(TEXTS.values())}
    pages["/page/blog"] = live_blog()
    return {"/feed": feed(*(item(path, link=f"{{root}}{path}") for path in pages)), **pages}


def large_feed() -> dict[str, str]:
    """A feed of nearly 10 MB: a megabyte of each text."""
    return {"/feed": feed(*(item(name, text=write(MEGABYTE - 9)) for name, write in TEXTS.items()))}


def digests() -> dict[str, str]:
    """What fills a digest of 500 items."""
    items = (
        item(str(number), title=prose(60, number), text="North Korean troops were sent to Russia. " * 3)
        for number in range(500)
    )
    return {"/feed": feed(*items)}


def ordinary(feeds: int, items: int) -> dict[str, str]:
    """Feeds of ordinary articles, few of which match."""
    return {
        f"/feed/{number}": feed(*(item(f"{number}-{one}", text=prose(600, one)) for one in range(items)))
        for number in range(feeds)
    }


async def reload(bench: Bench) -> None:
    """Many rules more, and back."""
    rules = bench.asked.rules
    places, shapes = (
        ("russia", "dprk", "china", "japan"),
        ("@{} AND word{}", "@{} NEAR/15 (word{} OR other*)"),
    )
    for start in range(0, rules, 500):
        lines = [
            f"  - {{id: r{n}, match: '{shapes[n % 2].format(places[n // 2 % 4], n)}'}}\n"
            for n in range(start, min(start + 500, rules))
        ]
        file = bench.folder / "config" / "watchlists" / f"many{start}.yaml"
        file.write_text(f"watchlist: many{start}\nrules:\n{''.join(lines)}")
    assert await bench.daemon.reload()
    for file in (bench.folder / "config" / "watchlists").glob("many*"):
        file.unlink()
    assert await bench.daemon.reload()


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
