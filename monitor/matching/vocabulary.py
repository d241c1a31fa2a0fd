"""What the words and @names of one watchlist's queries mean."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from monitor.matching.entities import FACETS, Names, names_leaf
from monitor.matching.leaves import NamesLeaf, TermLeaf
from monitor.matching.lexer import QueryError
from monitor.matching.nodes import AnyOf, Mentioned, Node
from monitor.matching.refusals import did_you_mean
from monitor.matching.terms import Written
from monitor.matching.watchlist import Entity, Watchlist
from monitor.matching.wording import read_phrase

__all__ = ["Terms", "WatchlistVocabulary"]


class Terms:
    """The term leaves of many rules, each made once."""

    def __init__(self) -> None:
        self.leaves: dict[tuple[object, ...], TermLeaf] = {}

    def leaf(self, words: tuple[Written, ...], slop: int, *, exact: bool, slip: bool) -> TermLeaf:
        """The leaf of a term."""
        key = (*(word.text for word in words), slop, exact, slip)
        leaf = self.leaves.get(key)
        if leaf is None:
            leaf = self.leaves[key] = TermLeaf(words, slop=slop, exact=exact, slip=slip)
        return leaf


@dataclass(slots=True)
class WatchlistVocabulary:
    """A watchlist's entities (its own before the shared ones) and lists."""

    watchlist: Watchlist
    entities: Mapping[str, Entity]
    names: Names
    terms: Terms
    shared: "dict[tuple[int, str, bool], NamesLeaf]"
    lists: dict[tuple[str, bool], tuple[Mentioned, ...]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def term(
        self, words: tuple[Written, ...], *, slop: int = -1, exact: bool = False, slip: bool = False
    ) -> Mentioned:
        """A term, as a node at offset 0."""
        label = " ".join(word.text for word in words)
        return Mentioned(at=0, end=0, leaf=self.terms.leaf(words, slop, exact=exact, slip=slip), label=label)

    def reference(self, name: str, at: int, end: int, *, exact: bool) -> Node:
        """What `@name` or `@name.facet` stands for; QueryError if it is unknown."""
        name, _, facet = name.partition(".")
        if name in self.watchlist.lists and not facet:
            return AnyOf(at=at, end=end, clauses=tuple(self.list_terms(name, at, end, exact=exact)))
        entity = self.entities.get(name)
        if entity is None:
            known = sorted({*self.entities, *self.watchlist.lists})
            remedy = did_you_mean(name, known) or "define it under entities or lists"
            remedy = remedy.replace("mean ", "mean @")
            raise QueryError(at, f"@{name} is no entity and no list", remedy, unknown=name)
        if facet and (facet not in FACETS or not getattr(entity, facet)):
            has = [f"@{name}.{each}" for each in FACETS if getattr(entity, each)]
            raise QueryError(at, f"@{name} has no {facet}", f"write @{name} or {', '.join(has)}")
        self.used.add(name)
        label = f"@{name}.{facet}" if facet else f"@{name}"
        return Mentioned(
            at=at, end=end, leaf=self.leaf(name, entity, facet, exact=exact), label=label, entity=name
        )

    def leaf(self, name: str, entity: Entity, facet: str, *, exact: bool) -> NamesLeaf:
        """The leaf of an entity, made once for all watchlists that know the same one."""
        key = (id(entity), facet, exact)
        leaf = self.shared.get(key)
        if leaf is None:
            leaf = self.shared[key] = names_leaf(name, entity, facet, self.names, exact=exact)
        return leaf

    def list_terms(self, name: str, at: int, end: int, *, exact: bool) -> Iterator[Mentioned]:
        """The terms of a list, as nodes at the place that refers to it."""
        key = (name, exact)
        if key not in self.lists:
            self.lists[key] = tuple(self._read(name, at, exact=exact))
        for term in self.lists[key]:
            yield Mentioned(at=at, end=end, leaf=term.leaf, label=term.label)

    def _read(self, name: str, at: int, *, exact: bool) -> Iterator[Mentioned]:
        for text in self.watchlist.lists[name]:
            try:
                yield self.term(read_phrase(text), exact=exact)
            except QueryError as error:
                raise QueryError(
                    at, f"the list @{name} holds {text!r}: {error.problem}", error.remedy
                ) from error
