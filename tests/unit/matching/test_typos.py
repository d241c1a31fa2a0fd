"""Misspelt names are found, other names are not."""

import random

import pytest

from monitor.matching.typos import Slips, one_slip

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def some_name(chance):
    return "".join(
        chance.choice("bcdfghjklmnprstvz") + chance.choice("aeiou") for _ in range(chance.randint(3, 5))
    )


def misspelt(word, chance):
    at = chance.randrange(1, len(word))
    other = chance.choice(LETTERS)
    made = chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + other + word[at + 1 :],
            word[:at] + other + word[at:],
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        ]
    )
    return made if made != word and len(made) >= 5 else misspelt(word, chance)


def test_one_slip_is_found_and_other_names_are_not():
    chance = random.Random(3)
    names = list(dict.fromkeys(f"{some_name(chance)} {some_name(chance)}" for _ in range(10_000)))
    firsts = {name.split()[0]: name.split()[1] for name in names}
    slips = Slips(
        (tuple(name.split()) for name in names),
        frozenset(word for name in names for word in name.split()),
    )
    asked = [(name, misspelt(name.split()[0], chance)) for name in names[:2000]]
    known = {word for name in names for word in name.split()}
    asked = [(name, wrong) for name, wrong in asked if wrong not in known]
    found = sum(name.split()[0] in slips.of({wrong.encode()}) for name, wrong in asked)
    assert found / len(asked) >= 0.98
    others = [f"{some_name(chance)} {some_name(chance)}" for _ in range(20_000)]
    false = [
        other
        for other in others
        if any(firsts.get(right) == other.split()[1] for right in slips.of({other.split()[0].encode()}))
    ]
    assert len(false) <= 2


@pytest.mark.parametrize(
    ("name", "text"),
    [("Iran", "Iraq"), ("Mali", "Malo"), ("Jane Austin", "Jane Austen"), ("Niger", "Nigeria"), ("Austria", "Australia"), ("Slovakia", "Slovenia"), ("Gambia", "Zambia"), ("Kiribati", "Mauritania")],
)  # fmt: skip
def test_names_that_look_alike_stay_apart(name, text, hits):
    entities = {"one": {"names": [name], "typos": "1"}}
    assert (hits("@one", name, entities=entities), hits("@one", text, entities=entities)) == (True, False)


def test_a_word_that_is_another_known_name_is_no_slip(hits):
    entities = {"one": {"names": ["Marta Keller"], "typos": "1"}, "two": {"names": ["Maria Keller"]}}
    other = {**entities, "two": {"names": ["Somebody Else"]}}
    assert hits("@one", "Maria Keller", entities=entities) is False
    assert hits("@one", "Marha Keller", entities=other) is True


def test_a_slip_counts_in_a_text_only_beside_the_other_words_of_a_name():
    slips = Slips([("lloyd", "austin"), ("lloyd", "webber"), ("madonna",)], frozenset())
    texts = [b"llyod spoke", b"llyod austin", b"webber llyod", b"lloyd ausitn", b"madona"]
    assert [slips.in_company(set(text.split())) for text in texts] == [
        {},
        {"lloyd": ["llyod"]},
        {"lloyd": ["llyod"]},
        {"austin": ["ausitn"]},
        {"madonna": ["madona"]},
    ]


def test_one_word_of_a_name_may_slip_not_two(hits):
    entities = {"one": {"names": ["Volodymyr Zelensky"], "typos": "1"}}
    texts = ["Volodymr Zelensky", "Volodymyr Zelenksy", "Volodymr Zelenksy", "Wolodymyr Zelensky"]
    assert [hits("@one", text, entities=entities) for text in texts] == [True, True, False, False]


def test_a_slip_is_one_edit_after_the_first_letter():
    pairs = [
        ("llyod", "lloyd"),
        ("loyd", "lloyd"),
        ("lloydd", "lloyd"),
        ("llzyd", "lloyd"),
        ("lyold", "lloyd"),
        ("floyd", "lloyd"),
        ("lloyd", "lloyd"),
    ]
    assert [one_slip(*pair) for pair in pairs] == [True, True, True, True, False, False, False]
