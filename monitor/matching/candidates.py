"""What an article must have for a query to be worth asking: its anchors, as a small tree.

Whatever article the query accepts has what is wanted here; what has it need not be accepted. An index finds
the candidates, the query judges them.
"""

from collections.abc import Iterable, Iterator

from monitor.matching.leaves import TermLeaf
from monitor.matching.nodes import (
    AllOf,
    AnyOf,
    Fact,
    Language,
    Leaf,
    Length,
    Mentioned,
    Near,
    Node,
    Scoped,
    Unit,
)
from monitor.matching.presence import Anchor
from monitor.matching.terms import LEADS
from monitor.matching.wanted import Close, Every, Has, In, Slipped, Some, Wanted

__all__ = ["wanted_of"]

FEW = 12  # ways to write one side of a proximity, all pairs of which are looked for
_PLACES = {"body": ("lead", "body")}  # as nodes.Scoped reads it


def wanted_of(node: Node) -> Wanted | None:
    """What a matching article must have; None where it need have nothing that an index could know."""
    match node:
        case Mentioned(leaf=leaf):
            return _of_leaf(leaf)
        case AnyOf(clauses=clauses):
            parts = [wanted_of(each) for each in clauses]
            return None if None in parts else Some(tuple(part for part in parts if part is not None))
        case AllOf(clauses=clauses):
            return _every(clauses)
        case Near(negated=True, left=left):
            return wanted_of(left)
        case Near():
            return _close(node) or _every((node.left, node.right))
        case Scoped(child=child, field=field):
            return _within(_PLACES.get(field, (str(field),)), wanted_of(child))
        case Fact(child=child, name=name):
            return _within((name,), wanted_of(child))
        case Language(code=code):
            parts_of_code = code.casefold().replace("_", "-").replace("-", " ")
            return In(("language",), Has(f" {parts_of_code} ".encode()))
        case Length():
            return None
        case _:
            return _every(node.children)


def _close(node: Near) -> Wanted | None:
    """What neighbours must have, where both sides are few whole words; else nothing more than the sides."""
    sides = [_few(wanted_of(side)) for side in (node.left, node.right)]
    if node.unit is not Unit.WORDS or not all(sides):
        return None
    return Close(sides[0], sides[1], node.distance)


def _few(wanted: Wanted | None) -> tuple[bytes, ...]:
    """The heads of a choice of whole words; none where it is another thing, or too much to try in pairs."""
    if not isinstance(wanted, Some):
        return ()
    parts = [part for each in wanted.parts for part in (each.parts if isinstance(each, Some) else (each,))]
    heads = [part.head for part in parts if isinstance(part, Has) and part.head.endswith(b" ")]
    return tuple(heads) if len(heads) == len(parts) <= FEW else ()


def _of_leaf(leaf: Leaf) -> Wanted:
    if isinstance(leaf, TermLeaf) and leaf.slop >= 0:
        return Every(tuple(_some(pattern.head for pattern in single) for single in leaf.singles))
    return _some(leaf.anchors())


def _some(anchors: Iterable[Anchor]) -> Some:
    known = frozenset(anchors)
    heads = sorted({head for anchor in known if isinstance(anchor, bytes) for head in _whole(anchor)})
    rights = sorted(anchor for anchor in known if isinstance(anchor, str))
    return Some((*map(Has, heads), *map(Slipped, rights)))


def _whole(head: bytes) -> Iterator[bytes]:
    """A head from the beginning of its first word, with all that may stand there before it."""
    if head.startswith(b" "):
        yield head
    else:
        yield from (b" " + lead + head for lead in LEADS)


def _every(nodes: Iterable[Node]) -> Wanted | None:
    parts = tuple(part for node in nodes if (part := wanted_of(node)) is not None)
    return Every(parts) if parts else None


def _within(places: tuple[str, ...], part: Wanted | None) -> Wanted | None:
    return None if part is None else In(places, part)
