"""A fitted tree as a query in our language."""

import re

from monitor.dialects.tree import (
    AllOf,
    AnyOf,
    Cased,
    Counted,
    Fact,
    Fielded,
    First,
    Near,
    Node,
    Unit,
    Words,
)

__all__ = ["written"]

_RESERVED = re.compile(
    r"(?i)and|or|not|near(/?\d+)?|onear(/?\d+)?|pre/?\d+|adj(/?\d+)?|atleast\d*|first\d+|/\w+/?"
    r"|(?:w|n|within)/\d+|&&|\|\||about|caps|allcaps|nocaps|exact"
)
_PLAIN = re.compile(r"[^\W_][\w.'’&?-]*\*?(?:\$\d+)?")


def written(node: Node) -> str:
    """The query; what ours reads one way only is not put in parentheses."""
    match node:
        case Words():
            return _words(node)
        case Fact(_, text):
            return text
        case AllOf(_, clauses, vetoes):
            wanted = " AND ".join(_held(each, AnyOf, AllOf) for each in clauses)
            return wanted + "".join(f" AND NOT {_held(each, AnyOf, AllOf)}" for each in vetoes)
        case AnyOf(_, clauses):
            return " OR ".join(_held(each, AllOf) for each in clauses)
        case Near():
            left, right = (_held(side, AnyOf, AllOf, Near) for side in (node.left, node.right))
            return f"{left} {_operator(node)} {right}"
        case Fielded(_, names, child):
            return f"{names[0]}:{_held(child, AnyOf, AllOf, Near)}"
        case Counted(_, times, child):
            return f"atleast{times}({written(child)})"
        case First(_, words, child):
            return f"first{words}({written(child)})"
        case Cased(_, case, child):
            return f"{case}({written(child)})"
        case _:
            raise AssertionError("a fitted tree has lost nothing")


def _held(node: Node, *kinds: type[Node]) -> str:
    text = written(node)
    return f"({text})" if isinstance(node, kinds) else text


def _operator(node: Near) -> str:
    if node.unit is Unit.WORDS:
        operator = f"{'PRE' if node.ordered else 'NEAR'}/{node.distance}"
    else:
        operator = str(node.unit)
    return f"NOT {operator}" if node.negated else operator


def _words(node: Words) -> str:
    if node.slip:
        return f"{node.text}~1"
    if node.slop >= 0:
        return f'"{node.text}"~{node.slop}'
    if _PLAIN.fullmatch(node.text) and not _RESERVED.fullmatch(node.text):
        return node.text
    return f'"{node.text}"'
