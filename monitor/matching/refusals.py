"""Why a query is refused, in words: where, what is wrong, and what would be right."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from monitor.matching.lexer import QueryError, Token, TokenKind
from monitor.matching.nodes import Node

__all__ = ["did_you_mean", "mismeasured", "misplaced", "mixed", "source_of", "together", "unjoined"]

_FUNCTIONS = ("atleast", "first", "about", "caps", "allcaps", "nocaps", "exact")
_ELSEWHERE = {
    "headline": "title:(…)",
    "hlead": "first50(…)",
    "ingress": "first50(…)",
    "singular": "the word itself",
}


def did_you_mean(written: str, known: Sequence[str]) -> str:
    """The nearest known word as a question, or all of them when they are few."""
    near = get_close_matches(written.casefold(), known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]}?"
    return f"known are {', '.join(known)}" if 0 < len(known) <= 12 else ""


def source_of(query: str, node: Node) -> str:
    """A clause as the query writes it, on one line and not too long."""
    text = " ".join(query[node.at : node.end].split())
    return text if len(text) <= 40 else f"{text[:38]}…"


def mixed(query: str, clauses: Sequence[Node], joins: Sequence[tuple[str, int]]) -> QueryError:
    """AND beside OR; `joins` are what stands between the clauses, and where."""
    written = [source_of(query, clause) for clause in clauses]
    words = [word for word, _ in joins]
    first = joins[0][0] == "OR"
    at = next(place for word, place in joins if (word == "OR") is not first)
    readings = " or ".join(_reading(written, words, tight=tight) for tight in ("AND", "OR"))
    return QueryError(at, "AND and OR side by side have two readings", f"write {readings}")


def _reading(clauses: Sequence[str], joins: Sequence[str], *, tight: str) -> str:
    """The query with one of the two joining more tightly."""
    groups = [[clauses[0]]]
    between: list[str] = []
    for clause, word in zip(clauses[1:], joins, strict=True):
        if (word == "OR") is (tight == "OR"):
            groups[-1] += [word, clause]
        else:
            between.append(word)
            groups.append([clause])
    pieces = [f"({' '.join(group)})" if len(group) > 1 else group[0] for group in groups]
    return " ".join(
        [pieces[0], *(f"{word} {piece}" for word, piece in zip(between, pieces[1:], strict=True))]
    )


def mismeasured(token: Token, previous: Token | None, farthest: int) -> QueryError | None:
    """A proximity that is too far, or another one than the one before it in the chain."""
    if token.kind is TokenKind.NEAR and not 1 <= token.number <= farthest:
        return QueryError(
            token.at, f"a distance of {token.number} words", f"write 1 (neighbours) to {farthest}, or /p"
        )
    if previous and (previous.inside, previous.number) != (token.inside, token.number):
        return QueryError(
            token.at,
            f"a {previous.text} b {token.text} c has two readings: from the left, or the closer first",
            f"write (a {previous.text} b) {token.text} c or a {previous.text} (b {token.text} c)",
        )
    return None


def misplaced(token: Token) -> QueryError:
    """Something where a term should stand."""
    if token.kind is TokenKind.END:
        return QueryError(
            token.at, "the query ends where a term should stand", "write a term or remove what is before"
        )
    if token.kind is TokenKind.CLOSE:
        return QueryError(token.at, "nothing stands before this parenthesis", "write a term there")
    if token.kind is TokenKind.NOT:
        return QueryError(
            token.at,
            "a query of negatives only would match nearly everything",
            "say first what must be there: a AND NOT b",
        )
    return QueryError(
        token.at,
        f"{token.text} has nothing before it",
        f'write a term before it, or "{token.text}" for the word',
    )


def together(token: Token, fields: Collection[str]) -> Token:
    """The word; QueryError where it is a field that stands apart from what it is asked about."""
    if token.text[-1] == ":" and token.text[:-1].casefold() in fields:
        raise QueryError(token.at, f"{token.text} stands apart from its word", f"write {token.text}troops")
    return token


def unjoined(query: str, node: Node, before: Token, token: Token) -> QueryError:
    """A clause, and a token that nothing joins to it; `before` is the token before that."""
    if token.kind is TokenKind.OPEN and before.kind is TokenKind.WORD and before.end == token.at:
        remedy = _ELSEWHERE.get(before.text.casefold()) or did_you_mean(before.text, _FUNCTIONS)
        return QueryError(before.at, f"{before.text}() is not a function here", remedy)
    left, right = source_of(query, node), token.text
    return QueryError(
        token.at,
        f"nothing joins {left} and {right}",
        f"write {left} AND {right}, or {left} OR {right}, or a phrase in quotes",
    )
