"""What a query demands of a text: an AND of ORs of terms, limits to where they stand, and terms forbidden.

A text that lacks it is never accepted, so an index over the demands brings rules up (presearching, as
Lucene's Monitor calls it). Where a query asks for nothing else, its demand decides.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from math import prod
from typing import NamedTuple

from monitor.matching.nodes import (
    AllOf,
    AnyOf,
    Fact,
    Language,
    Length,
    Mentioned,
    Near,
    Node,
    Scoped,
    Unit,
    Weigh,
)
from monitor.model import Field

__all__ = ["Demand", "Limit", "Together", "Within", "demand_of", "rarest"]

Clause = tuple[Mentioned, ...]
Share = Callable[[Clause], float]

_MOST = 12  # clauses that an OR of ANDs is multiplied out to; of more, one is taken of each AND


class Within(NamedTuple):
    """A term of a clause, by its number, stands in a field."""

    clause: int
    field: Field

    @property
    def clauses(self) -> tuple[int, ...]:
        """The clauses it concerns."""
        return (self.clause,)

    def moved(self, places: Sequence[int]) -> "Within":
        """The same where clauses have other numbers."""
        return Within(places[self.clause], self.field)


class Together(NamedTuple):
    """Terms of two clauses, by number, with at most so many words between; `ordered`: in this order."""

    left: int
    right: int
    between: int
    ordered: bool

    @property
    def clauses(self) -> tuple[int, ...]:
        """The clauses it concerns."""
        return self.left, self.right

    def moved(self, places: Sequence[int]) -> "Together":
        """The same where clauses have other numbers."""
        return Together(places[self.left], places[self.right], self.between, self.ordered)


Limit = Within | Together


@dataclass(frozen=True, slots=True)
class Demand:
    """One term of each clause stands in every text that the query accepts, and none of the vetoes does.

    The limits hold as well. `whole`: the query asks for nothing else. `chosen`: which clauses these are
    depends on what is rare.
    """

    clauses: tuple[Clause, ...] = ()
    limits: tuple[Limit, ...] = ()
    vetoes: Clause = ()
    whole: bool = False
    chosen: bool = False


def demand_of(node: Node, weigh: Weigh) -> Demand:
    """The demand of a tree."""
    return _of(node, lambda clause: sum(term.leaf.share(weigh) for term in clause))


def rarest(node: Node, weigh: Weigh) -> float | None:
    """The share of texts that hold the rarest thing which must be there; None where nothing must."""
    clauses = demand_of(node, weigh).clauses
    return min((sum(term.leaf.share(weigh) for term in clause) for clause in clauses), default=None)


def _of(node: Node, share: Share) -> Demand:
    match node:
        case Mentioned():
            return Demand(((node,),), whole=True)
        case AnyOf():
            return _of_any([_of(each, share) for each in node.clauses], share)
        case AllOf():
            return _of_all(
                [_of(each, share) for each in node.clauses], [_of(each, share) for each in node.vetoes]
            )
        case Near():
            return _of_near(node, _of(node.left, share), _of(node.right, share))
        case Fact() | Language() | Length():
            return Demand()
        case _:
            return _of_wrapper(node, [_of(child, share) for child in node.children])


def _of_all(required: Sequence[Demand], forbidden: Iterable[Demand]) -> Demand:
    clauses: list[Clause] = []
    limits: list[Limit] = []
    for each in required:
        places = range(len(clauses), len(clauses) + len(each.clauses))
        limits += [limit.moved(places) for limit in each.limits]
        clauses += each.clauses
    vetoes = list(chain.from_iterable(each.vetoes for each in required))
    whole = all(each.whole for each in required)
    for veto in forbidden:
        if _is_choice(veto):
            vetoes += veto.clauses[0]
        else:
            whole = False
    chosen = any(each.chosen for each in required)
    return Demand(tuple(clauses), tuple(limits), tuple(vetoes), whole, chosen)


def _is_choice(demand: Demand) -> bool:
    """Whether one of several terms is all that is asked for."""
    return demand.whole and len(demand.clauses) == 1 and not (demand.vetoes or demand.limits)


def _of_near(node: Near, left: Demand, right: Demand) -> Demand:
    if node.negated:
        return _loosened([left])
    if node.unit is not Unit.WORDS or not (_is_choice(left) and _is_choice(right)):
        return _loosened([left, right])
    limit = Together(0, 1, node.distance - 1, node.ordered)
    return Demand((*left.clauses, *right.clauses), (limit,), whole=True)


def _of_wrapper(node: Node, children: Sequence[Demand]) -> Demand:
    (inner,) = children
    if not isinstance(node, Scoped) or not inner.whole or inner.vetoes or inner.limits:
        return _loosened([inner])
    limits = tuple(Within(number, node.field) for number in range(len(inner.clauses)))
    return Demand(inner.clauses, limits, whole=True)


def _of_any(parts: Sequence[Demand], share: Share) -> Demand:
    if not all(part.clauses for part in parts):
        return Demand()
    chosen = prod(len(part.clauses) for part in parts) > _MOST
    choices = [[min(part.clauses, key=share)] if chosen else part.clauses for part in parts]
    clauses = tuple(tuple(chain.from_iterable(each)) for each in product(*choices))
    whole = not chosen and all(part.whole and not (part.vetoes or part.limits) for part in parts)
    return Demand(clauses, whole=whole, chosen=chosen or any(part.chosen for part in parts))


def _loosened(parts: Sequence[Demand]) -> Demand:
    """What must be there at least: a veto within a field, or near something, forbids nothing elsewhere."""
    clauses: Iterator[Clause] = chain.from_iterable(part.clauses for part in parts)
    return Demand(tuple(clauses), chosen=any(part.chosen for part in parts))
