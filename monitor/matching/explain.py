"""Why a rule matches an article or does not, clause by clause; computed from the values that decided."""

from dataclasses import dataclass

from monitor.matching.document import Document
from monitor.matching.misses import miss_of
from monitor.matching.nodes import AllOf, AnyOf, Near, Node
from monitor.matching.report import best_excerpts
from monitor.matching.rules import ReadyRule
from monitor.matching.spans import count
from monitor.model import Excerpt

__all__ = ["Clause", "Explanation", "explain_rule", "render_explanation"]

_MOST_LINES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A part of a query: whether it holds, how often, where (the best sentences), or what it missed by.

    `role` says what it is asked for: "" (required), "veto" (AND NOT), "one of" (OR), "not near". `kind` is
    what it is: AllOf, AnyOf, Near …
    """

    text: str
    kind: str
    holds: bool
    times: int = 0
    found: tuple[Excerpt, ...] = ()
    miss: str = ""
    role: str = ""
    clauses: tuple["Clause", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A rule asked about one article. `unread` says why it does not read the article at all."""

    watchlist: str
    rule: str
    matches: bool
    clause: Clause
    unread: str = ""
    held: str = ""
    unless: Clause | None = None
    score: float | None = None
    scored: tuple[tuple[str, float], ...] = ()


def explain_rule(ready: ReadyRule, document: Document) -> Explanation:
    """The explanation of one rule."""
    rule = ready.rule
    whole = (0, document.size)
    clause = _clause(ready.tree(rule.match), rule.match, document, whole)
    unless = _clause(ready.tree(rule.unless), rule.unless, document, whole) if rule.unless else None
    unread = ready.reads(document.article)
    score = rule.score
    return Explanation(
        watchlist=ready.watchlist,
        rule=rule.id,
        matches=clause.holds and not unread,
        clause=clause,
        unread=unread,
        held=ready.held(document),
        unless=unless,
        score=ready.score(document),
        scored=tuple((points.when, ready.points(document, points)) for points in score.add) if score else (),
    )


def _clause(node: Node, query: str, document: Document, scope: tuple[int, int], role: str = "") -> Clause:
    value = node.value(document, *scope)
    return Clause(
        text=" ".join(query[node.at : node.end].split()),
        kind=type(node).__name__,
        holds=value is not None,
        times=count(value or []),
        found=best_excerpts(value, document) if value else (),
        miss="" if value is not None else miss_of(node, query, document, scope),
        role=role,
        clauses=tuple(_children(node, query, document, scope)),
    )


def _children(node: Node, query: str, document: Document, scope: tuple[int, int]) -> list[Clause]:
    inner = node.inner(document, *scope)
    if isinstance(node, AllOf):
        vetoes = [_clause(veto, query, document, inner, "veto") for veto in node.vetoes]
        return [*(_clause(each, query, document, inner) for each in node.clauses), *vetoes]
    if isinstance(node, AnyOf):
        listed = all(each.at == node.at and each.end == node.end for each in node.clauses)
        return [] if listed else [_clause(each, query, document, inner, "one of") for each in node.clauses]
    if isinstance(node, Near):
        right = _clause(node.right, query, document, inner, "not near" if node.negated else "")
        return [_clause(node.left, query, document, inner), right]
    return [_clause(child, query, document, inner) for child in node.children]


def render_explanation(explanation: Explanation) -> str:
    """The explanation as plain lines: ✓ holds, ✗ does not; found words in «guillemets»."""
    name = f"{explanation.watchlist}/{explanation.rule}"
    lines = [f"{name}: {'matches' if explanation.matches else 'does not match'}"]
    if explanation.unread:
        lines.append(f"  not read: {explanation.unread}")
    lines += _lines(explanation.clause, 1)
    if explanation.unless is not None:
        lines.append("  held by unless:" if explanation.held else "  unless (does not hold):")
        lines += _lines(explanation.unless, 2)
    if explanation.score is not None:
        lines.append(f"  score {explanation.score:g}")
        lines += [f"    {points:+g}  {' '.join(when.split())}" for when, points in explanation.scored]
    return "\n".join(lines[:_MOST_LINES])


def _lines(clause: Clause, depth: int) -> list[str]:
    indent = "  " * depth
    role = f" ({clause.role})" if clause.role else ""
    times = f"  ×{clause.times}" if clause.times > 1 else ""
    lines = [f"{indent}{'✓' if clause.holds else '✗'} {clause.text}{role}{times}"]
    if clause.miss:
        lines[0] += f": {clause.miss}"
    if clause.found and not clause.clauses:
        best = clause.found[0]
        lines.append(f"{indent}    {best.field}: {_marked(best)}")
    for child in clause.clauses:
        lines += _lines(child, depth + 1)
    return lines


def _marked(excerpt: Excerpt) -> str:
    pieces, at = [], 0
    for start, end in excerpt.marks:
        pieces += [excerpt.text[at:start], "«", excerpt.text[start:end], "»"]
        at = end
    return " ".join("".join([*pieces, excerpt.text[at:]]).split())
