"""What all rules demand, in numbers: collected while they are compiled, in a few flat pieces of memory."""

from array import array
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain

from monitor.matching.demands import Demand, Limit
from monitor.matching.leaves import NamesLeaf
from monitor.matching.nodes import Leaf, Weigh
from monitor.matching.pattern import Pattern
from monitor.matching.presence import Anchor

__all__ = ["NEVER", "NOTHING", "SECONDS", "Asked", "Catalogue"]

Asked = tuple[float, Sequence[int]]
"""A clause: the share of texts that have one of its things, and their numbers."""

NOTHING, NEVER = -1, -2
"""The number that every text has, and the one that none has."""

SECONDS = 4
"""So many things of a rule's second clause are kept beside its first ones."""

_PADDING = [[NEVER] * (SECONDS - size) for size in range(SECONDS + 1)]
_FREE = [NOTHING, *_PADDING[1]]


class Catalogue:
    """Things that rules look for, and rules' demands by their numbers; `weigh` tells how rare an anchor is.

    Things are anchors, entities (Leaf), of which each is one thing that any of its anchors brings, and
    patterns that ask for more than their head.

    Of rule r: `records[ends[r]:ends[r + 1]]` is all of its demand: the number of its limits (0: the rule must
    be asked), each clause's size and things, a 0, the vetoes; what is no thing as ~number, to be told apart.
    `seconds[4 * r:4 * r + 4]` are the things of its second rarest clause, `shares[r]` is the rarest's share.
    `raising[i]` is of the rarest clause of rule `raised[i]`; `always` are the rules without a clause.
    """

    def __init__(self, weigh: Weigh) -> None:
        self.weigh = weigh
        self.numbers: dict[Hashable, int] = {}
        self.things: list[Hashable] = []
        self.weights = array("d")
        self.entities: dict[int, tuple[int, ...]] = {}
        self.heads: dict[int, int] = {}  # of patterns
        self.slips: list[int] = []  # right spellings
        self.slipping: set[tuple[str, ...]] = set()  # the names they are words of
        self.limits: dict[tuple[Limit, ...], int] = {(): 1}
        self.records = array("i")
        self.ends = array("q", [0])
        self.seconds = array("i")
        self.shares = array("d")
        self.raising = array("i")
        self.raised = array("i")
        self.always: list[int] = []

    # ------------------------------------------------------------------ things

    def anchor(self, anchor: Anchor) -> int:
        """The number of an anchor; from now on it is looked for."""
        number = self.numbers.get(anchor)
        if number is None:
            number = self._new(anchor, self.weigh(anchor))
            if isinstance(anchor, str):
                self.slips.append(number)
        return number

    def entity(self, leaf: Leaf) -> int:
        """The number of an entity."""
        number = self.numbers.get(leaf)
        if number is None:
            number = self._new(leaf, leaf.share(self.weigh))
            self.entities[number] = tuple(map(self.anchor, leaf.anchors()))
        return number

    def pattern(self, pattern: Pattern) -> int:
        """The number of a pattern, which is its head's where that is all it asks for."""
        head = self.anchor(pattern.head)
        if pattern.plain:
            return head
        number = self.numbers.get(pattern)
        if number is None:
            number = self._new(pattern, self.weights[head])
            self.heads[number] = head
        return number

    def look_for(self, leaves: Iterable[Leaf]) -> None:
        """Number all that these look for."""
        for leaf in leaves:
            self.slipping.update(leaf.slipping())
            for anchor in (*leaf.heads(), *leaf.anchors()):
                self.anchor(anchor)

    def _new(self, thing: Hashable, weight: float) -> int:
        number = self.numbers[thing] = len(self.things)
        self.things.append(thing)
        self.weights.append(weight)
        return number

    # ------------------------------------------------------------------ rules

    def take(self, demand: Demand) -> None:
        """Take the next rule's demand as its tree tells it."""
        terms = (*demand.vetoes, *chain.from_iterable(demand.clauses))
        clauses: list[Asked] = [
            (
                sum(term.leaf.share(self.weigh) for term in clause),
                [number for term in clause for number in self._of(term.leaf)],
            )
            for clause in demand.clauses
        ]
        vetoes = [self.pattern(each) for term in demand.vetoes for each in term.leaf.literal]
        sure = demand.whole and all(term.leaf.literal for term in terms)
        self.add(clauses, vetoes, demand.limits if sure else None)

    def _of(self, leaf: Leaf) -> Sequence[int]:
        if isinstance(leaf, NamesLeaf):
            return [self.entity(leaf)]
        return [*map(self.pattern, leaf.literal)] or [*map(self.anchor, leaf.anchors())]

    def add(self, clauses: Sequence[Asked], vetoes: Sequence[int], limits: tuple[Limit, ...] | None) -> None:
        """Take the next rule's demand; with `limits` (maybe none) it is all that the rule asks for."""
        rule = len(self.shares)
        order = sorted(range(len(clauses)), key=lambda number: clauses[number][0])
        records = self.records
        records.append(~(0 if limits is None else self._limited(limits, order)))
        for number in order:
            things = clauses[number][1]
            records.append(~len(things))
            records.extend(things)
        records.append(~0)
        records.extend(vetoes)
        self.ends.append(len(records))
        if not clauses:
            self.always.append(rule)
            self.seconds.extend(_FREE)
            self.shares.append(1.0)
            return
        share, things = clauses[order[0]]
        self.shares.append(share)
        self.raising.extend(things)
        self.raised.extend([rule] * len(things))
        second = next((each for at in order[1:] if len(each := clauses[at][1]) <= SECONDS), ())
        self.seconds.extend([*second, *_PADDING[len(second)]] if second else _FREE)

    def _limited(self, limits: tuple[Limit, ...], order: Sequence[int]) -> int:
        """The number of limits, once clauses are in this order."""
        if limits:
            places = [order.index(number) for number in range(len(order))]
            limits = tuple(limit.moved(places) for limit in limits)
        return self.limits.setdefault(limits, len(self.limits) + 1)
