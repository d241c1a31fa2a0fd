"""The paragraphs of an extracted text as judges see them, and what they make of each."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from monitor.extraction.cues import PICTURED
from monitor.extraction.prose import ends_sentence, short, weight

__all__ = ["LINES", "Block", "Known", "Role", "Shape", "headline_like", "is_wired"]

_TITLE = 180  # letters of Latin script
_STATED = re.compile(r".{40,}?[^\W\d_]{3}[.!?…][\"'”’»)\]]*\s|.{16,}?[。！？]|(?:.{3,}?，){2}", re.DOTALL)
_WIRED = re.compile(r"[.!?…。][\"'”’»]*\s*[(\[（](?:[^)\]）]{2,20})[)\]）]\.?$")


class Shape(StrEnum):
    """How the page sets a block."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    ROW = "row"


LINES = (Shape.PARAGRAPH, Shape.HEADING)
"""Shapes that headlines of other stories come in."""


class Role(StrEnum):
    """What a block is, and so where it goes."""

    TEXT = "text"
    CAPTION = "caption"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list entry or table row of an extracted page."""

    text: str
    shape: Shape = Shape.PARAGRAPH


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an article before its blocks are judged; texts are folded, empty where unknown.

    `headlines` are its own titles (the text does not repeat them), `bylines` its authors, `body` the text
    that the page gives machines (JSON-LD's articleBody).
    """

    headlines: AbstractSet[str] = frozenset()
    bylines: AbstractSet[str] = frozenset()
    body: str = ""


def headline_like(block: Block) -> bool:
    """Whether the block is as long as a headline and no sentence: nor one with initials or a place behind."""
    text = block.text
    if not short(text, 25) or weight(text) >= _TITLE or ends_sentence(text) or is_wired(text):
        return False
    return _STATED.match(text) is None


def is_wired(text: str) -> bool:
    """Whether a sentence ends in the agency that reports it, as in `He did not answer. (Reuters)`."""
    signed = _WIRED.search(text)
    return signed is not None and PICTURED.search(signed[0]) is None
