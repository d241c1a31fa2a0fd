"""Furniture that shows only by repetition: paragraphs that a source sets under many of its articles.

The store counts, this module decides. A paragraph's fingerprint is kept for each article; one that stands
in several other articles of the same source says nothing of this one.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b

from monitor.extraction.prose import folded, join, short
from monitor.model import Article

__all__ = ["fingerprints", "without_repeated"]

_SHORT_REPEATS, _LONG_REPEATS = 2, 5


def fingerprints(article: Article) -> frozenset[int]:
    """A 63-bit number for each paragraph of lead, body and caption; equal for paragraphs that read alike."""
    return frozenset(map(_fingerprint, _paragraphs(article.lead, article.body, article.caption)))


def without_repeated(article: Article, counts: Mapping[int, int]) -> Article:
    """The article with its source's repeated paragraphs among its furniture.

    `counts` says in how many other articles of the source each fingerprint stands. A short paragraph goes
    when it stands in two others, a long one (wires repeat their background) only in five. Where more than
    half would go, the article is a copy or an update of another one, and stays as it is.
    """
    paragraphs = _paragraphs(article.lead, article.body, article.caption)
    repeated = {text for text in paragraphs if _is_repeated(text, counts.get(_fingerprint(text), 0))}
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
