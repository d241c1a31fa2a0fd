"""An article as rules see it: one stream of words over title, lead, body and caption.

Words are numbered through the whole stream; a boundary word that no term contains stands between two
fields. Everything but the folded text is computed when first asked for.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from monitor.matching.fold import BOUNDARY, fold
from monitor.matching.pattern import Pattern, Place
from monitor.matching.presence import Presence
from monitor.matching.sentences import sentence_starts
from monitor.model import Article, Field

__all__ = ["LONGEST", "Document", "Span"]

Span = tuple[int, int, tuple[tuple[int, int], ...]]
"""First word, word after the last, and the terms' own (first, after) where the span covers several."""

LONGEST = 300_000
"""Characters read of an article; the longest real ones have a third of that."""

_ORDER = (Field.TITLE, Field.LEAD, Field.BODY, Field.CAPTION)
_MARK = BOUNDARY.encode()


class Document:
    """One article's stream of words, with what evaluating rules learns about it.

    `present` says which anchors the automaton found (None: nobody has looked); `variants` are the misspelt
    words by their right spelling.
    """

    def __init__(self, article: Article) -> None:
        self.article = article
        self.memo: dict[object, list[Span]] = {}
        self.variants: dict[str, list[str]] = {}
        self.present: Presence | None = None
        self._texts = _shortened([article.text(name) for name in _ORDER])
        self._joined = f" {BOUNDARY} ".join(self._texts)
        self._folded = fold(self._joined, [offset - 2 for offset in self._offsets[1:]])
        self.data = self._folded.data

    @classmethod
    def of_text(cls, text: str, article: Article) -> "Document":
        """A stream of one text of its own (a byline, the boilerplate), as a title."""
        document = cls.__new__(cls)
        document.article = article
        document.memo = {}
        document.variants = {}
        document.present = None
        document._texts = _shortened([text])  # noqa: SLF001
        document._joined = document._texts[0]  # noqa: SLF001
        document._folded = fold(document._joined)  # noqa: SLF001
        document.data = document._folded.data  # noqa: SLF001
        return document

    # ------------------------------------------------------------------ words

    @cached_property
    def words(self) -> set[bytes]:
        """The different words of the stream."""
        return set(self.data.split())

    @cached_property
    def gaps(self) -> "NDArray[np.int64]":
        """Where in `data` the space before each word is; one more after the last."""
        return np.flatnonzero(np.frombuffer(self.data, dtype=np.uint8) == 32)

    @cached_property
    def size(self) -> int:
        """How many words the stream has, boundaries included."""
        return len(self.gaps) - 1

    def at(self, position: int) -> int:
        """The number of the word whose preceding space is at this byte."""
        return int(self.gaps.searchsorted(position))

    def find(self, pattern: Pattern) -> list[Span]:
        """Where a pattern stands, in order."""
        if self.present is not None and not self.present.has(pattern.head):
            return []
        words = pattern.words
        return [
            (first, first + words, ()) for first in (self.at(begin) for begin, _ in pattern.places(self.data))
        ]

    # ------------------------------------------------------------------ fields

    def columns(self) -> tuple[str, ...]:
        """The folded words of title, lead, body and caption, each field's with single spaces between."""
        fields: list[list[str]] = [[]]
        for word in self.data.decode().split():
            if word == BOUNDARY:
                fields.append([])
            else:
                fields[-1].append(word)
        return tuple(" ".join(words) for words in fields)

    @cached_property
    def _edges(self) -> list[int]:
        """The numbers of the boundary words."""
        return [self.at(begin) for begin, _ in self._borders[1:-1]]

    def field_of(self, word: int) -> int:
        """The number of the field (0 title … 3 caption) that a word stands in."""
        return bisect_left(self._edges, word)

    def range_of(self, name: Field) -> tuple[int, int]:
        """First word of a field, and the word after its last."""
        edges = [-1, *self._edges, self.size]
        number = _ORDER.index(name)
        return edges[number] + 1, edges[number + 1]

    def stretch(self, name: Field) -> Place:
        """Where in `data` a field begins and ends, at the spaces around its words; the body with the lead."""
        edges = self._borders
        number = _ORDER.index(name)
        first = _ORDER.index(Field.LEAD) if name is Field.BODY else number
        return edges[first][1], edges[number + 1][0]

    @cached_property
    def _borders(self) -> list[Place]:
        """The spaces around each boundary word, and the two ends of the stream."""
        borders, at = [(0, 0)], self.data.find(_MARK)
        while at >= 0:
            borders.append((at - 1, at + 1))
            at = self.data.find(_MARK, at + 1)
        return [*borders, (len(self.data) - 1, len(self.data) - 1)]

    def first(self, count: int) -> int:
        """The word after the first `count` words of the stream, boundaries not counted."""
        for edge in self._edges:
            if edge <= count:
                count += 1
        return min(count, self.size)

    @cached_property
    def length(self) -> int:
        """How many words lead and body have."""
        (start, middle), (after, end) = self.range_of(Field.LEAD), self.range_of(Field.BODY)
        return middle - start + end - after

    # ------------------------------------------------------------------ the original text

    @cached_property
    def _bounds(self) -> tuple[list[int], list[int]]:
        """Where each word begins, and where its last letter stands, in the joined original."""
        gaps, origins = self._folded.origins()
        spaces = np.flatnonzero(gaps)
        return origins[spaces[:-1] + 1].tolist(), origins[spaces[1:] - 1].tolist()

    @cached_property
    def _offsets(self) -> list[int]:
        """Where each field begins in the joined original."""
        offsets = [0]
        for text in self._texts[:-1]:
            offsets.append(offsets[-1] + len(text) + 3)
        return offsets

    def original(self, first: int, after: int) -> tuple[Field, int, int]:
        """The field of these words, and their start and end in the field's original text."""
        start, end = self._bounds[0][first], self._bounds[1][after - 1] + 1
        while end < len(self._joined) and _continues(self._joined[end]):
            end += 1
        number = self.field_of(first)
        offset = self._offsets[number]
        return _ORDER[number], start - offset, end - offset

    def written(self, first: int, after: int) -> str:
        """These words as the article writes them."""
        field, start, end = self.original(first, after)
        return self._texts[_ORDER.index(field)][start:end]

    def writings(self, first: int, after: int) -> list[str]:
        """Each of these words as the article writes it."""
        return [self.written(word, word + 1) for word in range(first, after)]

    # ------------------------------------------------------------------ sentences and paragraphs

    @cached_property
    def _sentences(self) -> tuple[list[int], list[int]]:
        """The first word of each sentence, and where the sentence begins in the joined original."""
        begins = [
            offset + start
            for offset, text in zip(self._offsets, self._texts, strict=True)
            for start in sentence_starts(text)
        ]
        return np.searchsorted(self._bounds[0], begins).tolist(), begins

    @cached_property
    def _paragraphs(self) -> list[int]:
        """The first word of each paragraph."""
        begins = [
            offset + at
            for offset, text in zip(self._offsets, self._texts, strict=True)
            for at in [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n")]
        ]
        paragraphs: list[int] = np.searchsorted(self._bounds[0], begins).tolist()
        return paragraphs

    def sentence_of(self, word: int) -> int:
        """The number of a word's sentence; no sentence crosses a field."""
        return bisect_right(self._sentences[0], word)

    def paragraph_of(self, word: int) -> int:
        """The number of a word's paragraph; no paragraph crosses a field."""
        return bisect_right(self._paragraphs, word)

    def sentence(self, word: int) -> tuple[Field, int, int]:
        """The field, start and end (without outer spaces) of a word's sentence in the field's text."""
        number = self.sentence_of(word)
        begins = self._sentences[1]
        place = self.field_of(word)
        offset, text = self._offsets[place], self._texts[place]
        start = begins[number - 1] - offset
        end = min(begins[number] - offset, len(text)) if number < len(begins) else len(text)
        return _ORDER[place], start, start + len(text[start:end].rstrip())


def _continues(letter: str) -> bool:
    """Marks and joined syllable parts belong to the letter before them."""
    return unicodedata.combining(letter) != 0 or "\u1160" <= letter <= "\u11ff"


def _shortened(texts: list[str]) -> list[str]:
    room, kept = LONGEST, []
    for text in texts:
        kept.append(text[:room])
        room -= len(kept[-1])
    return kept
