"""A quick look before the spans: whether a tree can hold, given which anchors a text has at all.

A gate never refuses what the tree would accept. It is exact where presence is all that a tree asks for;
there the spans need not be computed to decide.
"""

from collections.abc import Callable

from monitor.matching.leaves import TermLeaf
from monitor.matching.nodes import AllOf, AnyOf, Fact, Language, Length, Mentioned, Near, Node

__all__ = ["Gate", "gate_of"]

Present = set[bytes | str]
Check = Callable[[Present], bool]

Gate = tuple[Check, bool]
"""The check over the anchors present, and whether it decides by itself."""


def gate_of(node: Node, *, whole: bool = True) -> Gate:
    """The gate of a tree; `whole` is false within a field, where a veto elsewhere means nothing."""
    match node:
        case Mentioned():
            return _of_leaf(node)
        case AnyOf():
            return _of_any([gate_of(each, whole=whole) for each in node.clauses])
        case AllOf():
            return _of_all(node, whole=whole)
        case Near():
            sides = [node.left] if node.negated else [node.left, node.right]
            return _every([gate_of(side, whole=False)[0] for side in sides]), False
        case Fact() | Language() | Length():
            return lambda _present: True, False
        case _:
            return _every([gate_of(child, whole=False)[0] for child in node.children]), False


def _of_leaf(node: Mentioned) -> Gate:
    anchors = node.leaf.anchors()
    exact = isinstance(node.leaf, TermLeaf) and node.leaf.plain
    if len(anchors) == 1:
        (anchor,) = anchors
        return lambda present: anchor in present, exact
    return lambda present: not anchors.isdisjoint(present), exact


def _of_any(gates: list[Gate]) -> Gate:
    checks = [check for check, _ in gates]

    def some(present: Present) -> bool:
        for check in checks:  # noqa: SIM110 - any() over a generator costs three times as much
            if check(present):
                return True
        return False

    return some, all(exact for _, exact in gates)


def _every(checks: list[Check]) -> Check:
    def every(present: Present) -> bool:
        for check in checks:  # noqa: SIM110 - as above
            if not check(present):
                return False
        return True

    return every


def _of_all(node: AllOf, *, whole: bool) -> Gate:
    required = [gate_of(each, whole=whole) for each in node.clauses]
    vetoes = [gate_of(each) for each in node.vetoes]
    needed = _every([check for check, _ in required])
    exact = all(sure for _, sure in (*required, *vetoes))
    if not exact or not vetoes or not whole:
        return needed, exact and not vetoes
    forbidden = _of_any(vetoes)[0]
    return lambda present: needed(present) and not forbidden(present), True
