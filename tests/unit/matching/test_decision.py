"""What is named as deciding did decide: had it been otherwise, so had the answer."""

import random
from collections.abc import Collection

import pytest

from monitor.matching import Clause, Explanation, deciding, decision_in_words

TERMS = ["troops", "soldier$1", "@dprk", "@russia", "Kursk", '"special forces"', "film", "said"]
WORDS = [
    "troops", "soldiers", "North Korean", "Pyongyang", "Russia", "Moscow", "Kursk", "special forces", "film", "said",
    "the", "of", "zo.", "zo.", "xu", "xu",
]  # fmt: skip


def some_query(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return chance.choice(TERMS)
    a, b = some_query(chance, depth - 1), some_query(chance, depth - 1)
    x, y, n = chance.choice(TERMS), chance.choice(TERMS), chance.randint(1, 6)
    return chance.choice(
        [
            f"({a}) AND ({b})",
            f"({a}) AND ({b}) AND {x}",
            f"({a}) OR ({b})",
            f"({a}) AND NOT ({b})",
            f"{x} NEAR/{n} ({y} OR {chance.choice(TERMS)})",
            f"{x} PRE/{n} {y}",
            f"{x} NOT NEAR/{n} {y}",
            f"{x} /s {y}",
            f"atleast{chance.randint(1, 3)}({x})",
            f"first{chance.randint(3, 30)}({a})",
            f"about({x})",
            f"title:({a})",
            f"({a}) AND lang:{chance.choice(['en', 'ru'])}",
        ]
    )


def some_article(chance: random.Random, article):
    def text(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(0, most)))

    return article(text(20), title=text(4), lead=text(8), language="en")


def holds(clause: Clause, otherwise: Collection[int]) -> bool:
    """Whether a clause would hold, had these been otherwise; what its parts do not settle stays as it was."""
    if id(clause) in otherwise:
        return not clause.holds
    parts = [(each.role, holds(each, otherwise)) for each in clause.clauses]
    required = all(held for role, held in parts if role == "")
    match clause.kind:
        case "AllOf":
            return required and not any(held for role, held in parts if role == "veto")
        case "AnyOf" if parts:
            return any(held for _, held in parts)
        case _:
            lacked = any(each.role == "" and not each.holds for each in clause.clauses)
            return required and (clause.holds or lacked)


def some_rules_and_text(seed: int, article, matcher):
    """Ten rules and an article."""
    chance = random.Random(seed)
    engine = matcher(*(some_query(chance, chance.randint(1, 3)) for _ in range(10)))
    return engine, some_article(chance, article)


def accepting(engine, text) -> list[str]:
    return [ready.id for ready in engine.decide(engine.read(text))]


@pytest.mark.parametrize("seed", range(60))
def test_the_named_clauses_decided_and_each_was_needed(seed, article, matcher):
    engine, text = some_rules_and_text(seed, article, matcher)
    accepted = accepting(engine, text)
    for asked in engine.explain(text):
        matched = asked.rule in accepted
        assert (asked.matches, holds(asked.clause, ())) == (matched, matched)
        named = deciding(asked)
        assert named
        assert holds(asked.clause, {id(each) for each in named}) is not matched, decision_in_words(asked)
        if not matched:
            for spared in named:
                others = {id(each) for each in named if each is not spared}
                assert holds(asked.clause, others) is False, (decision_in_words(asked), spared.text)


def test_both_answers_are_common(article, matcher):
    accepted = [len(accepting(*some_rules_and_text(seed, article, matcher))) for seed in range(60)]
    assert 150 < sum(accepted) < 450


def words(asked: tuple[Explanation, ...]) -> list[str]:
    return [decision_in_words(each) for each in asked]


def test_the_decision_is_put_into_words(article, matcher):
    engine = matcher(
        "@dprk AND @russia AND Kursk",
        "(troops OR film) AND @dprk",
        "@dprk AND NOT Pyongyang",
        "@dprk NEAR/2 troops",
        "title:(troops OR film)",
        {"id": "held", "match": "troops", "unless": "Pyongyang"},
        {"id": "other", "match": "troops", "languages": ["ru"]},
    )
    text = article("Pyongyang denied it. The troops, it said, stayed.", language="en")
    assert words(engine.explain(text)) == [
        "@russia: not found; Kursk: not found",
        "troops and @dprk",
        "forbidden by Pyongyang",
        "@dprk NEAR/2 troops: NEAR/2: closest 4 words",
        "title:(troops OR film): not in title, but in body",
        "held by unless: Pyongyang",
        "not asked: the article's language is en, the rule reads ru",
    ]


def test_the_rules_that_came_nearest_are_found(article, matcher):
    engine = matcher(
        "@dprk AND @russia", "troops AND Kursk AND film", "@dprk NEAR/1 film", "@dprk", "said AND film"
    )
    text = article("Pyongyang wrote of a rainy, long and sad film in which nobody was seen in Kursk.")
    assert [each.rule for each in engine.nearest(text, 5)] == ["r2", "r1", "r0", "r4"]
    assert [each.rule for each in engine.nearest(text, 2)] == ["r2", "r1"]
