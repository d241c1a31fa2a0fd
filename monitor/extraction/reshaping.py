"""A page's tree set as articles are: layout tables and lists unfolded, lines and boxes made paragraphs."""

from collections import Counter
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from monitor.extraction.prose import clean, ends_sentence, weight
from monitor.extraction.tree import BLOCKS, holds, mostly_linked, text_of

__all__ = ["reshape"]

_SENTENCE = 60  # letters of Latin script
_PARAGRAPHS = 2  # of a text, at least
_PASSAGE = 25  # letters between paragraphs: less is a comma or a number


def reshape(body: HtmlElement) -> None:
    """Change the tree so that its paragraphs are elements of their own."""
    _flatten(body)
    _split_lines(body)
    _set_boxes(body)


def _flatten(body: HtmlElement) -> None:
    """Tables and lists that lay out the page become plain containers: they are no figures, no entries.

    So do quotations around tables: trafilatura runs the cells of those together.
    """
    for table in body.iter("table"):
        for quotation in table.iterancestors("blockquote"):
            quotation.tag = "div"
    for table in list(body.iter("table")):
        if holds(table, "h1") or len(list(islice(table.iter("p"), 2))) > 1:
            for part in table.iter("table", "tbody", "tr", "td"):
                part.tag = "div"
    entries = Counter(
        above
        for part in body.iter("p")
        if next(part.iterancestors("li"), None) is not None
        for above in islice(part.iterancestors(), 5)
        if above.tag == "li"
    )
    for entry, count in entries.items():
        listing = entry.getparent()
        if count > 2 and listing is not None and listing.tag in {"ul", "ol"}:
            listing.tag = entry.tag = "div"


def _split_lines(body: HtmlElement) -> None:
    """Text set with <br> in a bare container, or bare beside paragraphs, becomes paragraphs."""
    breaks = Counter(line_break.getparent() for line_break in body.iter("br"))
    mixed = {
        part.getparent(): 2 for part in body.iter("p", "div") if len((part.tail or "").strip()) > _PASSAGE
    }
    for block, count in (breaks | Counter(mixed)).items():
        if count > 1 and block.tag in {"div", "td", "section", "article", "center"}:
            _wrap_lines(block)


def _wrap_lines(block: HtmlElement) -> None:
    children = list(block)
    for part in block.iter("div"):
        if part is not block and not any(inner.tag in BLOCKS for inner in part):
            part.tag = "p"
    line = etree.SubElement(block, "p")
    line.text, block.text = block.text, None
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag == "br" or child.tag in BLOCKS:
            block.append(child)
            line = etree.SubElement(block, "p")
            line.text = tail
        else:
            child.tail = tail
            line.append(child)


def _set_boxes(body: HtmlElement) -> None:
    """A sentence in a box of its own among paragraphs becomes a paragraph."""
    for container, count in Counter(part.getparent() for part in body.iter("p")).items():
        if count < _PARAGRAPHS:
            continue
        for box in container.iterchildren("div"):
            if not any(part.tag in BLOCKS for part in box.iterdescendants()) and _is_sentence(box):
                box.tag = "p"


def _is_sentence(box: HtmlElement) -> bool:
    text = clean(text_of(box))
    return weight(text) > _SENTENCE and ends_sentence(text) and not mostly_linked(box)
