"""Which rules are worth asking for a text, and which of them are decided by what stands in it.

One scan finds the things present; each thing brings up the rules whose rarest clause has it; a second clause
is looked up beside it. All of it is tables of numbers in a few pieces of memory, because what a lookup costs
among 100,000 rules is the memory it has to visit.
"""

from array import array
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from monitor.matching.automaton import build_scan
from monitor.matching.catalogue import NEVER, NOTHING, SECONDS, Catalogue
from monitor.matching.demands import Limit
from monitor.matching.document import Document
from monitor.matching.limits import holds
from monitor.matching.presence import Presence

__all__ = ["Presearcher"]

_ENTRY = Struct(f"{1 + SECONDS}i")
_SEARCH = 3
_LARGE = 10_000  # heads, of which it pays to have a sample of what will be scanned
_MANY = 32  # things that bring rules up, above which numpy looks at their entries
_ARABIC_LETTERS = range(0xD8, 0xDC)
_SPACE = 32
_ASK = ~0  # the limits of a rule that must be asked


class Heads:
    """A scan for heads, numbered from `first` on."""

    def __init__(self, heads: Sequence[bytes], first: int, sample: bytes = b"") -> None:
        self._scan = build_scan(heads, sample)
        self._first = first

    def found(self, text: bytes) -> set[int]:
        """The numbers of the heads that end in a text, each end's longest only."""
        hits = self._scan.hits(text)
        return {number + self._first for number in hits} if self._first else hits


class Presearcher:
    """The demands of all rules, ready to be held against texts.

    Things are numbered anew, so that a comparison tells what a hit means: first heads that imply other things
    (shorter heads that they end with, entities that they name), then those that bring rules up, the other
    heads that every text is scanned for, and those that are looked for when they are asked for. `sample`
    gives a text such as will be scanned. The catalogue is used up.
    """

    def __init__(self, catalogue: Catalogue, sample: Callable[[], bytes] = bytes) -> None:
        raising, seconds = _as_heads(catalogue)
        scanned = _scanned(catalogue, raising, seconds)
        implied = dict(_implied(catalogue, scanned))
        tiers = _tiers(catalogue, raising, scanned, implied)
        order = np.argsort(tiers, kind="stable")
        new = np.empty(len(order), dtype=np.int32)
        new[order] = np.arange(len(order), dtype=np.int32)
        self._implying, self._special, seen, known, after = np.searchsorted(
            tiers[order], [1, 2, 3, 4, 5]
        ).tolist()
        catalogue.numbers.clear()  # before the other big things are made
        things: list[Hashable] = [catalogue.things[number] for number in order.tolist()]
        self._things = things
        self._numbers: Mapping[Hashable, int] = dict(zip(things, range(len(things)), strict=True))
        self._implied = {int(new[one]): tuple(new[list(others)].tolist()) for one, others in implied.items()}
        self._heads = Heads(things[:seen], 0, sample() if seen > _LARGE else b"")  # type: ignore[arg-type]
        self._later = Heads(things[seen:known], seen)  # type: ignore[arg-type]
        self._unseen = range(seen, after)
        self._places, self._entries = _table(np.asarray(catalogue.raised), raising, seconds, new, scanned)
        self._rows = np.frombuffer(self._entries, dtype=np.int32).reshape(-1, 1 + SECONDS)
        self._starts = np.asarray(self._places) // _ENTRY.size
        self._raises = bytes(begin < end for begin, end in pairwise(self._places))
        self._records, self._ends = _renumbered(catalogue.records, new), catalogue.ends
        self._limits: Sequence[tuple[tuple[Limit, ...], frozenset[int]]] = [
            (limits, frozenset(chain.from_iterable(limit.clauses for limit in limits)))
            for limits in ((), *catalogue.limits)
        ]
        self._always = catalogue.always

    def candidates(self, document: Document) -> list[int]:
        """The rules to ask, in their order; the document then knows what is present in it."""
        hits = self._heads.found(document.data)
        special = [number for number in hits if number < self._special]
        more = {other for number in special if number < self._implying for other in self._implied[number]}
        for number in map(self._numbers.__getitem__, document.variants):
            more.add(number)
            more.update(self._implied.get(number, ()))
        hits |= more
        hits.add(NOTHING)
        document.present = Presence(
            document.data, hits, self._things, self._numbers, self._unseen, self._later.found
        )
        raises = self._raises
        raising = [number for number in more.union(special) if raises[number]]
        found = (self._few if len(raising) < _MANY else self._many)(raising, hits)
        return sorted(found.union(self._always)) if found or self._always else []

    def _few(self, raising: Sequence[int], hits: set[int]) -> set[int]:
        """The rules that these things bring up and whose second clause has a hit."""
        places, entries, unpack = self._places, self._entries, _ENTRY.iter_unpack
        return {
            rule
            for number in raising
            for rule, a, b, c, d in unpack(entries[places[number] : places[number + 1]])
            if a in hits or b in hits or c in hits or d in hits
        }

    def _many(self, raising: Sequence[int], hits: set[int]) -> set[int]:
        """The same; it costs more to begin, and less for each thing."""
        things = np.array(raising)
        starts = self._starts
        begins, sizes = starts[things], starts[things + 1] - starts[things]
        ends = sizes.cumsum()
        rows = self._rows[np.repeat(begins - ends + sizes, sizes) + np.arange(ends[-1])]
        hit = np.zeros(len(self._things) + 2, dtype=np.bool_)  # NEVER and NOTHING are its last two
        hit[np.fromiter(hits, dtype=np.intp, count=len(hits))] = True
        found: list[int] = rows[hit[rows[:, 1:]].any(axis=1), 0].tolist()
        return set(found)

    def verdict(self, rule: int, document: Document) -> bool | None:
        """Whether a rule accepts a text, as far as what is present tells; None: it has to be asked."""
        if document.present is None:
            return None
        hits, shows = document.present.hits, document.present.shows
        record = self._records[self._ends[rule] : self._ends[rule + 1]].tolist()
        limits, limited = self._limits[~record[0]]
        clauses: list[Sequence[int]] = []
        at = 1
        while size := ~record[at]:
            things = record[at + 1 : at + 1 + size]
            if len(clauses) not in limited:  # else it is looked for where it must stand
                for thing in things:
                    if thing in hits or shows(thing):
                        break
                else:
                    return False
            clauses.append(things)
            at += size + 1
        for thing in record[at + 1 :]:
            if thing in hits or shows(thing):
                return False
        if record[0] == _ASK:
            return None
        return all(holds(limit, clauses, document) for limit in limits)


