"""Misspelt words: a deletion index over the words that may slip, and the slips an article makes.

One slip is one optimal-string-alignment edit (a letter too many, missing, wrong, or two swapped) in a word
of 5 letters or more whose first letter stands. A text word that is itself known (a name, a term, a common
word) is never a slip.
"""

from collections.abc import Iterable, Iterator

from monitor.matching.document import Document, Span
from monitor.matching.pattern import MOST, Pattern

__all__ = ["Misspelt", "Slips", "may_slip", "one_slip"]

_SHORTEST = 5
_MEMO = 500_000


def may_slip(word: str) -> bool:
    """Whether a folded word is long enough, and of letters only."""
    return len(word) >= _SHORTEST and word.isalpha() and not "ᄀ" <= word[0] <= "힣"


def one_slip(word: str, other: str) -> bool:
    """Whether two different words are one edit apart and begin alike.

    >>> one_slip("llyod", "lloyd"), one_slip("niger", "nigeria")
    (True, False)
    """
    if word == other or word[0] != other[0] or abs(len(word) - len(other)) > 1:
        return False
    low, shorter = 1, min(len(word), len(other))
    while low < shorter and word[low] == other[low]:
        low += 1
    high = 0
    while high < shorter - low and word[-1 - high] == other[-1 - high]:
        high += 1
    one, two = word[low : len(word) - high], other[low : len(other) - high]
    return (len(one) <= 1 and len(two) <= 1) or (len(one) == 2 and one == two[::-1])


def _shortened(word: str) -> Iterator[str]:
    yield word
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]


class Slips:
    """Which words of a text are slips of which right words; remembers the words it has judged.

    `names` are the words of each name of which one may be misspelt.
    """

    def __init__(self, names: Iterable[tuple[str, ...]], known: frozenset[str]) -> None:
        self._known = known
        self._company: dict[str, set[frozenset[bytes]]] = {}
        for name in names:
            for right in filter(may_slip, name):
                others = frozenset(word.encode() for word in name if word != right)
                self._company.setdefault(right, set()).add(others)
        self._index: dict[str, list[str]] = {}
        for right in sorted(self._company):
            for key in _shortened(right):
                self._index.setdefault(key, []).append(right)
        self._judged: set[bytes] = set()
        self._slips: dict[bytes, tuple[str, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self._index)

    def of(self, words: set[bytes]) -> dict[str, list[str]]:
        """For each right word the slips of it among these words."""
        if len(self._judged) > _MEMO:
            self._judged, self._slips = set(), {}
        for word in words - self._judged:
            if rights := self._judge(word.decode()):
                self._slips[word] = rights
        self._judged |= words
        variants: dict[str, list[str]] = {}
        for word in self._slips.keys() & words:
            for right in self._slips[word]:
                variants.setdefault(right, []).append(word.decode())
        return variants

    def in_company(self, words: set[bytes]) -> dict[str, list[str]]:
        """The same, of those right words only beside which the other words of a name stand in the text."""
        return {
            right: variants
            for right, variants in self.of(words).items()
            if any(others <= words for others in self._company[right])
        }

    def _judge(self, word: str) -> tuple[str, ...]:
        if not may_slip(word) or word in self._known or len(word) > 40:
            return ()
        near = {right for key in _shortened(word) for right in self._index.get(key, ())}
        return tuple(sorted(right for right in near if one_slip(word, right)))


class Misspelt:
    """A literal pattern with one of its words misspelt."""

    def __init__(self, pattern: Pattern) -> None:
        self._tokens = pattern.head.decode().split() if pattern.tail is None else []
        if pattern.lead and b"" not in pattern.lead:  # an Arabic head without its article
            self._tokens[0] = f"ال{self._tokens[0]}"
        self.words = tuple(token for token in self._tokens if may_slip(token))

    @property
    def name(self) -> tuple[str, ...]:
        """All words, of which one may be misspelt."""
        return tuple(self._tokens)

    def find(self, document: Document) -> list[Span]:
        """Where it stands with exactly one word slipped."""
        found: list[Span] = []
        for place, token in enumerate(self._tokens):
            for variant in document.variants.get(token, ()):
                tokens = [*self._tokens[:place], variant, *self._tokens[place + 1 :]]
                head = f" {' '.join(tokens)} ".encode()
                at = document.data.find(head)
                while at >= 0 and len(found) < MOST:
                    first = document.at(at)
                    found.append((first, first + len(tokens), ()))
                    at = document.data.find(head, at + 1)
        return sorted(found)
