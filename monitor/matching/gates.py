"""A quick look before the spans: whether a tree can hold, given which anchors a text has at all.

A gate never refuses what the tree would accept. It is exact where presence is all that a tree asks for;
there the spans need not be computed to decide.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.matching.leaves import TermLeaf
from monitor.matching.nodes import AllOf, AnyOf, Fact, Language, Length, Mentioned, Near, Node
from monitor.matching.presence import Anchor

__all__ = ["Gate", "gate_of"]

Shows = Callable[[int], bool]
"""Whether a text has the anchor of a number."""

Check = Callable[[Shows], bool]

Gate = tuple[Check, bool]
"""The check over the anchors present, and whether it decides by itself."""


def gate_of(node: Node, numbers: Mapping[Anchor, int]) -> Gate:
    """The gate of a tree, by the anchors' numbers."""
    return _Gates(numbers).of(node, whole=True)


@dataclass(frozen=True, slots=True)
class _Gates:
    numbers: Mapping[Anchor, int]

    def of(self, node: Node, *, whole: bool) -> Gate:
        """`whole` is false within a field, where a veto elsewhere means nothing."""
        match node:
            case Mentioned():
                return self.of_leaf(node)
            case AnyOf():
                return _of_any([self.of(each, whole=whole) for each in node.clauses])
            case AllOf():
                return self.of_all(node, whole=whole)
            case Near():
                sides = [node.left] if node.negated else [node.left, node.right]
                return _every([self.of(side, whole=False)[0] for side in sides]), False
            case Fact() | Language() | Length():
                return lambda _shows: True, False
            case _:
                return _every([self.of(child, whole=False)[0] for child in node.children]), False

    def of_leaf(self, node: Mentioned) -> Gate:
        numbers = [self.numbers[anchor] for anchor in node.leaf.anchors()]
        exact = isinstance(node.leaf, TermLeaf) and node.leaf.plain
        if len(numbers) == 1:
            (number,) = numbers
            return lambda shows: shows(number), exact

        def one(shows: Shows) -> bool:
            for number in numbers:  # noqa: SIM110 - any() over a generator costs three times as much
                if shows(number):
                    return True
            return False

        return one, exact

    def of_all(self, node: AllOf, *, whole: bool) -> Gate:
        required = [self.of(each, whole=whole) for each in node.clauses]
        vetoes = [self.of(each, whole=True) for each in node.vetoes]
        needed = _every([check for check, _ in required])
        exact = all(sure for _, sure in (*required, *vetoes))
        if not exact or not vetoes or not whole:
            return needed, exact and not vetoes
        forbidden = _of_any(vetoes)[0]
        return lambda shows: needed(shows) and not forbidden(shows), True


def _of_any(gates: list[Gate]) -> Gate:
    checks = [check for check, _ in gates]

    def some(shows: Shows) -> bool:
        for check in checks:  # noqa: SIM110 - as above
            if check(shows):
                return True
        return False

    return some, all(exact for _, exact in gates)


def _every(checks: list[Check]) -> Check:
    def every(shows: Shows) -> bool:
        for check in checks:  # noqa: SIM110 - as above
            if not check(shows):
                return False
        return True

    return every
