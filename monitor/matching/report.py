"""A match put into words: mentions with their offsets, the best sentences, the entities."""

from collections.abc import Iterator

from monitor.matching.document import Document, Span
from monitor.matching.nodes import AllOf, Mentioned, Near, Node
from monitor.matching.rules import ReadyRule
from monitor.matching.spans import parts
from monitor.model import Excerpt, Field, Match, Mention

__all__ = ["best_excerpts", "excerpt_of", "match_of", "positive_terms"]

_MOST_MENTIONS = 500
_MOST_EXCERPTS = 3
_LONGEST_EXCERPT = 500
_BEFORE_MARK = 160


def match_of(ready: ReadyRule, spans: list[Span], document: Document) -> Match:
    """The match of a rule whose value these spans are."""
    rule = ready.rule
    terms = list(positive_terms(ready.tree(rule.match)))
    places = _places(spans)
    score = ready.score(document)
    return Match(
        watchlist=ready.watchlist,
        rule=rule.id,
        title=rule.title or rule.id,
        severity=ready.severity(score),
        mentions=_mentions(places, terms, document),
        excerpts=_best(places, document, _MOST_EXCERPTS),
        labels=rule.labels,
        entities=tuple(
            dict.fromkeys(term.entity for term in terms if term.entity and term.leaf.spans(document))
        ),
        score=score,
        held=ready.held(document),
    )


def positive_terms(node: Node) -> Iterator[Mentioned]:
    """The terms and entities of a query, without those it forbids."""
    if isinstance(node, Mentioned):
        yield node
        return
    wanted = node.children
    if isinstance(node, AllOf):
        wanted = node.clauses
    elif isinstance(node, Near) and node.negated:
        wanted = (node.left,)
    for child in wanted:
        yield from positive_terms(child)


def _places(spans: list[Span]) -> list[tuple[int, int]]:
    """The terms' own places, in order, without those inside a longer one."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(
        {part for span in spans for part in parts(span)}, key=lambda part: (part[0], -part[1])
    ):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept[:_MOST_MENTIONS]


def _mentions(
    places: list[tuple[int, int]], terms: list[Mentioned], document: Document
) -> tuple[Mention, ...]:
    labels: dict[tuple[int, int], str] = {}
    for term in terms:
        for span in term.leaf.spans(document):
            for part in parts(span):
                labels.setdefault(part, term.label)
    mentions = []
    for first, after in places:
        field, start, end = document.original(first, after)
        text = document.article.text(field)[start:end]
        label = labels.get((first, after), text)
        mentions.append(Mention(term=label, field=field, start=start, end=end, text=text))
    return tuple(mentions)


def best_excerpts(spans: list[Span], document: Document, most: int = _MOST_EXCERPTS) -> tuple[Excerpt, ...]:
    """The sentences with the most different words marked, those outside the title first."""
    return _best(_places(spans), document, most)


def _best(places: list[tuple[int, int]], document: Document, most: int) -> tuple[Excerpt, ...]:
    sentences: dict[int, list[tuple[int, int]]] = {}
    for first, after in places:
        sentences.setdefault(document.sentence_of(first), []).append((first, after))

    def worth(places: list[tuple[int, int]]) -> tuple[int, bool, int, int]:
        different = {document.data[document.gaps[first] : document.gaps[after]] for first, after in places}
        titled = document.field_of(places[0][0]) == 0
        return (-len(different), titled, -len(places), places[0][0])

    return tuple(excerpt_of(places, document) for places in sorted(sentences.values(), key=worth)[:most])


def excerpt_of(places: list[tuple[int, int]], document: Document) -> Excerpt:
    """The sentence of the first of these places, with all that lie in it marked; long ones are cut.

    Where nothing parts two of them, as in Chinese, one mark is on both.
    """
    field, start, end = document.sentence(places[0][0])
    marks = list[tuple[int, int]]()
    for first, after in places:
        _, low, high = document.original(first, after)
        if marks and low <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(high, marks[-1][1]))
        else:
            marks.append((low, high))
    end = max(end, marks[0][1])
    return _cut(field, document.article.text(field), (start, end), marks)


def _cut(field: Field, text: str, sentence: tuple[int, int], marks: list[tuple[int, int]]) -> Excerpt:
    start, end = sentence
    before = after = ""
    if end - start > _LONGEST_EXCERPT:
        low = max(start, marks[0][0] - _BEFORE_MARK)
        high = min(end, low + _LONGEST_EXCERPT)
        before, after = "…" if low > start else "", "…" if high < end else ""
        start, end = low, high
    shift = len(before) - start
    kept = tuple((low + shift, high + shift) for low, high in marks if start <= low and high <= end)
    return Excerpt(field=field, text=f"{before}{text[start:end]}{after}", marks=kept)
