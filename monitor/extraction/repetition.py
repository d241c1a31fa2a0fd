"""Furniture that shows only by repetition: paragraphs that a source sets under many of its articles.

The store counts, this module decides. A paragraph's fingerprint is kept for each article; one that stands
in several other articles of the same source, or is the headline of another, says nothing of this one.
"""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b

from monitor.extraction.prose import folded, join, short, weight
from monitor.model import Article, Echoes, FeedEntry

__all__ = ["fingerprints", "headline_fingerprints", "without_repeated"]

_SHORT_REPEATS, _LONG_REPEATS = 2, 5
_HEADLINE = 16  # letters of Latin script: "Analysis" may be a heading, too


def fingerprints(article: Article) -> frozenset[int]:
    """A 63-bit number for each paragraph of lead, body and caption; equal for paragraphs that read alike."""
    return frozenset(map(_fingerprint, _paragraphs(article.lead, article.body, article.caption)))


def headline_fingerprints(entries: Iterable[FeedEntry]) -> frozenset[int]:
    """The numbers of the headlines that are long enough to be known for one."""
    return frozenset(_fingerprint(entry.title) for entry in entries if weight(entry.title) >= _HEADLINE)


def without_repeated(article: Article, echoes: Echoes) -> Article:
    """The article with what its source says elsewhere among its furniture.

    A short paragraph goes when it stands in two other articles, a long one (wires repeat their background)
    only in five; one below the lead goes at once where it is another article's headline. Where more than
    half would go, the article is a copy or an update of another one, and stays as it is.
    """
    if not echoes.counts and not echoes.headlines:
        return article
    paragraphs = _paragraphs(article.lead, article.body, article.caption)
    numbers = {text: _fingerprint(text) for text in paragraphs}
    teasers = set(_paragraphs(article.body, article.caption))
    repeated = {
        text
        for text, number in numbers.items()
        if _is_repeated(text, echoes.counts.get(number, 0))
        or (text in teasers and number in echoes.headlines)
    }
    if not repeated or 2 * sum(map(len, repeated)) > sum(map(len, paragraphs)):
        return article
    lead, body, caption = (
        [text for text in _paragraphs(field) if text not in repeated]
        for field in (article.lead, article.body, article.caption)
    )
    if not lead:
        lead, body = body[:1], body[1:]
    return replace(
        article,
        lead=join(lead),
        body=join(body),
        caption=join(caption),
        furniture=join(filter(None, [article.furniture, *(text for text in paragraphs if text in repeated)])),
    )


def _is_repeated(text: str, count: int) -> bool:
    return count >= (_SHORT_REPEATS if short(text, 40) else _LONG_REPEATS)


def _paragraphs(*fields: str) -> list[str]:
    return [text for field in fields for text in field.split("\n") if text]


def _fingerprint(text: str) -> int:
    return int.from_bytes(blake2b(folded(text).encode(), digest_size=8).digest(), "big") >> 1
