"""What the readers of dialects share: cutting a query by a pattern, fields, languages."""

import re
from collections.abc import Callable, Iterator

from monitor.dialects.tree import (
    AllOf,
    AnyOf,
    ChangeKind,
    DialectError,
    Fact,
    Fielded,
    Log,
    Lost,
    Node,
    Words,
)

__all__ = ["Maker", "about", "in_fields", "inside", "language", "length", "lost", "nothing", "scan"]

Maker = Callable[[Node], Node]
"""Puts what a field or function says round a node."""


def scan(query: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The pieces of a query, without blanks; DialectError where none fits."""
    at = 0
    while at < len(query):
        found = pattern.match(query, at)
        if found is None:
            raise DialectError(at, "a quotation mark is never closed", 'close it with "')
        if found.lastgroup != "blank":
            yield found
        at = found.end()


def inside(found: re.Match[str]) -> str:
    """What stands between quotation marks, or the piece itself where there are none."""
    quoted = found["straight"] if found["straight"] is not None else found["curly"]
    return found[0] if quoted is None else quoted


def in_fields(at: int, *names: str) -> Maker:
    """Something said of these fields of ours."""
    return lambda child: Fielded(at, names, child)


def about(at: int, written: str, why: str) -> Maker:
    """Something said in a field that ours has no counterpart of; what it says is lost with it."""
    return lambda child: Lost(at, written.replace("{}", _said(child)), why)


def lost(at: int, written: str, why: str) -> Lost:
    """A whole operand without a counterpart."""
    return Lost(at, written, why)


def nothing(log: Log, at: int, written: str, says: str) -> Maker:
    """What changes nothing that is found."""

    def same(child: Node) -> Node:
        log(at, written, ChangeKind.IGNORED, says)
        return child

    return same


_LANGUAGES = {
    "arabic": "ar", "bulgarian": "bg", "catalan": "ca", "chinese": "zh", "czech": "cs", "danish": "da",
    "dutch": "nl", "english": "en", "finnish": "fi", "french": "fr", "german": "de", "greek": "el",
    "hebrew": "he", "hungarian": "hu", "indonesian": "id", "italian": "it", "japanese": "ja", "korean": "ko",
    "norwegian": "no", "persian": "fa", "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru",
    "slovak": "sk", "spanish": "es", "swedish": "sv", "thai": "th", "turkish": "tr", "ukrainian": "uk",
    "vietnamese": "vi",
}  # fmt: skip


def language(at: int, written: str) -> Maker:
    """Articles in a language, by its name or code."""

    def make(child: Node) -> Node:
        match child:
            case Words(_, text):
                code = _LANGUAGES.get(text.casefold(), text.casefold())
                if code.isascii() and code.isalpha() and len(code) in {2, 3}:
                    return Fact(at, f"lang:{code}")
                return Lost(at, f"{written}{text}", "names a language that ours does not know")
            case AnyOf(_, clauses):
                return AnyOf(at, tuple(make(each) for each in clauses))
            case AllOf(_, clauses, vetoes):
                return AllOf(at, tuple(map(make, clauses)), tuple(map(make, vetoes)))
            case _:
                return Lost(at, written, "takes the names of languages")

    return make


def length(at: int, comparison: str, words: str) -> Fact | Lost:
    """Articles of so many words."""
    if comparison in {"<", ">", "<=", ">="} and len(words) <= 6:
        return Fact(at, f"words:{comparison}{int(words)}")
    return Lost(at, f"a length of {comparison}{words} words", "cannot be said in our language")


def _said(node: Node) -> str:
    match node:
        case Words(_, text):
            return text
        case AnyOf(_, clauses):
            return f"({' or '.join(map(_said, clauses))})"
        case Lost(_, written, _):
            return written
        case _:
            return "(…)"
