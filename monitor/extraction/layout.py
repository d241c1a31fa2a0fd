"""A page's tree relieved of its furniture and captions before the text is extracted."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from monitor.extraction.boilerplate import is_credited
from monitor.extraction.classes import (
    most_that_goes,
    names_caption,
    names_furniture,
    names_slides,
    names_standfirst,
)
from monitor.extraction.cues import PAGER, RELATED
from monitor.extraction.prose import clean, ends_sentence, folded, short, weight

__all__ = ["Cleared", "clear", "count_elements", "headings", "missed", "parse", "standfirst"]

_INVISIBLE = ("script", "style", "template", "svg", "noscript", "iframe")
_FURNITURE_TAGS = frozenset({"nav", "aside", "footer", "form", "button", "dialog", "select"})
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"}
    | {"li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "tr", "ul"}
)
_NEVER = frozenset({"html", "body", "main", "h1", "article"})
_TOLD = frozenset({"description", "alternativeHeadline", "abstract"})
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>]*>|<\?xml[^>]*\?>", re.IGNORECASE)
# lxml.html chooses a class for each element in Python; one class for all, chosen in C, is much faster
_ONE_CLASS = etree.ElementDefaultClassLookup(element=HtmlElement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What was taken out of a tree: captions of the article's pictures, and furniture."""

    captions: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()


def parse(text: str) -> HtmlElement | None:
    """The page's tree, or None where there is no markup at all."""
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    parser.set_element_class_lookup(_ONE_CLASS)
    text = text.replace("\x00", "")
    markup = _DOCTYPE.sub("", text[:1000]) + text[1000:]
    tree = etree.fromstring(markup.encode("utf-8", "ignore"), parser=parser) if markup.strip() else None
    return tree if isinstance(tree, HtmlElement) and len(tree) else None


def count_elements(tree: HtmlElement) -> int:
    """How many elements the tree has."""
    return int(tree.xpath("count(//*)"))


def headings(tree: HtmlElement) -> list[str]:
    """The texts of the page's h1 elements."""
    return [clean(heading.text_content()) for heading in tree.iter("h1")]


def standfirst(tree: HtmlElement) -> str:
    """The sentence between headline and text that tells the article; it often stands outside the body."""
    headline = next(tree.iter("h1"), None)
    if headline is None:
        return ""
    for element in headline.iterancestors("header", "div", "section", "article", "main"):
        for part in islice(element.iter("p", "div", "h2", "h3"), 40):
            told = part.get("itemprop") in _TOLD or names_standfirst(part.get("class", ""))
            text = clean(part.text_content()) if told else ""
            if 30 < weight(text) < 800 and part.find(".//a") is None:
                return text
        if _length(element) > 3000:
            return ""
    return ""


def clear(tree: HtmlElement, url: str = "", title: str = "") -> Cleared:
    """Take furniture and captions out of the tree, and say what they were.

    The sure and large things go first, so that the finer rules look at little. `url` and `title` are the
    page's own: a headline or a live blog's post that links to its own page is no teaser.
    """
    body = tree.find("body")
    if body is None:
        return Cleared()
    for element in list(tree.iter(*_INVISIBLE)):
        element.drop_tree()
    _flatten_tables(body)
    _split_lines(body)
    cut: list[str] = []
    for furniture in (
        _by_name(body),
        _by_cue(body),
        _by_links(body),
        _teasers(body, urlsplit(url).path, title),
    ):
        cut += _drop(furniture)
    captions = list(_captions(body))
    slides = [caption for caption in captions if _in_slides(caption)]
    cut += _drop(slides)
    return Cleared(captions=tuple(_drop(captions)), furniture=tuple(cut))


