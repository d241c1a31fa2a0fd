"""Watchlists in, a Matcher and every problem out: one broken rule does not take the others with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from monitor.errors import Level
from monitor.matching.catalogue import Catalogue
from monitor.matching.demands import demand_of
from monitor.matching.entities import Names, known_names, misread_terms
from monitor.matching.frequencies import Frequencies, common_names, common_words
from monitor.matching.leaves import NamesLeaf
from monitor.matching.lexer import QueryError
from monitor.matching.lints import (
    Lint,
    lint_commas,
    lint_query,
    lint_vetoes,
    lint_width,
    same_rules,
    short_names,
    untested,
)
from monitor.matching.matcher import Matcher
from monitor.matching.nodes import Node
from monitor.matching.presearcher import Presearcher
from monitor.matching.query import parse
from monitor.matching.rules import ReadyRule
from monitor.matching.shapes import Shapes
from monitor.matching.typos import Slips, may_slip
from monitor.matching.vocabulary import Terms, WatchlistVocabulary
from monitor.matching.watchlist import Entity, Phrase, Rule, Watchlist
from monitor.matching.wording import read_listed

__all__ = ["Compiled", "QueryProblem", "compile_watchlists", "reweighed"]

Path = tuple[str | int, ...]

_FEW = 1_000  # rules whose trees are no burden; of more, a tree is made when its rule first comes up


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryProblem:
    """What is wrong in a file's document: at `path`, `offset` characters into the text there.

    `unknown` is the name that nothing defines, where that is what is wrong.
    """

    file: str
    path: Path
    offset: int
    problem: str
    remedy: str
    level: Level = Level.ERROR
    unknown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The rules ready to match, what was wrong with the others, and the files the rules came from."""

    matcher: Matcher
    problems: tuple[QueryProblem, ...]
    watchlists: Mapping[str, Watchlist]
    entities: Mapping[str, Entity]


def compile_watchlists(
    watchlists: Mapping[str, Watchlist],
    entities: Mapping[str, Entity],
    *,
    entity_files: Mapping[str, str] | None = None,
    frequencies: Mapping[str, float] | None = None,
) -> Compiled:
    """All rules of all watchlists (by file name) as one Matcher, with all problems in reading order.

    `entities` are the shared ones; `entity_files` says which file each stands in. `frequencies` are shares
    of articles by folded word, from learn_frequencies.
    """
    return _Compilation(watchlists, entities, entity_files or {}, Frequencies(frequencies)).compiled()


def reweighed(compiled: Compiled, frequencies: Mapping[str, float]) -> Compiled:
    """The same rules and what was said of them, brought up by what is rare by these frequencies."""
    again = compile_watchlists(compiled.watchlists, compiled.entities, frequencies=frequencies)
    return replace(compiled, matcher=again.matcher)


