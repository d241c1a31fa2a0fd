"""Text as the matcher reads it: words folded to one form, a space between them, offsets kept.

The normal form: NFKC, case fold, marks stripped for Latin, Greek, Cyrillic, Arabic and Hebrew (й stays
apart from и), possessive 's dropped, U.S. read as one word, everything else that is no letter or digit a
separator; in scripts without spaces every character is a word of its own.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BOUNDARY", "FORM", "Folded", "fold", "fold_words"]

Codes = NDArray[np.uint32]
Indexes = NDArray[np.int64]

FORM = 1
"""The number of the normal form; a change of it counts one up, and indexes are made anew."""

BOUNDARY = "\x01"
"""Stands between two fields; it is a word that no term contains."""

# A table entry is the folded code point and what the rest of the text must know about it.
_CODE = 0x1FFFFF
_KNOWN, _LETTER, _SINGLE, _MARK, _APOSTROPHE, _DOT, _DROP, _EXPAND, _COMPOSE = (
    1 << bit for bit in range(21, 30)
)
_SPACE = 32
_SEPARATOR = _SPACE | _KNOWN

_TABLE: Codes = np.zeros(0x110000, dtype=np.uint32)  # a memo of _entry, filled as code points turn up
_EXPANSIONS: dict[int, list[int]] = {}

_APOSTROPHES = "'’‘ʼ＇‛´`"
_HAND = {
    "đ": "d",
    "ł": "l",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "þ": "th",
    "ð": "d",
    "ħ": "h",
    "ŧ": "t",
}
_HAND |= dict.fromkeys("أإآٱ", "ا") | dict.fromkeys("ىی", "ي") | {"ک": "ك", "ґ": "г"}
_COMPOSING = re.compile("(?s).[\\u0300-\\u036f\\u0654\\u3099\\u309a\\uff9e\\uff9f\\u1160-\\u11ff]+")
_LONGEST_CLUSTER = 16  # UAX 15 allows 30 marks after a letter; no language needs more than a few

# Scripts that write no spaces between words: (first, last) code point.
_SPACELESS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x3007),
    (0x3040, 0x312F),  # kana, bopomofo
    (0x31A0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),  # ideographs
    (0xF900, 0xFAFF),
    (0x1B000, 0x1B16F),
    (0x20000, 0x3FFFF),
)
_FIRST_SPACELESS = chr(_SPACELESS[0][0])
_STRIPPED_MARKS = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x0640, 0x0640),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
)


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    for first, last in ranges:  # noqa: SIM110 - any() over a generator costs three times as much
        if first <= code <= last:
            return True
    return False


def _base(letter: str) -> str:
    """The letter without marks, where its script spells names both ways."""
    if letter == "й":
        return letter
    plain = unicodedata.normalize("NFD", letter)[0]
    plain = plain if ord(plain) < 0x530 else letter
    return _HAND.get(letter, _HAND.get(plain, plain))


def _fold_letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cf" or (category in {"Mn", "Me", "Lm"} and _within(ord(letter), _STRIPPED_MARKS)):
        return ""
    if category[0] in "CZPS":
        return " "
    if letter.isdecimal():  # ١٩ and 19 are one number
        return str(unicodedata.digit(letter))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", letter).casefold())
    kept = (_base(part) for part in folded if not _within(ord(part), _STRIPPED_MARKS[:1]))
    return "".join(part if part.isalnum() or unicodedata.category(part)[0] == "M" else " " for part in kept)


def _flags(letter: str) -> int:
    if letter >= _FIRST_SPACELESS and _within(ord(letter), _SPACELESS) and letter.isalnum():
        return _KNOWN | _SINGLE
    if letter.isalpha():
        return _KNOWN | _LETTER
    return _KNOWN | (_MARK if unicodedata.category(letter)[0] == "M" else 0)


def _entry(code: int) -> int:
    letter = chr(code)
    compose = _COMPOSE if _COMPOSING.fullmatch("x" + letter) and code not in _PLAIN_MARKS else 0
    if letter in _APOSTROPHES:
        return _SEPARATOR | _APOSTROPHE
    if letter == ".":
        return _SEPARATOR | _DOT
    folded = _fold_letter(letter)
    if not folded:
        return _KNOWN | _DROP | compose
    if len(folded) > 1:
        _EXPANSIONS[code] = [ord(part) | _flags(part) for part in folded]
        return code | _KNOWN | _EXPAND | compose
    return ord(folded) | _flags(folded) | compose


_PLAIN_MARKS = frozenset(range(0x300, 0x370)) - {0x306}  # dropped, so composing them first changes nothing


def _look_up(codes: "NDArray[np.intp]") -> Codes:
    entries = _TABLE.take(codes)
    if not entries.min():
        for code in set(codes[entries == 0].tolist()):
            _TABLE[code] = _entry(code)
        entries = _TABLE.take(codes)
    return entries


def _compose(text: str) -> tuple[str, Indexes]:
    """The text with letter and marks put together (NFKC), and each character's place before."""
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for found in _COMPOSING.finditer(text):
        start, end = found.span()
        cluster = unicodedata.normalize("NFKC", text[start : min(end, start + _LONGEST_CLUSTER)])
        pieces += [text[at:start], cluster]
        places.extend(range(at, start))
        places.extend([start] * len(cluster))
        at = end
    places.extend(range(at, len(text)))
    return "".join([*pieces, text[at:]]), np.array(places)


