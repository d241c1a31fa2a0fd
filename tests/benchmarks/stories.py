"""Near-duplicates: recall and precision on edited copies; articles a second and memory with a long history.

`python tests/benchmarks/stories.py [HISTORY] [FILE]`: the history is built in FILE (default: a temporary
one), in steps; a file that holds it already is used as it is.
"""

import asyncio
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from newsmonth import START, edited, sentences, vocabulary

from monitor.alerting import story
from monitor.model import Article, Inquiry, Match, Origin, Relative, Severity, Trace
from monitor.store import history
from monitor.store.sqlite import SqliteStore

STORIES, QUERIES = 1500, 600
RULE = Match(watchlist="w", rule="r0", title="r", severity=Severity.HIGH, mentions=(), entities=("a", "b"))
RULES = 50
"""The history's articles meet one of so many rules each, over ninety days."""
BOILERPLATE = 20_000
"""So many articles share a paragraph: its hashes say nothing, and must not be looked through."""
REAL = 400
STEP = 100_000
PER_ARTICLE, SKETCH = 18, 64


def article(url: str, text: Sequence[str], title: str = "") -> Article:
    return Article(
        url=url,
        origin=Origin(source="s", outlet="s"),
        title=title,
        fetched=START,
        body="\n".join(text),
        language="en",
    )


def relative(one: Article) -> Relative:
    return Relative(article=one.url, story=one.url, seen=START, trace=story.trace(one, [RULE]))


# ---------------------------------------------------------------------------- quality


def quality() -> None:
    """Edited copies of known articles, and as many articles that are copies of none, against an index."""
    dice = random.Random(4)
    words = vocabulary(dice)
    texts = [sentences(dice, words, dice.randint(8, 40), dice.sample(words, 14)) for _ in range(STORIES)]
    known = [relative(article(f"k{n}", text)) for n, text in enumerate(texts)]
    index: dict[int, list[int]] = {}
    for number, one in enumerate(known):
        for value in one.trace.index:
            index.setdefault(value, []).append(number)
    for share in (0.0, 0.1, 0.2, 0.3, 1 / 3, 0.5):
        found = wrong = 0
        for query in range(QUERIES):
            origin = dice.randrange(STORIES)
            other = sentences(dice, words, 40, dice.sample(words, 14))
            copy = article(f"q{query}", edited(dice, texts[origin], share, other))
            hits = match(copy, known, index)
            found += f"k{origin}" in hits
            wrong += len(hits - {f"k{origin}"})
        print(
            f"  {share:4.0%} of sentences edited: recall {found / QUERIES:.3f}, precision {found / max(1, found + wrong):.4f}"
        )
    strangers = [article(f"n{n}", sentences(dice, words, 22, dice.sample(words, 14))) for n in range(QUERIES)]
    print(
        f"  false accepts of {QUERIES} strangers: {sum(len(match(one, known, index)) for one in strangers)}"
    )


def match(one: Article, known: list[Relative], index: dict[int, list[int]]) -> set[str]:
    ours = story.trace(one, [RULE])
    near = dict.fromkeys(n for value in ours.index for n in index.get(value, ()))
    shared = set(ours.index)
    candidates = [
        replace(
            known[n], trace=replace(known[n].trace, index=tuple(shared.intersection(known[n].trace.index)))
        )
        for n in near
    ]
    return {hit.article for hit in story.kin(one, [RULE], ours, candidates)}


# ---------------------------------------------------------------------------- speed


def speed(size: int, file: Path) -> None:
    """Trace, look-up and verification on the store's own tables, filled with this many articles."""
    dice = random.Random(5)
    words = vocabulary(dice)
    common = sentences(dice, words, 3, dice.sample(words, 14))
    texts = [sentences(dice, words, 22, dice.sample(words, 14)) for _ in range(REAL)]
    titles = [" ".join(dice.sample(words, 8)) for _ in range(REAL)]
    begun = time.perf_counter()
    asyncio.run(SqliteStore.open(f"sqlite:///{file}").close())
    real = [story.trace(article(f"k{n}", text, titles[n]), [RULE]) for n, text in enumerate(texts)]
    fill(file, size, real, story.trace(article("common", common), [RULE]))
    took = time.perf_counter() - begun
    print(f"  history of {size:,} articles: {file.stat().st_size / 1e9:.2f} GB, made in {took:.0f} s")
    store = SqliteStore.open(f"sqlite:///{file}", mode="read")
    db = store._writer._connection
    copies = [
        article(f"q{n}", edited(dice, [*text, *common], 0.2, texts[n - 1]), titles[n - 1])
        for n, text in enumerate(texts)
    ]
    for name, asked in (("copies", copies_of), ("copies and events", everything_of)):
        turns(name, copies, db, asked)
    asyncio.run(store.close())


