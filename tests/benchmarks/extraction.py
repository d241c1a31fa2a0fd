"""What reading a page costs, against bare `trafilatura.extract(fast=True)` in the same run.

    python tests/benchmarks/extraction.py [FOLDER …] [--pages 2000]

For the sample site's pages, generated pages of three sizes and each FOLDER of *.html: CPU milliseconds a page,
parent and children together, of bare trafilatura in one and in two processes, ours in one process, and ours
through a pool of one and of two; each against bare trafilatura in as many processes (two share caches, and
often a core, so that both cost more). A pool is given a page for each process at a time, and, as in a daemon
that has more to read, one more for each that waits. What starting the processes costs is said apart, and spread over the
pages. The rounds of all are interleaved; the median round counts. Then hostile pages, and how the memory of
daemon and reading processes grows.
"""

import argparse
import asyncio
import json
import logging
import os
import pickle
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import kin
from webpages import HOSTILE, generated

from monitor.extraction.pool import Pool
from monitor.model import FeedEntry, Fetched, Origin

SEEDS = Path(__file__).parents[2] / "seeds"
ROUNDS = 5
SEEN = datetime(2024, 10, 24, tzinfo=UTC)
ORIGIN = Origin(source="bench", outlet="Bench", language="en")
ENTRY = FeedEntry(id="1", url="https://bench.example/1", title="A title", summary="One sentence of the feed.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=2000, help="how many pages an arrangement reads")
    parser.add_argument("--only", default="", help="the groups of pages whose name holds this")
    parser.add_argument("--serve", choices=READERS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    logging.disable()
    if asked.serve:
        serve(READERS[asked.serve](), asked.folders[0])
        return
    for name, pages in groups(asked.folders):
        if asked.only in name:
            print(
                f"{name}: {len(pages)} pages of {sum(map(len, pages)) / len(pages) / 1024:.0f} KiB on average"
            )
            asyncio.run(compare(pages, asked.pages // ROUNDS))
    if not asked.only:
        asyncio.run(hostile())
        for workers in (1, 2):
            asyncio.run(memory(workers, asked.pages))


def groups(folders: Sequence[Path]) -> Iterator[tuple[str, list[bytes]]]:
    yield "sample site", _pages_in(SEEDS)
    for size in (20, 100, 300):
        yield f"generated, {size} KiB", [generated(seed, size / 100) for seed in range(40)]
    for folder in folders:
        yield str(folder), _pages_in(folder)


def _pages_in(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.rglob("*.html"))]


# ---------------------------------------------------------------------------- arrangements


@dataclass(kw_only=True)
class Arrangement(ABC):
    """So many processes that read pages; `used` is the CPU seconds a page of each round."""

    name: str
    processes: int
    started: float = 0.0
    used: list[float] = field(default_factory=list)

    @abstractmethod
    async def start(self, pages: list[bytes]) -> None:
        """Be ready to read; `started` says what that cost."""

    @abstractmethod
    async def read(self, count: int) -> float:
        """Read so many pages; the CPU seconds that took."""

    @abstractmethod
    def close(self) -> None:
        """End the processes."""

    async def round(self, count: int) -> None:
        self.used.append(await self.read(count) / count)


@dataclass(kw_only=True)
class Alone(Arrangement):
    """Processes that read by themselves: bare trafilatura, or our extraction without a pool."""

    reader: str
    children: list[subprocess.Popen[str]] = field(default_factory=list)

    async def start(self, pages: list[bytes]) -> None:
        with tempfile.NamedTemporaryFile() as file:
            file.write(pickle.dumps(pages))
            file.flush()
            self.children = [self._child(file.name) for _ in range(self.processes)]
            self.started = sum(await asyncio.gather(*(self._answer(child) for child in self.children)))

    def _child(self, pages: str) -> subprocess.Popen[str]:
        command = [sys.executable, __file__, "--serve", self.reader, pages]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    async def read(self, count: int) -> float:
        for child in self.children:
            assert child.stdin is not None
            child.stdin.write(f"{count // self.processes}\n")
            child.stdin.flush()
        return sum(await asyncio.gather(*(self._answer(child) for child in self.children)))

    async def _answer(self, child: subprocess.Popen[str]) -> float:
        assert child.stdout is not None
        return float(json.loads(await asyncio.to_thread(child.stdout.readline)))

    def close(self) -> None:
        for child in self.children:
            child.communicate()


@dataclass(kw_only=True)
class Pooled(Arrangement):
    """Our pool, with so many readings for each process at a time."""

    at_once: int
    pages: Iterator[bytes] = field(default_factory=lambda: iter(()))
    pool: Pool | None = None

    async def start(self, pages: list[bytes]) -> None:
        before = spent()
        self.pool, self.pages = Pool(workers=self.processes), cycle(pages)
        await self.read(self.processes)
        self.started = spent() - before

    async def read(self, count: int) -> float:
        pool, queue, before = self.pool, iter(list(islice(self.pages, count))), spent()
        assert pool is not None

        async def reader() -> None:
            for body in queue:
                await pool.read(page(body), ENTRY, ORIGIN, url=ENTRY.url, seen=SEEN)

        await asyncio.gather(*(reader() for _ in range(self.processes * self.at_once)))
        return spent() - before

    def close(self) -> None:
        if self.pool is not None:
            self.pool.close()


async def compare(pages: list[bytes], count: int) -> None:
    """Each arrangement in turn, round by round, and the table of what they cost."""
    bare = [
        Alone(name=f"bare trafilatura, {n} process{'es' * (n > 1)}", processes=n, reader="bare")
        for n in (1, 2)
    ]
    ours: list[Arrangement] = [
        Alone(name="ours, in process", processes=1, reader="ours"),
        *(
            Pooled(name=f"ours, pool of {n}{', one waits' * (at_once - 1)}", processes=n, at_once=at_once)
            for n in (1, 2)
            for at_once in (1, 2)
        ),
    ]
    for arrangement in [*bare, *ours]:
        await arrangement.start(pages)
        await arrangement.read(len(pages) * arrangement.processes)  # each page once: caches are warm
    for _ in range(ROUNDS):
        for arrangement in [*bare, *ours]:
            await arrangement.round(count)
    for arrangement in [*bare, *ours]:
        arrangement.close()
        _tell(arrangement, bare[arrangement.processes - 1], count * ROUNDS)


def _tell(arrangement: Arrangement, bare: Arrangement, count: int) -> None:
    paired = median(ours / theirs for ours, theirs in zip(arrangement.used, bare.used, strict=True))
    a_page, bare_page = median(arrangement.used), median(bare.used)
    whole = (arrangement.started / count + a_page) / (bare.started / count + bare_page)
    print(
        f"  {arrangement.name:30} {a_page * 1000:6.2f} ms a page, ratio {paired:.3f}; start {arrangement.started:.2f} s, "
        f"ratio over {count} pages with each one's start {whole:.3f}, with ours only "
        f"{(arrangement.started / count + a_page) / bare_page:.3f}"
    )


def spent() -> float:
    """The CPU seconds of this process and of the children that live now."""
    return time.process_time() + sum(map(_spent, children()))


def _spent(process: int) -> float:
    """Nanoseconds are counted in schedstat, a thread at a time; getrusage knows only children that ended."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def children() -> list[int]:
    """Those that we started, and those that the fork server forked for us."""
    ours = kin.children()
    return [*ours, *(fork for child in ours for fork in kin.children(child))]


# ---------------------------------------------------------------------------- processes that read alone


def bare_reader() -> Callable[[bytes], object]:
    import trafilatura  # noqa: PLC0415 – part of what the start costs

    return lambda body: trafilatura.extract(body, fast=True)


def our_reader() -> Callable[[bytes], object]:
    from monitor.extraction import article_from_page  # noqa: PLC0415 – likewise

    return lambda body: article_from_page(body, "text/html", ENTRY, ORIGIN, url=ENTRY.url, seen=SEEN)


READERS = {"bare": bare_reader, "ours": our_reader}


def serve(read: Callable[[bytes], object], file: Path) -> None:
    """Say what the start cost; then read as many pages as each line asks for, and say what they cost."""
    pages = pickle.loads(file.read_bytes())
    read(pages[0])
    print(time.process_time(), flush=True)
    queue = cycle(pages)
    for line in sys.stdin:
        begun = time.process_time()
        for body in islice(queue, int(line)):
            read(body)
        print(time.process_time() - begun, flush=True)


# ---------------------------------------------------------------------------- memory


async def memory(workers: int, count: int) -> None:
    """How the memory of daemon and processes grows over so many pages."""
    pool, queue = Pool(workers=workers), islice(cycle([generated(seed) for seed in range(40)]), count)
    memories: list[int] = []

    async def reader() -> None:
        for body in queue:
            await pool.read(page(body), ENTRY, ORIGIN, url=ENTRY.url, seen=SEEN)
            memories.append(resident())

    await asyncio.gather(*(reader() for _ in range(workers)))
    pool.close()
    growth = max(memories[200:]) / max(memories[:200]) - 1 if len(memories) > 200 else 0.0
    print(
        f"pool of {workers} over {count} pages: daemon and processes together {max(memories) / 1024:.0f} MiB "
        f"at most, growth after the first 200 pages {growth:+.1%}"
    )


def page(body: bytes) -> Fetched:
    return Fetched(url=ENTRY.url, status=200, body=body, content_type="text/html")


def resident() -> int:
    """KiB held by this process and its children."""
    return sum(_resident(Path(f"/proc/{process}")) for process in [os.getpid(), *children()])


def _resident(process: Path) -> int:
    status = (process / "status").read_text() if process.exists() else ""
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)


async def hostile() -> None:
    """Each hostile page, then a plain one; meanwhile the event loop is watched."""
    pool, delays = Pool(), [0.0]

    async def watch() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.005)
            delays.append(time.perf_counter() - begun - 0.005)

    async def timed(body: bytes) -> tuple[float, str]:
        begun = time.perf_counter()
        article = await pool.read(page(body), ENTRY, ORIGIN, url=ENTRY.url, seen=SEEN)
        return time.perf_counter() - begun, article.partial or "read"

    await timed(generated(0))
    watcher = asyncio.create_task(watch())
    for name, body in HOSTILE.items():
        seconds, end = await timed(body)
        after, fine = await timed(generated(1))
        print(f"{name:24} {seconds:6.2f} s  {end}; the next page: {fine} in {after:.2f} s")
    watcher.cancel()
    pool.close()
    print(f"longest delay of the event loop meanwhile: {max(delays) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
