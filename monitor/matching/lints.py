"""What is right as a query and will surprise its author all the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.matching.frequencies import Frequencies
from monitor.matching.leaves import TermLeaf
from monitor.matching.nodes import AllOf, Cased, Mentioned, Near, Node, Unit
from monitor.matching.watchlist import Phrase, Watchlist

__all__ = ["Lint", "lint_query", "same_rules", "untested"]

_FAR = 50
_COMMON = 0.02


@dataclass(frozen=True, slots=True)
class Lint:
    """A warning at an offset."""

    at: int
    problem: str
    remedy: str


def lint_query(node: Node, query: str, frequencies: Frequencies) -> Iterator[Lint]:
    """The warnings about one query."""
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
    if isinstance(node, AllOf):
        yield from _wide_vetoes(node, query, frequencies)
    if not isinstance(node, Cased):
        for child in node.children:
            yield from lint_query(child, query, frequencies)


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


def _wide_vetoes(node: AllOf, query: str, frequencies: Frequencies) -> Iterator[Lint]:
    for veto in node.vetoes:
        cover = veto.cover(frequencies.weigh)
        if cover is not None and cover[0] >= _COMMON and not isinstance(veto, Near):
            text = " ".join(query[veto.at : veto.end].split())
            yield Lint(
                veto.at,
                f"NOT {text} drops every article that has it anywhere, and many do",
                f"write NOT NEAR/10 {text}, or put it under unless",
            )


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
    seen: dict[tuple[object, ...], str] = {}
    for number, rule in enumerate(watchlist.rules):
        asked = (
            _plain(rule.match),
            _plain(rule.unless),
            rule.sources.include,
            rule.sources.exclude,
            rule.languages,
        )
        first = seen.setdefault(asked, rule.id)
        if first != rule.id:
            path = ("rules", number) if isinstance(rule, Phrase) else ("rules", number, "match")
            yield path, Lint(0, f"{rule.id} asks the same as {first}", "remove one of them")


def _plain(query: str) -> str:
    return " ".join(query.casefold().split()) if query else ""
