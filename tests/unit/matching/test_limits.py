"""What presence and a few bytes around decide is what the spans of the tree say."""

import random

import pytest

WORDS = [
    "a",
    "b",
    "ab",
    "c",
    "abc",
    "d",
    "e",
    "북한",
    "북한군이",
    "북한강",
    "روسيا",
    "وروسيا",
    "الروسية",
    "京",
    "都",
]
TERMS = ["a", "b", "abc*", '"a b"', '"b c d"', "북한", "روسيا", "京都", "c", "d"]
SHAPES = [
    "{} NEAR/{n} {}",
    "{} PRE/{n} {}",
    "({} OR {}) NEAR/{n} ({} OR {})",
    "({} OR {}) PRE/{n} {}",
    "{} AND ({} NEAR/{n} {}) NOT {}",
    "title:{}",
    "title:({} OR {}) AND {}",
    "lead:({} AND {})",
    "body:{} NOT {}",
    "caption:{} AND {}",
    "{} AND ({} OR {})",
    "({} AND {}) OR {}",
]


def text(chance, most):
    return " ".join(chance.choices(WORDS, k=chance.randint(0, most)))


@pytest.mark.parametrize("seed", range(3))
def test_verdicts_agree_with_the_trees(seed, matcher, article):
    chance = random.Random(seed)
    queries = [
        shape.format(*chance.choices(TERMS, k=shape.count("{}")), n=chance.randint(1, 4))
        for shape in SHAPES
        for _ in range(6)
    ]
    engine = matcher(*dict.fromkeys(queries))
    presearcher = engine._presearcher
    decided = 0
    for _ in range(60):
        document = engine.read(
            article(text(chance, 12), title=text(chance, 3), lead=text(chance, 5), caption=text(chance, 3))
        )
        raised, anew = presearcher.candidates(document), engine.read(document.article)
        for number, rule in enumerate(engine.rules):
            verdict = presearcher.verdict(number, document) if number in raised else False
            decided += verdict is not None
            holds = rule.value(anew) is not None
            assert verdict in {None, holds}, (rule.rule.match, document.data.decode())
    assert decided > 2_000


def test_many_things_bring_up_what_few_do(matcher, article):
    chance = random.Random(1)
    names = [f"name{number}" for number in range(200)]
    queries = [f"{chance.choice(names)} AND ({' OR '.join(chance.sample(names, 3))})" for _ in range(300)]
    engine = matcher(*dict.fromkeys(queries))
    presearcher = engine._presearcher
    for size in (50, 150):
        document = engine.read(article(" ".join(chance.sample(names, size))))
        presearcher.candidates(document)
        raising = [number for number in document.present.hits if number >= 0 and presearcher._raises[number]]
        few, many = (look(raising, document.present.hits) for look in (presearcher._few, presearcher._many))
        assert few == many
        assert few
