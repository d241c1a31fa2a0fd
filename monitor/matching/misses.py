"""By how much a clause missed: the nearest thing to a match that the article has."""

from itertools import pairwise

from monitor.matching.document import Document, Span
from monitor.matching.leaves import NamesLeaf, TermLeaf
from monitor.matching.nodes import (
    About,
    AllOf,
    AnyOf,
    AtLeast,
    Cased,
    Fact,
    First,
    Language,
    Leaf,
    Length,
    Mentioned,
    Near,
    Node,
    Scoped,
    Unit,
)
from monitor.matching.spans import Reach, count, gap, near

__all__ = ["miss_of"]

Scope = tuple[int, int]


def miss_of(node: Node, query: str, document: Document, scope: Scope) -> str:
    """What a clause that does not hold missed by, in words; empty where its own clauses say it."""
    match node:
        case Mentioned():
            return _of_term(node, document, scope)
        case AnyOf():
            return "none of these is found"
        case AllOf():
            return _of_all(node, query, document, scope)
        case Near():
            return _of_near(node, document, scope)
        case AtLeast():
            return f"found {count(node.child.value(document, *scope) or [])} of {node.times}"
        case First():
            return _of_first(node, document, scope)
        case Scoped():
            return _elsewhere(node, document)
        case About():
            return (
                f"neither in title nor lead, {count(node.child.value(document, *scope) or [])} of 3 mentions"
            )
        case Cased():
            return _of_case(node, document, scope)
        case Language():
            return f"the article's language is {document.article.language or 'unknown'}"
        case Length():
            return f"lead and body have {document.length} words"
        case Fact():
            return f"it is {'; '.join(text for text in node.texts(document.article) if text) or 'empty'}"
        case _:
            return ""


def _text(node: Node, query: str) -> str:
    return " ".join(query[node.at : node.end].split())


def _of_all(node: AllOf, query: str, document: Document, scope: Scope) -> str:
    lacking = [each for each in node.clauses if each.value(document, *scope) is None]
    if lacking:
        return "lacks " + ", ".join(_text(each, query) for each in lacking)
    present = [each for each in node.vetoes if each.value(document, *scope) is not None]
    return "forbidden by " + ", ".join(_text(each, query) for each in present)


def _of_term(node: Mentioned, document: Document, scope: Scope) -> str:
    everywhere = node.leaf.spans(document)
    if everywhere and scope != (0, document.size):
        return f"not here, but in {_fields(everywhere, document)}"
    beside = Document.of_text(document.article.furniture, document.article)
    if document.article.furniture and node.leaf.spans(beside):
        return "found only in boilerplate"
    return _of_leaf(node.leaf, document) or "not found"


def _of_leaf(leaf: Leaf, document: Document) -> str:
    if isinstance(leaf, TermLeaf) and leaf.check is not None:
        for pattern in leaf.patterns:
            for span in document.find(pattern):
                return f"written {document.written(span[0], span[1])!r}"
    if isinstance(leaf, NamesLeaf):
        return _of_names(leaf, document)
    return ""


def _of_names(leaf: NamesLeaf, document: Document) -> str:
    for name in leaf.names:
        for pattern in name.patterns:
            for first, after, _ in document.find(pattern):
                written = document.written(first, after)
                for blocker in leaf.blockers:
                    for low, high, _ in document.find(blocker):
                        if low <= first and after <= high:
                            return f"only as part of {document.written(low, high)!r}"
                if name.check is not None and not name.check(written):
                    return f"written {written!r}, wanted {name.text!r}"
                if name.needy and leaf.company is not None:
                    return f"{written!r} is found, but not in the company it needs"
    return ""


def _fields(spans: list[Span], document: Document) -> str:
    return ", ".join(dict.fromkeys(str(document.original(span[0], span[1])[0]) for span in spans[:200]))


def _of_near(node: Near, document: Document, scope: Scope) -> str:
    lefts, rights = node.left.value(document, *scope), node.right.value(document, *scope)
    if lefts is None or (rights is None and not node.negated):
        return "one side is not found"
    if node.negated:
        return "every place is near one that must not be"
    closest = near(lefts, rights or [], _same_field(document), ordered=node.ordered)
    if not closest:
        return "never in this order in one field" if node.ordered else "never in one field"
    if node.unit is Unit.WORDS:
        pairs = [pair for left in closest for pair in _distances(left)]
        order = " in this order" if node.ordered else ""
        return f"{'PRE' if node.ordered else 'NEAR'}/{node.distance}: closest {min(pairs)} words{order}"
    place = document.sentence_of if node.unit is Unit.SENTENCE else document.paragraph_of
    apart = min(place(span[1] - 1) - place(span[0]) for span in closest)
    return f"closest {apart} {node.unit}{'s' if apart > 1 else ''} apart"


def _same_field(document: Document) -> Reach:
    return lambda one, other: document.field_of(one[0]) == document.field_of(other[0])


def _distances(span: Span) -> list[int]:
    """The distances between neighbouring terms of a covering span."""
    places: list[Span] = [(first, after, ()) for first, after in span[2]]
    return [gap(one, other) for one, other in pairwise(places)] or [0]


def _of_first(node: First, document: Document, scope: Scope) -> str:
    found = node.child.value(document, *scope)
    if not found:
        return ""
    after = min(span[1] for span in found)
    return f"first found at word {after - document.field_of(after - 1)}, asked for within {node.words}"


def _elsewhere(node: Scoped, document: Document) -> str:
    found = node.child.value(document, 0, document.size)
    return f"not in {node.field}, but in {_fields(found, document)}" if found else f"not in {node.field}"


def _of_case(node: Cased, document: Document, scope: Scope) -> str:
    found = node.child.value(document, *scope)
    if not found:
        return ""
    first, after, _ = found[0]
    return f"written {document.written(first, after)!r}"
