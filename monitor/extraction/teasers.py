"""Blocks of a page that lead to other pages: links, lists of links, and boxes around a headline."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from monitor.extraction.cues import RELATED
from monitor.extraction.prose import clean, ends_sentence, folded, short, weight
from monitor.extraction.tree import HEADINGS, WHOLE, block_of, holds, length, mostly_linked, text_of

__all__ = ["linked_blocks", "teasers"]

_POINTERS = frozenset(":：|»›→▶")
_ARTICLE = 600  # letters beside the teasers: the page is not made of them
_TELLING = 20  # letters of a headline
_CARD = 500  # letters of a headline and its summary
_PHRASE = 200  # letters of a headline and an invitation


def linked_blocks(body: HtmlElement) -> Iterator[HtmlElement]:
    """Blocks that are nothing but links to elsewhere, and lists made of them."""
    linked: dict[HtmlElement, int] = defaultdict(int)
    for link in body.iter("a"):
        block = block_of(link)
        if block.tag in {"td", "th"} and _has_figures(block):
            continue
        if block.tag not in HEADINGS:
            linked[block] += length(link)
        if len(link) and _is_card(link):
            yield link
    full = dict.fromkeys(block for block, letters in linked.items() if _is_linked(block, letters))
    for listing in body.iter("ul", "ol", "dl"):
        hits = sum(entry in full or mostly_linked(entry) for entry in listing)
        if len(listing) > 1 and hits >= 0.7 * len(listing):
            yield listing
    yield from full


def _has_figures(cell: HtmlElement) -> bool:
    """Whether the cell is one of a row of figures: results and tables link the names in them."""
    row = cell.getparent()
    others = clean(" ".join(text_of(part) for part in row if part is not cell)) if row is not None else ""
    return any(map(str.isdigit, others)) and short(others, 20)


def _is_linked(block: HtmlElement, linked: int) -> bool:
    """Whether the block is a link, or a link with a date or a word or two beside it."""
    whole = length(block)
    if block.tag in WHOLE:
        return False
    if 2 * linked < whole:
        return block.tag == "p" and whole < _PHRASE and _invites(block)
    if block.tag == "p":
        return (
            _points(block)
            or _is_dated(block)
            or (linked >= 0.8 * whole and not short(clean(text_of(block)), 2))
        )
    return linked >= 0.8 * whole or whole - linked < 25


def _is_dated(block: HtmlElement) -> bool:
    """Whether the block is a linked headline with its date or hour, as in `Ferry late, 3 hours ago`."""
    text, links = clean(text_of(block)), block.findall(".//a")
    headline = clean(text_of(links[0])) if len(links) == 1 else ""
    beside = text.replace(headline, "", 1)
    if short(headline, 3) or ends_sentence(text) or not short(beside, 5):
        return False
    return any(map(str.isdigit, beside))


def _is_card(link: HtmlElement) -> bool:
    """Whether the link holds paragraphs of its own: a headline and its summary, not an unclosed anchor."""
    return (
        holds(link, "p")
        and not (link.get("href") or "#").startswith("#")
        and not holds(link, "h1")
        and length(link) < _CARD
    )


def _invites(block: HtmlElement) -> bool:
    """Whether the block is a headline and, at its end, a link such as "Read more" or an arrow."""
    link = next(reversed(block), None)
    if link is None or link.tag != "a" or (link.tail or "").strip():
        return False
    invitation = clean(text_of(link))
    cue = RELATED.match(invitation)
    if folded(invitation) and (cue is None or folded(invitation[cue.end() :])):
        return False
    before = clean(text_of(block)).removesuffix(invitation).rstrip()
    return weight(before) > _TELLING and not ends_sentence(before)


def _points(block: HtmlElement) -> bool:
    """Whether the block is a word or two, a colon, bar or arrow, and the link that these point to."""
    links = block.findall(".//a")
    text = clean(text_of(block))
    target = clean(text_of(links[0])) if len(links) == 1 else ""
    before = text.removesuffix(target).rstrip()
    if before == text or not short(before, 4) or 2 * len(target) < len(text):
        return False
    cue = RELATED.match(before)
    return before[-1:] in _POINTERS or (cue is not None and not folded(before[cue.end() :]))


def teasers(body: HtmlElement, path: str, title: str) -> Iterator[HtmlElement]:
    """Boxes around a heading that is a link to another page, unless the page is made of them.

    A link without text in the box is stretched over it.
    """
    boxes = {}
    stretched = {link.getparent(): link for link in body.iter("a") if not len(link) and not link.text}
    for heading in body.iter(*HEADINGS):
        link, box = _link_of(heading), None
        if link is None and stretched:
            box = _box_of(heading)
            link = next((stretched[part] for part in box.iter() if part in stretched), None)
        if link is None or _is_own(link.get("href", "#"), path) or clean(text_of(heading)) in title:
            continue
        boxes[heading] = _box_of(heading) if box is None else box
    boxed, whole = sum(length(box) for box in set(boxes.values())), length(body)
    if 2 * boxed < whole or whole - boxed > _ARTICLE:
        yield from boxes.values()


def _link_of(heading: HtmlElement) -> HtmlElement | None:
    """The link that the heading is, or stands in."""
    link = next(chain(heading.iter("a"), heading.iterancestors("a")), None)
    return link if link is not None and _is_linked(heading, length(link)) else None


def _is_own(href: str, path: str) -> bool:
    return href.startswith("#") or (len(path) > 1 and urlsplit(href).path == path)


def _box_of(heading: HtmlElement) -> HtmlElement:
    """The largest element around the heading that has no other heading and no more than a teaser's text."""
    box = heading
    for ancestor in heading.iterancestors():
        if ancestor.tag in {"body", "main", "html"} or length(ancestor) > length(heading) + 350:
            break
        if next(islice(ancestor.iter("h1", *HEADINGS), 1, None), None) is not None:
            break
        box = ancestor
    return box
