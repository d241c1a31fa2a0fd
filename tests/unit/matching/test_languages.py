"""What is a word, and when is it the same word, in many languages; and what a sentence is."""

from itertools import pairwise
from pathlib import Path

import pytest
from newsroom import read_yaml

from monitor.matching.fold import fold, fold_words
from monitor.matching.sentences import sentence_starts

DATA = Path(__file__).parents[2] / "data" / "matching"
CASES = read_yaml((DATA / "languages.yaml").read_text("utf-8"))
WRONG = read_yaml((DATA / "languages-wrong.yaml").read_text("utf-8"))
LISTED = (Path(__file__).parents[3] / "docs" / "languages.md").read_text("utf-8")
ENTITIES = {
    "usa": {"names": ["US"]},
    "nato": {"names": ["NATO"]},
    "who": {"names": ["WHO"]},
    "korea": {"names": ["Korea"], "demonyms": ["Korean"]},
    "rok": {"names": ["South Korea", "南朝鲜"], "demonyms": ["South Korean"]},
    "dprk": {"names": ["朝鲜"]},
    "kyoto": {"names": ["京都"], "not": ["東京都"]},
}


@pytest.mark.parametrize(("query", "text", "wanted"), CASES)
def test_a_word_is_found_as_its_language_writes_it(query, text, wanted, hits):
    assert hits(query, text, entities=ENTITIES) is wanted


@pytest.mark.parametrize(("query", "text", "wanted"), WRONG)
def test_what_is_known_to_be_read_wrongly_is_listed_for_admins(query, text, wanted, hits):
    assert hits(query, text) is not wanted
    assert f"| `{query}` | {text} |" in LISTED


def test_nineteen_cases_in_twenty_are_read_as_a_reader_reads_them():
    assert len(CASES) / (len(CASES) + len(WRONG)) >= 0.95


@pytest.mark.parametrize(
    "text", ["Kim", "КНДР", "북한", "北朝鮮", "Ёлка", "Straße", "naïve", "ﬁne", "Nord-Corée", "U.S.", "Russia's", "朝鲜abc", "ｶﾞ", "हिन्दी", "ไทย", "é", "", "½", "a'b", "x.y", "روسيا", "\x01", "\x00"]
)  # fmt: skip
def test_the_quick_way_to_fold_words_equals_the_whole_one(text):
    assert list(fold_words(text)) == fold(text).data.decode().split()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Mr. Kim met U.S. envoys. He left.", ["Mr. Kim met U.S. envoys. ", "He left."]),
        ("He said “No.” She left.", ["He said “No.” ", "She left."]),
        ("“Go!” he said. Yes?", ["“Go!” he said. ", "Yes?"]),
        ("Один. Два! Три?", ["Один. ", "Два! ", "Три?"]),
        ("В 2024 г. Россия и КНДР.", ["В 2024 г. Россия и КНДР."]),
        ("一。二！三？", ["一。", "二！", "三？"]),
        ("「一。」二。", ["「一。」", "二。"]),
        ("एक। दो॥ तीन", ["एक। ", "दो॥ ", "तीन"]),
        ("هل؟ نعم. لا", ["هل؟ ", "نعم. ", "لا"]),
        ("one\ntwo", ["one\n", "two"]),
        ("Wait... what? No.", ["Wait... what? ", "No."]),
        ("At 3.5 percent. Done.", ["At 3.5 percent. ", "Done."]),
        ("", [""]),
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(text, sentences):
    starts = [*sentence_starts(text), len(text)]
    assert [text[start:end] for start, end in pairwise(starts)] == sentences
