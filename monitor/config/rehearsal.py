"""What the archive says of the rules: terms that never occur, rules that never match or would be noisy.

Pure: articles come one by one, problems come out at the end.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from monitor.config.document import Path
from monitor.config.folder import Configuration
from monitor.errors import Level, Problem
from monitor.matching.document import Document
from monitor.matching.nodes import Mentioned, Node
from monitor.matching.rules import ReadyRule
from monitor.model import Article

__all__ = ["Rehearsal"]

FEWEST = 200  # articles that say something of what is rare
NOISY = (50, timedelta(days=1))
MOST_TERMS = 8  # so many are named in one warning


class Rehearsal:
    """Every rule of a configuration against articles, as they would have come in."""

    def __init__(self, found: Configuration) -> None:
        self._found = found
        self._articles = 0
        self._between: tuple[datetime, datetime] | None = None
        self._scripts: set[str] = set()
        self._hits: Counter[int] = Counter()
        self._numbers = {id(ready): number for number, ready in enumerate(found.compiled.matcher.rules)}
        self._unseen = dict(_terms(found))

    @property
    def articles(self) -> int:
        """How many were read."""
        return self._articles

    def read(self, article: Article) -> None:
        """Judge one article by every rule, and look for the terms that were not seen yet."""
        matcher = self._found.compiled.matcher
        document = matcher.read(article)
        for ready in matcher.decide(document):
            if not ready.held(document):
                self._hits[self._numbers[id(ready)]] += 1
        whole = Document(article)
        whole.variants = document.variants
        for label in [label for label, (_, node) in self._unseen.items() if node.leaf.spans(whole)]:
            del self._unseen[label]
        self._articles += 1
        first, last = self._between or (article.fetched, article.fetched)
        self._between = (min(first, article.fetched), max(last, article.fetched))
        self._scripts.update(map(_script, article.title))

    def problems(self) -> Iterator[Problem]:
        """What an admin should look at; nothing where the archive is too small to say anything."""
        if self._articles < FEWEST:
            return
        for number, ready in enumerate(self._found.compiled.matcher.rules):
            if warning := self._noise(ready, self._hits[number]):
                yield self._problem(ready, 0, *warning)
        for ready, nodes in self._by_rule():
            named = ", ".join(node.label for node in nodes[:MOST_TERMS])
            more = f" and {len(nodes) - MOST_TERMS} more" if len(nodes) > MOST_TERMS else ""
            verb = "occurs" if len(nodes) == 1 else "occur"
            problem = f"{named}{more} {verb} in none of the archive's {self._articles:,} articles"
            yield self._problem(ready, nodes[0].at, problem, "look for a slip in the spelling")

    def _noise(self, ready: ReadyRule, hits: int) -> tuple[str, str] | None:
        if not hits or self._between is None:
            problem = f"{ready.id} matches none of the archive's {self._articles:,} articles"
            return problem, "see what is near: monitor match FILE --rule " + ready.id
        health = self._found.alerting.health
        number, per = health.rule_noisy if health and health.rule_noisy else NOISY
        first, last = self._between
        expected = hits * (per / max(last - first, timedelta(days=1)))
        if expected <= number:
            return None
        words = {timedelta(days=1): "a day", timedelta(hours=1): "an hour"}.get(per, "a minute")
        problem = f"{ready.id} would match {expected:.0f} articles {words}, and more than {number} is noise"
        return problem, "narrow it, or send it as a digest"

    def _by_rule(self) -> Iterator[tuple[ReadyRule, list[Mentioned]]]:
        grouped: dict[int, list[Mentioned]] = {}
        for number, node in self._unseen.values():
            if _script(node.label.lstrip("@\"“„'")[:1]) in self._scripts or node.entity:
                grouped.setdefault(number, []).append(node)
        rules = self._found.compiled.matcher.rules
        return ((rules[number], nodes) for number, nodes in sorted(grouped.items()))

    def _problem(self, ready: ReadyRule, offset: int, problem: str, remedy: str) -> Problem:
        for file, watchlist in self._found.compiled.watchlists.items():
            if watchlist is ready.owner:
                document = self._found.documents[file]
                path: Path = ("rules", watchlist.rules.index(ready.rule))
                path = (*path, "match") if document.stray((*path, "match")) == 3 else path
                place = document.place_in(path, offset)
                return Problem(place=place, problem=problem, remedy=remedy, level=Level.WARNING)
        raise AssertionError("every rule has its watchlist")


def _terms(found: Configuration) -> Iterator[tuple[str, tuple[int, Mentioned]]]:
    """Every term and entity that a query asks for, by how it is written, with the last rule that does."""
    for number, ready in enumerate(found.compiled.matcher.rules):
        for node in _mentioned(ready.tree(ready.rule.match)):
            yield node.label, (number, node)


def _mentioned(node: Node) -> Iterator[Mentioned]:
    if isinstance(node, Mentioned):
        yield node
    for child in node.children:
        yield from _mentioned(child)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0] if letter.isalpha() else ""
