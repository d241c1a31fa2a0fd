"""Nexis, Lexis: terms and connectors, as LexisNexis' help describes them.

Tightest first: parentheses; or; proximities, the smallest first; and; and not. Words side by side are a
phrase; w/5 has no order. Regular plurals and possessives are found unasked. A * at the end of a word is
any ending in the present products, and was one letter at most in the older ones.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from monitor.dialects.grammar import Close, Grammar, Join, Open, Operand, Prefix, Token
from monitor.dialects.scanning import about, in_fields, inside, language, length, lost, scan
from monitor.dialects.terms import ANY, ONE, term
from monitor.dialects.tree import (
    AllOf,
    AnyOf,
    Cased,
    ChangeKind,
    Counted,
    DialectError,
    Log,
    Lost,
    Near,
    Node,
    Unit,
    Words,
)

__all__ = ["LEFT_TO_RIGHT", "OLDER", "PRESENT"]

_TOKEN = re.compile(
    r"""(?P<blank>\s+)
    | (?P<open>\() | (?P<close>\))
    | (?P<quoted>"(?P<straight>[^"]*)" | [“”„](?P<curly>[^“”"]*)[“”"])
    | (?P<near>(?P<negated>not\s+)?(?P<how>w|within|near|onear|pre)?/
        (?P<unit>\d+|s(?:ent(?:ence)?)?|p(?:ara)?|seg\w*))(?![\w-])
    | (?P<not>(?:and|but)\s+not|not)(?![\w-])
    | (?P<logic>and|or|&)(?![\w-])
    | (?P<count>atleast\s?(?P<times>\d+))(?=\s*\()
    | (?P<length>length\s*\(?\s*(?P<comparison>[<>]=?|=)\s*(?P<size>\d+)\s*\)?)
    | (?P<date>(?:date|load-date|pubdate)\s*(?:[<>=]+|\b(?:is|bef|aft|before|after)\b)\s*[\w/,-]+)
    | (?P<segment>[a-z][a-z-]+)(?=\()
    | (?P<word>[^\s()"“”„]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)

_SEGMENTS = {
    "headline": ("title",),
    "hlead": ("title", "lead"),
    "lead": ("lead",),
    "body": ("body",),
    "byline": ("author",),
    "author": ("author",),
    "publication": ("source",),
    "source": ("source",),
    "section": ("section",),
    "caption": ("caption",),
    "graphic": ("caption",),
}
_INDEXED = "is a segment of LexisNexis' own indexing"


def tokens_of(star: str) -> Callable[[str, Log], Iterator[Token]]:
    """The tokens of a query, a * standing for `star`."""

    def tokens(query: str, log: Log) -> Iterator[Token]:
        for found in scan(query, _TOKEN):
            yield _token(found, found.start(), log, star)

    return tokens


def _token(found: re.Match[str], at: int, log: Log, star: str) -> Token:
    text = found[0]
    match found.lastgroup:
        case "open":
            return Open(at)
        case "close":
            return Close(at)
        case "near":
            return _near(found, at, log)
        case "not" | "logic":
            word = "and" if text == "&" else text.casefold()
            return Join(at, text, "not" if found.lastgroup == "not" else word)
        case "count":
            return Prefix(at, text, lambda node: Counted(at, int(found["times"]), node))
        case "segment":
            return _segment(at, text.casefold(), log)
        case "length":
            return Operand(at, length(at, found["comparison"], found["size"]))
        case "date":
            return Operand(at, lost(at, text, "asks for a date, and a watchlist reads what is new"))
        case _:
            return Operand(at, _with_plurals(term(at, text, _marked(inside(found), star), log)))


def _near(found: re.Match[str], at: int, log: Log) -> Join:
    how, unit = (found["how"] or "w").casefold(), found["unit"].casefold()
    here = Words(at, "")
    negated = bool(found["negated"])
    if unit.isdigit():
        if not int(unit) or len(unit) > 3:
            raise DialectError(at, f"{found[0]} has no distance that Nexis takes", "write w/5")
        near = Near(at, here, here, distance=int(unit), ordered=how in {"pre", "onear"}, negated=negated)
        return Join(at, found[0], "near", near)
    if unit.startswith("seg"):
        if negated:
            raise DialectError(at, f"{found[0]} has no counterpart in our language", "write AND NOT")
        log(at, found[0], ChangeKind.WIDER, "ours has no segments; AND is written")
        return Join(at, found[0], "and")
    same = Unit.SENTENCE if unit.startswith("s") else Unit.PARAGRAPH
    return Join(at, found[0], "near", Near(at, here, here, same, negated=negated))


def _segment(at: int, name: str, log: Log) -> Prefix:
    text = f"{name}()"
    if name in _SEGMENTS:
        if "lead" in _SEGMENTS[name]:
            log(
                at,
                text,
                ChangeKind.OTHER,
                "Nexis takes about the first 50 words for the lead; ours, the lead paragraph",
            )
        return Prefix(at, text, in_fields(at, *_SEGMENTS[name]))
    match name:
        case "caps" | "allcaps" | "nocaps":
            return Prefix(at, text, lambda node: Cased(at, name, node))
        case "language":
            return Prefix(at, text, language(at, "language()"))
        case "singular":
            return Prefix(at, text, _as_written)
        case "plural":
            says = "asks for plurals only, and ours finds words as they are written: write the plural"
            log(at, text, ChangeKind.OTHER, says)
            return Prefix(at, text, _as_written)
        case _:
            return Prefix(at, text, about(at, name + "({})", _INDEXED))


def _with_plurals(node: Words | Lost) -> Words | Lost:
    return replace(node, plurals=True) if isinstance(node, Words) else node


def _as_written(node: Node) -> Node:
    """Without the plurals that are found unasked."""
    match node:
        case Words():
            return replace(node, plurals=False)
        case AllOf() | AnyOf():
            return replace(node, clauses=tuple(map(_as_written, node.clauses)))
        case _:
            return node


def _marked(text: str, star: str) -> str:
    return text.replace("!", ANY).replace("*", star).replace("?", ONE)


_NEAR, _OR = frozenset({"near"}), frozenset({"or"})
PRESENT = Grammar(
    tokens=tokens_of(ANY), levels=(frozenset({"not"}), frozenset({"and"}), _NEAR, _OR), closest_first=True
)
"""As Lexis+, Nexis Uni and their like read."""
OLDER = Grammar(tokens=tokens_of(ONE), levels=PRESENT.levels, closest_first=True)
"""As nexis.com read: a * is one letter."""
LEFT_TO_RIGHT = Grammar(
    tokens=tokens_of(ANY), levels=(frozenset({"or", "and", "not"}), _NEAR), closest_first=True
)
"""As Nexis Newsdesk reads."""
