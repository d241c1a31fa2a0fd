"""Which words and wildcards a term may be made of."""

import re
from collections.abc import Collection
from functools import lru_cache

from monitor.matching.fold import fold_words
from monitor.matching.lexer import QueryError
from monitor.matching.terms import Written, read_words
from monitor.matching.typos import may_slip

__all__ = ["read_listed", "read_phrase", "read_slip"]

_WORD = re.compile(r"\S+")
_OPERATOR = re.compile(r"(?<!\S)(?:AND|OR|NOT|(?:NEAR|ONEAR|PRE|ADJ)/?\d+|/[sp])(?!\S)")
_SLIPPING = re.compile(r"\w~\d*\Z")
_SHORT_SCRIPT = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\u3041-\u30ff\uf900-\ufaff\u0e00-\u0e7f]")


@lru_cache(maxsize=4096)  # a list's terms are asked for when it is checked and when it is used
def read_phrase(text: str, at: int = 0) -> tuple[Written, ...]:
    """The words of a phrase that stands at an offset; QueryError on a wildcard that asks for too much."""
    words = read_words(text)
    for found, word in zip(_WORD.finditer(text), words, strict=True):
        _check(word, at + found.start())
    if not any(fold_words(piece) for word in words for piece in word.pieces):
        raise QueryError(at, f"{text.strip() or 'an empty phrase'} has no letter or digit", "write words")
    return words


def read_listed(term: str, known: Collection[str]) -> None:
    """See that a list's term is one; `known` are the names that a query could refer to."""
    name = term.strip().removeprefix("@").partition(".")[0]
    if term.strip().startswith("@") and name in known:
        remedy = "write the terms, or name both in the rule, joined by OR"
        raise QueryError(0, f"@{name} is a name, and a list holds terms", remedy)
    if found := _OPERATOR.search(term):
        remedy = "write each term for itself, and the query as a rule"
        raise QueryError(found.start(), f"a list holds terms, and {found[0]} makes a query of this", remedy)
    read_phrase(term)


def _check(word: Written, at: int) -> None:
    stem = word.pieces[0]
    if "*" in "".join(word.pieces):
        raise QueryError(
            at,
            f"{word.text} has a * inside",
            "a * stands at the end of a word; ? stands for one letter inside",
        )
    if _SLIPPING.search(word.text):
        raise QueryError(
            at, f"{word.text} allows a slip inside a phrase", "~1 takes one word of 5 letters or more"
        )
    if not word.wild:
        return
    letters = sum(map(len, fold_words(stem)))
    needed = 1 if _SHORT_SCRIPT.search(stem) else 3
    if letters < needed:
        raise QueryError(
            at,
            f"{word.text} has a wildcard after fewer than {needed} letters",
            "write more letters before it, or list the words you mean",
        )
    if word.ending > 20:
        raise QueryError(at, f"{word.text} allows {word.ending} more letters", "write * for any ending")


def read_slip(text: str, at: int) -> tuple[Written, ...]:
    """`word~1`: one word of 5 letters or more that may have one slip."""
    stem, _, edits = text.rpartition("~")
    words = read_words(stem)
    folded = [part for word in words for part in fold_words(word.text)]
    if edits not in {"", "1"}:
        raise QueryError(at, f"{text} allows {edits} slips", f"write {stem}~1; two slips find other words")
    if len(words) != 1 or words[0].wild or len(folded) != 1 or not may_slip(folded[0]):
        raise QueryError(
            at, f"{text} is too short or no single word", "~1 takes one word of 5 letters or more"
        )
    return words