def missed(tree: HtmlElement, texts: Sequence[str]) -> list[tuple[int, str]]:
    """Paragraphs set like those of the text, but left out of it: (how many texts stand before, paragraph).

    A body in several containers of one class is read only as far as its first; a second article on the
    page (its own headline, its own <article>) is not looked at.
    """
    places = {folded(text): place for place, text in enumerate(texts, start=1)}
    found: list[tuple[int, str]] = []
    settings: set[tuple[str, str, HtmlElement | None]] = set()
    place = 0
    for element in tree.iter("p", "h1"):
        text = clean(element.text_content())
        setting = _setting(element)
        if element.tag == "h1" and place:
            break
        if (known := places.get(folded(text), 0)) > 0:
            place = max(place, known)
            settings.add(setting)
        elif (
            setting in settings and weight(text) > 60 and ends_sentence(text) and not _mostly_linked(element)
        ):
            found.append((place, text))
    return found


def _setting(paragraph: HtmlElement) -> tuple[str, str, HtmlElement | None]:
    """How a paragraph is set: its parent's tag and class, and the <article> it stands in."""
    parent = paragraph.getparent()
    if parent is None:
        return "", "", None
    return parent.tag, parent.get("class", ""), next(paragraph.iterancestors("article"), None)


def _length(element: HtmlElement) -> int:
    return len(element.text_content())


def _substance(element: HtmlElement) -> int:
    """The length of the text outside links."""
    return _length(element) - _link_length(element)


def _link_length(element: HtmlElement) -> int:
    return sum(_length(link) for link in element.iter("a"))


def _drop(elements: Iterable[HtmlElement]) -> list[str]:
    """Remove elements with all they hold; their texts. What follows an element stays."""
    texts = []
    for element in list(elements):
        if element.getparent() is None:
            continue
        texts.append(clean(" ".join(element.itertext())))
        element.drop_tree()
    return [text for text in texts if text]


def _by_name(body: HtmlElement) -> Iterator[HtmlElement]:
    """Elements whose tag, class, id or role says that they are furniture, unless they hold the article."""
    whole = _substance(body)
    waiting = [body]
    while waiting:
        for element in waiting.pop():
            if _is_named(element) and _spares_article(element, whole):
                yield element
            elif len(element):
                waiting.append(element)


def _is_named(element: HtmlElement) -> bool:
    if element.tag in _FURNITURE_TAGS:
        return True
    name = _name(element)
    return len(name) > 2 and element.tag not in _NEVER and names_furniture(name)


