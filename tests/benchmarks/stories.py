"""Near-duplicates: recall and precision on edited copies, and articles a second with a long history. `python tests/benchmarks/stories.py [HISTORY]`."""

import asyncio
import random
import sqlite3
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from newsmonth import START, edited, sentences, vocabulary

from monitor.alerting import story
from monitor.model import Article, Inquiry, Match, Origin, Relative, Severity, Trace
from monitor.store import history
from monitor.store.sqlite import SqliteStore

STORIES, QUERIES = 1500, 600
RULE = Match(watchlist="w", rule="r", title="r", severity=Severity.HIGH, mentions=())


def article(url: str, text: list[str]) -> Article:
    return Article(
        url=url,
        origin=Origin(source="s", outlet="s"),
        title="",
        fetched=START,
        body="\n".join(text),
        language="en",
    )


def relative(one: Article) -> Relative:
    return Relative(article=one.url, story=one.url, seen=START, trace=story.trace(one, [RULE]))


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


def speed(size: int) -> None:
    """Trace, look-up and verification on the store's own tables, filled with this many traces."""
    dice = random.Random(5)
    words = vocabulary(dice)
    texts = [sentences(dice, words, 22, dice.sample(words, 14)) for _ in range(400)]
    store = SqliteStore.open("sqlite://:memory:")
    db = store._writer._connection
    filled = time.process_time()
    fill(db, size, [story.trace(article(f"k{n}", text), [RULE]) for n, text in enumerate(texts)])
    print(f"  filled {size:,} traces in {time.process_time() - filled:.0f} s")
    copies = [article(f"q{n}", edited(dice, text, 0.2, texts[n - 1])) for n, text in enumerate(texts)]
    begun, hits = time.process_time(), 0
    for one in copies:
        ours = story.trace(one, [RULE])
        inquiry = Inquiry(article=one.url, trace=ours, copies_since=START - story.COPIES_WITHIN)
        hits += bool(story.kin(one, [RULE], ours, history.relatives(db, inquiry)))
    spent = time.process_time() - begun
    print(f"  {len(copies) / spent:,.0f} articles/s (aim: 500), {hits} of {len(copies)} copies found")
    asyncio.run(store.close())


def fill(db: sqlite3.Connection, size: int, real: list[Trace]) -> None:
    """The real traces first, then made-up ones of the same size."""
    dice = random.Random(6)
    db.execute("pragma foreign_keys = off")
    db.execute("begin")
    when = int(START.timestamp() * 1_000_000)
    db.execute("insert into stories values ('st', '', ?, ?, 1, '[]', null)", (when, when))
    for number in range(size):
        trace = real[number] if number < len(real) else None
        hashes = trace.index if trace else tuple(dice.getrandbits(63) for _ in range(20))
        db.execute(
            "insert into articles (id, url, link, story, source, origin, language, title, lead, body, caption, byline,"
            " section, published, fetched, partial, furniture)"
            " values (?, ?, '', 'st', 's', '{}', 'en', '', '', '', '', '', '', null, ?, '', '')",
            (number + 1, f"k{number}", when),
        )
        sketch, gist = (trace.sketch, trace.gist) if trace else (b"", b"")
        db.execute("insert into traces values (?, ?, ?, '[]')", (number + 1, sketch, gist))
        db.executemany("insert or ignore into trace_hashes values (?, ?)", [(h, number + 1) for h in hashes])
    db.execute("commit")


def main() -> None:
    """Print quality, then speed."""
    quality()
    speed(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)


if __name__ == "__main__":
    main()
