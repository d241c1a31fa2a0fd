"""A tree fitted to what our language can say, every step that changes what is found being told."""

from collections.abc import Callable
from dataclasses import replace

from monitor.dialects.tree import (
    AllOf,
    AnyOf,
    Cased,
    ChangeKind,
    Counted,
    DialectError,
    Fact,
    Fielded,
    First,
    Log,
    Lost,
    Near,
    Node,
    Unit,
)

__all__ = ["fitted"]

_ABOUT = frozenset({"author", "section", "source"})  # fields that are no part of the text
_FARTHEST = 100
_NO_PLACE = "has no place in the text that something could be near to or be counted at"


def fitted(node: Node, log: Log) -> Node:
    """The tree without what our language lacks; DialectError where nothing would be left."""
    kept = _fit(node, log, inside=False)
    if isinstance(kept, Lost):
        raise DialectError(kept.at, f"{kept.written} {kept.why}, and nothing else is asked for")
    if isinstance(kept, AllOf) and not kept.clauses:
        problem = "a query of negatives only would match nearly everything"
        raise DialectError(kept.at, problem, "say what must be there")
    return kept


def _fit(node: Node, log: Log, *, inside: bool) -> Node:
    """`inside`: below a proximity or a count, where our language has no AND and no facts."""
    match node:
        case AllOf():
            return _fit_all(node, log, inside=inside)
        case AnyOf():
            return _fit_any(node, log, inside=inside)
        case Near():
            left, right = _fit(node.left, log, inside=True), _fit(node.right, log, inside=True)
            return _fit_near(replace(node, left=left, right=right), log, inside=inside)
        case Counted() | Cased():
            return _fit_counted(node, _fit(node.child, log, inside=True), log)
        case First():
            child = _fit(node.child, log, inside=inside)
            return _spread(child, lambda each: replace(node, child=each), apart=inside)
        case Fielded():
            return _fit_fielded(node, _fit(node.child, log, inside=inside), inside=inside)
        case Fact(at, text) if inside:
            return Lost(at, text, _NO_PLACE)
        case _:
            return node


# ---------------------------------------------------------------------- AND, OR, NOT


def _fit_all(node: AllOf, log: Log, *, inside: bool) -> Node:
    clauses, vetoes = list[Node](), list[Node]()
    for each in node.clauses:
        clause = _fit(each, log, inside=inside)
        negative = isinstance(clause, AllOf) and not clause.clauses
        vetoes += clause.vetoes if isinstance(clause, AllOf) and negative else ()
        clauses += () if negative else (clause,)
    for each in node.vetoes:
        veto = _fit(each, log, inside=inside)
        if isinstance(veto, AllOf) and not veto.clauses:
            raise DialectError(veto.at, "NOT of a NOT", "say what must be there")
        vetoes.append(veto)
    alone = len(clauses) + len(vetoes) == 1
    kept = tuple(each for each in clauses if alone or not _lost(each, ChangeKind.WIDER, log))
    held = tuple(each for each in vetoes if not _lost(each, ChangeKind.WIDER, log))
    if clauses and not kept:
        return clauses[0]
    return kept[0] if len(kept) == 1 and not held else AllOf(node.at, kept, held)


def _fit_any(node: AnyOf, log: Log, *, inside: bool) -> Node:
    clauses = [_fit(each, log, inside=inside) for each in node.clauses]
    for each in clauses:
        if isinstance(each, AllOf) and not each.clauses:
            raise DialectError(each.at, "OR NOT would match nearly everything", "turn the query round")
    kept = tuple(each for each in clauses if not _lost(each, ChangeKind.NARROWER, log))
    if not kept:
        return clauses[0]
    return kept[0] if len(kept) == 1 else AnyOf(node.at, kept)


def _lost(node: Node, kind: ChangeKind, log: Log) -> bool:
    if isinstance(node, Lost):
        log(node.at, node.written, kind, f"{node.why}; it is left out")
    return isinstance(node, Lost)


# ---------------------------------------------------------------------- proximity


