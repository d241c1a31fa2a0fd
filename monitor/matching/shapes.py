"""Queries of one shape are read once: what differs between them are plain terms.

In a list of 100,000 rules a few shapes return: `("…" OR "…") AND …`. The first of a shape is parsed; of the
others only the terms are looked at, which costs a twentieth. A query that has anything but plain terms in
the places of terms has no shape and is parsed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from monitor.matching.catalogue import Asked, Catalogue
from monitor.matching.demands import Limit, demand_of
from monitor.matching.leaves import TermLeaf
from monitor.matching.lints import WIDE, Lint, lint_veto, vetoes_of
from monitor.matching.nodes import AllOf, AnyOf, Mentioned, Near, Node, Scoped, Weigh
from monitor.matching.terms import patterns_of, read_words

__all__ = ["Shapes", "Sketch"]

_TERM = re.compile(
    r'"([^\W_]+(?: [^\W_]+)*)"(?!~)'
    r"|(?<![\w@/:.$*?!~'’+&|=-])(?!(?:and|or|not|near|onear|adj)\b)"
    r"([^\W\d_]{2,}\*?)(?=[ )]|\Z)(?! *\()",
    re.IGNORECASE,
)
_SLOT = "\x00"
_MOST_SHAPES = 5_000


@dataclass(frozen=True, slots=True)
class Sketch:
    """What bringing a rule up needs, in numbers, as Catalogue.add takes it; and what it is warned of."""

    clauses: list[Asked]
    vetoes: list[int]
    limits: tuple[Limit, ...] | None
    lints: tuple[Lint, ...]


Slots = tuple[int, ...]


class _Veto(NamedTuple):
    """What one veto asks for, and where it stands: so far before its first slot, so far after its last."""

    clauses: tuple[Slots, ...]
    before: int
    after: int


class _Shape(NamedTuple):
    """The demand of a shape with the numbers of slots for terms, and all its vetoes, for their lint."""

    clauses: tuple[Slots, ...]
    vetoes: Slots
    limits: tuple[Limit, ...] | None
    banned: tuple[_Veto, ...]


class Shapes:
    """The shapes read so far; None for what has none."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._terms: dict[str, tuple[int, ...]] = {}  # the numbers of its patterns
        self._shapes: dict[str, _Shape | None] = {}

    def sketch(self, query: str) -> Sketch | None:
        """The sketch of a query whose shape is known; None where it must be parsed."""
        shape = self._shapes.get(_TERM.sub(_SLOT, query))
        if shape is None:
            return None
        terms: list[tuple[int, ...]] = []
        for quoted, bare in _TERM.findall(query):
            if bare and len(bare) <= 4 and (bare.isupper() or "*" in bare):
                return None  # it may be warned of, or refused
            terms.append(self._terms.get(quoted or bare) or self._read(quoted or bare))
        if not all(terms):
            return None  # nothing is left of one when folded: it is refused
        clauses = [self._clause(terms, slots) for slots in shape.clauses]
        if min(clauses)[0] >= WIDE:
            return None
        return Sketch(
            clauses,
            [number for slot in shape.vetoes for number in terms[slot]],
            shape.limits,
            tuple(self._lints(query, shape, terms)) if shape.banned else (),
        )

    def _clause(self, terms: Sequence[tuple[int, ...]], slots: Slots) -> Asked:
        weights = self._catalogue.weights
        things = terms[slots[0]]
        for slot in slots[1:]:
            things += terms[slot]
        return (weights[things[0]] if len(things) == 1 else sum([weights[each] for each in things])), things

    def _lints(self, query: str, shape: _Shape, terms: Sequence[tuple[int, ...]]) -> Iterator[Lint]:
        places = [found.span() for found in _TERM.finditer(query)]
        for veto in shape.banned:
            slots = sorted(chain.from_iterable(veto.clauses))
            share = min(self._clause(terms, clause)[0] for clause in veto.clauses)
            at, end = places[slots[0]][0] - veto.before, places[slots[-1]][1] + veto.after
            yield from lint_veto(share, query, at, end)

    def _read(self, text: str) -> tuple[int, ...]:
        catalogue = self._catalogue
        if text.isascii():
            stem = text.removesuffix("*").lower()
            numbers: tuple[int, ...] = (
                catalogue.anchor(f" {stem}{'' if text.endswith('*') else ' '}".encode()),
            )
        else:
            numbers = tuple(map(catalogue.pattern, patterns_of(read_words(text))))
        self._terms[text] = numbers
        return numbers

    def learn(self, query: str, tree: Node) -> None:
        """Remember the shape of a parsed query."""
        shape = _TERM.sub(_SLOT, query)
        if shape in self._shapes or len(self._shapes) >= _MOST_SHAPES:
            return
        places = {found.span(): number for number, found in enumerate(_TERM.finditer(query))}
        slots = {
            id(node): places[node.at, node.end] for node in _plain(tree) if (node.at, node.end) in places
        }
        complete = _SLOT not in query and len(slots) == len(places) == shape.count(_SLOT)
        simple = complete and _simple(tree, slots)
        self._shapes[shape] = _shape_of(tree, slots, self._catalogue.weigh) if simple else None


def _shape_of(tree: Node, slots: dict[int, int], weigh: Weigh) -> _Shape | None:
    demand = demand_of(tree, weigh)
    if not demand.clauses or demand.chosen:
        return None

    def numbered(terms: Sequence[Mentioned]) -> Slots:
        return tuple(slots[id(term)] for term in terms)

    vetoes = []
    for veto in vetoes_of(tree):
        terms = sorted(_plain(veto), key=lambda term: term.at)
        clauses = tuple(map(numbered, demand_of(veto, weigh).clauses))
        vetoes.append(_Veto(clauses, terms[0].at - veto.at, veto.end - terms[-1].end))
    limits = demand.limits if demand.whole else None
    return _Shape(tuple(map(numbered, demand.clauses)), numbered(demand.vetoes), limits, tuple(vetoes))


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
