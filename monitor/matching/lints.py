"""What is right as a query and will surprise its author all the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.matching.demands import rarest
from monitor.matching.frequencies import Frequencies
from monitor.matching.leaves import TermLeaf
from monitor.matching.nodes import AllOf, Cased, Mentioned, Near, Node, Unit
from monitor.matching.report import positive_terms
from monitor.matching.watchlist import Entity, Phrase, Rule, Watchlist

__all__ = [
    "WIDE",
    "Lint",
    "lint_commas",
    "lint_query",
    "lint_veto",
    "lint_vetoes",
    "lint_width",
    "same_rules",
    "short_names",
    "untested",
    "vetoes_of",
]

WIDE = 0.3  # of all articles
_FAR = 50
_QUOTED = re.compile(r'"[^"]*"|[“”„][^“”"]*[“”"]|#[^\n]*')
_COMMA = re.compile(r"(?<=\w)([,;])\s+(?=\w)")
_COMMON = 0.02


@dataclass(frozen=True, slots=True)
class Lint:
    """A warning at an offset."""

    at: int
    problem: str
    remedy: str


def lint_query(node: Node) -> Iterator[Lint]:
    """The warnings about how a query is written."""
    if isinstance(node, Near) and node.unit is Unit.WORDS and node.distance > _FAR:
        yield Lint(
            node.left.end,
            f"a distance of {node.distance} words is longer than most paragraphs",
            "write /p for the same paragraph",
        )
    if isinstance(node, Mentioned) and _ambiguous(node):
        yield Lint(
            node.at,
            f"{node.label} also finds the word {node.label.casefold()!r}",
            f"write allcaps({node.label})",
        )
    if not isinstance(node, Cased):
        for child in node.children:
            yield from lint_query(child)


def lint_commas(query: str) -> Iterator[Lint]:
    """The warnings about commas outside quotation marks: elsewhere they part words, here they join them."""
    bare = _QUOTED.sub(lambda found: "x" * len(found[0]), query) if "," in query or ";" in query else ""
    for found in _COMMA.finditer(bare):
        yield Lint(
            found.start(1),
            f"the {'comma' if found[1] == ',' else 'semicolon'} parts nothing: one phrase is looked for",
            "write OR or AND in its place, or quotes round the phrase",
        )


def _ambiguous(node: Mentioned) -> bool:
    leaf = node.leaf
    return (
        isinstance(leaf, TermLeaf)
        and leaf.check is None
        and len(leaf.words) == 1
        and 2 <= len(node.label) <= 3
        and node.label.isalpha()
        and node.label.isupper()
    )


def lint_vetoes(tree: Node, query: str, frequencies: Frequencies) -> Iterator[Lint]:
    """The warnings about what a query forbids."""
    for veto in vetoes_of(tree):
        share = rarest(veto, frequencies.weigh)
        if share is not None:
            yield from lint_veto(share, query, veto.at, veto.end)


def vetoes_of(tree: Node) -> Iterator[Node]:
    """What a query forbids anywhere in the text."""
    if isinstance(tree, AllOf):
        yield from (veto for veto in tree.vetoes if not isinstance(veto, Near))
    if not isinstance(tree, Cased):
        for child in tree.children:
            yield from vetoes_of(child)


def lint_veto(share: float, query: str, at: int, end: int) -> Iterator[Lint]:
    """A warning about a veto, at its place in the query, that this share of articles has."""
    if share >= _COMMON:
        text = " ".join(query[at:end].split())
        yield Lint(
            at,
            f"NOT {text} drops every article that has it anywhere, and many do",
            f"write NOT NEAR/10 {text}, or put it under unless",
        )


def lint_width(node: Node, frequencies: Frequencies) -> Iterator[Lint]:
    """A warning where a rule without an entity comes up in very many articles: it costs time, and floods."""
    if any(term.entity for term in positive_terms(node)):
        return
    share = rarest(node, frequencies.weigh)
    if share is None or share >= WIDE:
        share = 1.0 if share is None else min(1.0, share)
        yield Lint(
            node.at,
            f"nothing rare must be there: about {share:.0%} of all articles have to be looked at",
            "add with AND what is rarer, like an entity",
        )


def short_names(entity: Entity) -> Iterator[tuple[tuple[str | int, ...], Lint]]:
    """Names of at most three small letters, which are somebody else's too."""
    for key, names in (("names", entity.names), ("forms", entity.forms), ("demonyms", entity.demonyms)):
        for number, name in enumerate(names):
            needy = entity.needs and (not entity.needs.of or name in entity.needs.of)
            if len(name) <= 3 and name.isascii() and name.isalpha() and not name.isupper() and not needy:
                problem = f"{name} also finds the word {name.casefold()!r} and other people's {name}"
                yield (key, number), Lint(0, problem, "give it company under needs, or write it in capitals")


def untested(watchlist: Watchlist) -> Iterator[tuple[tuple[str | int, ...], Lint]]:
    """One warning for all rules without tests; bare phrases need none."""
    lacking = [
        number
        for number, rule in enumerate(watchlist.rules)
        if not (isinstance(rule, Phrase) or rule.tests.hit or rule.tests.miss)
    ]
    if not lacking:
        return
    names = [watchlist.rules[number].id for number in lacking]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    remedy = "add tests: with hit: and miss: sentences; monitor check runs them"
    rules = "rule has" if len(names) == 1 else "rules have"
    problem = f"{len(names)} {rules} no tests: {', '.join(names[:5])}{more}"
    yield ("rules", lacking[0]), Lint(0, problem, remedy)


def same_rules(watchlist: Watchlist) -> Iterator[tuple[tuple[str | int, ...], Lint]]:
    """Rules that ask the same as an earlier one."""
    seen: dict[int, int] = {}  # hashes: of 100,000 queries a second writing is a lot of memory
    for number, rule in enumerate(watchlist.rules):
        asked = _all_asked(rule)
        first = watchlist.rules[seen.setdefault(hash(asked), number)]
        if first is not rule and first.id != rule.id and _all_asked(first) == asked:
            path = ("rules", number) if isinstance(rule, Phrase) else ("rules", number, "match")
            yield path, Lint(0, f"{rule.id} asks the same as {first.id}", "remove one of them")


def _all_asked(rule: Rule) -> tuple[object, ...]:
    """All that tells what a rule matches."""
    sources = rule.sources
    return _asked(rule.match), _asked(rule.unless), sources.include, sources.exclude, rule.languages


def _asked(query: str) -> str:
    """A query without what makes no difference; capitals do where it asks for them."""
    plain = " ".join(query.split())
    folded = plain.casefold()
    return plain if "exact" in folded else folded
