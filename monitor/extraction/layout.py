"""A page's tree relieved of its furniture and captions before the text is extracted."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from monitor.extraction.captions import captions, in_slides
from monitor.extraction.classes import (
    Named,
    letters_that_go,
    named,
    names_gate,
    names_portrait,
    names_stories,
)
from monitor.extraction.cues import COMMENTS, PAGER, RELATED
from monitor.extraction.prose import clean, folded, short
from monitor.extraction.reshaping import reshape
from monitor.extraction.teasers import linked_blocks, teasers
from monitor.extraction.tree import (
    BLOCKS,
    HEADINGS,
    WHOLE,
    drop,
    holds,
    holds_text,
    length,
    link_length,
    text_of,
)

__all__ = ["Cleared", "clear", "text_end"]

_INVISIBLE = ("script", "style", "template", "svg", "noscript", "iframe")
_FURNITURE_TAGS = frozenset({"nav", "aside", "footer", "form", "button", "dialog", "select"})
_ARTICLE = 600  # letters beside the teasers: the page is not made of them
_TELLING = 20  # letters of a description: fewer name the site
_LINKED = 5  # of so many letters of a story at most one stands in a link: a teaser is a third of links
_GOES_ON = frozenset(".,;:!?)]”’»\"'。，、；")
_SLIDE_SHOW = 4  # pictures without a paragraph between them
_ANCHORED = frozenset({*HEADINGS, "p"})
_ANNOUNCED = 150  # letters of six words at most
_PHRASE = 200  # letters: a longer <span> or <font> of whatever name holds text


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What was taken out of a tree: captions, each with the number of paragraphs before it, and furniture."""

    captions: tuple[tuple[int, str], ...] = ()
    furniture: tuple[str, ...] = ()


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
    reshape(body)
    sure, likely = _by_name(body)
    cut = drop(sure)
    for furniture in (
        _spared(likely, _substance(body)),
        _by_cue(body),
        _discussion(body),
        linked_blocks(body),
        teasers(body, urlsplit(url).path, title),
    ):
        cut += drop(furniture)
    pictured = list(captions(body))
    cut += drop([caption for _, caption in pictured if in_slides(caption)])
    found = [(place, text) for place, caption in pictured for text in drop([caption])]
    crowds = Counter(place for place, _ in found)
    return Cleared(
        captions=tuple((place, text) for place, text in found if crowds[place] < _SLIDE_SHOW),
        furniture=(*cut, *(text for place, text in found if crowds[place] >= _SLIDE_SHOW)),
    )


def text_end(tree: HtmlElement, texts: Iterable[str]) -> int:
    """The number of the last paragraph that holds one of the texts; what comes after is not the article's."""
    known = set(map(folded, texts))
    blocks = list(filter(holds_text, tree.iter("p", "div")))
    for place in range(len(blocks), 0, -1):
        if folded(blocks[place - 1].text_content()) in known:
            return place
    return sys.maxsize


def _substance(element: HtmlElement) -> int:
    """The length of the text outside links."""
    return length(element) - link_length(element)


def _by_name(body: HtmlElement) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """Elements whose tag, class, id or role says that they are furniture: (surely, perhaps).

    The first do not hold the article. The others may, and are to be looked at when the first are gone.
    """
    whole = _substance(body)
    sure, likely, waiting = [], [], [body]
    while waiting:
        for element in waiting.pop():
            says = _says(element)
            if says is Named.SURELY and _spares_article(element, whole):
                sure.append(element)
                continue
            if says is not Named.NOTHING:
                likely.append(element)
            if len(element):
                waiting.append(element)
    return sure, likely


def _spared(likely: Sequence[HtmlElement], whole: int) -> Iterator[HtmlElement]:
    """Those that do not hold the article either, the outermost of nested ones."""
    marking = _marks_of_article(likely)
    gone: set[HtmlElement] = set()
    for element in likely:
        if _mark(element) in marking:
            continue
        if gone.isdisjoint(element.iterancestors()) and _spares_article(element, whole):
            gone.add(element)
            yield element


def _marks_of_article(likely: Iterable[HtmlElement]) -> set[str]:
    """The names that stand on so much text that they mark the article.

    A paywall is named on each paragraph, and "ads" on each section that has some; what is furniture, and
    as long, has many links.
    """
    marked = defaultdict[str, list[HtmlElement]](list)
    for element in likely:
        marked[_mark(element)].append(element)
    return {mark for mark, elements in marked.items() if _marks_article(mark, elements)}


