"""A query read by its dialect, by each reading that the dialect may have, and written in ours."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from monitor.dialects import factiva, meltwater, nexis
from monitor.dialects.fitting import fitted
from monitor.dialects.grammar import DEEPEST_TREE, Grammar, parse
from monitor.dialects.lucene import read_lucene
from monitor.dialects.tree import (
    AllOf,
    AnyOf,
    Cased,
    Change,
    ChangeKind,
    Counted,
    DialectError,
    Fielded,
    First,
    Log,
    Near,
    Node,
    Words,
)
from monitor.dialects.writing import written

__all__ = ["DIALECTS", "Imported", "import_query"]

LONGEST_QUERY = 100_000

Reading = Callable[[str, Log], Node]


@dataclass(frozen=True, slots=True)
class Imported:
    """A query of ours, and what its meaning lost or gained on the way, in the order of the text."""

    query: str
    changes: tuple[Change, ...]


def _by(grammar: Grammar) -> Reading:
    return lambda query, log: parse(query, grammar, log)


# Of each dialect the reading that is taken, then what else it may mean, and to whom.
DIALECTS: Mapping[str, tuple[Reading, Sequence[tuple[str, Reading]]]] = {
    "factiva": (
        _by(factiva.FREE_TEXT),
        [("Factiva's simple search, where or goes before and", _by(factiva.OR_FIRST))],
    ),
    "nexis": (
        _by(nexis.PRESENT),
        [
            ("the older Nexis, where * is one letter", _by(nexis.OLDER)),
            ("Nexis Newsdesk, which reads from left to right", _by(nexis.LEFT_TO_RIGHT)),
        ],
    ),
    "meltwater": (
        _by(meltwater.EACH_WORD),
        [("who means words side by side as a phrase", _by(meltwater.PHRASES))],
    ),
    "lucene": (
        read_lucene,
        [
            ("a parser with precedence, and before or", partial(read_lucene, precedence=True)),
            ("an application whose default operator is AND", partial(read_lucene, default="and")),
        ],
    ),
}


def import_query(dialect: str, query: str) -> Imported:
    """The query in our language; DialectError where its own dialect would refuse it, or nothing is left."""
    if len(query) > LONGEST_QUERY:
        raise DialectError(LONGEST_QUERY, f"the query is longer than {LONGEST_QUERY} characters", "split it")
    reading, others = DIALECTS[dialect]
    changes: list[Change] = []
    taken = _read(query, reading, lambda *told: changes.append(Change(*told)))
    ambiguous = [
        Change(0, "", ChangeKind.AMBIGUOUS, f"for {name}, it would be {other}")
        for name, read in others
        if (other := _other(query, read)) != taken
    ]
    changes.sort(key=lambda change: change.at)
    return Imported(taken, (*ambiguous, *dict.fromkeys(changes)))


def _read(query: str, reading: Reading, log: Log) -> str:
    read = reading(query, log)
    if _depth(read) > DEEPEST_TREE:
        problem = f"nested deeper than {DEEPEST_TREE}, or more proximities in a chain"
        raise DialectError(0, problem, "split it")
    tree = fitted(read, log)
    if plurals := tuple(dict.fromkeys(_pluralled(tree))):
        listed = ", ".join(plurals[:6]) + (" …" if len(plurals) > 6 else "")
        says = "found with regular plurals there, and as written here: add $1, or OR the plural"
        log(0, listed, ChangeKind.NARROWER, says)
    return written(tree)


def _depth(node: Node) -> int:
    """How deep a tree is, found without going down it by calls."""
    deepest, left = 0, [(node, 1)]
    while left:
        each, depth = left.pop()
        deepest = max(deepest, depth)
        left += [(child, depth + 1) for child in _children(each)]
    return deepest


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case AllOf(_, clauses, vetoes):
            return (*clauses, *vetoes)
        case AnyOf(_, clauses):
            return clauses
        case Near():
            return (node.left, node.right)
        case Counted() | Cased() | First() | Fielded():
            return (node.child,)
        case _:
            return ()


def _pluralled(node: Node) -> Iterator[str]:
    """The words whose regular plurals the dialect finds unasked: no number, no wildcard, no plural."""
    match node:
        case Words(_, text, plurals=True):
            words = (word for word in text.split() if word.isascii() and word.isalpha())
            yield from (word for word in words if len(word) > 2 and word[-1] != "s")
        case _:
            for child in _children(node):
                yield from _pluralled(child)


def _other(query: str, reading: Reading) -> str:
    try:
        return _read(query, reading, lambda *_: None)
    except DialectError as error:
        return f"wrong: {error.problem}"
