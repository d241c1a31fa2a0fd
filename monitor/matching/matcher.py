"""An article in, matches out: the presearcher brings rules up, their trees decide."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from monitor.matching.decision import closeness
from monitor.matching.document import Document
from monitor.matching.explain import Explanation, explain_rule
from monitor.matching.presearcher import Presearcher
from monitor.matching.report import match_of
from monitor.matching.rules import ReadyRule
from monitor.matching.typos import Slips
from monitor.model import Article, Match

__all__ = ["Matcher"]

_MOST_ASKED = 500  # rules that are asked how near they came


class Matcher:
    """All rules of all watchlists, ready; it holds no state that an answer depends on.

    Safe to use from several threads; building one belongs in a thread (the automaton's build releases the
    interpreter), so that a reload swaps one finished Matcher for another.
    """

    def __init__(self, rules: Sequence[ReadyRule], presearcher: Presearcher, slips: Slips) -> None:
        self.rules = rules
        self._choosy = bytes(ready.choosy for ready in rules)  # so that the others need not be visited
        self._presearcher = presearcher
        self._slips = slips

    def __len__(self) -> int:
        return len(self.rules)

    def read(self, article: Article) -> Document:
        """The article as the rules see it, its misspelt names found."""
        document = Document(article)
        if self._slips:
            document.variants = self._slips.in_company(document.words)
        return document

    def misspellings(self, words: set[bytes]) -> Mapping[str, Sequence[str]]:
        """Which of these folded words are slips of words that rules look for, by the right word."""
        return self._slips.of(words)

    def decide(self, document: Document) -> Iterator[ReadyRule]:
        """The rules that a document satisfies and that read it."""
        rules, choosy, article = self.rules, self._choosy, document.article
        for number in self._satisfied(document):
            if not (choosy[number] and rules[number].reads(article)):
                yield rules[number]

    def satisfied(self, document: Document, only: int | None = None) -> Iterator[ReadyRule]:
        """The rules whose query a document satisfies, whether or not they are for such articles.

        `only` is the number of the one rule that is asked about.
        """
        return (self.rules[number] for number in self._satisfied(document, only))

    def _satisfied(self, document: Document, only: int | None = None) -> Iterator[int]:
        presearcher = self._presearcher
        raised: Iterable[int] = presearcher.candidates(document)
        for number in raised if only is None else {only}.intersection(raised):
            accepted = presearcher.verdict(number, document)
            if accepted is None:
                accepted = self.rules[number].value(document) is not None
            if accepted:
                yield number

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
            asked = [self.rules[number] for number in self._presearcher.candidates(document)[:_MOST_ASKED]]
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