def _as_heads(catalogue: Catalogue) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The things that raise rules, and four seconds a rule; of patterns the heads, which are looked for."""
    heads = np.arange(len(catalogue.things) + 2, dtype=np.int32)
    heads[-2:] = NEVER, NOTHING  # an index of -1 or -2 is one of the last two
    heads[list(catalogue.heads)] = list(catalogue.heads.values())
    raising, seconds = np.asarray(catalogue.raising), np.asarray(catalogue.seconds)
    return heads[raising], heads[seconds].reshape(-1, SECONDS)


def _scanned(
    catalogue: Catalogue, raising: NDArray[np.int32], seconds: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Which things every text is scanned for: rarest clauses, entities' names, and the seconds cheaper so.

    A search costs as much as ten hits, and rules come up about a third as often as their terms' shares say
    (what the archive has never seen is weighed too high): a thing is better scanned for where the rules that
    ask for it have more than a third of its own share.
    """
    second = seconds.ravel()
    weights = np.repeat(np.asarray(catalogue.shares), SECONDS)
    asked = np.bincount(second[second >= 0], weights[second >= 0], minlength=len(catalogue.things))
    scanned: NDArray[np.bool_] = asked > np.asarray(catalogue.weights) / _SEARCH
    scanned[raising] = True
    scanned[[name for names in catalogue.entities.values() for name in names]] = True
    return scanned


def _tiers(
    catalogue: Catalogue,
    raising: NDArray[np.int32],
    scanned: NDArray[np.bool_],
    implied: Mapping[int, object],
) -> NDArray[np.int8]:
    """Where each thing's number goes.

    0 heads that imply others, 1 that bring rules up, 2 that are scanned for, 3 that are not, 4 patterns,
    5 entities and right spellings.
    """
    tiers: NDArray[np.int8] = np.where(scanned, 2, 3).astype(np.int8)
    tiers[raising] = 1
    tiers[list(implied)] = 0
    tiers[list(catalogue.heads)] = 4
    tiers[[*catalogue.entities, *catalogue.slips]] = 5
    return tiers


def _implied(catalogue: Catalogue, scanned: NDArray[np.bool_]) -> Iterator[tuple[int, set[int]]]:
    """What else stands where a scanned head does: the scanned ones that it ends with, the entities of all."""
    named: dict[int, list[int]] = {}
    for entity, names in catalogue.entities.items():
        for name in names:
            named.setdefault(name, []).append(entity)
    numbers, things = catalogue.numbers, catalogue.things
    inside = any(isinstance(thing, bytes) and not thing.startswith(b" ") for thing in things)
    for number in {*named, *np.flatnonzero(scanned).tolist()}:
        head = things[number]
        implied = set(named.get(number, ()))
        for end in _shorter_ends(head, inside=inside) if isinstance(head, bytes) and len(head) > 3 else ():
            shorter = numbers.get(end)
            if shorter is not None and scanned[shorter]:
                implied.update((shorter, *named.get(shorter, ())))
        if implied:
            yield number, implied


def _shorter_ends(head: bytes, *, inside: bool) -> Iterator[bytes]:
    """What may be a head that this one ends with; `inside`: some begin within a word, as Arabic ones do."""
    last = head[-3] if head.endswith(b" ") else head[-2]
    if inside and last in _ARABIC_LETTERS:
        for at in range(1, len(head) - 1):
            if head[at] == _SPACE or head[at] in _ARABIC_LETTERS:
                yield head[at:]
        return
    at = head.find(b" ", 1)
    while 0 < at < len(head) - 1:
        yield head[at:]
        at = head.find(b" ", at + 1)


def _table(
    raised: NDArray[np.int32],
    raising: NDArray[np.int32],
    seconds: NDArray[np.int32],
    new: NDArray[np.int32],
    scanned: NDArray[np.bool_],
) -> tuple["array[int]", bytes]:
    """For each thing's number where its entries begin; and all entries, a rule and its second clause each.

    A second clause with things that nobody has looked for is left to the rule's record.
    """
    late = ~np.append(scanned, [True, True])[seconds].all(axis=1)
    seconds = np.append(new, np.array([NEVER, NOTHING], dtype=np.int32))[seconds]
    seconds[late] = [NOTHING, *[NEVER] * (SECONDS - 1)]
    things = new[raising]
    order = np.argsort(things, kind="stable")
    rules = raised[order]
    entries = np.column_stack([rules, seconds[rules]])
    places = np.searchsorted(things[order], np.arange(len(new) + 1)) * _ENTRY.size
    return array("q", places.tobytes()), np.ascontiguousarray(entries).tobytes()


def _renumbered(records: "array[int]", new: NDArray[np.int32]) -> "array[int]":
    """The records with final numbers."""
    flat = np.array(records, dtype=np.int32)
    things = flat >= 0
    flat[things] = new[flat[things]]
    return array("i", flat.tobytes())
