"""The YAML of watchlists and entity packs, as frozen models."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.model import Severity
from monitor.settings import PlacedError, Settings, Version, language_code

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
        like = slug if _NAME.fullmatch(slug := _slug(written)) else "troops-in-russia"
        raise ValueError(f"{written!r} cannot be referred to; use a to z, digits and hyphens, like {like!r}")
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


Name = Annotated[str, AfterValidator(_name), Field(json_schema_extra={"pattern": f"^{_NAME.pattern}$"})]
Terms = Annotated[
    tuple[str, ...],
    BeforeValidator(_split, json_schema_input_type=list[str] | str),
    AfterValidator(_filled),
]


def _codes(languages: tuple[str, ...]) -> tuple[str, ...]:
    for number, code in enumerate(languages):
        try:
            language_code(code)
        except ValueError as error:
            raise PlacedError((number,), str(error)) from None
    return languages


Languages = Annotated[Terms, AfterValidator(_codes)]


class EntityKind(StrEnum):
    """What a name names."""

    PLACE = "place"
    PERSON = "person"
    ORGANIZATION = "organization"
    OTHER = "other"


class Sources(Settings):
    """Which sources a watchlist or a rule reads, by tag or id; no `include` means all."""

    include: Annotated[Terms, Field(description="tags or ids of the sources that are read; none: all")] = ()
    exclude: Annotated[Terms, Field(description="tags or ids of the sources that are not")] = ()


class Needs(Settings):
    """The company a name must be in to count.

    `any` of these terms must stand within so many words; `for` says which names need it (default: all
    names, forms and demonyms).
    """

    any: Annotated[Terms, Field(description="terms, one of which must stand near the name", min_length=1)]
    within: Annotated[int, Field(description="how near, in words", ge=1, le=1000)] = 50
    of: Annotated[
        Terms,
        Field(description="the names that need it; default: all names, forms and demonyms", alias="for"),
    ] = ()


class Entity(Settings):
    """Somebody or something with several names. `*`, `?` and `$n` work word by word in all of them.

    A one-word Latin name all in capitals counts only in capitals (up to 3 letters: US, WHO) or with a
    capital first (longer: Nato, NATO). `metonyms` are case-exact. `not` are longer phrases that are
    somebody else. `typos: 1` also finds names with one slip in a word of 5 letters or more.
    """

    kind: Annotated[EntityKind, Field(description="what it is")] = EntityKind.OTHER
    names: Annotated[Terms, Field(description="what it is called, in any language", min_length=1)]
    forms: Annotated[Terms, Field(description="other grammatical forms of the names")] = ()
    demonyms: Annotated[Terms, Field(description="its people and adjectives")] = ()
    metonyms: Annotated[Terms, Field(description="what stands for it (a capital, a palace); case-exact")] = ()
    not_: Annotated[Terms, Field(description="longer phrases that are somebody else", alias="not")] = ()
    needs: Annotated[Needs | None, Field(description="the company the names must be in to count")] = None
    typos: Annotated[
        int,
        AfterValidator(_typos),
        Field(description="1: names with one slip in a word of 5 letters or more count too"),
    ] = 0
    note: Annotated[str, Field(description="for its maintainers; shown nowhere")] = ""


class EntityFile(Settings):
    """An entity pack. `known` is the date of knowledge, `languages` what its names are written in."""

    version: Version = 1
    title: Annotated[str, Field(description="what the pack is about")] = ""
    known: Annotated[date | None, Field(description="the day up to which it knows the world")] = None
    languages: Annotated[Terms, Field(description="what its names are written in")] = ()
    entities: Annotated[
        dict[Name, Entity], Field(description="who is who, by the name that rules write after @")
    ]


class RuleTest(Settings):
    """A text that must, or must not, match: the words themselves, or a file."""

    text: Annotated[str, Field(description="the words")] = ""
    file: Annotated[
        str, Field(description="a file with an article, seen from the folder that holds the configuration")
    ] = ""

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

    hit: Annotated[tuple[Trial, ...], Field(description="texts that must match")] = ()
    miss: Annotated[tuple[Trial, ...], Field(description="texts that must not")] = ()


class Points(Settings):
    """Points for a clause; with `each` for every occurrence, `most` in all."""

    when: Annotated[str, Field(description="a query")]
    points: Annotated[float, Field(description="what it is worth; may be negative")]
    each: Annotated[bool, Field(description="count every occurrence, not only that there is one")] = False
    most: Annotated[
        Annotated[float, Field(gt=0)] | None, Field(description="the most that the clause may add up to")
    ] = None


class Score(Settings):
    """Points that add up and decide the severity: the highest threshold reached; below all, info."""

    start: Annotated[float, Field(description="points of every match")] = 0
    add: Annotated[tuple[Points, ...], Field(description="what adds or takes points")] = ()
    severity: Annotated[
        dict[float, Severity],
        Field(
            description="least points → severity; the highest reached decides, below all it is info",
            min_length=1,
        ),
    ]


class Rule(Settings):
    """A query, and what a match of it means.

    `unless` is a veto and is reported. `languages` lets articles of unknown language pass. `until` is the
    last day (UTC) on which the rule is used.
    """

    id: Annotated[Name, Field(description="name within the watchlist")]
    title: Annotated[str, Field(description="the rule's name as mails show it; default: the id")] = ""
    severity: Annotated[
        Severity, Field(description="how much a match matters; info is recorded and never mailed")
    ] = Severity.MEDIUM
    match: Annotated[str, Field(description="the query", min_length=1)]
    unless: Annotated[str, Field(description="a query that vetoes the match; the veto is reported")] = ""
    score: Annotated[Score | None, Field(description="points that decide the severity instead")] = None
    labels: Annotated[Terms, Field(description="words that routes and silences select by")] = ()
    sources: Annotated[
        Sources, Field(description="which sources the rule reads, of those its watchlist reads")
    ] = Sources.by_default()
    languages: Annotated[
        Languages,
        Field(description="languages it reads (BCP 47); articles of unknown language pass; none: all"),
    ] = ()
    until: Annotated[date | None, Field(description="the last day (UTC) on which the rule is used")] = None
    tests: Annotated[RuleTests, Field(description="texts that `monitor check` tries the rule on")] = (
        RuleTests.by_default()
    )
    note: Annotated[str, Field(description="for its maintainers; shown nowhere")] = ""


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
    watchlist: Annotated[Name, Field(description="unique name")]
    title: Annotated[str, Field(description="the watchlist's name as mails show it")] = ""
    owner: Annotated[str, Field(description="whom to ask about it")] = ""
    sources: Annotated[Sources, Field(description="which sources it reads")] = Sources.by_default()
    entities: Annotated[
        dict[Name, Entity],
        Field(
            description="who is who, in this watchlist only; it hides a shared one of the same name",
            default_factory=dict,
        ),
    ]
    lists: Annotated[
        dict[Name, Terms],
        Field(description="terms, by the name that rules write after @", default_factory=dict),
    ]
    rules: Annotated[
        tuple[AnyRule, ...],
        AfterValidator(_some),
        Field(description="what to look for; a bare phrase is a rule too", json_schema_extra={"minItems": 1}),
    ]
