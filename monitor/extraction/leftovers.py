"""What trafilatura left on the page though it is the article's: parts of a body in several containers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from monitor.extraction.prose import clean, ends_sentence, folded, weight
from monitor.extraction.tree import BLOCKS, HEADINGS, holds, holds_text, mostly_linked, text_of

__all__ = ["body_of", "missed", "passages"]

_PASSAGE = 20  # letters of Latin script
_CONTINUED = 3  # paragraphs after the text: fewer are notices, not its continuation


def missed(tree: HtmlElement, texts: Sequence[str]) -> list[tuple[int, str]]:
    """Paragraphs set like those of the text, but left out of it: (how many texts stand before, paragraph).

    A body in several containers is read only as far as its first: what is missed has containers of the
    same class, or stands beside the one that was read. A second article on the page (its own headline, its
    own <article>) is not looked at.
    """
    places = {folded(text): place for place, text in enumerate(texts, start=1)}
    paragraphs = [(element, clean(text_of(element))) for element in tree.iter("p", "h1")]
    known = [places.get(folded(text), 0) for _, text in paragraphs]
    read = [element for (element, _), at in zip(paragraphs, known, strict=True) if at]
    beside, folded_away = _around(read), _folded_away(read)
    whole = "".join(places)  # a paragraph with line breaks is several texts
    found: list[tuple[int, str]] = []
    after: list[tuple[int, str]] = []
    settings: set[tuple[str, str, HtmlElement | None]] = set()
    place = 0
    for (element, text), at in zip(paragraphs, known, strict=True):
        if element.tag == "h1" and place:
            break
        if at:
            place = max(place, at)
            settings.add(_setting(element))
            continue
        alike, unfolds = _setting(element) in settings, element.getparent() in folded_away
        if (
            (alike or unfolds or element.getparent() in beside)
            and (_is_prose(element, text) or (unfolds and ends_sentence(text)))
            and folded(text) not in whole
            and not _is_hidden(element)
        ):
            (found if alike or place < len(texts) else after).append((place, text))
    return found if len(after) < _CONTINUED else found + after


def body_of(tree: HtmlElement) -> list[HtmlElement]:
    """The paragraphs, headings and list entries of the element with most prose directly in it, in order.

    Readers' comments and teasers have an element each; the text of an article shares one.
    """
    prose: Counter[HtmlElement] = Counter()
    for paragraph in filter(holds_text, tree.iter("p", "div")):
        container, text = paragraph.getparent(), clean(text_of(paragraph))
        if container is not None and _is_prose(paragraph, text):
            prose[container] += weight(text)
    if not prose:
        return []
    container = max(prose, key=prose.__getitem__)
    parts = container.iter("p", "div", "li", *HEADINGS)
    return [part for part in parts if (part.tag != "div" or holds_text(part)) and not holds(part, "p")]


def _is_prose(paragraph: HtmlElement, text: str) -> bool:
    if weight(text) <= 60 or not ends_sentence(text):
        return False
    return paragraph.tag != "h1" and not holds(paragraph, "p") and not mostly_linked(paragraph)


def _is_hidden(paragraph: HtmlElement) -> bool:
    """Whether the page shows the paragraph only when asked, as it does with the texts of other videos."""
    return any(
        "display:none" in above.get("style", "").replace(" ", "") for above in paragraph.iterancestors()
    )


def _around(paragraphs: Iterable[HtmlElement]) -> set[HtmlElement | None]:
    """The elements in which the containers of the paragraphs stand, but not the page itself."""
    return {
        above
        for paragraph in paragraphs
        for above in islice(paragraph.iterancestors(), 1, 3)
        if above.tag not in {"body", "html"}
    }


def _folded_away(paragraphs: Sequence[HtmlElement]) -> set[HtmlElement | None]:
    """Nameless boxes among the paragraphs with several of their own: what a button unfolds."""
    boxes = {box for container in {part.getparent() for part in paragraphs} for box in _boxes(container)}
    return {box for box in boxes if sum(part.tag == "p" for part in box) >= _CONTINUED}


def _boxes(container: HtmlElement | None) -> Iterator[HtmlElement]:
    return iter(()) if container is None else container.iterchildren("div", "section")


def _setting(paragraph: HtmlElement) -> tuple[str, str, HtmlElement | None]:
    """How a paragraph is set: its parent's tag and class, and the <article> it stands in."""
    parent = paragraph.getparent()
    if parent is None:
        return "", "", None
    return parent.tag, parent.get("class", ""), next(paragraph.iterancestors("article"), None)


def passages(tree: HtmlElement) -> Iterator[str]:
    """Every paragraph and passage that reads like one, in the page's order: for pages without a body."""
    taken: set[HtmlElement | None] = set()
    for element in tree.iter(*(BLOCKS - {"h1", *HEADINGS}), "span"):
        own = " ".join(filter(None, [element.text, *(child.tail for child in element)]))
        if element.tag == "span" and element.getparent() in taken:
            continue
        if weight(own) > _PASSAGE and not mostly_linked(element):
            taken.add(element)
            yield from (line for line in _own_lines(element) if element.tag == "p" or _is_passage(line))


def _is_passage(line: str) -> bool:
    return weight(line) > (40 if ends_sentence(line) else 120)


def _own_lines(element: HtmlElement) -> Iterator[str]:
    """The element's text without that of the blocks within it, cut at its line breaks."""
    text = element.text or ""
    for child in element:
        if child.tag in BLOCKS or child.tag == "br":
            text += "\u2028"
        else:
            text += text_of(child)
        text += child.tail or ""
    yield from filter(None, map(clean, text.split("\u2028")))
