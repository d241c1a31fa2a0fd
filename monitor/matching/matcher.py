"""An article in, matches out: the automaton brings rules up, their trees decide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.matching.automaton import Scan, build_scan
from monitor.matching.document import Document, Span
from monitor.matching.explain import Explanation, explain_rule
from monitor.matching.nodes import Anchor
from monitor.matching.report import match_of
from monitor.matching.rules import ReadyRule
from monitor.matching.typos import Slips
from monitor.model import Article, Match

__all__ = ["Anchors", "Matcher"]


@dataclass(frozen=True, slots=True)
class Anchors:
    """Which rules are worth evaluating for a text: those of whose anchors one occurs, and `always`.

    `rules[n]` are the rules of pattern n, `ends[n]` the patterns that pattern n ends with, `slips` the
    rules of a word that is found misspelt.
    """

    scan: Scan
    rules: Sequence[Sequence[int]]
    ends: Mapping[int, tuple[int, ...]]
    slips: Mapping[str, Sequence[int]]
    always: tuple[int, ...]

    def candidates(self, document: Document) -> list[int]:
        """The rules to evaluate, in their order."""
        found = set(self.always)
        rules, ends = self.rules, self.ends
        for number in self.scan.hits(document.data):
            found.update(rules[number])
            for shorter in ends.get(number, ()):
                found.update(rules[shorter])
        for right in document.variants:
            found.update(self.slips.get(right, ()))
        return sorted(found)


def anchor_rules(anchors: Mapping[Anchor, Sequence[int]], always: Sequence[int]) -> Anchors:
    """The index over anchors and the rules each brings up."""
    heads = [anchor for anchor in anchors if isinstance(anchor, bytes)]
    numbers = {head: number for number, head in enumerate(heads)}
    ends: dict[int, tuple[int, ...]] = {}
    for head, number in numbers.items():
        if shorter := tuple(_shorter_ends(head, numbers)):
            ends[number] = shorter
    return Anchors(
        scan=build_scan(heads),
        rules=[anchors[head] for head in heads],
        ends=ends,
        slips={anchor: rules for anchor, rules in anchors.items() if isinstance(anchor, str)},
        always=tuple(always),
    )


def _shorter_ends(head: bytes, numbers: Mapping[bytes, int]) -> Iterator[int]:
    at = head.find(b" ", 1)
    while 0 < at < len(head) - 1:
        if (number := numbers.get(head[at:])) is not None:
            yield number
        at = head.find(b" ", at + 1)


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

    def decide(self, document: Document) -> Iterator[tuple[ReadyRule, list[Span]]]:
        """The rules that a document satisfies, with the spans that say so."""
        for number in self._anchors.candidates(document):
            ready = self.rules[number]
            value = ready.value(document)
            if value is not None and not ready.reads(document.article):
                yield ready, value

    def match(self, article: Article) -> tuple[Match, ...]:
        """Every rule the article satisfies, held ones too, in the order of the watchlists."""
        document = self.read(article)
        return tuple(match_of(ready, spans, document) for ready, spans in self.decide(document))

    def ask(self, ready: ReadyRule, article: Article) -> Explanation:
        """One rule's explanation."""
        return explain_rule(ready, self.read(article))

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
