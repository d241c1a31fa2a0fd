"""Entities as leaves: which of their strings count under which facet, and what blocks them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from monitor.matching.fold import fold
from monitor.matching.leaves import Company, Name, NamesLeaf, acronym, exact_writing
from monitor.matching.lexer import QueryError
from monitor.matching.pattern import Pattern
from monitor.matching.terms import patterns_of, read_words
from monitor.matching.typos import may_slip
from monitor.matching.watchlist import Entity
from monitor.matching.wording import read_phrase

__all__ = ["FACETS", "Names", "known_names", "misread_terms", "names_leaf"]

FACETS = ("names", "demonyms", "metonyms", "forms")
"""What `@name.facet` may ask for; a form of a name is a name."""

_SPACELESS = r"\u2e80-\u9fff\uf900-\ufaff\u3041-\u30ff\u0e00-\u0e7f"  # a character is a word
_WORD = re.compile(rf"[{_SPACELESS}]|[^\W_]+")
_ONE_WORD = re.compile(rf"[^\W_{_SPACELESS}]*[*?$\d]*")
_WILD = re.compile(r"[*?$]")
_FINE = re.compile(
    r"(?:[^*?$]*[^\W\d_]{3}(?:\*|\$[12345])(?!\S))+[^*?$]*"
)  # most wildcards, told without reading the words
_LISTS = (
    ("names", "names"),
    ("forms", "forms"),
    ("demonyms", "demonyms"),
    ("metonyms", "metonyms"),
    ("not", "not_"),
)


def _texts(entity: Entity) -> Iterator[str]:
    yield from entity.names
    yield from entity.forms
    yield from entity.demonyms
    yield from entity.metonyms


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def known_names(entities: Iterable[Entity]) -> set[str]:
    """The folded words of all names that are long enough to be taken for a slip of another."""
    texts = " ".join(text for entity in entities for text in _texts(entity))
    return set(filter(may_slip, fold(texts).data.decode().split()))


class Names:
    """All entities' names by word: who has a longer name around a given one?"""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self._entities = entities

    @cached_property
    def _by_word(self) -> dict[str, list[tuple[str, tuple[str, ...], str]]]:
        """The names of several words, by each word."""
        index: defaultdict[str, list[tuple[str, tuple[str, ...], str]]] = defaultdict(list)
        owned = [(name, text) for name, entity in self._entities.items() for text in _texts(entity)]
        lines = "\n".join([text.replace("\n", " ") for _, text in owned]).casefold().split("\n")
        for (name, text), line in zip(owned, lines, strict=True):
            if not _ONE_WORD.fullmatch(line):
                entry = (name, tuple(_WORD.findall(line)), text)
                for word in entry[1]:
                    index[word].append(entry)
        return dict(index)

    def longer(self, name: str, text: str) -> Iterator[str]:
        """The names of other entities that have this one of `name` as a part."""
        tokens = _tokens(text)
        if not tokens:
            return
        size = len(tokens)
        for other, longer, around in min((self._by_word.get(token, []) for token in tokens), key=len):
            if other == name or len(longer) <= size:
                continue
            if any(longer[at : at + size] == tokens for at in range(len(longer) - size + 1)):
                yield around


def names_leaf(name: str, entity: Entity, facet: str, names: Names, *, exact: bool = False) -> NamesLeaf:
    """The leaf of `@name` (facet empty) or `@name.facet`."""
    wanted = {"": ("names", "forms", "demonyms", "metonyms"), "names": ("names", "forms")}.get(
        facet, (facet,)
    )
    built = [_name(text, which, entity, exact=exact) for which in wanted for text in getattr(entity, which)]
    around = dict.fromkeys(text for one in built for text in names.longer(name, one.text))
    blockers = [pattern for text in (*entity.not_, *around) for pattern in _patterns(text)]
    needs = entity.needs
    company = (
        None
        if needs is None
        else Company(tuple(pattern for text in needs.any for pattern in _patterns(text)), needs.within)
    )
    return NamesLeaf(tuple(one for one in built if one.patterns), tuple(blockers), company)


def _name(text: str, which: str, entity: Entity, *, exact: bool) -> Name:
    words = read_words(text)
    needy = False
    if entity.needs is not None:
        needy = text in entity.needs.of if entity.needs.of else which != "metonyms"
    check = exact_writing(words) if exact or which == "metonyms" else acronym(words)
    slips = bool(entity.typos) and which in {"names", "forms"} and not needy and check is None
    return Name(text, patterns_of(words), check, needy, slips)


def _patterns(text: str) -> tuple[Pattern, ...]:
    return patterns_of(read_words(text))


def misread_terms(entity: Entity) -> Iterator[tuple[tuple[str | int, ...], QueryError]]:
    """Terms of an entity whose wildcards ask for too much, by their place in it."""
    for key, attribute in _LISTS:
        yield from _misread(getattr(entity, attribute), (key,))
    if entity.needs is not None:
        yield from _misread(entity.needs.any, ("needs", "any"))


def _misread(
    terms: tuple[str, ...], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str | int, ...], QueryError]]:
    for number, term in enumerate(terms):
        suspect = _WILD.search(term) and not _FINE.fullmatch(term)
        if suspect or not any(map(str.isalnum, term)):
            try:
                read_phrase(term)
            except QueryError as error:
                yield (*path, number), error
