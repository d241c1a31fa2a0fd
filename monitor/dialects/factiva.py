"""Factiva: free text search, as Dow Jones' developer help and libraries' guides describe it.

Tightest first: parentheses or brackets; same, adj, w/, near, /n/, /f/; atleast and fields; not; and; or.
Words side by side are a phrase (adj1), and w/5 has an order. Case never matters.
"""

import re
from collections.abc import Iterator

from monitor.dialects.grammar import Close, Grammar, Join, Open, Operand, Prefix, Suffix, Token
from monitor.dialects.scanning import about, in_fields, inside, language, length, lost, scan
from monitor.dialects.terms import ANY, ONE, UP_TO, term
from monitor.dialects.tree import ChangeKind, Counted, DialectError, First, Log, Near, Node, Unit, Words

__all__ = ["FREE_TEXT", "OR_FIRST"]

_TOKEN = re.compile(
    r"""(?P<blank>[\s']+)
    | (?P<open>[(\[]) | (?P<close>[)\]])
    | (?P<quoted>"(?P<straight>[^"]*)" | [“”„](?P<curly>[^“”"]*)[“”"])
    | (?P<near>near(?P<n>\d*)(?![\w=]) | /n(?P<slashed>\d+)/)
    | (?P<adj>(?:adj|w/)\s?(?P<a>\d*))(?![\w=])
    | (?P<first>/f(?P<f>\d+)/)
    | (?P<same>same)(?![\w=])
    | (?P<count>atleast\s?(?P<times>\d+))(?![\w=])
    | (?P<length>wc\s*(?P<comparison>[<>]=?|=)\s*(?P<size>\d+))
    | (?P<date>(?:date|upd)\s+(?:from\s+\S+\s+to\s+\S+|(?:after|before|since|from|to|in|on)\s+\S+|[-+]?\d\S*))
    | (?P<not>and\s+not|not)(?![\w=])
    | (?P<logic>and|or)(?![\w=])
    | (?P<field>[a-z]{2,5})=(?=\S)
    | (?P<one>%)(?=\s)
    | (?P<word>(?:(?!/[fn]\d+/)[^\s()\[\]"“”„])+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FIELDS = {
    "hd": ("title",),
    "hl": ("title",),
    "hlp": ("title", "lead"),
    "lp": ("lead",),
    "td": ("body",),
    "by": ("author",),
    "art": ("caption",),
    "se": ("section",),
    "sn": ("source",),
    "pub": ("source",),
}
_CODED = "is a code of Factiva's own indexing"


def tokens(query: str, log: Log) -> Iterator[Token]:
    """The tokens of a query."""
    for found in scan(query, _TOKEN):
        yield _token(found, found.start(), log)


def _token(found: re.Match[str], at: int, log: Log) -> Token:
    text = found[0]
    match found.lastgroup:
        case "open":
            return Open(at)
        case "close":
            return Close(at)
        case "near":
            return Join(at, text, "near", _near(at, found["n"] or found["slashed"], text))
        case "adj":
            return Join(at, text, "near", _near(at, found["a"] or "1", text, ordered=True))
        case "same":
            return Join(at, text, "near", Near(at, _HERE, _HERE, Unit.PARAGRAPH))
        case "one":
            says = "stands for exactly one word; PRE/2 also takes neighbours"
            log(at, text, ChangeKind.WIDER, says)
            return Join(at, text, "near", _near(at, "2", text, ordered=True))
        case "not" | "logic":
            return Join(at, text, "not" if found.lastgroup == "not" else text.casefold())
        case "first":
            return Suffix(at, text, lambda node: First(at, int(found["f"]), node))
        case "count":
            return Prefix(at, text, lambda node: Counted(at, int(found["times"]), node))
        case "field":
            return _field(at, found["field"].casefold(), log)
        case _:
            return Operand(at, _operand(found, at, log))


def _operand(found: re.Match[str], at: int, log: Log) -> Node:
    text = found[0]
    match found.lastgroup:
        case "length":
            return length(at, found["comparison"], found["size"])
        case "date":
            return lost(at, text, "asks for a date, and a watchlist reads what is new")
        case _:
            return term(at, text, _marked(inside(found)), log)


_HERE = Words(0, "")


def _near(at: int, distance: str, text: str, *, ordered: bool = False) -> Near:
    if not distance or not int(distance) or len(distance) > 4:
        raise DialectError(at, f"{text} has no distance that Factiva takes", "write near5")
    return Near(at, _HERE, _HERE, distance=int(distance), ordered=ordered)


def _field(at: int, name: str, log: Log) -> Prefix:
    text = f"{name}="
    if "lead" in _FIELDS.get(name, ()):
        says = "Factiva takes the first two paragraphs for the lead; ours, the lead paragraph"
        log(at, text, ChangeKind.OTHER, says)
    if name in {"hl", "hlp"}:
        says = "Factiva takes the section and the column too; ours, the title"
        log(at, text, ChangeKind.NARROWER, says)
    if name == "la":
        return Prefix(at, text, language(at, text))
    if name in _FIELDS:
        return Prefix(at, text, in_fields(at, *_FIELDS[name]))
    return Prefix(at, text, about(at, text + "{}", _CODED))


def _marked(text: str) -> str:
    return re.sub(r"\$(?=\d)", UP_TO, text).replace("*", ANY).replace("?", ONE)


_NEAR = frozenset({"near"})
FREE_TEXT = Grammar(
    tokens=tokens,
    levels=(frozenset({"or"}), frozenset({"and"}), frozenset({"not"}), _NEAR),
    wide_prefix=True,
)
"""As the free text search reads."""
OR_FIRST = Grammar(
    tokens=tokens,
    levels=(frozenset({"and"}), frozenset({"not"}), frozenset({"or"}), _NEAR),
    wide_prefix=True,
)
"""As the simple search reads: or before and."""
