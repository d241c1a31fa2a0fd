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
    "북한군",
    '"朝鲜军队"',
    "روسيا",
    '"كوريا الشمالية"',
    "हिन्दी",
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
            assert [(share, set(anchors)) for share, anchors in sketch.covers] == [
                (pytest.approx(share), set(anchors)) for share, anchors in tree.covers(weigh)
            ]
            assert all(set(anchors) <= set(sketch.heads) for _, anchors in sketch.covers)
        shapes.learn(query, tree)
    assert sketched > 0 or shape in HARD


def test_a_phrase_that_only_begins_with_a_plain_word_is_no_term_of_a_shape(matcher, article):
    engine = matcher("sport don't", "film don't", "film हिन्दी", "sport हिन्दी")
    assert [match.rule for match in engine.match(article("film don't. sport हिन्दी"))] == ["r1", "r3"]
