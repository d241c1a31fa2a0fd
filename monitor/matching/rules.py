"""A rule ready to be asked: its trees are read when first needed and then kept."""

from dataclasses import dataclass

from monitor.matching.document import Document
from monitor.matching.nodes import Node, Value, speaks
from monitor.matching.query import Vocabulary, parse
from monitor.matching.spans import count
from monitor.matching.watchlist import Points, Rule, Sources, Watchlist
from monitor.model import Article, Severity

__all__ = ["ReadyRule"]


@dataclass(slots=True)
class ReadyRule:
    """A rule of a watchlist with the vocabulary its query is read by."""

    owner: Watchlist
    rule: Rule
    vocabulary: Vocabulary
    trees: dict[str, Node] | None = None

    @property
    def watchlist(self) -> str:
        """The name of its watchlist."""
        return self.owner.watchlist

    @property
    def id(self) -> str:
        """Its name within the watchlist."""
        return self.rule.id

    def tree(self, query: str) -> Node:
        """The tree of one of this rule's queries."""
        if self.trees is None:
            self.trees = {}
        if query not in self.trees:
            self.trees[query] = parse(query, self.vocabulary)
        return self.trees[query]

    @property
    def choosy(self) -> bool:
        """Whether there are articles that it does not read."""
        rule = self.rule
        sources = (self.owner.sources, rule.sources)
        named = any(each.include or each.exclude for each in sources)
        return named or rule.until is not None or bool(rule.languages)

    def reads(self, article: Article) -> str:
        """Why this rule does not read an article, or nothing where it does."""
        rule = self.rule
        if rule.until is not None and article.fetched.date() > rule.until:
            return f"the rule ended on {rule.until}"
        if rule.languages and article.language and not any(speaks(article, code) for code in rule.languages):
            return f"the article's language is {article.language}, the rule reads {', '.join(rule.languages)}"
        for sources in (self.owner.sources, rule.sources):
            if refusal := _refuses(sources, article):
                return refusal
        return ""

    def value(self, document: Document) -> Value:
        """The spans of its match, or None."""
        return self.tree(self.rule.match).value(document, 0, document.size)

    def held(self, document: Document) -> str:
        """The `unless` that vetoes a match, or nothing."""
        unless = self.rule.unless
        if not unless or self.tree(unless).value(document, 0, document.size) is None:
            return ""
        return f"unless: {' '.join(unless.split())}"

    def points(self, document: Document, points: Points) -> float:
        """What one line of the score adds."""
        found = self.tree(points.when).value(document, 0, document.size)
        if found is None:
            return 0.0
        total = points.points * (max(count(found), 1) if points.each else 1)
        if points.most is None:
            return total
        return max(-points.most, min(points.most, total))

    def score(self, document: Document) -> float | None:
        """The sum of its points, or None where the rule does not score."""
        score = self.rule.score
        if score is None:
            return None
        return score.start + sum(self.points(document, points) for points in score.add)

    def severity(self, score: float | None) -> Severity:
        """The severity of the highest threshold that the score reaches; below all of them, info."""
        if score is None or self.rule.score is None:
            return self.rule.severity
        reached = [
            (least, severity) for least, severity in self.rule.score.severity.items() if score >= least
        ]
        return max(reached)[1] if reached else Severity.INFO


def _refuses(sources: Sources, article: Article) -> str:
    marks = {article.origin.source, *article.origin.tags}
    if banned := marks.intersection(sources.exclude):
        return f"sources exclude {', '.join(sorted(banned))}"
    if sources.include and not marks.intersection(sources.include):
        return f"sources include only {', '.join(sources.include)}"
    return ""
