"""Queries of one shape read by their terms alone come up by the anchors that reading them whole gives."""

import random
from contextlib import suppress

import pytest

from monitor.matching.frequencies import Frequencies
from monitor.matching.lexer import QueryError
from monitor.matching.query import parse
from monitor.matching.shapes import Shapes
from monitor.matching.vocabulary import Terms, WatchlistVocabulary
from monitor.matching.watchlist import Watchlist

WORDS = [
    "troops",
    "russia",
    "quagga",
    "naïve",
    "Straße",
    "Россия",
    "zebra",
    "okapi",
    "deploy*",
    '"north korea"',
    '"Kim Jong Un"',
    '"Ёлкин"',
    "sport",
    '"a"',
]
SHAPES = [
    "{} AND {}",
    "({} OR {}) AND {}",
    "({} OR {}) NEAR/10 ({} OR {})",
    "{} PRE/8 {}",
    "({} OR {}) AND {} AND NOT {}",
    "title:({} OR {})",
    "{} NOT NEAR/5 {}",
    "{} /s {} /s {}",
    "{}",
]
HARD = [
    "troop? AND {}",
    "caps({})",
    "{} and {}",
    "{} {}",
    "lang:en AND {}",
    "first5({})",
    "{}~1",
    '"{}"~3',
    "exact({}) AND {}",
]


def read(query, vocabulary):
    """The tree, or None where the query is refused."""
    with suppress(QueryError):
        return parse(query, vocabulary)
    return None


@pytest.mark.parametrize("shape", [*SHAPES, *HARD])
def test_a_sketch_equals_the_cover_of_the_parsed_query(shape):
    chance = random.Random(shape)
    vocabulary = WatchlistVocabulary(
        Watchlist.model_validate({"watchlist": "w", "rules": ["x"]}), {}, None, Terms(), {}
    )
    weigh = Frequencies().weigh
    shapes = Shapes(weigh)
    sketched = 0
    for _ in range(60):
        query = shape.format(*chance.choices(WORDS, k=shape.count("{}")))
        tree = read(query, vocabulary)
        sketch = shapes.sketch(query)
        if tree is None:
            assert sketch is None
            continue
        if sketch is not None:
            sketched += 1
            share, anchors = tree.cover(weigh)
            assert (sketch.cover[0], sketch.cover[1] <= set(sketch.heads)) == (pytest.approx(share), True)
            assert sketch.cover[1] == anchors or sum(map(weigh, sketch.cover[1])) == pytest.approx(share)
        shapes.learn(query, tree)
    assert sketched > 0 or shape in HARD
