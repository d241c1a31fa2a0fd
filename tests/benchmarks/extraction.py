"""What reading a page costs, against bare `trafilatura.extract(fast=True)` in the same run.

    python tests/benchmarks/extraction.py [FOLDER …] [--pages 2000]

FOLDER holds *.html; without one, pages as large sites make them are generated. Prints CPU milliseconds a
page and ratios (interleaved, best of five), then the pool end to end with one and two processes against bare
trafilatura over the same pages, and how the memory of daemon and reading processes grows.
"""

import argparse
import asyncio
import logging
import random
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from monitor.extraction import article_from_page
from monitor.extraction.pool import Pool
from monitor.model import FeedEntry, Fetched, Origin

SEEN = datetime(2024, 10, 24, tzinfo=UTC)
ORIGIN = Origin(source="bench", outlet="Bench", language="en")
ENTRY = FeedEntry(id="1", url="https://bench.example/1", title="A title", summary="One sentence of the feed.")
WORDS = [
    "the",
    "harbour",
    "of",
    "a",
    "city",
    "wakes",
    "before",
    "its",
    "people",
    "do",
    "and",
    "every",
    "ferry",
    "that",
    "leaves",
    "takes",
    "a",
    "story",
    "along",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=2000)
    asked = parser.parse_args()
    logging.disable()
    pages = [path.read_bytes() for folder in asked.folders for path in sorted(folder.rglob("*.html"))]
    pages = pages or [generated(seed) for seed in range(40)]
    print(f"{len(pages)} pages of {sum(map(len, pages)) / len(pages) / 1024:.0f} KiB on average")
    compare(pages)
    asyncio.run(hostile())
    bare = sum(cost(bare_extract, pages[number % len(pages)]) for number in range(asked.pages)) / asked.pages
    print(f"bare trafilatura over {asked.pages} pages, once each: {bare * 1000:.2f} ms CPU a page")
    for workers in (1, 2):
        asyncio.run(end_to_end(pages, workers, asked.pages, bare))


def compare(pages: list[bytes]) -> None:
    bare = ours = 0.0
    for page in pages:
        rounds = [(cost(bare_extract, page), cost(read, page)) for _ in range(5)]
        bare += min(first for first, _ in rounds)
        ours += min(second for _, second in rounds)
    scale = 1000 / len(pages)
    print(
        f"trafilatura {bare * scale:.2f} ms, ours {ours * scale:.2f} ms CPU a page: ratio {ours / bare:.3f}"
    )


def cost(work: Callable[[bytes], object], page: bytes) -> float:
    begun = time.process_time()
    work(page)
    return time.process_time() - begun


def bare_extract(page: bytes) -> object:
    return trafilatura.extract(page, fast=True)


def read(page: bytes) -> object:
    return article_from_page(page, "text/html", ENTRY, ORIGIN, url=ENTRY.url, seen=SEEN)


async def end_to_end(pages: list[bytes], workers: int, count: int, bare: float) -> None:
    """Pages through the pool, as many at a time as there are processes."""
    before, begun = spent(), time.perf_counter()
    pool = Pool(workers=workers)
    queue = iter([pages[number % len(pages)] for number in range(count)])
    memories: list[int] = []

    async def reader() -> None:
        for body in queue:
            page = Fetched(url=ENTRY.url, status=200, body=body, content_type="text/html")
            await pool.read(page, ENTRY, ORIGIN, url=ENTRY.url, seen=SEEN)
            memories.append(resident())

    await asyncio.gather(*(reader() for _ in range(workers)))
    pool.close()
    wall = time.perf_counter() - begun
    growth = max(memories[200:]) / max(memories[:200]) - 1 if len(memories) > 200 else 0.0
    used = (spent() - before) / count
    print(
        f"pool of {workers}: {used * 1000:.2f} ms CPU a page, starting the processes included: ratio {used / bare:.3f}; "
        f"{count / wall:.0f} pages a second; daemon and processes together {max(memories) / 1024:.0f} MiB at most, "
        f"growth after the first 200 pages {growth:+.1%}"
    )