@dataclass(slots=True)
class _Compilation:
    watchlists: Mapping[str, Watchlist]
    entities: Mapping[str, Entity]
    entity_files: Mapping[str, str]
    frequencies: Frequencies
    problems: list[QueryProblem] = field(default_factory=list)
    rules: list[ReadyRule] = field(default_factory=list)
    leaves: dict[tuple[int, str, bool], NamesLeaf] = field(default_factory=dict)
    catalogue: Catalogue = field(init=False)
    shapes: Shapes = field(init=False)
    few: bool = field(init=False)  # then what was read for checking is kept for matching

    def __post_init__(self) -> None:
        self.catalogue = Catalogue(self.frequencies.weigh)
        self.shapes = Shapes(self.catalogue)
        self.few = sum(len(watchlist.rules) for watchlist in self.watchlists.values()) <= _FEW

    def compiled(self) -> Compiled:
        names = Names(self.entities)
        for name, entity in self.entities.items():
            file = self.entity_files.get(name, next(iter(self.watchlists), ""))
            self.check_entity(file, name, entity)
        for file, watchlist in self.watchlists.items():
            self.compile(file, watchlist, names)
        self.catalogue.look_for(self.leaves.values())
        slipping = self.catalogue.slipping
        slips = Slips(slipping, self.known_words() if slipping else frozenset())
        return Compiled(
            matcher=Matcher(self.rules, Presearcher(self.catalogue, self.frequencies.sample), slips),
            problems=tuple(self.problems),
            watchlists=self.watchlists,
            entities=self.entities,
        )

    def known_words(self) -> frozenset[str]:
        """Words that are no slip of anything: names, terms, common words."""
        heads = (thing.decode() for thing in self.catalogue.things if isinstance(thing, bytes))
        words = {word for head in heads for word in head.split() if may_slip(word)}
        own = [entity for watchlist in self.watchlists.values() for entity in watchlist.entities.values()]
        names = known_names([*self.entities.values(), *own])
        return frozenset(words | names | common_names() | common_words().keys())

    # ------------------------------------------------------------------ one watchlist

    def compile(self, file: str, watchlist: Watchlist, names: Names) -> None:
        entities = {**self.entities, **watchlist.entities}
        names = Names(entities) if watchlist.entities else names
        reading = WatchlistVocabulary(watchlist, entities, names, Terms(), self.leaves)
        serving = (
            reading if self.few else WatchlistVocabulary(watchlist, entities, names, Terms(), self.leaves)
        )
        for name, entity in watchlist.entities.items():
            self.check_entity(file, name, entity)
        broken = set(self.check_lists(file, watchlist))
        seen: dict[str, int] = {}
        for number, rule in enumerate(watchlist.rules):
            self.check_id(file, rule, number, seen)
            if not (broken and self.uses(rule, broken)):
                self.add(file, number, ReadyRule(watchlist, rule, serving), reading)
        for path, lint in (*untested(watchlist), *same_rules(watchlist)):
            self.warn(file, path, lint)
        self.catalogue.look_for(reading.terms.leaves.values())

    def uses(self, rule: Rule, broken: set[str]) -> bool:
        """Whether a rule refers to a list that cannot be read (told already at the list)."""
        return any(f"@{name}" in f"{rule.match} {rule.unless}" for name in broken)

    def check_id(self, file: str, rule: Rule, number: int, seen: dict[str, int]) -> None:
        if rule.id in seen:
            path: Path = ("rules", number) if isinstance(rule, Phrase) else ("rules", number, "id")
            remedy = f"rule {seen[rule.id] + 1} of this watchlist has it; choose another"
            self.tell(file, path, QueryError(0, f"the id {rule.id!r} is taken", remedy))
        seen.setdefault(rule.id, number)

    def check_lists(self, file: str, watchlist: Watchlist) -> Iterator[str]:
        """Tells what cannot be read in lists; the names of those lists."""
        known = {*self.entities, *watchlist.entities, *watchlist.lists}
        for name, terms in watchlist.lists.items():
            for number, term in enumerate(terms):
                try:
                    read_listed(term, known)
                except QueryError as error:
                    self.tell(file, ("lists", name, number), error)
                    yield name

    def check_entity(self, file: str, name: str, entity: Entity) -> None:
        for path, error in misread_terms(entity):
            self.tell(file, ("entities", name, *path), error)
        for path, lint in short_names(entity):
            self.warn(file, ("entities", name, *path), lint)

    def add(self, file: str, number: int, ready: ReadyRule, reading: WatchlistVocabulary) -> None:
        """Read a rule's queries; if all are right it gets a number and a demand."""
        rule = ready.rule
        short = isinstance(rule, Phrase)
        place: Path = ("rules", number)
        at = place if short else (*place, "match")
        if not (rule.unless or rule.score) and (sketch := self.shapes.sketch(rule.match)) is not None:
            for lint in sketch.lints:
                self.warn(file, at, lint)
            self.catalogue.add(sketch.clauses, sketch.vetoes, sketch.limits)
            self.rules.append(ready)
            return
        root = self.read(file, at, rule.match, reading, ready)
        whole = root is not None
        for lint in lint_width(root, self.frequencies) if root is not None else ():
            self.warn(file, at, lint)
        if rule.unless:
            whole &= self.read(file, (*place, "unless"), rule.unless, reading, ready) is not None
        for line, points in enumerate(rule.score.add if rule.score else ()):
            path = (*place, "score", "add", line, "when")
            whole &= self.read(file, path, points.when, reading, ready) is not None
        if root is None or not whole:
            return
        self.catalogue.take(demand_of(root, self.frequencies.weigh))
        self.rules.append(ready)

    def read(
        self, file: str, path: Path, query: str, reading: WatchlistVocabulary, ready: ReadyRule
    ) -> Node | None:
        try:
            tree = ready.tree(query) if self.few else parse(query, reading)
        except QueryError as error:
            self.tell(file, path, error)
            return None
        written = [*lint_query(tree), *lint_commas(query)]
        for lint in (*written, *lint_vetoes(tree, query, self.frequencies)):
            self.warn(file, path, lint)
        if not written:
            self.shapes.learn(query, tree)
        return tree

    # ------------------------------------------------------------------ telling

    def tell(self, file: str, path: Path, error: QueryError) -> None:
        self.problems.append(
            QueryProblem(
                file=file,
                path=path,
                offset=error.at,
                problem=error.problem,
                remedy=error.remedy,
                unknown=error.unknown,
            )
        )

    def warn(self, file: str, path: Path, lint: Lint) -> None:
        problem = QueryProblem(
            file=file,
            path=path,
            offset=lint.at,
            problem=lint.problem,
            remedy=lint.remedy,
            level=Level.WARNING,
        )
        self.problems.append(problem)