def _fit_near(node: Near, log: Log, *, inside: bool) -> Node:
    """Its sides are fitted already."""
    lost = next((side for side in (node.left, node.right) if isinstance(side, Lost)), None)
    if lost:
        return lost
    for side, name in ((node.left, "left"), (node.right, "right")):
        if not _has_and(side):
            continue
        if node.negated:
            raise DialectError(
                side.at, "AND inside a NOT NEAR has no one meaning", "write a NOT NEAR for each"
            )
        says = "has two readings, near each or near the group; it is written as near each"
        log(node.at, "AND inside a proximity", ChangeKind.OTHER, says)
        each_near = _side_of(node, name, log, inside=inside)
        return _spread(side, each_near, apart=True)
    if node.unit is Unit.WORDS and node.distance > _FARTHEST:
        return _far(node, log, inside=inside)
    return node


def _side_of(node: Near, name: str, log: Log, *, inside: bool) -> Callable[[Node], Node]:
    def near(each: Node) -> Node:
        left, right = (each, node.right) if name == "left" else (node.left, each)
        return _fit_near(replace(node, left=left, right=right), log, inside=inside)

    return near


def _far(node: Near, log: Log, *, inside: bool) -> Node:
    written = f"a distance of {node.distance} words"
    if inside or node.negated:
        kind = ChangeKind.WIDER if node.negated else ChangeKind.NARROWER
        log(node.at, written, kind, f"our longest is {_FARTHEST}, and that is written")
        return replace(node, distance=_FARTHEST)
    says = f"our longest is {_FARTHEST}; AND is written, so that nothing is lost"
    log(node.at, written, ChangeKind.WIDER, says)
    return AllOf(node.at, (node.left, node.right))


# ---------------------------------------------------------------------- functions and fields


def _fit_counted(node: Counted | Cased, child: Node, log: Log) -> Node:
    if isinstance(node, Counted) and _has_and(child):
        if not isinstance(child, AllOf):
            return Lost(node.at, f"atleast{node.times}", "counts things that are joined by AND")
        says = "counts each of them, where ours has no place for a group"
        log(node.at, f"atleast{node.times} of what is joined by AND", ChangeKind.OTHER, says)
    return _spread(child, lambda each: replace(node, child=each), apart=True)


def _fit_fielded(node: Fielded, child: Node, *, inside: bool) -> Node:
    """One field goes round the whole; of several, each word may stand in any."""
    name = node.names[0]
    if _has(child, Fielded, Fact) or (name in _ABOUT and _has(child, First)):
        return Lost(node.at, f"{name}: of another field", "has no meaning in our language")
    if name in _ABOUT and inside:
        return Lost(node.at, f"{name}:", _NO_PLACE)
    if len(node.names) == 1:
        return _spread(child, lambda each: replace(node, child=each), apart=inside)
    return _spread(child, lambda each: _in_either(node, each), apart=True, words=True)


def _in_either(node: Fielded, child: Node) -> Node:
    return AnyOf(node.at, tuple(replace(node, names=(name,), child=child) for name in node.names))


def _spread(child: Node, wrap: Callable[[Node], Node], *, apart: bool, words: bool = False) -> Node:
    """`wrap` round the whole, or, where an AND inside must come `apart`, round its parts.

    With `words`, round the parts of every AND and OR.
    """
    match child:
        case Lost():
            return child
        case AllOf(at, (), vetoes) | AllOf(at, _, vetoes) if apart and vetoes and not words:
            raise DialectError(at, "NOT inside a proximity or a function", "take it out")
        case AllOf(at, clauses, vetoes) if apart or not clauses:
            parts = [
                tuple(_spread(each, wrap, apart=apart, words=words) for each in group)
                for group in (clauses, vetoes)
            ]
            return AllOf(at, parts[0], parts[1])
        case AnyOf(at, clauses) if words or (apart and _has_and(child)):
            return AnyOf(at, tuple(_spread(each, wrap, apart=apart, words=words) for each in clauses))
        case _:
            return wrap(child)


def _has_and(node: Node) -> bool:
    return _has(node, AllOf)


def _has(node: Node, *kinds: type[Node]) -> bool:
    match node:
        case _ if isinstance(node, kinds):
            return True
        case AllOf(_, clauses, vetoes):
            return any(_has(each, *kinds) for each in (*clauses, *vetoes))
        case AnyOf(_, clauses):
            return any(_has(each, *kinds) for each in clauses)
        case Near():
            return _has(node.left, *kinds) or _has(node.right, *kinds)
        case Counted() | Cased() | First() | Fielded():
            return _has(node.child, *kinds)
        case _:
            return False
