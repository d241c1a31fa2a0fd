"""An article in, matches out: the automaton brings rules up, their trees decide."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from monitor.matching.automaton import build_scan
from monitor.matching.document import Document
from monitor.matching.explain import Explanation, explain_rule
from monitor.matching.nodes import Anchor
from monitor.matching.report import match_of
from monitor.matching.rules import ReadyRule
from monitor.matching.typos import Slips
from monitor.model import Article, Match

__all__ = ["Anchors", "Matcher"]


class Heads:
    """A scan for patterns' heads that also tells those that others end with."""

    def __init__(self, heads: Iterable[bytes]) -> None:
        self._heads = list(heads)
        self._scan = build_scan(self._heads)
        numbers = {head: number for number, head in enumerate(self._heads)}
        self._ends = {
            number: shorter
            for head, number in numbers.items()
            if (shorter := tuple(_shorter_ends(head, numbers)))
        }

    def found(self, text: bytes) -> set[bytes | str]:
        """The heads that occur in a text."""
        hits = self._scan.hits(text)
        for number in hits & self._ends.keys():
            hits.update(self._ends[number])
        return {self._heads[number] for number in hits}


class Anchors:
    """Which rules are worth evaluating for a text: those of whose anchors one occurs, and `always`.

    `others` are the heads that are no anchor; a text is scanned for them when there is a rule to evaluate.
    """

    def __init__(
        self, rules: Mapping[Anchor, Sequence[int]], always: Sequence[int], others: Iterable[bytes]
    ) -> None:
        self._rules = rules
        self._always = frozenset(always)
        self._anchors = Heads(anchor for anchor in rules if isinstance(anchor, bytes))
        self._others = Heads(head for head in others if head not in rules)

    def candidates(self, document: Document) -> list[int]:
        """The rules to evaluate, in their order; the document then knows what is present in it."""
        present = self._anchors.found(document.data)
        present.update(document.variants)
        rules = self._rules
        found = set(self._always).union(*[rules[anchor] for anchor in present if anchor in rules])
        if found:
            present |= self._others.found(document.data)
        document.present = present
        return sorted(found)


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

    def decide(self, document: Document) -> Iterator[ReadyRule]:
        """The rules that a document satisfies and that read it."""
        return (ready for ready in self.satisfied(document) if not ready.reads(document.article))

    def satisfied(self, document: Document) -> Iterator[ReadyRule]:
        """The rules whose query a document satisfies, whether or not they are for such articles."""
        for number in self._anchors.candidates(document):
            ready = self.rules[number]
            check, exact = ready.gate()
            if not check(document.present or set()):
                continue
            if exact or ready.value(document) is not None:
                yield ready

    def match(self, article: Article) -> tuple[Match, ...]:
        """Every rule the article satisfies, held ones too, in the order of the watchlists."""
        document = self.read(article)
        return tuple(
            match_of(ready, ready.value(document) or [], document) for ready in self.decide(document)
        )

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
