"""What misspelt names cost: the pipeline with 10,000 fuzzy names beside the same without slips.

python tests/benchmarks/typos.py [names]
"""

import random
import sys
import time
from dataclasses import replace

from newsworld import World

from monitor.matching import Entity, Matcher, Rule, Watchlist, compile_watchlists
from monitor.model import Article

ROUNDS = 3


def name(chance: random.Random) -> str:
    return " ".join(
        "".join(chance.choice("bcdfghjklmnprstvz") + chance.choice("aeiou") for _ in range(size)).capitalize()
        for size in (chance.randint(3, 4), chance.randint(3, 5))
    )


def matcher(names: list[str], *, typos: int) -> Matcher:
    """The rules that ask for one person each."""
    entities = {f"e{number}": Entity(names=(name,), typos=typos) for number, name in enumerate(names)}
    rules = tuple(Rule(id=name, match=f"@{name}") for name in entities)
    return compile_watchlists({"bench": Watchlist(watchlist="bench", rules=rules)}, entities).matcher


def peopled(article: Article, names: list[str], chance: random.Random) -> Article:
    """The article with ten of the names in it."""
    words = article.body.split(" ")
    for _ in range(10):
        words[chance.randrange(len(words))] = chance.choice(names)
    return replace(article, body=" ".join(words))


def main() -> None:
    chance = random.Random(11)
    names = [name(chance) for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)]
    world = World(7, 1_000)
    articles = [peopled(world.article(), names, chance) for _ in range(200)]
    plain, fuzzy = (matcher(names, typos=typos) for typos in (0, 1))
    best = {"plain": float("inf"), "fuzzy": float("inf"), "new": float("inf")}
    for _ in range(ROUNDS):  # side by side: the machine has other work
        fresh = matcher(names, typos=1)
        for label, engine in (("plain", plain), ("fuzzy", fuzzy), ("new", fresh)):
            began = time.process_time()
            for article in articles:
                engine.match(article)
            best[label] = min(best[label], time.process_time() - began)
    each = {label: 1e6 * took / len(articles) for label, took in best.items()}
    print(
        f"{len(names)} names: exact {each['plain']:.0f} µs an article, with slips {each['fuzzy']:.0f} µs "
        f"(×{each['fuzzy'] / each['plain']:.2f}); words never seen before {each['new']:.0f} µs "
        f"(×{each['new'] / each['plain']:.2f})"
    )


if __name__ == "__main__":
    main()
