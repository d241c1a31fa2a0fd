"""Queries of one shape are read once: what differs between them are plain terms.

In a list of 100,000 rules a few shapes return: `("…" OR "…") AND …`. The first of a shape is parsed; of the
others only the terms are looked at, which costs a twentieth. A query that has anything but plain Latin terms
in the places of terms, or that would be warned of, has no shape and is parsed.
"""

import re
from dataclasses import dataclass

from monitor.matching.fold import fold_words
from monitor.matching.leaves import TermLeaf
from monitor.matching.nodes import AllOf, Anchor, AnyOf, Cover, Mentioned, Near, Node, Scoped, Weigh

__all__ = ["Shapes", "Sketch"]

_LETTER = "A-Za-zÀ-ɏЀ-ӿ"
_TERM = re.compile(
    rf'"([0-9{_LETTER}]+(?: [0-9{_LETTER}]+)*)"(?!~)'
    rf"|(?<![\w@/:.$*!?~'’+&|=-])(?!(?:and|or|not|near|onear|adj)\b)"
    rf"([{_LETTER}]{{2,}}\*?)(?=[ )]|\Z)(?! *\()",
    re.IGNORECASE,
)
_SLOT = "\x00"
_MOST_SHAPES = 5_000
_COMMON = 0.02


@dataclass(frozen=True, slots=True)
class Sketch:
    """What bringing a rule up needs: its cover, and all heads it looks for."""

    cover: Cover
    heads: tuple[bytes, ...]


class Shapes:
    """The shapes read so far, each as the tree of its first query; None for what has none."""

    def __init__(self, weigh: Weigh) -> None:
        self._weigh = weigh
        self._heads: dict[str, bytes] = {}
        self._trees: dict[str, tuple[Node, dict[int, int]] | None] = {}

    def sketch(self, query: str) -> Sketch | None:
        """The sketch of a query whose shape is known; None where it must be parsed."""
        known = self._trees.get(_TERM.sub(_SLOT, query))
        if known is None:
            return None
        tree, slots = known
        terms = _TERM.findall(query)
        if any(len(bare) <= 4 and (bare.isupper() or "*" in bare) for _, bare in terms):
            return None  # it may be warned of, or refused
        heads = tuple(self._head(quoted or bare) for quoted, bare in terms)
        cover = _cover(tree, slots, [(self._weigh(head), head) for head in heads])
        return None if cover is None else Sketch(cover, heads)

    def _head(self, term: str) -> bytes:
        head = self._heads.get(term)
        if head is None:
            plain = term.removesuffix("*")
            folded = plain.lower() if plain.isascii() else " ".join(fold_words(plain))
            head = self._heads[term] = f" {folded}{'' if plain != term else ' '}".encode()
        return head

    def learn(self, query: str, tree: Node) -> None:
        """Remember the shape of a parsed query that was not warned of."""
        shape = _TERM.sub(_SLOT, query)
        if shape in self._trees or len(self._trees) >= _MOST_SHAPES:
            return
        starts = {found.start(): number for number, found in enumerate(_TERM.finditer(query))}
        slots = {id(node): starts[node.at] for node in _plain(tree) if node.at in starts}
        whole = _SLOT not in query and len(slots) == len(starts) == shape.count(_SLOT)
        simple = whole and _simple(tree, slots)
        self._trees[shape] = (tree, slots) if simple else None


def _plain(node: Node) -> list[Mentioned]:
    if isinstance(node, Mentioned):
        return [node] if isinstance(node.leaf, TermLeaf) and node.leaf.plain else []
    return [term for child in node.children for term in _plain(child)]


def _simple(node: Node, slots: dict[int, int]) -> bool:
    """Whether a tree is made of plain terms, OR, AND and proximity alone."""
    if isinstance(node, Mentioned):
        return id(node) in slots
    return isinstance(node, AnyOf | AllOf | Near | Scoped) and all(
        _simple(child, slots) for child in node.children
    )


def _cover(node: Node, slots: dict[int, int], terms: list[tuple[float, bytes]]) -> Cover | None:
    """The tree's cover with other terms in its slots, as Node.cover chooses it; None for a wide veto."""
    if isinstance(node, Mentioned):
        share, head = terms[slots[id(node)]]
        return share, frozenset[Anchor]((head,))
    if isinstance(node, AllOf):
        vetoes = [_cover(veto, slots, terms) for veto in node.vetoes]
        if any(veto is None or veto[0] >= _COMMON for veto in vetoes):
            return None
    sides = node.children
    if isinstance(node, AllOf):
        sides = node.clauses
    elif isinstance(node, Near) and node.negated:
        sides = (node.left,)
    covers = [cover for side in sides if (cover := _cover(side, slots, terms)) is not None]
    if len(covers) < len(sides):
        return None
    if isinstance(node, AnyOf):
        return sum(share for share, _ in covers), frozenset().union(*(anchors for _, anchors in covers))
    return min(covers, key=lambda cover: cover[0])
