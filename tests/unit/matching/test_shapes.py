"""Queries of one shape read by their terms alone demand, and are warned of, what reading them whole gives."""

import random
from contextlib import suppress

import pytest

from monitor.errors import Level
from monitor.matching import compile_watchlists
from monitor.matching.catalogue import Catalogue
from monitor.matching.demands import demand_of
from monitor.matching.frequencies import Frequencies
from monitor.matching.lexer import QueryError
from monitor.matching.lints import lint_vetoes, lint_width
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
    "{} NOT ({} OR {})",
    "({} AND NOT ({} AND {})) OR {}",
    "({} AND {}) OR ({} AND {})",
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


def taken(act):
    """The demand of one rule: its record with things by themselves, and its limits."""
    catalogue = Catalogue(Frequencies().weigh)
    act(catalogue)
    record = [~each if each < 0 else catalogue.things[each] for each in catalogue.records]
    return record, [*catalogue.limits]


@pytest.mark.parametrize("shape", [*SHAPES, *HARD])
def test_a_sketch_equals_what_the_parsed_query_demands(shape):
    chance = random.Random(shape)
    vocabulary = WatchlistVocabulary(
        Watchlist.model_validate({"watchlist": "w", "rules": ["x"]}), {}, None, Terms(), {}
    )
    frequencies = Frequencies()
    known = Catalogue(frequencies.weigh)
    shapes = Shapes(known)
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

            def sketched_again(catalogue, sketch=sketch):
                def again(numbers):
                    things = [known.things[number] for number in numbers]
                    return [
                        catalogue.anchor(each) if isinstance(each, bytes) else catalogue.pattern(each)
                        for each in things
                    ]

                clauses = [(share, again(numbers)) for share, numbers in sketch.clauses]
                catalogue.add(clauses, again(sketch.vetoes), sketch.limits)

            assert taken(sketched_again) == taken(
                lambda catalogue, tree=tree: catalogue.take(demand_of(tree, frequencies.weigh))
            )
            assert list(sketch.lints) == list(lint_vetoes(tree, query, frequencies))
            assert not list(lint_width(tree, frequencies))
        shapes.learn(query, tree)
    assert sketched > 0 or shape in HARD


def test_a_phrase_that_only_begins_with_a_plain_word_is_no_term_of_a_shape(matcher, article):
    engine = matcher("sport don't", "film don't", "film हिन्दी", "sport हिन्दी")
    assert [match.rule for match in engine.match(article("film don't. sport हिन्दी"))] == ["r1", "r3"]


@pytest.mark.parametrize(
    "shape", ["zebra AND {}", "zebra NEAR/3 {}", "(zebra OR {}) AND quagga", "zebra NOT {}"]
)
def test_a_term_of_which_nothing_is_left_is_refused_in_any_shape(shape):
    rules = [shape.format("okapi"), shape.format('"ـــ"')]
    watchlist = Watchlist.model_validate({"watchlist": "w", "rules": rules})
    compiled = compile_watchlists({"w.yaml": watchlist}, {})
    errors = [
        (problem.path[1], problem.problem) for problem in compiled.problems if problem.level is Level.ERROR
    ]
    assert errors == [(1, "ـــ has no letter or digit")]
    assert len(compiled.matcher) == 1
