"""What stands behind an article's last sentence: pagers, rights, calls, portraits, other headlines."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from monitor.extraction.blocks import Block, Known, Role, Shape, headline_like
from monitor.extraction.cues import FOOT, PAGER, RELATED, RIGHTS, SIGN_OFF
from monitor.extraction.lines import POINTERS, announces, claims_rights, names_contact
from monitor.extraction.prose import ends_sentence, folded, short, weight

__all__ = ["cut_pager", "cut_tail", "leads_on"]

_COLONS = frozenset(":：")
_COMMAS = frozenset(",，،、")
_NO_PERSON = re.compile(
    r"reuters|press|news|agen|reda[kc]|xinhua|yonhap|tass|interfax|bloomberg|staff|desk|\d"
)
_PAGER_SPAN = 8
_LED_TO = 2
_TITLED = 80  # letters of Latin script: a longer title is no sentence
_FRAGMENT = 25  # letters: fewer are a word or two of the page
_PROSE = 180  # letters of Latin script: no headline is longer


def cut_pager(blocks: Sequence[Block], roles: list[Role]) -> None:
    """Previous and Next with the titles they lead to, at the end, also as plain paragraphs."""
    first = max(1, len(blocks) - _PAGER_SPAN)
    for place in range(first, len(blocks)):
        if _is_pager([block.text for block in blocks[place:]]):
            roles[place:] = [Role.FURNITURE] * (len(blocks) - place)
            return


def _is_pager(texts: Sequence[str]) -> bool:
    """Whether the texts are pager's words, each with no more than a title and a date or line behind it."""
    behind = _LED_TO
    for text in texts:
        behind = 0 if leads_on(text) else behind + 1
        if behind > _LED_TO or not short(text, 30) or (weight(text) > _TITLED and ends_sentence(text)):
            return False
    return True


def leads_on(text: str, *, alone: bool = False) -> bool:
    """The pager's word alone, or with a colon or arrow before the title; not "Next week the court …"."""
    cue = PAGER.match(text)
    if cue is None:
        return False
    rest = text[cue.end() :].lstrip()
    return not folded(rest) or (not alone and rest[:1] in POINTERS)


def cut_tail(blocks: Sequence[Block], roles: list[Role], known: Known) -> None:
    """Copyright, calls to follow, the author's portrait and other headlines after the last sentence."""
    if not _ends_sentences(
        block.text for block, role in zip(blocks, roles, strict=True) if role is Role.TEXT
    ):
        return
    for place in range(len(blocks) - 1, 0, -1):
        if roles[place] is not Role.TEXT:
            continue
        if not _closes(blocks[place], known.bylines) or _is_introduced(blocks, place):
            return
        roles[place] = Role.FURNITURE


def _ends_sentences(texts: Iterable[str]) -> bool:
    """Whether the article sets full stops; Thai does not, nor do some authors: no headline shows there."""
    ends = {text: ends_sentence(text) and text[-1] not in _COLONS for text in texts}
    prose = [ends[text] for text in ends if weight(text) > _PROSE]
    return 2 * sum(prose) >= len(prose) and any(ends.values())


def _is_introduced(blocks: Sequence[Block], place: int) -> bool:
    """Whether the block stands in a list that a sentence with a colon, or a heading, opens.

    Below a heading a list has several entries that tell something.
    """
    if blocks[place].shape is not Shape.LIST:
        return False
    first = next((n for n in range(place, -1, -1) if blocks[n].shape is not Shape.LIST), -1)
    if first < 0 or announces(blocks[first].text):
        return False
    if blocks[first].text[-1:] in _COLONS:
        return True
    entries = blocks[first + 1 : place + 1]
    return (
        blocks[first].shape is Shape.HEADING
        and (len(entries) > 1 or place + 1 < len(blocks))
        and all(weight(entry.text) > _FRAGMENT for entry in entries)
    )


def _closes(block: Block, bylines: AbstractSet[str]) -> bool:
    text = block.text
    if _speaks_of_page(text) or (short(text, 120) and any(_portrays(text, name) for name in bylines)):
        return True
    if short(text, 14) and text[-1:] in _COLONS:
        return True  # what it opened was cut
    return headline_like(block) and block.shape is not Shape.ROW and not _is_verse(text)


def _speaks_of_page(text: str) -> bool:
    if not short(text, 60):
        return False
    if SIGN_OFF.match(text) or claims_rights(text):
        return True
    if short(text, 20) and (RIGHTS.search(text) or names_contact(text)):
        return True
    if ends_sentence(text):
        return short(text, 5) and FOOT.match(text) is not None
    return FOOT.match(text) is not None or RELATED.match(text) is not None


def _portrays(text: str, byline: str) -> bool:
    """Whether the text is about the person who wrote the article; an agency may say what it has seen."""
    return folded(text[:80]).startswith(byline) and _NO_PERSON.search(byline) is None


def _is_verse(line: str) -> bool:
    """Whether a sentence goes on before or behind the line."""
    return line[-1:] in _COMMAS or (line[0].islower() and weight(line) > _FRAGMENT)
