"""The archive at size: filling the index, searching, backtest. `python tests/benchmarks/archive.py [ARTICLES] [FOLDER]`.

Articles are generated (seeded): paragraphs in eight scripts with Zipf frequencies and names among the words,
told in stories of copies, over thirty days. They are written as the store keeps them, then indexed by the
daemon's own job. With a FOLDER the database is kept there and used again.
"""

import asyncio
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from newsworld import World

from monitor.archive.search import read_query, search
from monitor.model import Article, Origin
from monitor.store import rows
from monitor.store.asking import Archive
from monitor.store.rows import micros
from monitor.store.sqlite import SqliteStore

DAYS = 30
RULES = 100
NAMES = 1000  # the most frequent ones, of which the rules are made
SAMPLE = 4000  # articles that all others are put together from
END = datetime(2026, 3, 31, tzinfo=UTC)
EVER = datetime(2000, 1, 1, tzinfo=UTC)

SAVE = """
insert into articles (url, link, story, source, origin, language, title, lead, body, caption, byline,
                      section, published, fetched, partial, furniture)
values (?, '', 'st', ?, ?, ?, ?, ?, ?, '', '', '', ?, ?, '', '')
"""


def articles(world: World, number: int) -> Iterator[Article]:
    """So many articles in the order in which they come in; a third are copies of an earlier one."""
    dice = random.Random(11)
    pool = [world.article() for _ in range(SAMPLE)]
    scripts: dict[int, list[Article]] = {}
    for one in pool:
        scripts.setdefault(ord(max(one.body)) // 0x700, []).append(one)
    families = list(scripts.values())
    recent: list[Article] = []
    for place in range(number):
        at = END - timedelta(days=DAYS) * (1 - place / number)
        if recent and dice.random() < 0.33:
            told = dice.choice(recent)
            paragraphs = told.body.split("\n")
            dice.shuffle(paragraphs)
            made = replace(told, body="\n".join(paragraphs[: max(2, len(paragraphs) - 1)]))
        else:
            one, *others = dice.choices(dice.choice(families), k=4)
            body = [dice.choice(other.body.split("\n")) for other in others]
            made = replace(one, body="\n".join([*one.body.split("\n")[:5], *body]))
        recent = [*recent[-200:], made]
        source = f"s{dice.randrange(60)}"
        yield replace(
            made,
            url=f"https://{source}.example/{place}",
            origin=Origin(source=source, outlet=source.upper(), language="en"),
            fetched=at,
            published=at - timedelta(minutes=5),
        )


def fill(url: str, world: World, number: int) -> None:
    """Write the articles as the store keeps them."""
    store = SqliteStore.open(url)
    db = store._writer._connection
    when = micros(END)
    db.execute("begin")
    db.execute("insert or ignore into stories values ('st', '', ?, ?, 1, '[]', null)", (when, when))
    for one in articles(world, number):
        origin = rows.ORIGIN.dump_json(one.origin).decode()
        told = (one.url, one.origin.source, origin, "en", one.title, one.lead, one.body)
        db.execute(SAVE, (*told, micros(one.published or one.fetched), micros(one.fetched)))
    db.execute("commit")
    asyncio.run(store.close())


async def index(url: str) -> None:
    """Let the daemon's job catch up, and tell how long it keeps the writer."""
    store = SqliteStore.open(url)
    begun, cpu, held, done = time.perf_counter(), time.process_time(), [], 0
    while True:
        before = time.perf_counter()
        batch = await store.archive.catch_up()
        if not batch:
            break
        held.append(time.perf_counter() - before)
        done += batch
    spent, cpu = time.perf_counter() - begun, time.process_time() - cpu
    await store.close()
    if done:
        held.sort()
        print(
            f"index: {done:,} articles in {spent:.0f} s ({cpu:.0f} s CPU), {done / spent:,.0f}/s; the writer is held"
            f" {1000 * statistics.median(held):.0f} ms a batch, 99 % {1000 * held[int(len(held) * 0.99)]:.0f} ms,"
            f" at most {1000 * held[-1]:.0f} ms"
        )


def queries(world: World) -> list[str]:
    """Queries of the kinds that people ask."""
    names = [names["latin"] for names in world.names]
    topics, latin = world.topics["latin"], world.words["latin"]
    han, hangul = world.words["han"], world.words["hangul"]
    return [
        f'"{names[0]}"',
        f'"{names[50000]}"',
        f'("{names[3]}" OR "{names[40]}") NEAR/10 ({topics[3]} OR {topics[9]})',
        f"{topics[0]} AND {topics[1]} AND {topics[2]}",
        f"{latin[900]} AND NOT {topics[5]}",
        f"{latin[9000][:4]}*",
        f"title:({topics[4]} OR {topics[6]})",
        f"{han[40]} AND {han[len(han) // 2]}",
        f"{han[-1]}",
        f"{hangul[60]} /s {hangul[20]}",
        f"{latin[2000]}~1",
        f"the NEAR/1 {latin[5000]}",
        f"atleast3({topics[8]}) AND lang:en",
        "the",
        "zebracrossing",
    ]


async def first_page(archive: Archive, query: str, limit: int = 20) -> tuple[int, float, int]:
    """How many are found up to the limit, in how many seconds, after judging how many."""
    begun, judged = time.perf_counter(), [0]
    matcher = read_query(query, {})
    found = 0
    hits = search(archive, matcher, since=EVER, told=judged.append)
    async for _ in hits:
        found += 1
        if found == limit:
            break
    await hits.aclose()
    return found, time.perf_counter() - begun, judged[-1]


async def ask(url: str, world: World) -> None:
    """Each query's first twenty, through the index and, for comparison, by judging every article."""
    store = SqliteStore.open(url, mode="read")
    worst = 0.0
    for query in queries(world):
        best = min([await first_page(store.archive, query) for _ in range(3)], key=lambda one: one[1])
        found, spent, judged = best
        worst = max(worst, spent)
        print(f"  {1000 * spent:6.0f} ms  {found:3} found  {judged:6} judged  {query[:70]}")
    print(f"search: slowest {worst:.2f} s (aim: 0.5 s)")
    await store.close()


def write_config(url: str, folder: Path) -> None:
    """A configuration of a hundred rules of the shapes that people write, on names that a tenth of all tell."""
    world = World(7, NAMES)
    (folder / "watchlists").mkdir(exist_ok=True)
    (folder / "monitor.yaml").write_text(f"storage: {url}\n")
    (folder / "sources.yaml").write_text("sources: [{id: s1, url: 'https://s1.example/feed'}]\n")
    rules = [{"id": f"r{number}", "match": world.rule(number).match} for number in range(RULES)]
    watchlist = {"watchlist": "bench", "rules": rules}
    (folder / "watchlists" / "bench.yaml").write_text(json.dumps(watchlist), encoding="utf-8")


def backtest(folder: Path, number: int) -> None:
    """The verb itself, in a process of its own, with its children's time."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    words = ["backtest", "--since", "3650d", "--config", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "monitor", *words], capture_output=True, text=True, check=False
    )
    spent, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(done.stdout.partition("\n")[0] or done.stderr[-500:])
    print(
        f"backtest: {number:,} articles, {RULES} rules: {spent:.0f} s ({cpu:.0f} s CPU, that is {cpu / 2:.0f} s on 2"
        f" cores of their own), {after.ru_maxrss / 1024:.0f} MiB the largest process (aim at 100,000: 60 s)"
    )


def commands(folder: Path) -> None:
    """The whole command, the interpreter's start included."""
    for query in ("the AND of", "zebracrossing"):
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "monitor", "search", query, "--config", str(folder)],
            capture_output=True,
            check=False,
        )
        print(f"  {1000 * (time.perf_counter() - begun):6.0f} ms  monitor search '{query}' (whole command)")


def main() -> None:
    """Fill where nothing is yet, then measure."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else temporary)
        path = folder / f"archive-{number}.db"
        url = f"sqlite:///{path}"
        world = World(7, 60_000)
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            fill(url, world, number)
            before = path.stat().st_size
            print(f"{number:,} articles, {before / number / 1000:.1f} kB each")
            asyncio.run(index(url))
            print(f"  the index takes {(path.stat().st_size - before) / number / 1000:.1f} kB an article")
        write_config(url, folder)
        asyncio.run(ask(url, world))
        commands(folder)
        backtest(folder, number)


if __name__ == "__main__":
    main()
