"""An article in, matches out: the automaton brings rules up, their trees decide."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from struct import Struct

from monitor.matching.automaton import build_scan
from monitor.matching.deciding import closeness
from monitor.matching.document import Document
from monitor.matching.explain import Explanation, explain_rule
from monitor.matching.nodes import Cover, Weigh
from monitor.matching.presence import Anchor, Presence
from monitor.matching.report import match_of
from monitor.matching.rules import ReadyRule
from monitor.matching.typos import Slips
from monitor.model import Article, Match

__all__ = ["Anchors", "Keys", "Matcher"]

Keys = tuple[Cover, Cover]
"""One anchor of each stands in every text that a rule matches; an empty one asks for nothing."""

_NOTHING, _NEVER = -1, -2  # the number that every text has, and the one that none has
_SEARCH = 10
_ENTRY = Struct("5i")  # a rule, and four of its second anchors

_MOST_ASKED = 500  # rules that are asked how near they came


class Heads:
    """A scan for patterns' heads, numbered from `first` on, that also tells those that others end with."""

    def __init__(self, heads: Sequence[bytes], first: int = 0) -> None:
        self._scan = build_scan(heads)
        self._first = first
        numbers = {head: number for number, head in enumerate(heads)}
        inside = any(not head.startswith(b" ") for head in heads)
        self._ends = {
            number: shorter
            for head, number in numbers.items()
            if (shorter := tuple(_shorter_ends(head, numbers, inside=inside)))
        }
        self._ending = bytes(number in self._ends for number in range(len(heads)))  # small enough for a cache

    def found(self, text: bytes) -> set[int]:
        """The numbers of the heads that occur in a text."""
        hits = self._scan.hits(text)
        ending = self._ending
        for number in [number for number in hits if ending[number]]:
            hits.update(self._ends[number])
        return {number + self._first for number in hits} if self._first else hits


def _shorter_ends(head: bytes, numbers: Mapping[bytes, int], *, inside: bool) -> Iterator[int]:
    """The other heads that this one ends with; `inside`: some begin within a word, as Arabic ones do."""
    places = range(1, len(head) - 1) if inside and head[-2] >= 0x80 else _spaces(head)
    for at in places:
        if (number := numbers.get(head[at:])) is not None:
            yield number


def _spaces(head: bytes) -> Iterator[int]:
    at = head.find(b" ", 1)
    while 0 < at < len(head) - 1:
        yield at
        at = head.find(b" ", at + 1)


class Anchors:
    """Which rules are worth evaluating for a text.

    `keys` are, for each rule, the anchors of which one must stand in the text, and those of which one must
    stand there as well; a rule without any is always worth it. A text is scanned for the first keys, which
    are rare, and for those second keys that would cost more to look for one by one when rules come up.
    """

    def __init__(self, keys: Sequence[Keys], others: Iterable[Anchor], weigh: Weigh) -> None:
        heads, slips = _parted(_scanned(keys, weigh))
        later, more_slips = _parted({*others, *(anchor for _, (_, second) in keys for anchor in second)})
        first = set(heads)
        later = [head for head in later if head not in first]
        self._all: list[Anchor] = [*heads, *later, *{*slips, *more_slips}]
        self.numbers: Mapping[Anchor, int] = {anchor: number for number, anchor in enumerate(self._all)}
        self._always = [number for number, ((_, first), _) in enumerate(keys) if not first]
        self._heads, self._later = Heads(heads), Heads(later, len(heads))
        self._unseen = range(len(heads), len(heads) + len(later))
        self._places, self._entries = _table(keys, self.numbers)
        self._raising = bytes(begin < end for begin, end in pairwise(self._places))

    def candidates(self, document: Document) -> list[int]:
        """The rules to evaluate, in their order; the document then knows what is present in it."""
        numbers, places, entries, raising = self.numbers, self._places, self._entries, self._raising
        hits = self._heads.found(document.data)
        hits.update(numbers[right] for right in document.variants)
        raised = [number for number in hits if raising[number]]
        hits.add(_NOTHING)
        present = Presence(document.data, hits, self._all, numbers, self._unseen, self._later.found)
        document.present = present
        shows, unpack = present.shows, _ENTRY.iter_unpack
        found = {
            rule
            for number in raised
            for rule, a, b, c, d in unpack(entries[places[number] : places[number + 1]])
            if a in hits
            or b in hits
            or c in hits
            or d in hits
            or shows(a)
            or shows(b)
            or shows(c)
            or shows(d)
        }
        return sorted(found.union(self._always)) if found or self._always else []