def _marks_article(mark: str, elements: Sequence[HtmlElement]) -> bool:
    if names_gate(mark):
        return sum(map(_substance, elements)) > _ARTICLE
    told = sum(length(part) for element in elements for part in element.iter("p"))
    if told <= _ARTICLE or names_portrait(mark):
        return False
    return _LINKED * sum(map(link_length, elements)) < told


def _mark(element: HtmlElement) -> str:
    return element.get("class") or _name(element)


def _says(element: HtmlElement) -> Named:
    tag = element.tag
    if tag in _FURNITURE_TAGS:
        return Named.SURELY
    if tag in WHOLE or not element.attrib:
        return Named.NOTHING
    name = _name(element)
    if len(name) < 3:
        return Named.NOTHING
    says = named(name)
    if says is Named.NOTHING or tag in BLOCKS:
        return says
    return Named.NOTHING if length(element) >= _PHRASE or _is_said(element) else says


def _is_said(element: HtmlElement) -> bool:
    """Whether the phrase stands in a sentence: a word that a "tooltip" or "popup" explains."""
    before, above = element.getprevious(), element.getparent()
    said = (before.tail if before is not None else above.text if above is not None else "") or ""
    goes_on = (element.tail or "").strip()
    opening = goes_on[:1]
    if element.tag == "a" and len(said) > _TELLING and text_of(element)[:1].islower():
        return True
    told = len(said + goes_on) if element.tag == "a" else len(said)
    return told > _TELLING and (opening.isalnum() or opening in _GOES_ON)


def _name(element: HtmlElement) -> str:
    """Class, id and role; a heading's or paragraph's id is an anchor made of its words."""
    anchor = "" if element.tag in _ANCHORED else element.get("id", "")
    return f"{element.get('class', '')} {anchor} {element.get('role', '')}"


def _spares_article(element: HtmlElement, whole: int) -> bool:
    """Whether the headline and most of the page's text stand elsewhere."""
    name = _name(element)
    letters, limit = length(element), letters_that_go(name, whole)
    if holds(element, "h1") or (letters > limit and letters - link_length(element) > limit):
        return False
    return not (names_stories(name) and _tells_one_story(element))


def _tells_one_story(element: HtmlElement) -> bool:
    """Whether the element has an article's length of paragraphs and hardly a link: teasers have one each."""
    told = sum(map(length, element.iter("p")))
    return told > _ARTICLE and _LINKED * link_length(element) < told


def _by_cue(body: HtmlElement) -> Iterator[HtmlElement]:
    """What follows a heading such as "Related stories": lists and linked blocks, heading included."""
    for heading in body.iter(*HEADINGS, "strong", "b", "p", "div", "span"):
        own = (heading.text or "").strip()
        if not own or len(own) > _ANNOUNCED or len(heading) > 2:
            continue
        text = clean(text_of(heading)[:100])
        if not short(text, 6) or not (RELATED.match(text) or PAGER.match(text)):
            continue
        block = heading if heading.tag in BLOCKS else heading.getparent()
        if block is None or block.tag in WHOLE or not short(clean(text_of(block)), 8):
            continue
        followers = list(_linked_followers(block))
        if followers:
            yield block
            yield from followers


def _discussion(body: HtmlElement) -> Iterator[HtmlElement]:
    """What follows a heading such as "3 comments" after an article's length of text, heading included."""
    openings = set(filter(_opens_discussion, body.iter(*HEADINGS)))
    told = 0
    for element in body.iter("p", "div", *HEADINGS) if openings else ():
        if element.tag not in HEADINGS:
            told += length(element) if element.tag == "p" else len(element.text or "")
        elif told > _ARTICLE and element in openings:
            yield from (part for part in (element, *element.itersiblings()) if not holds(part, "h1"))


def _opens_discussion(heading: HtmlElement) -> bool:
    return length(heading) < _PHRASE and COMMENTS.match(text_of(heading)) is not None


def _linked_followers(block: HtmlElement) -> Iterator[HtmlElement]:
    for sibling in block.itersiblings():
        if 2 * link_length(sibling) < length(sibling):
            return
        yield sibling
