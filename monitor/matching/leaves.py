"""What a query looks up in a document: terms, and the names of entities."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from monitor.matching.document import Document, Span
from monitor.matching.nodes import Case, Leaf
from monitor.matching.pattern import Pattern
from monitor.matching.presence import Anchor
from monitor.matching.spans import merge, outside, uncovered, windows
from monitor.matching.terms import Written, patterns_of
from monitor.matching.typos import Misspelt

__all__ = ["Company", "Name", "NamesLeaf", "TermLeaf", "acronym", "exact_writing"]

Check = Callable[[str], bool]
"""Whether a place in the original text, as written there, is meant."""


def exact_writing(words: tuple[Written, ...]) -> Check:
    """Checks that a text is written like these words, capitals and accents included."""
    pattern = cache(lambda: re.compile(r"[\W_]+".join(map(_exact_word, words))))  # few are ever asked for
    return lambda text: pattern().fullmatch(unicodedata.normalize("NFC", text)) is not None


def _exact_word(word: Written) -> str:
    runs = [r"[\W_]+".join(map(re.escape, re.findall(r"[^\W_]+", _composed(piece)))) for piece in word.pieces]
    ending = r"\w*" if word.ending < 0 else rf"\w{{0,{word.ending}}}"
    dotted = r"\.?".join(word.text.replace(".", "")) if re.fullmatch(r"(?:\w\.)+\w?", word.text) else ""
    return dotted or r"\w".join(runs) + ending


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def acronym(words: tuple[Written, ...]) -> Check | None:
    """The check that a name in capitals calls for: US not in `us`, NATO also as Nato."""
    letters = words[0].text.replace(".", "") if len(words) == 1 else ""
    if len(letters) < 2 or not letters.isalnum() or not letters.isupper():
        return None
    return Case.ALL_CAPS.admits if len(letters) <= 3 else lambda text: text[0].isupper()


class TermLeaf(Leaf):
    """A word or phrase, with its wildcards; sloppy, case-exact or with a slip where the query asks for it."""

    def __init__(
        self, words: tuple[Written, ...], *, slop: int = -1, exact: bool = False, slip: bool = False
    ) -> None:
        self.words = words
        self.slop = slop
        self.patterns = patterns_of(words)
        self.check = exact_writing(words) if exact else None
        self.slip = slip
        alone = (patterns_of((word,)) for word in words) if slop >= 0 else ()
        self.singles = tuple(patterns for patterns in alone if patterns)  # a dash is no word

    @property
    def literal(self) -> tuple[Pattern, ...]:
        return self.patterns if self.slop < 0 and self.check is None and not self.slip else ()

    def heads(self) -> Iterator[bytes]:
        for patterns in (self.patterns, *self.singles):
            for pattern in patterns:
                yield pattern.head

    def slipping(self) -> Iterator[tuple[str, ...]]:
        if self.slip:
            yield Misspelt(self.patterns[0]).name

    def find(self, document: Document) -> list[Span]:
        if self.slop >= 0:
            lists = [merge([document.find(pattern) for pattern in single]) for single in self.singles]
            size = sum(single[0].words for single in self.singles) + self.slop
            return windows(lists, size, document.field_of) if all(lists) else []
        found = merge([document.find(pattern) for pattern in self.patterns])
        if self.slip:
            found = merge([found, Misspelt(self.patterns[0]).find(document)])
        if self.check is not None:
            found = [span for span in found if self.check(document.written(span[0], span[1]))]
        return found

    def anchors(self) -> frozenset[Anchor]:
        return self._anchors

    @cached_property
    def _anchors(self) -> frozenset[Anchor]:
        if self.slop >= 0:
            return frozenset(
                pattern.head for pattern in max(self.singles, key=lambda single: len(single[0].head))
            )
        heads: frozenset[Anchor] = frozenset(pattern.head for pattern in self.patterns)
        return heads | frozenset(Misspelt(self.patterns[0]).words) if self.slip else heads


@dataclass(frozen=True, slots=True)
class Company:
    """Terms of which one must stand within so many words."""

    patterns: tuple[Pattern, ...]
    within: int

    def keeps(self, document: Document, spans: list[Span]) -> list[Span]:
        """The spans that are in this company; words are counted across fields."""
        friends = merge([document.find(pattern) for pattern in self.patterns])
        starts = [friend[0] for friend in friends]
        ends = sorted(friend[1] for friend in friends)
        return [span for span in spans if self._near(span, starts, ends)]

    def _near(self, span: Span, starts: list[int], ends: list[int]) -> bool:
        after, before = bisect_left(starts, span[1]), bisect_right(ends, span[0]) - 1
        follows = after < len(starts) and starts[after] - span[1] < self.within
        return follows or (before >= 0 and span[0] - ends[before] < self.within)


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an entity: its patterns, how it must be written, whether it needs company or may slip."""

    text: str
    patterns: tuple[Pattern, ...]
    check: Check | None = None
    needy: bool = False
    slips: bool = False


class NamesLeaf(Leaf):
    """An entity's names (or one facet of them), without what is part of a longer name of somebody else."""

    def __init__(
        self, names: tuple[Name, ...], blockers: tuple[Pattern, ...], company: Company | None
    ) -> None:
        self.names = names
        self.blockers = blockers
        self.company = company
        self._slipping = tuple(
            slip
            for name in names
            if name.slips
            for pattern in name.patterns
            if (slip := Misspelt(pattern)).words
        )
        self._by_head: dict[bytes, list[tuple[Name, Pattern]]] = {}
        for name in names:
            for pattern in name.patterns:
                self._by_head.setdefault(pattern.head, []).append((name, pattern))

    def slipping(self) -> Iterator[tuple[str, ...]]:
        for slip in self._slipping:
            yield slip.name

    def find(self, document: Document) -> list[Span]:
        found: list[Span] = []
        needy: list[Span] = []
        for name, pattern in self._present(document):
            spans = document.find(pattern)
            if name.check is not None:
                spans = [span for span in spans if name.check(document.written(span[0], span[1]))]
            (needy if name.needy else found).extend(spans)
        for slip in self._slipping:
            found += slip.find(document)
        if needy and self.company is not None:
            found += self.company.keeps(document, needy)
        if not found:
            return []
        covers = [span for pattern in self.blockers for span in document.find(pattern)]
        return uncovered(outside(found, covers))

    def _present(self, document: Document) -> list[tuple[Name, Pattern]]:
        known = document.present
        heads = self._by_head if known is None else self._by_head.keys() & known.all
        return [each for head in heads for each in self._by_head[head]]

    def heads(self) -> Iterator[bytes]:
        yield from self._by_head
        for pattern in (*self.blockers, *(self.company.patterns if self.company else ())):
            yield pattern.head

    def anchors(self) -> frozenset[Anchor]:
        return self._anchors

    @cached_property
    def _anchors(self) -> frozenset[Anchor]:
        heads: set[Anchor] = set(self._by_head)
        return frozenset(heads.union(*(slip.words for slip in self._slipping)))
