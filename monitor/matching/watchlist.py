"""The YAML of watchlists and entity packs, as frozen models."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.model import Severity
from monitor.settings import Settings, Version

__all__ = [
    "Entity",
    "EntityFile",
    "EntityKind",
    "Needs",
    "Phrase",
    "Points",
    "Rule",
    "RuleTest",
    "RuleTests",
    "Score",
    "Sources",
    "Watchlist",
]

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SLUG = re.compile(r"[\W_]+")


def _name(written: str) -> str:
    if not _NAME.fullmatch(written):
        raise ValueError(
            f"{written!r} cannot be referred to; "
            f"use small letters, digits and hyphens, like {_slug(written)!r}"
        )
    return written


def _slug(words: str) -> str:
    return _SLUG.sub("-", words.casefold()).strip("-") or "rule"


def _split(written: object) -> object:
    """`Russia; Россия` is two terms; an empty value is none."""
    if written is None:
        return ()
    if isinstance(written, str):
        return tuple(part.strip() for part in written.split(";") if part.strip())
    return written


def _filled(terms: tuple[str, ...]) -> tuple[str, ...]:
    if not all(term.strip() for term in terms):
        raise ValueError("a term is empty; write its words or remove it")
    return terms


def _some(rules: tuple["Rule", ...]) -> tuple["Rule", ...]:
    if not rules:
        raise ValueError("a watchlist without rules finds nothing; write at least one, like: North Korea")
    return rules


def _typos(edits: int) -> int:
    if edits not in {0, 1}:
        raise ValueError(f"typos is {edits}; write 1 (one slip a name) or leave it out")
    return edits


Name = Annotated[str, AfterValidator(_name)]
Terms = Annotated[
    tuple[str, ...],
    BeforeValidator(_split, json_schema_input_type=list[str] | str),
    AfterValidator(_filled),
]


class EntityKind(StrEnum):
    """What a name names."""

    PLACE = "place"
    PERSON = "person"
    ORGANIZATION = "organization"
    OTHER = "other"


class Sources(Settings):
    """Which sources a watchlist or a rule reads, by tag or id; no `include` means all."""

    include: Terms = ()
    exclude: Terms = ()


class Needs(Settings):
    """The company a name must be in to count.

    `any` of these terms must stand within so many words; `for` says which names need it (default: all
    names, forms and demonyms).
    """

    any: Annotated[Terms, Field(min_length=1)]
    within: Annotated[int, Field(ge=1, le=1000)] = 50
    of: Annotated[Terms, Field(alias="for")] = ()


class Entity(Settings):
    """Somebody or something with several names. `*`, `?` and `$n` work word by word in all of them.

    A one-word Latin name all in capitals counts only in capitals (up to 3 letters: US, WHO) or with a
    capital first (longer: Nato, NATO). `metonyms` are case-exact. `not` are longer phrases that are
    somebody else. `typos: 1` also finds names with one slip in a word of 5 letters or more.
    """

    kind: EntityKind = EntityKind.OTHER
    names: Annotated[Terms, Field(min_length=1)]
    forms: Terms = ()
    demonyms: Terms = ()
    metonyms: Terms = ()
    not_: Annotated[Terms, Field(alias="not")] = ()
    needs: Needs | None = None
    typos: Annotated[int, AfterValidator(_typos)] = 0
    note: str = ""


class EntityFile(Settings):
    """An entity pack. `known` is the date of knowledge, `languages` what its names are written in."""

    version: Version = 1
    title: str = ""
    known: date | None = None
    languages: Terms = ()
    entities: dict[Name, Entity]


class RuleTest(Settings):
    """A text that must, or must not, match: the words themselves, or a file."""

    text: str = ""
    file: str = ""

    @model_validator(mode="after")
    def _one(self) -> "RuleTest":
        if bool(self.text) == bool(self.file):
            raise ValueError("a test is a sentence, or {file: path/to/article.html}")
        return self


def _test(written: object) -> object:
    return {"text": written} if isinstance(written, str) else written


Trial = Annotated[RuleTest, BeforeValidator(_test, json_schema_input_type=str | RuleTest)]


class RuleTests(Settings):
    """Texts beside the rule; `monitor check` runs them with the production engine."""

    hit: tuple[Trial, ...] = ()
    miss: tuple[Trial, ...] = ()


class Points(Settings):
    """Points for a clause; with `each` for every occurrence, `most` in all."""

    when: str
    points: float
    each: bool = False
    most: Annotated[float, Field(gt=0)] | None = None


class Score(Settings):
    """Points that add up and decide the severity: the highest threshold reached; below all, info."""

    start: float = 0
    add: tuple[Points, ...] = ()
    severity: Annotated[dict[float, Severity], Field(min_length=1)]


class Rule(Settings):
    """A query, and what a match of it means.

    `unless` is a veto and is reported. `languages` lets articles of unknown language pass. `until` is the
    last day (UTC) on which the rule is used.
    """

    id: Name
    title: str = ""
    severity: Severity = Severity.MEDIUM
    match: Annotated[str, Field(min_length=1)]
    unless: str = ""
    score: Score | None = None
    labels: Terms = ()
    sources: Sources = Sources()
    languages: Terms = ()
    until: date | None = None
    tests: RuleTests = RuleTests()
    note: str = ""


class Phrase(Rule):
    """A rule in the short form: a bare phrase."""


def _short_form(written: object) -> object:
    if isinstance(written, str) and written.strip():
        slug = _slug(written)
        name = slug if _NAME.fullmatch(slug) else "-".join(f"{ord(letter):x}" for letter in slug[:20])
        return Phrase(id=name, title=written.strip(), match=written)
    return written


AnyRule = Annotated[Rule, BeforeValidator(_short_form, json_schema_input_type=str | Rule)]


class Watchlist(Settings):
    """What somebody watches: entities, lists of terms, and rules that use them."""

    version: Version = 1
    watchlist: Name
    title: str = ""
    owner: str = ""
    sources: Sources = Sources()
    entities: Annotated[dict[Name, Entity], Field(default_factory=dict)]
    lists: Annotated[dict[Name, Terms], Field(default_factory=dict)]
    rules: Annotated[tuple[AnyRule, ...], AfterValidator(_some)]
