"""How fast the matching engine is, beside a bare automaton scan of all terms in the same run.

    python tests/benchmarks/matching.py [rules …]        default: 100 10000 100000

Text and rules are generated (newsworld.py). Document frequencies are learnt from one half of the articles,
everything is measured on the other. Times are CPU seconds, best of several rounds.
"""

import gc
import re
import resource
import sys
import threading
import time
from collections.abc import Callable

from daachorse import DoubleArrayAhoCorasick
from newsworld import World

from monitor.heap import lasting
from monitor.matching import Watchlist, compile_watchlists, learn_frequencies
from monitor.matching.document import Document
from monitor.matching.nodes import Mentioned, Node
from monitor.model import Article

ARTICLES = 240
ROUNDS = 5


def measured(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The best CPU time of several rounds."""
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        act()
        best = min(best, time.process_time() - began)
    return best


def heads(node: Node) -> set[bytes]:
    """All patterns of a tree."""
    if isinstance(node, Mentioned):
        return {pattern.head for pattern in node.leaf.patterns}
    return {head for child in node.children for head in heads(child)}


class Gaps(threading.Thread):
    """The longest time that another thread was kept from running."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.longest = 0.0
        self.stopped = threading.Event()

    def run(self) -> None:
        last = time.perf_counter()
        while not self.stopped.wait(0.001):
            now = time.perf_counter()
            self.longest = max(self.longest, now - last)
            last = now


def bench(count: int, world: World, articles: list[Article], frequencies: dict[str, float]) -> None:
    rules = [world.rule(number) for number in range(count)]
    watchlist = Watchlist(watchlist="bench", rules=tuple(rules))
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ticks = Gaps()
    ticks.start()
    began = time.process_time()
    with lasting():  # as the daemon builds
        compiled = compile_watchlists({"bench": watchlist}, {}, frequencies=frequencies)
    build = time.process_time() - began
    ticks.stopped.set()
    ticks.join()
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    matcher = compiled.matcher
    terms = sorted({head for ready in matcher.rules for head in heads(ready.tree(ready.rule.match))})
    for ready in matcher.rules:
        ready.trees = None
    scan = DoubleArrayAhoCorasick(terms)
    folded = [Document(article) for article in articles]

    def raw() -> None:
        for document in folded:
            scan.find_overlapping(document.data)

    def fresh() -> list[Document]:
        copies = []
        for document in folded:
            copy = object.__new__(Document)
            copy.__dict__.update({key: value for key, value in document.__dict__.items() if key in KEPT})
            copy.memo = {}
            copies.append(copy)
        return copies

    def decide() -> float:
        copies = fresh()
        began = time.process_time()
        for document in copies:
            for _ in matcher.decide(document):
                pass
        return time.process_time() - began

    def whole() -> None:
        for article in articles:
            for _ in matcher.decide(matcher.read(article)):
                pass

    def full() -> None:
        for article in articles:
            matcher.match(article)

    decide()
    raw_time, decide_time = float("inf"), float("inf")
    for _ in range(3 * ROUNDS):  # side by side: the machine has other work
        raw_time, decide_time = min(raw_time, measured(raw, 1)), min(decide_time, decide())
    whole_time, full_time = measured(whole), measured(full)
    size = len(articles)
    found = sum(len(matcher.match(article)) for article in articles)
    hits = sum(len(scan.find_overlapping(document.data)) for document in folded)
    candidates = sum(len(matcher._presearcher.candidates(document)) for document in fresh())
    print(
        f"{count:>7} rules  raw {size / raw_time:8.0f}/s  match {size / decide_time:8.0f}/s  "
        f"ratio {raw_time / decide_time:4.2f}  normalise+match {size / whole_time:6.0f}/s  with mentions and excerpts {size / full_time:6.0f}/s"
    )
    print(
        f"        {len(terms)} terms, {hits / size:.0f} hits, {candidates / size:.1f} candidates and {found / size:.2f} matches an article; "
        f"build {build:.2f} s, {memory:.0f} MiB, longest stall of another thread {ticks.longest * 1000:.0f} ms"
    )
    if count <= 10_000:
        texts = [document.data.decode() for document in folded[:3]]
        patterns = [
            re.compile("|".join(re.escape(head.decode()) for head in heads(ready.tree(ready.rule.match))))
            for ready in matcher.rules
        ]
        took = measured(lambda: [pattern.search(text) for text in texts for pattern in patterns], 1)
        print(f"        one regex a rule: {len(texts) / took:.1f} articles/s")


KEPT = ("article", "variants", "present", "_texts", "_joined", "_folded", "data")


def main() -> None:
    counts = [int(word) for word in sys.argv[1:]] or [100, 10_000, 100_000]
    world = World(7, 60_000)
    learning, measuring = ([world.article() for _ in range(ARTICLES)] for _ in range(2))
    kilobytes = sum(len(f"{a.title}{a.lead}{a.body}".encode()) for a in measuring) / ARTICLES / 1000
    wild = sum(not f"{a.title}{a.lead}{a.body}".isascii() for a in measuring) / ARTICLES
    print(f"{ARTICLES} articles of {kilobytes:.1f} kB, {wild:.0%} not ASCII")
    frequencies = learn_frequencies(f"{a.title} {a.lead} {a.body}" for a in learning)
    folding = measured(lambda: [Document(article) for article in measuring])
    print(f"normalise {ARTICLES / folding:.0f} articles/s, {kilobytes * ARTICLES / folding / 1000:.0f} MB/s")
    for count in counts:
        bench(count, world, measuring, frequencies)


if __name__ == "__main__":
    main()
