"""The query as a tree. The value of a node is its spans in a document, or None where it does not hold.

Decision, count, proximity, highlight and explanation all come from `value`. A node is asked about a range
of words: the whole stream, a field of it (`title:`), its beginning (`first50`). NOT and facts about the
article (`lang:`) hold without spans.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.matching.document import Document, Span
from monitor.matching.pattern import Pattern
from monitor.matching.presence import Anchor
from monitor.matching.spans import alone, count, gap, merge, near, parts, within
from monitor.model import Article, Field

__all__ = [
    "About",
    "AllOf",
    "AnyOf",
    "AtLeast",
    "Case",
    "Cased",
    "Fact",
    "First",
    "Language",
    "Leaf",
    "Length",
    "Mentioned",
    "Near",
    "Node",
    "Scoped",
    "Unit",
    "Value",
    "Weigh",
    "speaks",
]

Value = list[Span] | None

Weigh = Callable[[Anchor], float]
"""The share of articles that an anchor occurs in."""


class Leaf(ABC):
    """A term or an entity's names; shared by all rules that use it, and looked up once an article."""

    _share: float | None = None

    def share(self, weigh: Weigh) -> float:
        """The share of articles that have one of its anchors, always by the same frequencies."""
        if self._share is None:
            self._share = sum(map(weigh, self.anchors()))
        return self._share

    @property
    def literal(self) -> tuple[Pattern, ...]:
        """The patterns of which one stands wherever it does, and the reverse; none where it asks for more."""
        return ()

    def spans(self, document: Document) -> list[Span]:
        """Where it stands in a document."""
        found = document.memo.get(self)
        if found is None:
            absent = document.present is not None and not document.present.any(self.anchors())
            found = document.memo[self] = [] if absent else self.find(document)
        return found

    @abstractmethod
    def find(self, document: Document) -> list[Span]:
        """Where it stands, looked up."""

    def slipping(self) -> Iterator[tuple[str, ...]]:
        """The words of each name of it that it is also found by with one of them misspelt."""
        yield from ()

    @abstractmethod
    def heads(self) -> Iterator[bytes]:
        """The heads of all patterns it ever looks for."""

    @abstractmethod
    def anchors(self) -> frozenset[Anchor]:
        """One of these stands in every document that has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node(ABC):
    """A clause; `at` and `end` are its place in the query."""

    at: int
    end: int

    @abstractmethod
    def value(self, document: Document, low: int, high: int) -> Value:
        """Its spans within the words low … high, or None where it does not hold."""

    @property
    def children(self) -> "tuple[Node, ...]":
        """The clauses it is made of."""
        return ()

    def inner(self, document: Document, low: int, high: int) -> tuple[int, int]:
        """The words its clauses are asked about when it is asked about low … high."""
        return low, high


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned(Node):
    """A term or an entity; `label` is how the query writes it, `entity` the entity's name."""

    leaf: Leaf
    label: str
    entity: str = ""

    def value(self, document: Document, low: int, high: int) -> Value:
        found = self.leaf.spans(document)
        if found and (low or high < document.size):
            found = within(found, low, high)
        return found or None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf(Node):
    """OR."""

    clauses: tuple[Node, ...]

    def value(self, document: Document, low: int, high: int) -> Value:
        values = [clause.value(document, low, high) for clause in self.clauses]
        holding = [value for value in values if value is not None]
        return merge(holding) if holding else None

    @property
    def children(self) -> tuple[Node, ...]:
        return self.clauses


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf(Node):
    """AND, with its AND NOTs; the value is the spans of what is required."""

    clauses: tuple[Node, ...]
    vetoes: tuple[Node, ...] = ()

    def value(self, document: Document, low: int, high: int) -> Value:
        values = []
        for clause in self.clauses:
            found = clause.value(document, low, high)
            if found is None:
                return None
            values.append(found)
        if any(veto.value(document, low, high) is not None for veto in self.vetoes):
            return None
        return merge(values) if any(values) else []

    @property
    def children(self) -> tuple[Node, ...]:
        return (*self.clauses, *self.vetoes)


