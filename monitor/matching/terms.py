"""Terms: how written words become patterns over the folded text, in every script.

A wildcard word is open at its end; Korean is open for particles, Arabic for proclitics and the article;
in scripts without spaces a phrase is a run of characters.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

from monitor.matching.fold import fold_words
from monitor.matching.pattern import Pattern

__all__ = ["LEADS", "Written", "patterns_of", "read_words"]

_WILDCARD = re.compile(r"[*!]|\?|\$\d*")
_LETTER = rb"(?:[^ \x80-\xbf][\x80-\xbf]*)"
_ANY_ENDING = rb"[^ ]*"
_WORD_END = rb"(?= )"

# What may follow a Korean noun in its spacing unit: particles, also several, and for names of places and
# bodies the nouns that make "North Korean army, side, people" of them.
_PARTICLES = tuple(
    """
    은 는 이 가 을 를 의 에 도 로 으로 와 과 만 까지 부터 에서 에게 에게서 한테
    께 께서 마다 보다 처럼 조차 마저 이나 나 이라 라 이라는 라는 이라고 라고 이란 란
    이며 며 이고 고 이든 든 이든지 든지 이랑 랑 하고 밖에 뿐 대로 만큼 같이 에는
    에도 에만 에서는 에서도 에서의 에선 에겐 으로는 로는 으로도 로도 으로부터 로부터
    으로의 로의 와의 과의 와도 과도 와는 과는 들 들이 들은 들을 들의 들에게 들과 들도
    이다 다 인 이자 자 씨 이었다 였다 입니다 이지만 지만 이어서 여서 이므로 므로
    이라며 라며 이라면 라면 간 등 등이 등을 등의 등에 등과
    """.split()  # noqa: SIM905 - read as a list of particles
)
_COMPANIONS = tuple(
    """
    군 측 인 산 발 제 내 식 계 행 시 시민 특별시 광역시 정부 당국 주민 정권 대사관 외무성 외교부 국방부
    대통령 총리 국민 지도부 지도자
    """.split()  # noqa: SIM905 - the same
)
_KOREAN_TAIL = re.compile(
    "(?:(?:{companions})?(?:{particles}){{0,3}})(?= )".format(
        companions="|".join(_COMPANIONS), particles="|".join(sorted(_PARTICLES, key=len, reverse=True))
    ).encode()
)
_ARABIC = re.compile(r"[ء-ي]+")
_LAMS = ("ل", "ول", "فل")
_JOINERS = tuple(first + second for first, second in product(("", "و", "ف"), ("", "ب", "ك")))
_BARE = frozenset(prefix.encode() for prefix in (*_JOINERS, *_LAMS))
_DEFINITE = frozenset(
    prefix.encode() for prefix in (*(joiner + "ال" for joiner in _JOINERS), *(lam + "ل" for lam in _LAMS))
)
LEADS = _BARE | _DEFINITE
"""All that may stand in a word before a head that begins inside it."""

_OPEN_END = re.compile(r"[*!]+\Z|\$(\d*)\Z")


class Written(NamedTuple):
    """A word as written, with how its end is open: `ending` is how many letters may follow (-1: any)."""

    text: str
    pieces: tuple[str, ...]
    ending: int = 0

    @property
    def wild(self) -> bool:
        """Whether the word has a wildcard."""
        return self.ending != 0 or len(self.pieces) > 1


def read_words(text: str) -> tuple[Written, ...]:
    """The words of a phrase with their wildcards: `x*`, `x!` any ending, `x$2` up to two letters, `?` one."""
    return tuple(_read_word(word) for word in text.split())


def _read_word(word: str) -> Written:
    stem, ending = word, 0
    if found := _OPEN_END.search(word):
        stem = word[: found.start()]
        ending = int(found[1] or 1) if found[0][0] == "$" else -1
    return Written(word, tuple(stem.split("?")), ending)


def patterns_of(words: tuple[Written, ...]) -> tuple[Pattern, ...]:
    """The patterns of a phrase; none if nothing is left of it when folded."""
    runs = [_fold_word(word) for word in words]
    tokens = [token for run in runs for token in run]
    if not tokens:
        return ()
    if any(token.rest for token in tokens):
        return (_wild(tokens),)
    folded = [token.text for token in tokens]
    if "ء" <= folded[0][0] <= "ي" and all(map(_ARABIC.fullmatch, folded)):
        return tuple(_arabic(folded))
    if "가" <= folded[-1][-1] <= "힣":
        return (Pattern(" ".join(["", *folded]).encode(), _KOREAN_TAIL, len(folded)),)
    return (_literal(folded),)


def _literal(words: list[str]) -> Pattern:
    return Pattern(f" {' '.join(words)} ".encode(), None, len(words))


class _Token(NamedTuple):
    """A folded word: `text` up to the first wildcard, `rest` the pattern of what follows."""

    text: str
    rest: bytes = b""


def _fold_word(word: Written) -> list[_Token]:
    if not word.wild:
        return [_Token(part) for part in fold_words(word.pieces[0])]
    if len(word.pieces) == 1:
        tokens = [_Token(part) for part in fold_words(word.pieces[0])]
        if tokens and not _spaceless(tokens[-1].text):
            tokens[-1] = _Token(tokens[-1].text, _open(word.ending))
        return tokens
    first, *others = ("".join(fold_words(piece)) for piece in word.pieces)
    rest = b"".join(_LETTER + re.escape(piece.encode()) for piece in others)
    return [_Token(first, rest + _open(word.ending))]


def _open(ending: int) -> bytes:
    if ending < 0:
        return _ANY_ENDING
    return _LETTER + b"{0,%d}" % ending if ending else b""


def _spaceless(text: str) -> bool:
    return len(text) == 1 and len(fold_words(text + text)) == 2


def _wild(tokens: list[_Token]) -> Pattern:
    first = next(number for number, token in enumerate(tokens) if token.rest)
    head = "".join(f" {token.text}" for token in tokens[: first + 1])
    parts = [
        tokens[first].rest,
        *(re.escape(token.text.encode()) + token.rest for token in tokens[first + 1 :]),
    ]
    plain = parts == [_ANY_ENDING]
    tail = None if plain else _compiled(b" ".join(parts) + _WORD_END)
    return Pattern(head.encode(), tail, len(tokens))


_compiled = cache(re.compile)


def _arabic(words: list[str]) -> Iterator[Pattern]:
    """A phrase with the proclitics و ف ب ك ل and the article before its first word, as news writes them."""
    first, others = words[0], words[1:]
    if first.startswith("ال") and len(first) > 3:
        yield _led(" ".join([first[2:], *others]), len(words), _DEFINITE)
        return
    definite = [word if word.startswith("ال") else f"ال{word}" for word in others]
    if definite == others:
        yield _led(" ".join(words), len(words), _BARE | _DEFINITE)
        return
    yield _led(" ".join(words), len(words), _BARE)
    yield _led(" ".join([first, *definite]), len(words), _DEFINITE)


def _led(text: str, words: int, lead: frozenset[bytes]) -> Pattern:
    return Pattern(f"{text} ".encode(), None, words, lead)
