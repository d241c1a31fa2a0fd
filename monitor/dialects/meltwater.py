"""Meltwater: advanced (boolean) search, as Meltwater's help describes it.

Tightest first: parentheses; near and onear; not; and; or. near alone allows 4 words between, near/5 allows 5:
ours counts from neighbour to neighbour, so one is added. Words side by side without quotes are not described.
"""

import re
from collections.abc import Iterator

from monitor.dialects.grammar import Close, Grammar, Join, Open, Operand, Prefix, Suffix, Token
from monitor.dialects.scanning import about, in_fields, inside, language, lost, nothing, scan
from monitor.dialects.terms import ANY, ONE, term
from monitor.dialects.tree import ChangeKind, DialectError, Log, Near, Node, Words

__all__ = ["EACH_WORD", "PHRASES"]

_TOKEN = re.compile(
    r"""(?P<blank>\s+)
    | (?P<open>\() | (?P<close>\))
    | (?P<quoted>"(?P<straight>[^"]*)" | [“”„](?P<curly>[^“”"]*)[“”"])
    | (?P<near>(?P<how>o?near)(?:/(?P<between>\d+))?)(?![\w:])
    | (?P<not>and\s+not|not)(?![\w:])
    | (?P<logic>and|or)(?![\w:])
    | (?P<weight>\^\d+(?:\.\d+)?)
    | (?P<field>[a-z][\w.]*):\s*(?=\S)
    | (?P<social>[#@$](?P<name>\w+))
    | (?P<called>[a-z]\w*)(?=\()
    | (?P<word>[^\s()"“”„^]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FIELDS = {
    "title": ("title",),
    "headline": ("title",),
    "ingress": ("lead",),
    "lead": ("lead",),
    "body": ("body",),
    "author": ("author",),
    "source": ("source",),
}
_ORDINARY = 4  # words between that near without a number allows


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
            return Join(at, text, "near", _near(found, at))
        case "not" | "logic":
            return Join(at, text, "not" if found.lastgroup == "not" else text.casefold())
        case "weight":
            return Suffix(at, text, nothing(log, at, text, "only chooses the sentence that is shown"))
        case "field":
            return _field(at, found["field"].casefold())
        case "called":
            raise DialectError(at, f"{text}() is no function that Meltwater describes", "remove it")
        case _:
            return Operand(at, _operand(found, at, log))


def _operand(found: re.Match[str], at: int, log: Log) -> Node:
    text = found[0]
    match found.lastgroup:
        case "social":
            if text[0] == "$":
                return lost(at, text, "is a mark of social media")
            says = "is a mark of social media; the word is looked for without it"
            log(at, text, ChangeKind.WIDER, says)
            return term(at, text, found["name"], log)
        case _:
            return term(at, text, _marked(inside(found)), log)


def _near(found: re.Match[str], at: int) -> Near:
    between = int(found["between"][:4]) if found["between"] else _ORDINARY
    here = Words(at, "")
    return Near(at, here, here, distance=between + 1, ordered=found["how"].casefold() == "onear")


def _field(at: int, name: str) -> Prefix:
    text = f"{name}:"
    if name in {"language", "lang"}:
        return Prefix(at, text, language(at, text))
    if name in _FIELDS:
        return Prefix(at, text, in_fields(at, *_FIELDS[name]))
    return Prefix(at, text, about(at, text + "{}", "is a field that ours has no counterpart of"))


def _marked(text: str) -> str:
    return text.replace("*", ANY).replace("?", ONE)


_LEVELS = tuple(frozenset({how}) for how in ("or", "and", "not", "near"))
EACH_WORD = Grammar(tokens=tokens, levels=_LEVELS, adjacent="and")
"""Words side by side may stand anywhere: the wider reading."""
PHRASES = Grammar(tokens=tokens, levels=_LEVELS)
"""Words side by side are a phrase."""
