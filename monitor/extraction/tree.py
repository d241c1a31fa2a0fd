"""A page's element tree: parsed, measured, pruned."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from lxml import etree
from lxml.html import HtmlElement

from monitor.extraction.prose import clean

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "BLOCKS",
    "HEADINGS",
    "WHOLE",
    "block_of",
    "count_elements",
    "drop",
    "holds",
    "holds_text",
    "length",
    "link_length",
    "mostly_linked",
    "parse",
    "text_of",
]

HEADINGS = ("h2", "h3", "h4", "h5", "h6")
BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"}
    | {"li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "tr", "ul"}
)
WHOLE = frozenset({"html", "body", "main", "h1", "article"})  # never furniture as a whole
# what XML has no place for, and what an element's text cannot be set to
_CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\r")
_NO_CHARACTERS = re.compile(b"\xef\xbf[\xbe\xbf]")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>]*>|<\?xml[^>]*\?>", re.IGNORECASE)
# lxml.html chooses a class for each element in Python; one class for all, chosen in C, is much faster
_ONE_CLASS = etree.ElementDefaultClassLookup(element=HtmlElement)
_COUNT = cast("Callable[[HtmlElement], float]", etree.XPath("count(//*)"))
_TEXTS = cast("Callable[[HtmlElement], list[str]]", etree.XPath("descendant::text()", smart_strings=False))
_LINKED = cast(
    "Callable[[HtmlElement], list[str]]", etree.XPath("descendant-or-self::a//text()", smart_strings=False)
)


def parse(text: str) -> HtmlElement | None:
    """The page's tree, or None where there is no markup at all; a line break parts words."""
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    parser.set_element_class_lookup(_ONE_CLASS)
    markup = (_DOCTYPE.sub("", text[:1000]) + text[1000:]).encode("utf-8", "ignore")
    markup = _NO_CHARACTERS.sub(b"", markup.translate(None, _CONTROLS))
    # indentation goes, or an element's length would tell how deep it stands
    markup = b"\n".join(filter(None, map(bytes.strip, markup.split(b"\n"))))
    tree = etree.fromstring(markup, parser=parser) if markup.strip() else None
    if not isinstance(tree, HtmlElement) or not len(tree):
        return None
    for line_break in tree.iter("br"):
        line_break.tail = f" {line_break.tail or ''}"
    return tree


def count_elements(tree: HtmlElement) -> int:
    """How many elements the tree has."""
    return int(_COUNT(tree))


def text_of(element: HtmlElement) -> str:
    """All text in the element: what `text_content` says, at a third of its price."""
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def length(element: HtmlElement) -> int:
    """How many letters the element holds."""
    return len(text_of(element))


def link_length(element: HtmlElement) -> int:
    """How many of its letters stand in links."""
    return sum(map(len, _LINKED(element)))


def mostly_linked(element: HtmlElement) -> bool:
    """Whether more than six letters in ten stand in links."""
    return 10 * link_length(element) > 6 * max(1, length(element))


def holds(element: HtmlElement, tag: str) -> bool:
    """Whether an element of that tag stands in this one."""
    return next(element.iterdescendants(tag), None) is not None


def holds_text(element: HtmlElement) -> bool:
    """Whether the element is a paragraph: <p>, or a <div> set as one."""
    return element.tag == "p" or (element.tag == "div" and len((element.text or "").strip()) > 60)


def drop(elements: Iterable[HtmlElement]) -> list[str]:
    """Remove elements with all they hold; their texts. What follows an element stays."""
    texts = []
    for element in list(elements):
        if element.getparent() is None:
            continue
        texts.append(clean(" ".join(_TEXTS(element))))
        element.drop_tree()
    return [text for text in texts if text]


def block_of(link: HtmlElement) -> HtmlElement:
    """The block that a link or picture stands in; itself where it stands in none."""
    block = link.getparent()
    while block is not None and block.tag not in BLOCKS:
        block = block.getparent()
    return link if block is None else block