def _name(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"


def _spares_article(element: HtmlElement, whole: int) -> bool:
    """Whether the headline and most of the page's text stand elsewhere."""
    limit = max(200, most_that_goes(_name(element)) * whole)
    return element.find(".//h1") is None and _substance(element) <= limit


def _by_cue(body: HtmlElement) -> Iterator[HtmlElement]:
    """What follows a heading such as "Related stories": lists and linked blocks, heading included."""
    for heading in body.iter(*_HEADINGS, "strong", "b", "p", "div", "span"):
        if not (heading.text or "").strip() or len(heading) > 2:
            continue
        text = clean(heading.text_content()[:100])
        if not (RELATED.match(text) or PAGER.match(text)) or not short(text, 6):
            continue
        block = heading if heading.tag in _BLOCKS else heading.getparent()
        if block is None or block.tag in _NEVER or not short(clean(block.text_content()), 8):
            continue
        followers = list(_linked_followers(block))
        if followers:
            yield block
            yield from followers


def _linked_followers(block: HtmlElement) -> Iterator[HtmlElement]:
    for sibling in block.itersiblings():
        if 2 * _link_length(sibling) < _length(sibling):
            return
        yield sibling


def _by_links(body: HtmlElement) -> Iterator[HtmlElement]:
    """Blocks that are nothing but links to elsewhere, and lists made of them."""
    linked: dict[HtmlElement, int] = defaultdict(int)
    for link in body.iter("a"):
        block = _block_of(link)
        if block.tag not in _HEADINGS:
            linked[block] += _length(link)
    full = {block for block, length in linked.items() if _is_linked(block, length)}
    for listing in body.iter("ul", "ol", "dl"):
        hits = sum(entry in full or _mostly_linked(entry) for entry in listing)
        if len(listing) > 1 and hits >= 0.7 * len(listing):
            yield listing
    yield from full


def _is_linked(block: HtmlElement, length: int) -> bool:
    if block.tag in _NEVER or length < 0.8 * _length(block):
        return False
    return block.tag != "p" or not short(clean(block.text_content()), 2)


def _mostly_linked(entry: HtmlElement) -> bool:
    return 10 * _link_length(entry) > 6 * max(1, _length(entry))


def _block_of(link: HtmlElement) -> HtmlElement:
    return next((ancestor for ancestor in link.iterancestors() if ancestor.tag in _BLOCKS), link)


def _teasers(body: HtmlElement, path: str, title: str) -> Iterator[HtmlElement]:
    """Boxes around a heading that is a link to another page, unless the page is made of them."""
    boxes = {}
    for heading in body.iter(*_HEADINGS):
        link = heading.find(".//a")
        if link is None:
            link = next(heading.iterancestors("a"), None)
        if link is None or _is_own(link.get("href", "#"), path) or not _is_linked(heading, _length(link)):
            continue
        if clean(heading.text_content()) in title:
            continue
        boxes[heading] = _box_of(heading)
    if 2 * sum(_length(box) for box in set(boxes.values())) < _length(body):
        yield from boxes.values()


def _is_own(href: str, path: str) -> bool:
    return href.startswith("#") or (len(path) > 1 and urlsplit(href).path == path)


def _box_of(heading: HtmlElement) -> HtmlElement:
    """The largest element around the heading that has no other heading and no more than a teaser's text."""
    box = heading
    for ancestor in heading.iterancestors():
        if ancestor.tag in {"body", "main", "html"} or _length(ancestor) > _length(heading) + 350:
            break
        if len(list(ancestor.iter("h1", *_HEADINGS))) > 1:
            break
        box = ancestor
    return box


def _captions(body: HtmlElement) -> Iterator[HtmlElement]:
    for element in body.iter():
        named = element.tag == "figcaption" or names_caption(element.get("class", ""))
        if named and _length(element) < 1000:
            yield element
        elif element.tag == "img":
            below = _below_picture(element)
            if below is not None:
                yield below


def _below_picture(picture: HtmlElement) -> HtmlElement | None:
    """The nameless paragraph under a picture that ends in a photo credit."""
    block = _block_of(picture)
    for place in (block, block.getnext()):
        if place is not None and place.tag in {"p", "div", "td"} and 0 < _length(place) < 500:
            text = clean(place.text_content())
            return place if short(text, 60) and is_credited(text) else None
    return None


def _in_slides(caption: HtmlElement) -> bool:
    return any(
        names_slides(f"{above.get('class', '')} {above.get('id', '')}")
        for above in caption.iterancestors("div", "ul", "li", "section")
    )


def _flatten_tables(body: HtmlElement) -> None:
    """Tables that lay out the page become plain containers: their cells are not rows of figures."""
    for table in list(body.iter("table")):
        if table.find(".//h1") is not None or len(table.findall(".//p")) > 1:
            for part in table.iter("table", "tbody", "tr", "td"):
                part.tag = "div"


def _split_lines(body: HtmlElement) -> None:
    """Text set with <br> in a bare container becomes paragraphs."""
    breaks = Counter(line_break.getparent() for line_break in body.iter("br"))
    for block, count in breaks.items():
        if count > 1 and block.tag in {"div", "td", "section", "article", "center"}:
            _wrap_lines(block)


def _wrap_lines(block: HtmlElement) -> None:
    children = list(block)
    line = etree.SubElement(block, "p")
    line.text, block.text = block.text, None
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag == "br" or child.tag in _BLOCKS:
            block.append(child)
            line = etree.SubElement(block, "p")
            line.text = tail
        else:
            child.tail = tail
            line.append(child)
