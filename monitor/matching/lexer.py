"""A query cut into tokens, each with its place; what other products write is recognised and refused."""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

__all__ = ["QueryError", "Token", "TokenKind", "tokens_of"]


class QueryError(Exception):
    """A query that cannot be read: where, what is wrong, what would be right.

    `unknown` is the name that nothing defines, where that is what is wrong.
    """

    def __init__(self, at: int, problem: str, remedy: str, *, unknown: str = "") -> None:
        super().__init__(problem)
        self.at = at
        self.unknown = unknown
        self.problem = problem
        self.remedy = remedy


class TokenKind(Enum):
    """What a token is."""

    OPEN = auto()
    CLOSE = auto()
    QUOTED = auto()
    REFERENCE = auto()
    FUNCTION = auto()
    FIELD = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    NEAR = auto()
    SAME = auto()
    WORD = auto()
    END = auto()


class Token(NamedTuple):
    """A token: its kind, its text, what stands inside it, its offset."""

    kind: TokenKind
    text: str
    at: int
    inside: str = ""
    number: int = 0

    @property
    def end(self) -> int:
        """The offset after it."""
        return self.at + len(self.text)


_BREAK = r"(?=[\s()\"“”„@#]|\Z)"
_TOKEN = re.compile(
    rf"""(?P<blank>(?:\s|\#[^\n]*)+)
    | (?P<open>\() | (?P<close>\))
    | (?P<quoted>"(?P<straight>[^"]*)"(?:~(?P<slop>\d+))? | [“”„](?P<curly>[^“”"]*)[“”"](?:~(?P<slop2>\d+))?)
    | (?P<reference>@(?P<name>[\w-]*\w)(?:\.(?P<facet>\w+))?)
    | (?P<near>(?P<how>NEAR|ONEAR|PRE|ADJ)/?(?P<distance>\d+)){_BREAK}
    | (?P<same>/[sp]){_BREAK}
    | (?P<foreign>(?:w|n|within)/\d+ | /\w+/? | && | \|\|){_BREAK}
    | (?P<equals>\w+=)(?=\S)
    | (?P<counted>(?:atleast|first)(?P<times>\d+))\s*(?=\()
    | (?P<function>about|caps|allcaps|nocaps|exact)\s*(?=\()
    | (?P<field>[^\W\d_]+):(?=\S)
    | (?P<logic>AND|OR|NOT){_BREAK}
    | (?P<word>[^\s()"“”„]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WIDE = re.compile("[\uff08\uff09]|(?<=[A-Za-z])\uff1a")  # ( ) : as keyboards of East Asia write them
_MEANT = {
    "\uff08": ("is no parenthesis here", "write ("),
    "\uff09": ("is no parenthesis here", "write )"),
    "\uff1a": ("is no colon here", "write :"),
}
_NO_REGEX = ("{} is a regular expression's", "write troop*, troop$1 or wom?n, or the words joined by OR")
_ELSEWHERE = (  # what means something in other languages, and would be read over here
    (re.compile(r"\|"), "| is not an operator here", "write OR"),
    (re.compile(r"(?i)^and/or$"), "and/or has two readings", "write AND, or write OR"),
    (re.compile(r"^/\S+/\w*$"), *_NO_REGEX),
    (re.compile(r"\\[A-Za-z]|\[\S*\]|\.[*+](?=\S)|(?<=\w)\+(?=[a-z])"), *_NO_REGEX),
    (re.compile(r"(?<=\w)\^\d[\d.]*$"), "{} is Lucene's weight", "remove it; a rule's score: weighs"),
    (re.compile(r"(?<=\w)~$"), "{} does not say how many slips", "write ~1, or remove it"),
)
_LOGIC = {"and": TokenKind.AND, "or": TokenKind.OR, "not": TokenKind.NOT}
_COUNTING = re.compile(r"(?i)atleast\d*|first\d+")
_DISTANT = re.compile(r"(?i)near|onear|adj")


def tokens_of(query: str) -> Iterator[Token]:
    """The tokens of a query, ended by one of kind END; QueryError where there is none."""
    at = 0
    while at < len(query):
        found = _TOKEN.match(query, at)
        if found is None:
            raise QueryError(at, "a quotation mark is never closed", 'close it with "')
        if found.lastgroup != "blank":
            yield _token(found, at)
        at = found.end()
    yield Token(TokenKind.END, "", len(query))


def _token(found: re.Match[str], at: int) -> Token:
    text = found[0].rstrip()
    match found.lastgroup:
        case "word":  # most are
            return _word(found, at)
        case "open":
            return Token(TokenKind.OPEN, text, at)
        case "close":
            return Token(TokenKind.CLOSE, text, at)
        case "reference":
            return Token(
                TokenKind.REFERENCE,
                text,
                at,
                found["name"] + (f".{found['facet']}" if found["facet"] else ""),
            )
        case "near":
            return Token(TokenKind.NEAR, text, at, found["how"].casefold(), _number(found["distance"], at))
        case "same":
            return Token(TokenKind.SAME, text, at, text[1].casefold())
        case "counted":
            name = "atleast" if text[0] in "aA" else "first"
            return Token(TokenKind.FUNCTION, text, at, name, _number(found["times"], at))
        case "function":
            return Token(TokenKind.FUNCTION, text, at, text.casefold())
        case "field":
            return Token(TokenKind.FIELD, text, at, found["field"].casefold())
        case "logic":
            return Token(_LOGIC[text.casefold()], text, at)
        case "foreign" | "equals":
            raise _foreign(text, at)
        case _:
            return _quoted(found, at)


def _quoted(found: re.Match[str], at: int) -> Token:
    inside = found["straight"] if found["straight"] is not None else found["curly"]
    slop = found["slop"] or found["slop2"]
    return Token(TokenKind.QUOTED, found[0], at, inside, _number(slop, at) if slop else -1)


def _number(written: str, at: int) -> int:
    if len(written) > 6:
        raise QueryError(at, f"{written[:20]} is too large a number", "write a number of at most 6 digits")
    return int(written)


def _word(found: re.Match[str], at: int) -> Token:
    text = found[0]
    if not text.isalnum():
        _see_ours(text, at)
    if text[0] == "@":
        raise QueryError(at, f"{text} names nothing", "write @ and the name of an entity or a list")
    if text[0] in "+-!" and len(text) > 1 and text[1].isalpha():
        meant = f"AND {text[1:]}" if text[0] == "+" else f"AND NOT {text[1:]}"
        raise QueryError(
            at, f"{text[0]} before a word is not an operator here", f"write {meant}, or put it in quotes"
        )
    if _COUNTING.fullmatch(text):
        raise QueryError(at, f"{text} counts nothing", f"put what it counts in parentheses: {text}(troops)")
    if _DISTANT.fullmatch(text):
        raise QueryError(at, f"{text} has no distance", f"write {text.upper()}/5, or put the word in quotes")
    return Token(TokenKind.WORD, text, at, text)


def _see_ours(text: str, at: int) -> None:
    """QueryError where the word means something in another language, and would be read over here."""
    if wide := _WIDE.search(text):
        problem, remedy = _MEANT[wide[0]]
        raise QueryError(at + wide.start(), f"{wide[0]} {problem}", remedy)
    for pattern, problem, remedy in _ELSEWHERE:
        if found := pattern.search(text):
            raise QueryError(at + found.start(), problem.format(found[0]), remedy)


def _foreign(text: str, at: int) -> QueryError:
    if found := re.fullmatch(r"(?i)(?:w|within|n)/(\d+)", text):
        near, pre = f"NEAR/{found[1]}", f"PRE/{found[1]}"
        return QueryError(
            at,
            f"{text} has two readings: in this order (Factiva) or in any order (Nexis)",
            f"write {pre} or {near}",
        )
    if found := re.fullmatch(r"(?i)/f(\d+)/?", text):
        return QueryError(at, f"{text} is Factiva's", f"write first{found[1]}(…)")
    if found := re.fullmatch(r"(?i)/n(\d+)/?", text):
        return QueryError(at, f"{text} is Factiva's", f"write NEAR/{found[1]}")
    if text in {"&&", "||"}:
        return QueryError(at, f"{text} is not an operator here", "write AND" if text == "&&" else "write OR")
    if text.endswith("="):
        return QueryError(
            at, f"{text} is Factiva's", "write a field with a colon, like title:(…) or about(…)"
        )
    return QueryError(at, f"{text} is no operator", "write /s (same sentence), /p (same paragraph) or NEAR/5")
