import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extraction.prose import clean, ends_sentence, folded, short, unsaid, weight


@given(st.text())
def test_cleaned_text_is_one_line_that_stays_as_it_is_when_cleaned_again(text: str) -> None:
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert "\n" not in cleaned
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")


@given(st.text())
def test_texts_that_read_alike_fold_alike(text: str) -> None:
    assert folded(f" {clean(text)} … ") == folded(clean(text))


@given(st.text(st.characters(categories=["L", "N", "M", "P", "S", "Z", "Cc", "Cs"])))
def test_nothing_is_left_of_a_text_but_its_letters_and_digits(text: str) -> None:
    alike = unicodedata.normalize("NFKC", text).casefold()

    assert folded(text) == "".join(filter(str.isalnum, alike))


def test_lone_surrogates_soft_hyphens_and_bidi_overrides_are_gone() -> None:
    assert clean("Nord\u00adkorea \ud800\u202efdp.exe\u202c \u2067x\u2069") == "Nordkorea fdp.exe x"


def test_the_joiners_that_words_need_stay() -> None:
    assert clean("می\u200cشود") == "می\u200cشود"


@pytest.mark.parametrize(
    "text", ["It ended.", "He said: “Go!”", "結束。」", "هل وصلوا؟", "समाप्त हुआ।", "so he said…", "(Really.)"]
)
def test_a_sentence_ends_in_any_script(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["Troops arrive in Kursk", "両国が合意", "", "No. 5"])
def test_a_headline_does_not_end_as_a_sentence(text: str) -> None:
    assert not ends_sentence(text)


def test_words_are_counted_where_none_are_spaced() -> None:
    assert short("鲸鱼跟着渡轮游进峡湾", 5)
    assert not short("阿尔内周一最后一次锁上斯卡尔夫灯塔的门，距离他第一次值夜正好四十年。", 8)


def test_chinese_weighs_more_than_its_letters() -> None:
    assert weight("三千人") == 7
    assert weight("three") == 5


def test_only_what_the_text_does_not_say_is_left_of_a_summary() -> None:
    text = "The ferry left late. Nobody told the passengers why, and the fog was gone by noon."

    assert (
        unsaid("The ferry left late! The captain was ill. Nobody told the passengers", text)
        == "The captain was ill."
    )


@pytest.mark.parametrize("cut", ["Nobody told the pass…", "Nobody told the passengers [...]", ""])
def test_a_summary_cut_short_says_nothing_new(cut: str) -> None:
    assert unsaid(cut, "The ferry left late. Nobody told the passengers why.") == ""
