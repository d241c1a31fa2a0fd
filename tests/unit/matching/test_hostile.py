"""No text and no query, however made, raises or keeps the engine busy."""

import random

import pytest

from monitor.matching import render_explanation
from monitor.matching.document import LONGEST

RULES = ["troops", "troop* NEAR/50 troop*", '"troops troops"~90', "atleast5(troops /s troops)", "(troops /p a) NEAR/9 troops", "@x", "@y", "a", '"a a"', '"a a a"', '"a a a a a a"', "about(troops)", "caps(troops)", "trooos~1"]  # fmt: skip
ENTITIES = {
    "x": {"names": ["troops", "troops troops", "a a a a"], "not": ["troops troops troops"], "needs": {"any": ["troops", "a"]}, "typos": "1"},
    "y": {"names": ["troops " * 20, "a " * 30, "a"], "metonyms": ["Troops"]},
}  # fmt: skip
TEXTS = {
    "one word": ("", "troops ", 1_500_000),
    "one letter": ("", "a ", 5_000_000),
    "no space": ("", "a", 10_000_000),
    "marks": ("e", "\u0301", 5_000_000),
    "marks out of order": ("и", "\u0306\u0323", 2_000_000),
    "jamo": ("", "\u1112\u1161\u11ab", 1_000_000),
    "surrogates": ("", "\ud800 \udfff", 1_000_000),
    "nul": ("", "\x00", 5_000_000),
    "boundaries": ("", " \x01 ", 1_000_000),
    "dots": ("", "a.b.", 2_000_000),
    "stops": ("", ". ", 3_000_000),
    "newlines": ("", "\n", 5_000_000),
    "quotes": ("", "’s", 3_000_000),
    "fractions": ("", "½", 3_000_000),
    "ideographs": ("", "朝", 3_000_000),
    "slips": ("", "troopx ", 1_000_000),
    "zero width": ("", "\u200b", 5_000_000),
    "brackets": ("", "“", 5_000_000),
    "astral": ("", "𝐍 ", 3_000_000),
}
"""What a text begins with, and what goes on for ever."""


@pytest.fixture(scope="module")
def engine(matcher):
    return matcher(*RULES, entities=ENTITIES)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", TEXTS)
def test_no_text_raises_and_mentions_stay_true(name, engine, article):
    begins, goes_on, times = TEXTS[name]
    text = begins + goes_on * times
    made = article(text, title=text[:3000])
    for match in engine.match(made):
        assert all(made.text(each.field)[each.start : each.end] == each.text for each in match.mentions)


def test_what_stands_behind_the_longest_article_is_not_read(hits):
    assert (
        hits("troops", "x " * (LONGEST // 2 - 9) + "troops"),
        hits("troops", "x " * LONGEST + "troops"),
    ) == (True, False)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("(" * 100_000 + "troops" + ")" * 100_000, "the query is longer than 200000 characters"),
        ("(" * 90_000 + "troops" + ")" * 90_000, "nested deeper than 40"),
        ("title:" * 20_000 + "troops", "nested deeper than 40"),
        ("caps(" * 10_000 + "troops" + ")" * 10_000, "nested deeper than 40"),
        ("troops OR " * 30_000 + "troops", "the query is longer than 200000 characters"),
        ('"' * 99_999, "a quotation mark is never closed"),
    ],
)
def test_a_monstrous_query_is_refused(query, problem, compiled):
    assert [each.problem for each in compiled(query).problems if each.level == "error"] == [problem]


def test_a_long_list_of_alternatives_is_no_monster(hits):
    assert hits(" OR ".join(f"word{number}" for number in range(10_000)), "a word9999 b") is True


TOKENS = [
    "troops", '"North Korea"', '"a - b"', '"- troops"', '"-"', '""', "-", "@dprk", "@dprk.names", "@nobody", "@georgia", "AND", "OR", "NOT", "AND NOT",
    "NEAR/5", "NOT NEAR/3", "PRE/2", "/s", "/p", "NOT /s", "(", ")", "title:", "body:", "lang:ko", "source:", "words:>5", "words:", "atleast3(", "first10(",
    "about(", "caps(", "allcaps(", "exact(", "nocaps(", "troop*", "troop!", "sold?er", "soldier$1", "tr*", "~2", '"a b"~3', '"a - b"~3', "word~1", "#", "# c\n",
    "북한", "Корея", "войск*", "US", "U.S.", "C++", "&", "€", "½", "٣", '"朝 鮮"~2', "w/5", "near5", "/", "$", "*", "!", "?", '"', "\u200b", "\u0301", "’s", "1,000",
]  # fmt: skip


def test_no_soup_of_tokens_raises_whether_it_is_refused_or_matched(compiled, article):
    dice, read = random.Random(20261127), 0
    text = article(
        "Troops - a b in North Korea. a - b soldier 북한군 войска US U.S. 1,000 朝鮮 wrod", language="ko"
    )
    for _ in range(60):
        soup = [" ".join(dice.choice(TOKENS) for _ in range(dice.randint(1, 6))) for _ in range(25)]
        made = compiled(*soup)
        refused = {problem.path[1] for problem in made.problems if problem.level == "error"}
        good = [f"r{number}" for number in range(len(soup)) if number not in refused]
        assert {match.rule for match in made.matcher.match(text)} <= set(good)
        told = list(made.matcher.explain(text))
        assert ([each.rule for each in told], all(map(render_explanation, told))) == (good, True)
        read += len(good)
    assert read > 100


def test_a_dash_among_sloppy_words_is_no_word(hits):
    assert hits('"a - b"~3', "b and a") is True
