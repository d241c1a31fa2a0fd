"""Captions of an article's pictures, told from those of slide shows and of other stories."""

from collections.abc import Iterator

from lxml.html import HtmlElement

from monitor.extraction.classes import names_caption, names_slides
from monitor.extraction.lines import is_credited
from monitor.extraction.prose import clean, short
from monitor.extraction.tree import block_of, holds_text, length, text_of

__all__ = ["captions", "in_slides"]


def captions(body: HtmlElement) -> Iterator[tuple[int, HtmlElement]]:
    """Captions and the number of paragraphs before each."""
    place = 0
    outer: HtmlElement | None = None
    for element in body.iter():
        place += holds_text(element)
        named = element.tag == "figcaption" or names_caption(element.get("class", ""))
        if named and length(element) < 1000:
            if outer is None or outer not in element.iterancestors():
                outer = element
                yield place, element
        elif element.tag == "img":
            below = _below_picture(element)
            if below is not None:
                yield place, below


def _below_picture(picture: HtmlElement) -> HtmlElement | None:
    """The nameless paragraph under a picture that ends in a photo credit."""
    block = block_of(picture)
    for place in (block, block.getnext()):
        if place is not None and place.tag in {"p", "div", "td"} and 0 < length(place) < 500:
            text = clean(text_of(place))
            return place if short(text, 60) and is_credited(text) else None
    return None


def in_slides(caption: HtmlElement) -> bool:
    """Whether the caption belongs to a slide show, a list of pictures or a linked picture."""
    return any(
        above.tag in {"a", "li"} or names_slides(f"{above.get('class', '')} {above.get('id', '')}")
        for above in caption.iterancestors("a", "div", "ul", "li", "section")
    )
