"""The multi-pattern scan. The only module that knows daachorse and ahocorasick_rs.

daachorse has wheels for x86_64 with glibc only; elsewhere ahocorasick_rs does the same more slowly.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

__all__ = ["Scan", "build_scan"]

_MANY = 50_000  # strings, from which on what building takes is no longer small (180 MiB at 100,000)

if find_spec("daachorse") is not None:
    from daachorse import CharwiseDoubleArrayAhoCorasick, DoubleArrayAhoCorasick

    _DAACHORSE = True
else:
    from ahocorasick_rs import BytesAhoCorasick

    _DAACHORSE = False


class Scan:
    """Finds which of many UTF-8 strings occur in a text."""

    def __init__(self, find: Any) -> None:
        self._find = find

    def hits(self, text: bytes) -> set[int]:
        """The numbers of the strings that end somewhere in the text, each end's longest only.

        At most one hit a byte: nested strings cannot blow the answer up. The strings that are ends of
        others are known to the caller beforehand.
        """
        return {number for _, _, number in self._find(text)}


def build_scan(strings: Sequence[bytes], sample: bytes = b"") -> Scan:
    """The automaton over distinct, non-empty byte strings; their numbers are their indexes.

    `sample` is like the texts to come: what they visit most then lies close together in memory.
    """
    if not strings:
        return Scan(lambda _text: ())
    if _DAACHORSE:
        if len(strings) > _MANY:
            return _by_letters(strings, sample)
        corpus = [sample] if sample else None
        return Scan(DoubleArrayAhoCorasick(list(strings), corpus=corpus).find_overlapping_no_suffix)
    automaton = BytesAhoCorasick(list(strings))
    return Scan(
        lambda text: ((s, e, n) for n, s, e in automaton.find_matches_as_indexes(text, overlapping=True))
    )


def _by_letters(strings: Sequence[bytes], sample: bytes) -> Scan:
    """The automaton over letters instead of bytes: less memory while it is built, a little slower to scan."""
    words = [string.decode() for string in strings]
    find = CharwiseDoubleArrayAhoCorasick(words, corpus=[sample.decode()]).find_overlapping_no_suffix
    return Scan(lambda text: find(text.decode()))