def _scanned(keys: Sequence[Keys], weigh: Weigh) -> set[Anchor]:
    """What every text is scanned for: the first keys, and the second ones that are cheaper so.

    A hit costs a tenth of a search: an anchor is better scanned for where its rules come up more often than
    in every tenth text that has it.
    """
    asked: dict[Anchor, float] = {}
    for (share, _), (_, second) in keys:
        for anchor in second:
            asked[anchor] = asked.get(anchor, 0.0) + share
    cheaper = {anchor for anchor, share in asked.items() if share > weigh(anchor) / _SEARCH}
    return cheaper.union(*(first for (_, first), _ in keys))


def _table(keys: Sequence[Keys], numbers: Mapping[Anchor, int]) -> tuple["array[int]", bytes]:
    """For each anchor's number where its entries begin; and all entries, a rule and four of its seconds each.

    Bytes in one piece, because what a lookup costs among 100,000 rules is the memory it has to visit.
    """
    raising: dict[int, list[int]] = {}
    for rule, ((_, first), _) in enumerate(keys):
        for anchor in first:
            raising.setdefault(numbers[anchor], []).append(rule)
    places, entries = array("q", [0]), array("i")
    for number in range(len(numbers)):
        for rule in raising.get(number, ()):
            _, second = keys[rule][1]
            asked = [numbers[anchor] for anchor in second] if 0 < len(second) <= 4 else [_NOTHING]
            entries.extend([rule, *asked, *[_NEVER] * (4 - len(asked))])
        places.append(len(entries) * entries.itemsize)
    return places, entries.tobytes()


def _parted(anchors: Iterable[Anchor]) -> tuple[list[bytes], list[str]]:
    """Heads, which are looked for in the text, and right spellings, whose slips are."""
    heads, slips = list[bytes](), list[str]()
    for anchor in anchors:
        (heads if isinstance(anchor, bytes) else slips).append(anchor)  # type: ignore[arg-type]
    return heads, slips


class Matcher:
    """All rules of all watchlists, ready; it holds no state that an answer depends on.

    Safe to use from several threads; building one belongs in a thread (the automaton's build releases the
    interpreter), so that a reload swaps one finished Matcher for another.
    """

    def __init__(self, rules: Sequence[ReadyRule], anchors: Anchors, slips: Slips) -> None:
        self.rules = rules
        self._anchors = anchors
        self._slips = slips

    def __len__(self) -> int:
        return len(self.rules)

    def read(self, article: Article) -> Document:
        """The article as the rules see it, its misspelt names found."""
        document = Document(article)
        if self._slips:
            document.variants = self._slips.of(document.words)
        return document

    def misspellings(self, words: set[bytes]) -> Mapping[str, Sequence[str]]:
        """Which of these folded words are slips of words that rules look for, by the right word."""
        return self._slips.of(words)

    def decide(self, document: Document) -> Iterator[ReadyRule]:
        """The rules that a document satisfies and that read it."""
        return (ready for ready in self.satisfied(document) if not ready.reads(document.article))

    def satisfied(self, document: Document, only: int | None = None) -> Iterator[ReadyRule]:
        """The rules whose query a document satisfies, whether or not they are for such articles.

        `only` is the number of the one rule that is asked about.
        """
        anchors = self._anchors
        raised: Iterable[int] = anchors.candidates(document)
        for number in raised if only is None else {only}.intersection(raised):
            ready = self.rules[number]
            check, exact = ready.gate(anchors.numbers)
            if document.present is not None and not check(document.present.check):
                continue
            if exact or ready.value(document) is not None:
                yield ready

    def match(self, article: Article) -> tuple[Match, ...]:
        """Every rule the article satisfies, held ones too, in the order of the watchlists."""
        document = self.read(article)
        return tuple(
            match_of(ready, ready.value(document) or [], document) for ready in self.decide(document)
        )

    def nearest(self, article: Article, most: int) -> tuple[Explanation, ...]:
        """The rules that came nearest to matching without doing so, the nearest first.

        Those that have at least half of what they ask. Of many rules only those are asked whose rarest
        clauses both have something in the article.
        """
        document = self.read(article)
        matching = {id(ready) for ready in self.decide(document)}
        asked: Sequence[ReadyRule] = self.rules
        if len(asked) > _MOST_ASKED:
            asked = [self.rules[number] for number in self._anchors.candidates(document)[:_MOST_ASKED]]
        found = [explain_rule(ready, document) for ready in asked if id(ready) not in matching]
        near = [each for each in found if closeness(each.clause) >= 0.5]
        return tuple(sorted(near, key=lambda each: -closeness(each.clause))[:most])

    def explain(
        self, article: Article, *, watchlist: str | None = None, rule: str | None = None
    ) -> tuple[Explanation, ...]:
        """Clause by clause why the rules (of one watchlist, of one name) match the article or do not."""
        document = self.read(article)
        return tuple(
            explain_rule(ready, document)
            for ready in self.rules
            if watchlist in {None, ready.watchlist} and rule in {None, ready.id}
        )