@dataclass(slots=True)
class Folded:
    """A folded text: ` word word word ` as UTF-8, and the way back to the original.

    `letters` are its code points before runs of separators became one, `places` where each came from (None:
    its own index).
    """

    data: bytes
    letters: "NDArray[np.unsignedinteger[Any]]"
    places: Indexes | None

    def origins(self) -> tuple["NDArray[np.bool_]", Indexes]:
        """For every code point of `data` whether it is a separator, and its index in the original text."""
        gaps = self.letters == _SPACE
        kept = _keeping(gaps)
        places = np.flatnonzero(kept) if self.places is None else self.places[kept]
        return gaps[kept], places - 1  # the space put before the text


def fold(text: str, boundaries: Sequence[int] = ()) -> Folded:
    """The text in normal form, one space before, between and after its words; any str whatever.

    `boundaries` are the places where a BOUNDARY stands between spaces; elsewhere it is a separator.

    >>> fold("Kim Jong-un’s U.S. visit, 北韓").data.decode()
    ' kim jong un us visit 北 韓 '
    """
    padded = f" {text}  "
    entries = _read(padded)
    places: Indexes | None = None
    at = [place + 1 for place in boundaries]
    if int(np.bitwise_or.reduce(entries)) & _COMPOSE:
        padded, places = _compose(padded)
        at = np.searchsorted(places, at).tolist()
        entries = _read(padded)
    for place in at:
        entries[place] = ord(BOUNDARY) | _KNOWN
    seen = int(np.bitwise_or.reduce(entries))
    if seen & _APOSTROPHE:
        _drop_possessives(entries, padded)
    if seen & _DOT and _join_acronyms(entries, padded):
        seen |= _DROP
    if seen & (_EXPAND | _DROP | _SINGLE):
        entries, rows = _rewrite(entries, seen)
        places = rows if places is None else places[rows]
    elif seen & _CODE < 0x10000:
        narrow = entries.astype("<u2")  # the low half of an entry is its code point
        packed = narrow[_keeping(narrow == _SPACE)].tobytes().decode("utf-16-le")
        return Folded(packed.encode(), narrow, places)
    letters: Codes = entries & np.uint32(_CODE)
    packed = letters[_keeping(letters == _SPACE)].tobytes().decode("utf-32-le")
    return Folded(packed.encode(), letters, places)