def copies_of(one: Article, ours: Trace) -> Inquiry:
    return Inquiry(article=one.url, trace=ours, copies_since=START - story.COPIES_WITHIN)


def everything_of(one: Article, ours: Trace) -> Inquiry:
    since = START - story.EVENTS_WITHIN
    return replace(copies_of(one, ours), events_since=since, rules=((RULE.watchlist, RULE.rule),))


def turns(
    name: str, copies: Sequence[Article], db: sqlite3.Connection, asked: Callable[[Article, Trace], Inquiry]
) -> None:
    """Once to warm the pages, then timed in CPU time (other work on the machine does not count), article by article."""
    memory, spent, found = peak(), [], 0
    for turn in range(2):
        spent, found = [], 0
        for number, one in enumerate(copies):
            begun = time.process_time()
            ours = story.trace(one, [RULE])
            kin = story.kin(
                one, [RULE], ours, history.relatives(db, asked(one, ours), partial(story.likely, ours))
            )
            spent.append(time.process_time() - begun)
            found += any(each.article == f"k{number}" for each in kin)
        if not turn:
            print(f"  {name}, cold: {len(spent) / sum(spent):,.0f} articles/s")
    worst = sorted(spent)[int(len(spent) * 0.99)]
    print(
        f"  {name}: {len(spent) / sum(spent):,.0f} articles/s (aim: 500), p99 {1000 * worst:.1f} ms,"
        f" {found} of {len(copies)} copies found, {peak() - memory:.0f} MB more memory"
    )


def peak() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def fill(file: Path, size: int, real: list[Trace], common: Trace) -> None:
    """The real traces last, before them made-up ones of the same size; nothing where it is there already."""
    db = sqlite3.connect(file, isolation_level=None)
    there = db.execute("select count(*) from articles").fetchone()[0]
    if not db.execute("select 1 from trace_hashes limit 1").fetchone():
        for pragma in ("foreign_keys = off", "synchronous = off", "cache_size = -400000"):
            db.execute(f"pragma {pragma}")
        when = int(START.timestamp() * 1_000_000)
        db.execute("insert or ignore into stories values ('st', '', ?, ?, 1, '[]', null)", (when, when))
        for begin in range(there, size, STEP):
            db.execute("begin")
            _articles(db, range(begin, min(size, begin + STEP)), size, real)
            db.execute("commit")
        db.execute("begin")
        db.execute("drop index trace_hashes_by_article")
        db.executemany("insert or ignore into trace_hashes values (?, ?)", _hashes(size, real, common))
        db.execute("create index trace_hashes_by_article on trace_hashes (article)")
        db.execute("commit")
        db.execute("pragma wal_checkpoint(truncate)")
    db.close()


def _articles(db: sqlite3.Connection, numbers: range, size: int, real: list[Trace]) -> None:
    """Articles, alerts and traces; the newest are the real ones, the oldest are ninety days old."""
    apart, end = timedelta(days=90) / size, START
    filler = random.Random(numbers.start)
    for number in numbers:
        place = size - 1 - number
        when = int((end - place * apart).timestamp() * 1_000_000)
        trace = real[place] if place < len(real) else None
        sketch = trace.sketch if trace else filler.randbytes(8 * SKETCH)
        gist = trace.gist if trace else filler.randbytes(8 * 40)
        db.execute(
            "insert into articles (id, url, link, story, source, origin, language, title, lead, body, caption, byline,"
            " section, published, fetched, partial, furniture)"
            " values (?, ?, '', 'st', 's', '{}', 'en', '', '', '', '', '', '', null, ?, '', '')",
            (number + 1, f"k{place}", when),
        )
        db.execute('insert into traces values (?, ?, ?, \'["a", "b"]\')', (number + 1, sketch, gist))
        db.execute(
            "insert into alerts (article, watchlist, rule, story, severity, verdict, reason, raised, earlier, match)"
            " values (?, 'w', ?, 'st', 'high', 'repeat', '', ?, '', '{}')",
            (number + 1, f"r{number % RULES}", when),
        )


def _hashes(size: int, real: list[Trace], common: Trace) -> Iterator[tuple[int, int]]:
    """Every index row, nearly in the order of the table, so that filling it takes seconds, not hours."""
    dice = np.random.default_rng(6)
    flat = dice.integers(-(2**63), 2**63 - 1, (size - len(real)) * PER_ARTICLE, np.int64)
    order = np.argsort(flat, kind="stable")
    for part in np.array_split(order, 64):
        yield from zip(flat[part].tolist(), (part // PER_ARTICLE + 1).tolist(), strict=True)
    rows = [(value, size - place) for place, trace in enumerate(real) for value in trace.index]
    rows += [(value, number + 1) for value in common.index for number in range(min(BOILERPLATE, size))]
    yield from sorted(rows)


def main() -> None:
    """Print quality, then speed."""
    quality()
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        speed(size, Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder, "history.db"))


if __name__ == "__main__":
    main()
