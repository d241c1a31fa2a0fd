"""Queries of one shape are read once: what differs between them are plain terms.

In a list of 100,000 rules a few shapes return: `("…" OR "…") AND …`. The first of a shape is parsed; of the
others only the terms are looked at, which costs a twentieth. A query that has anything but plain terms in
the places of terms, or that would be warned of, has no shape and is parsed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from monitor.matching.leaves import TermLeaf
from monitor.matching.lints import WIDE
from monitor.matching.nodes import (
    AllOf,
    AnyOf,
    Cover,
    Mentioned,
    Near,
    Node,
    Scoped,
    Weigh,
    join_covers,
)
from monitor.matching.presence import Anchor
from monitor.matching.terms import patterns_of, read_words

__all__ = ["Shapes", "Sketch"]

_TERM = re.compile(
    r'"([^\W_]+(?: [^\W_]+)*)"(?!~)'
    r"|(?<![\w@/:.$*!?~'’+&|=-])(?!(?:and|or|not|near|onear|adj)\b)"
    r"([^\W\d_]{2,}\*?)(?=[ )]|\Z)(?! *\()",
    re.IGNORECASE,
)
_SLOT = "\x00"
_MOST_SHAPES = 5_000
_COMMON = 0.02


@dataclass(frozen=True, slots=True)
class Sketch:
    """What bringing a rule up needs: its covers, and all heads it looks for."""

    covers: list[Cover]
    heads: tuple[Anchor, ...]


class Shapes:
    """The shapes read so far, each as the tree of its first query; None for what has none."""

    def __init__(self, weigh: Weigh) -> None:
        self._weigh = weigh
        self._covers: dict[str, Cover] = {}
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
        known_terms = [self._cover(quoted or bare) for quoted, bare in terms]
        covers = _covers(tree, slots, known_terms)
        if covers is None or min(share for share, _ in covers) >= WIDE:
            return None
        return Sketch(covers, tuple(chain.from_iterable(anchors for _, anchors in known_terms)))

    def _cover(self, term: str) -> Cover:
        cover = self._covers.get(term)
        if cover is None:
            anchors = tuple(_heads(term))
            cover = self._covers[term] = sum(map(self._weigh, anchors)), anchors
        return cover

    def learn(self, query: str, tree: Node) -> None:
        """Remember the shape of a parsed query that was not warned of."""
        shape = _TERM.sub(_SLOT, query)
        if shape in self._trees or len(self._trees) >= _MOST_SHAPES:
            return
        places = {found.span(): number for number, found in enumerate(_TERM.finditer(query))}
        slots = {
            id(node): places[node.at, node.end] for node in _plain(tree) if (node.at, node.end) in places
        }
        whole = _SLOT not in query and len(slots) == len(places) == shape.count(_SLOT)
        simple = whole and _simple(tree, slots)
        self._trees[shape] = (tree, slots) if simple else None


def _heads(term: str) -> Iterator[Anchor]:
    if term.isascii():
        plain = term.removesuffix("*").lower()
        yield f" {plain}{'' if term.endswith('*') else ' '}".encode()
        return
    for pattern in patterns_of(read_words(term)):
        yield pattern.head


def _plain(node: Node) -> list[Mentioned]:
    if isinstance(node, Mentioned):
        leaf = node.leaf
        simple = isinstance(leaf, TermLeaf) and leaf.slop < 0 and leaf.check is None and not leaf.slip
        return [node] if simple else []
    return [term for child in node.children for term in _plain(child)]


def _simple(node: Node, slots: dict[int, int]) -> bool:
    """Whether a tree is made of plain terms, OR, AND and proximity alone."""
    if isinstance(node, Mentioned):
        return id(node) in slots
    return isinstance(node, AnyOf | AllOf | Near | Scoped) and all(
        _simple(child, slots) for child in node.children
    )


def _covers(node: Node, slots: dict[int, int], terms: list[Cover]) -> list[Cover] | None:
    """The tree's covers with other terms in its slots, as Node.covers gives them; None for a wide veto."""
    if isinstance(node, Mentioned):
        return [terms[slots[id(node)]]]
    if isinstance(node, AllOf):
        vetoes = [_covers(veto, slots, terms) for veto in node.vetoes]
        if any(veto is None or min(share for share, _ in veto) >= _COMMON for veto in vetoes):
            return None
    sides = node.children
    if isinstance(node, AllOf):
        sides = node.clauses
    elif isinstance(node, Near) and node.negated:
        sides = (node.left,)
    found = [covers for side in sides if (covers := _covers(side, slots, terms)) is not None]
    if len(found) < len(sides):
        return None
    if isinstance(node, AnyOf):
        return [join_covers(min(covers, key=lambda cover: cover[0]) for covers in found)]
    return [cover for covers in found for cover in covers]
