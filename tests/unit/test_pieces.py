"""Long texts in pieces: nothing is lost, and what is read in pieces reads as the whole."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from monitor.extraction.prose import folded
from monitor.pieces import LONG, pieces


@given(st.text(alphabet="ab \n"), st.integers(1, 9))
def test_the_pieces_are_the_text_and_none_is_too_long(text: str, size: int) -> None:
    found = list(pieces(text, size))
    assert "".join(found) == text
    assert all(len(piece) <= size for piece in found)


@given(st.text(alphabet="ab \n", min_size=1), st.integers(2, 9))
def test_a_piece_begins_at_a_space_unless_a_word_is_longer_than_it(text: str, size: int) -> None:
    found = list(pieces(text, size))
    for before, piece in pairwise(found):
        assert piece.startswith(" ") or " " not in before[1:]


def test_a_long_text_is_folded_as_its_words_are() -> None:
    words = [f"Ča\u030crt{number} e\u0301té" for number in range(LONG // 4)]
    assert folded(" ".join(words)) == "".join(map(folded, words))
