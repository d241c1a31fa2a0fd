"""Plain text: cleaned of what no reader sees, cut into paragraphs and sentences, folded to compare."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from functools import lru_cache, wraps
from typing import TypeVar

from monitor.pieces import LONG, pieces

__all__ = [
    "clean",
    "ends_sentence",
    "folded",
    "join",
    "paragraphs",
    "short",
    "tells_more",
    "unsaid",
    "weight",
]

# Controls, soft hyphen, zero-width space, word joiner, BOM, bidi overrides and isolates, interlinear
# marks, lone surrogates. The joiners U+200C and U+200D stay: Persian and Indic words need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]"
)
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff]")
_NOT_WORD = re.compile(r"[\W_]+")
_NOT_WORD_ASCII = bytes(code for code in range(128) if not chr(code).isalnum())
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’»)\]]*\s+|(?<=[。！？])[」』”’]*|\n")
_TERMINAL = re.compile(r"[.!?…:;。！？．։۔؟।॥།።။។‥][\"'”’»›)\]」』）〉》“]*$")
_Said = TypeVar("_Said")


def _remembered(told: Callable[[str], _Said]) -> Callable[[str], _Said]:
    """The function, which tells at once what it told of one of the last texts; long ones it forgets.

    A page's rules ask the same of the same few paragraphs, again and again.
    """
    known = lru_cache(maxsize=512)(told)
    return wraps(told)(lambda text: known(text) if len(text) < 4000 else told(text))


def clean(text: str) -> str:
    r"""The text on one line, without controls, bidi overrides and lone surrogates.

    >>> clean("North\u00a0Korea\x00  fi\u00adres\n")
    'North Korea fires'
    """
    plain = " ".join(text.split())
    return plain if plain.isprintable() else " ".join(_UNSEEN.sub("", plain).split())


def paragraphs(text: str) -> list[str]:
    """The non-empty lines, each cleaned."""
    return [line for line in map(clean, text.splitlines()) if line]


def join(lines: Iterable[str]) -> str:
    """Paragraphs as a field holds them."""
    return "\n".join(lines)


@_remembered
def folded(text: str) -> str:
    """Letters and digits only, case-folded: two texts that read alike have the same.

    >>> folded("Kim Jong-Un’s") == folded("kim jong un's")
    True
    """
    if text.isascii():
        return text.encode().lower().translate(None, _NOT_WORD_ASCII).decode()  # many times faster
    if len(text) > LONG:
        return "".join(map(folded, pieces(text)))
    plain = unicodedata.normalize("NFKC", text).casefold().encode("utf-8", "surrogatepass")
    words = plain.translate(None, _NOT_WORD_ASCII).decode("utf-8", "surrogatepass")
    return words if words.isalnum() else _NOT_WORD.sub("", words)


def ends_sentence(text: str) -> bool:
    """Whether the text ends as sentences end, in any script (closing quotes and brackets may follow)."""
    return _TERMINAL.search(text[-12:]) is not None


def short(text: str, words: int) -> bool:
    """Whether the text has no more than so many words; where words are not spaced, three letters are one."""
    return len(text) <= 25 * words and _words(text) <= words


@_remembered
def _words(text: str) -> int:
    spaced = len(text.split())
    return spaced if text.isascii() else _dense(text) // 3 + spaced


def weight(text: str) -> int:
    """The text's length in letters of Latin script: a Chinese character says as much as two and a half."""
    return len(text) if text.isascii() else len(text) + 3 * _dense(text) // 2


@_remembered
def _dense(text: str) -> int:
    """How many letters it has of scripts that say much in few."""
    return len(_DENSE.findall(text))


def tells_more(headline: str, title: str) -> bool:
    """Whether a headline says other things than the title; an edited or shortened one does not.

    >>> tells_more("Troops arrive in Kursk", "Troops arrive in Kursk – live")
    False
    >>> tells_more("Seoul protests over pact", "Troops arrive in Kursk")
    True
    """
    one, other = folded(headline), folded(title)
    if one in other or other in one:
        return False
    alike = SequenceMatcher(None, one, other)  # the quick ratios are never less than the ratio
    return alike.real_quick_ratio() < 0.6 or alike.quick_ratio() < 0.6 or alike.ratio() < 0.6


def unsaid(summary: str, text: str) -> str:
    """The sentences of the summary that the text does not contain, on one line.

    >>> unsaid("Troops arrived. Seoul protests.", "Troops arrived – in Russia.")
    'Seoul protests.'
    """
    known = folded(text)
    lacking = [part for part in _SENTENCE.split(summary) if part and folded(part) not in known]
    return clean(" ".join(lacking))