HOSTILE = {
    "200,000 <p>": b"<body>" + b"<p>word</p>" * 200_000,
    "19,000 <p>": b"<body>" + b"<p>word</p>" * 19_000,
    "100,000 table rows": b"<table>" + b"<tr><td>1</td></tr>" * 100_000,
    "9,900 table rows": b"<body><table>" + b"<tr><td>1</td></tr>" * 9_900,
    "20,000 nested divs": b"<body>" + b"<div>" * 20_000 + b"word",
    "9,900 nested divs": b"<body>" + b"<div>" * 9_900 + b"word",
    "200,000 <br>": b"<body><article>" + b"word<br>" * 200_000,
    "19,000 <br>": b"<body><article>" + b"word<br>" * 19_000,
    "6,000 nested lists": b"<body>" + b"<ul><li>word" * 6_000,
    "19,000 links": b"<body>" + b"<a href=x>word" * 19_000,
    "19,000 headings": b"<body>" + b"<h2><a href=x>word</a></h2>" * 9_500,
    "19,000 nested spans": b"<body><p>" + b"<span>x" * 19_000,
    "5 MB of one paragraph": b"<body><p>" + b"hello world " * 430_000,
    "5 MB of full stops": b"<body><p>" + b". " * 2_500_000,
    "5 MB attribute": b"<body><p title='" + b"x" * 5_000_000 + b"'>word",
    "5 MB script": b"<body><script>" + b"x" * 5_000_000,
    "5 MB of tags left open": b"<" * 5_000_000,
    "10 MB attribute": b"<body><p title='" + b"x" * 10_000_000 + b"'>word",
    "deep JSON-LD": b'<script type="application/ld+json">' + b"[" * 1_000_000 + b"</script>",
    "NULs": b"\x00" * 5_000_000,
}


async def hostile() -> None:
    """Each hostile page, then a plain one; meanwhile the event loop is watched."""
    pool, delays = Pool(), [0.0]

    async def watch() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.005)
            delays.append(time.perf_counter() - begun - 0.005)

    async def timed(body: bytes) -> tuple[float, str]:
        page, begun = (
            Fetched(url=ENTRY.url, status=200, body=body, content_type="text/html"),
            time.perf_counter(),
        )
        article = await pool.read(page, ENTRY, ORIGIN, url=ENTRY.url, seen=SEEN)
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


def spent() -> float:
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def resident() -> int:
    """KiB held by this process and its children."""
    threads = Path("/proc/self/task").iterdir()
    children = [child for thread in threads for child in (thread / "children").read_text().split()]
    return sum(_resident(Path(f"/proc/{process}")) for process in ["self", *children])


def _resident(process: Path) -> int:
    status = (process / "status").read_text() if process.exists() else ""
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)


def generated(seed: int) -> bytes:
    """A page as large sites make them: a hundred kilobytes around eight of text."""
    dice = random.Random(seed)

    def words(low: int, high: int) -> str:
        return " ".join(dice.choices(WORDS, k=dice.randint(low, high))).capitalize()

    state = ",".join(f'"k{n}":"{words(6, 12)}"' for n in range(dice.randint(200, 1500)))
    menu = "".join(
        f'<li class="menu-item m{n}"><a href="/s{n}"><span>{words(1, 2)}</span></a></li>' for n in range(120)
    )
    text = "".join(
        f'<p class="css-{n % 9}p">{words(10, 25)}. {words(8, 20)}. <a href="/t{n}">{words(2, 4)}</a> {words(9, 30)}.</p>'
        f'<div class="ad-slot"><div id="gpt-{n}"></div></div>'
        for n in range(dice.randint(10, 40))
    )
    cards = "".join(
        f'<div class="card"><a href="/c{n}"><img src="{n}.jpg"><div><h3>{words(6, 12)}</h3><span>2 h</span></div></a></div>'
        for n in range(dice.randint(20, 80))
    )
    title = words(6, 12)
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | Bench</title>
    <meta property="og:title" content="{title}"><script type="application/ld+json">{{"@type": "NewsArticle",
    "headline": "{title}", "datePublished": "2024-10-23T09:00:00Z"}}</script><script>window.s={{{state}}}</script>
    <style>{"a{b:c}" * 3000}</style></head><body><header><nav><ul>{menu}</ul></nav></header><main><article>
    <h1>{title}</h1><p class="standfirst">{words(10, 20)}.</p><figure><img><figcaption>{words(6, 9)}</figcaption></figure>
    <div class="body">{text}</div></article><section class="more"><h2>More stories</h2>{cards}</section></main>
    <footer><ul>{menu}</ul></footer></body></html>""".encode()


if __name__ == "__main__":
    main()
