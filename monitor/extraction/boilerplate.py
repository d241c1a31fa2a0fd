"""Which paragraphs of an extracted text are furniture: pure decisions on blocks and their neighbours."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from monitor.extraction.cues import BYLINE, CREDIT, FOOT, PAGER, RELATED
from monitor.extraction.prose import ends_sentence, folded, short

__all__ = ["Block", "Role", "Shape", "judge"]

_DATE = re.compile(r"(?=.*\d)[\w\s.,:/|·–—+()年月日時分-]{1,60}$")
_PAGER_SPAN = 8


class Shape(StrEnum):
    """How the page sets a block."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    ROW = "row"


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


def judge(blocks: Sequence[Block], headlines: AbstractSet[str] = frozenset(), byline: str = "") -> list[Role]:
    """The role of each block. `headlines` are the article's own titles, folded (they are not repeated)."""
    roles = [_alone(block, headlines, byline) for block in blocks]
    _cut_followers(blocks, roles)
    _cut_opening(blocks, roles)
    _cut_pager(blocks, roles)
    _cut_tail(blocks, roles)
    return roles


def _headline_like(block: Block) -> bool:
    return short(block.text, 25) and not ends_sentence(block.text)


def _alone(block: Block, headlines: AbstractSet[str], byline: str) -> Role:
    """What a block shows by itself."""
    text = block.text
    letters = folded(text)
    if not letters or letters in headlines or (byline and letters == folded(byline)):
        return Role.FURNITURE
    if RELATED.match(text) and (short(text, 6) or _announces(text)):
        return Role.FURNITURE
    if block.shape is Shape.PARAGRAPH and short(text, 60) and _is_credited(text):
        return Role.CAPTION
    return Role.TEXT


def _is_credited(text: str) -> bool:
    """Whether a paragraph ends in a photo credit and not as a sentence of the article would."""
    return not ends_sentence(text.rstrip(")]）】.")) and CREDIT.search(text) is not None


def _announces(text: str) -> bool:
    """A cue, then a colon, bar or arrow, and no more than a headline, as in `Read also: Troops arrive`."""
    cue = RELATED.match(text)
    return (
        cue is not None
        and short(text, 40)
        and text[cue.end() :].lstrip()[:1]
        in {":", "：", "|", "–", "—", "-", "›", "»", ">", "→", "▶", "。", "】", "]"}
    )


def _cut_followers(blocks: Sequence[Block], roles: list[Role]) -> None:
    """After a bare announcement ("Related stories") headlines follow: they go with it."""
    following = False
    for place, block in enumerate(blocks):
        if RELATED.match(block.text) and short(block.text, 6):
            following = True
        elif following and _headline_like(block):
            roles[place] = Role.FURNITURE
        else:
            following = False


def _cut_opening(blocks: Sequence[Block], roles: list[Role]) -> None:
    """Bylines, dates, section names and share buttons before the first sentence."""
    for place, block in enumerate(blocks):
        if roles[place] is not Role.TEXT:
            continue
        if not short(block.text, 14) or ends_sentence(block.text):
            return
        if (
            short(block.text, 2)
            or BYLINE.match(block.text)
            or FOOT.match(block.text)
            or _DATE.match(block.text)
        ):
            roles[place] = Role.FURNITURE


def _cut_pager(blocks: Sequence[Block], roles: list[Role]) -> None:
    """Previous and Next with the titles they lead to, at the end, also as plain paragraphs."""
    first = max(1, len(blocks) - _PAGER_SPAN)
    for place in range(first, len(blocks)):
        rest = blocks[place:]
        if (
            PAGER.match(blocks[place].text)
            and _leads_on(blocks[place].text)
            and all(short(block.text, 30) for block in rest)
        ):
            roles[place:] = [Role.FURNITURE] * len(rest)
            return


def _leads_on(text: str) -> bool:
    """The pager's word alone, or with a colon or arrow before the title; not "Next week the court …"."""
    cue = PAGER.match(text)
    return cue is not None and (
        not folded(text[cue.end() :])
        or text[cue.end() :].lstrip()[:1] in {":", "：", "›", "»", ">", "→", "|"}
    )


def _cut_tail(blocks: Sequence[Block], roles: list[Role]) -> None:
    """Copyright, calls to follow and headlines of other stories after the last sentence."""
    if not any(
        role is Role.TEXT and ends_sentence(block.text) for block, role in zip(blocks, roles, strict=True)
    ):
        return
    for place in range(len(blocks) - 1, 0, -1):
        block = blocks[place]
        if roles[place] is not Role.TEXT:
            continue
        footing = FOOT.match(block.text) and short(block.text, 60)
        if not footing and (block.shape is Shape.ROW or not _headline_like(block)):
            return
        roles[place] = Role.FURNITURE