def _read(text: str) -> Codes:
    """The entries of the text's code points."""
    raw = text.encode("utf-16-le", "surrogatepass")
    if len(raw) == 2 * len(text):
        return _look_up(np.frombuffer(raw, dtype="<u2").astype(np.intp))
    return _look_up(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.intp))


def _keeping(gaps: "NDArray[np.bool_]") -> "NDArray[np.bool_]":
    """All but the separators that follow a separator."""
    kept = np.empty(len(gaps), dtype=np.bool_)
    kept[0] = False
    np.logical_and(gaps[1:], gaps[:-1], out=kept[1:])
    return np.logical_not(kept, out=kept)


def _drop_possessives(entries: Codes, text: str) -> None:
    """Russia's, Russia’s → russia; the s of Jacques' and l'Ukraine stay."""
    for at in np.flatnonzero((entries & _APOSTROPHE) != 0).tolist():  # the text is padded on both sides
        if text[at + 1] in "sS" and text[at - 1].isalpha() and not text[at + 2].isalnum():
            entries[at + 1] = _SEPARATOR


def _join_acronyms(entries: Codes, text: str) -> bool:
    """U.S. → us, D.P.R.K. → dprk: a dot between two letters that stand alone vanishes."""
    joined = [
        at
        for at in np.flatnonzero((entries & _DOT) != 0).tolist()
        if text[at + 1].isalpha()
        and text[at - 1].isalpha()
        and not (text[at - 2].isalnum() or text[at + 2].isalnum())
    ]
    entries[joined] = _KNOWN | _DROP
    return bool(joined)


def _rewrite(entries: Codes, seen: int) -> tuple[Codes, Indexes]:
    """Entries with expansions written out, drops gone, lone characters set apart; and where each was."""
    rows: Indexes = np.arange(len(entries))
    if seen & _EXPAND:
        at = np.flatnonzero(entries & _EXPAND)
        texts = [_EXPANSIONS[number] for number in (entries[at] & _CODE).tolist()]
        counts = np.ones(len(entries), dtype=np.int64)
        counts[at] = [len(text) for text in texts]
        rows = np.repeat(rows, counts)
        entries = entries[rows]
        entries[(entries & _EXPAND) != 0] = [part for text in texts for part in text]
    kept = (entries & _DROP) == 0
    entries, rows = entries[kept], rows[kept]
    if seen & (_SINGLE | _EXPAND):
        single = (entries & _SINGLE) != 0
        apart = single.copy()
        word = ((entries & _CODE) != _SPACE) & ((entries & _MARK) == 0)
        apart[1:] |= single[:-1] & word[1:]
        doubled = np.repeat(np.arange(len(entries)), apart + 1)
        first = np.flatnonzero(apart) + np.arange(int(apart.sum()))
        entries, rows = entries[doubled], rows[doubled]
        entries[first] = _SEPARATOR
    return entries, rows


_HARD, _SET_APART = "\x00", "\x02"


class _Plain(dict[int, str]):
    """For str.translate: what a code point becomes where its neighbours do not matter (_HARD: they do)."""

    def __missing__(self, code: int) -> str:
        entry = _entry(code)
        letter = chr(entry & _CODE)
        if entry & (_APOSTROPHE | _DOT | _DROP | _EXPAND | _MARK | _COMPOSE):
            letter = _HARD
        elif entry & _SINGLE:
            letter = _SET_APART + letter
        self[code] = letter
        return letter


_PLAIN = _Plain()


@lru_cache(maxsize=4096)  # whoever compiles asks several times for each word
def fold_words(text: str) -> tuple[str, ...]:
    """The words of a term in normal form.

    >>> fold_words("Россия и Ёлка")
    ('россия', 'и', 'елка')
    """
    if text.isascii() and text.isalnum():
        return (text.lower(),)
    plain = text.translate(_PLAIN)
    if _HARD not in plain:
        if _SET_APART not in plain:
            return tuple(plain.split())
        if len(plain) == 2 * len(text):
            return tuple(plain[1::2])
    return tuple(fold(text).data.decode().split())