class Unit(StrEnum):
    """What a proximity is measured in."""

    WORDS = "words"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Near(Node):
    """NEAR, PRE, /s, /p and their negations.

    Each left span with its nearest right one on either side, and the reverse; never across fields.
    Negated: the left spans that have no right one near.
    """

    left: Node
    right: Node
    unit: Unit
    distance: int = 0
    ordered: bool = False
    negated: bool = False

    def value(self, document: Document, low: int, high: int) -> Value:
        lefts = self.left.value(document, low, high)
        if lefts is None:
            return None
        rights = self.right.value(document, low, high)
        if rights is None:
            return lefts if self.negated else None
        pair = alone if self.negated else near
        return pair(lefts, rights, self.reach(document), ordered=self.ordered) or None

    def reach(self, document: Document) -> Callable[[Span, Span], bool]:
        """Whether two spans are as close as this asks for."""
        match self.unit:
            case Unit.WORDS:
                place, most = document.field_of, self.distance
                return lambda one, other: gap(one, other) <= most and place(one[0]) == place(other[0])
            case Unit.SENTENCE:
                place = document.sentence_of
            case Unit.PARAGRAPH:
                place = document.paragraph_of
        return lambda one, other: (
            place(min(one[0], other[0])) == place(max(one[1], other[1]) - 1)
            and document.field_of(one[0]) == document.field_of(other[0])
        )

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wrapper(Node):
    child: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.child,)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast(_Wrapper):
    """atleastN: at least N spans that do not overlap."""

    times: int

    def value(self, document: Document, low: int, high: int) -> Value:
        found = self.child.value(document, low, high)
        return found if found is not None and count(found) >= self.times else None


@dataclass(frozen=True, slots=True, kw_only=True)
class First(_Wrapper):
    """firstN: among the first N words of the article, title included."""

    words: int

    def value(self, document: Document, low: int, high: int) -> Value:
        return self.child.value(document, *self.inner(document, low, high))

    def inner(self, document: Document, low: int, high: int) -> tuple[int, int]:
        return low, min(high, document.first(self.words))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoped(_Wrapper):
    """title:, lead:, caption: their field; body: the lead and the body."""

    field: Field

    def value(self, document: Document, low: int, high: int) -> Value:
        return self.child.value(document, *self.inner(document, low, high))

    def inner(self, document: Document, low: int, high: int) -> tuple[int, int]:
        first, after = document.range_of(self.field)
        if self.field is Field.BODY:
            first = document.range_of(Field.LEAD)[0]
        return max(low, first), min(high, after)


@dataclass(frozen=True, slots=True, kw_only=True)
class About(_Wrapper):
    """about(): in the title, or in the lead, or three times."""

    def value(self, document: Document, low: int, high: int) -> Value:
        found = self.child.value(document, low, high)
        if found is None:
            return None
        end = document.range_of(Field.LEAD)[1]
        prominent = any(span[1] <= end for span in found)
        return found if prominent or count(found) >= 3 else None


class Case(StrEnum):
    """How the letters of a word are written."""

    CAPS = "caps"
    ALL_CAPS = "allcaps"
    NO_CAPS = "nocaps"

    def admits(self, written: str) -> bool:
        """Whether a word is written so; caps asks for a capital somewhere."""
        match self:
            case Case.CAPS:
                return any(letter.isupper() for letter in written)
            case Case.ALL_CAPS:
                return written.isupper()
            case Case.NO_CAPS:
                return not any(letter.isupper() for letter in written)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cased(_Wrapper):
    """caps(), allcaps(), nocaps(): every word is written so."""

    case: Case

    def value(self, document: Document, low: int, high: int) -> Value:
        found = self.child.value(document, low, high)
        return [span for span in found or () if self._admits(document, span)] or None

    def _admits(self, document: Document, span: Span) -> bool:
        return all(
            self.case.admits(word) for part in parts(span) for word in document.writings(part[0], part[1])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(_Wrapper):
    """author:, source:, section: a clause about a text beside the stream; it holds without spans."""

    name: str
    texts: Callable[[Article], tuple[str, ...]]

    def value(self, document: Document, low: int, high: int) -> Value:
        for text in self.texts(document.article):
            beside = Document.of_text(text, document.article)
            if self.child.value(beside, 0, beside.size) is not None:
                return []
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language(Node):
    """lang: the article's language, or one of its regional kinds (en holds for en-GB)."""

    code: str

    def value(self, document: Document, low: int, high: int) -> Value:
        return [] if speaks(document.article, self.code) else None


def speaks(article: Article, code: str) -> bool:
    """Whether an article is in a language, by its BCP 47 code or the code's beginning."""
    spoken, asked = (tag.casefold().replace("_", "-") for tag in (article.language, code))
    return spoken == asked or spoken.startswith(asked + "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Length(Node):
    """words: how many words lead and body have."""

    comparison: str
    words: int

    def value(self, document: Document, low: int, high: int) -> Value:
        size = document.length
        match self.comparison:
            case ">":
                holds = size > self.words
            case ">=":
                holds = size >= self.words
            case "<":
                holds = size < self.words
            case _:
                holds = size <= self.words
        return [] if holds else None
