"""A page's tree relieved of its furniture and captions before the text is extracted."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from monitor.extraction.captions import captions, in_slides
from monitor.extraction.classes import Named, letters_that_go, named, names_gate, names_stories
from monitor.extraction.cues import COMMENTS, PAGER, RELATED
from monitor.extraction.prose import clean, ends_sentence, folded, short, weight
from monitor.extraction.reshaping import reshape
from monitor.extraction.tree import (
    BLOCKS,
    HEADINGS,
    block_of,
    drop,
    holds,
    holds_text,
    length,
    link_length,
    mostly_linked,
    text_of,
)

__all__ = ["Cleared", "clear", "text_end"]

_INVISIBLE = ("script", "style", "template", "svg", "noscript", "iframe")
_FURNITURE_TAGS = frozenset({"nav", "aside", "footer", "form", "button", "dialog", "select"})
_NEVER = frozenset({"html", "body", "main", "h1", "article"})
_POINTERS = frozenset(":：|»›→▶")
_ARTICLE = 600  # letters beside the teasers: the page is not made of them
_TELLING = 20  # letters of a description: fewer name the site
_LINKED = 5  # of so many letters of a story at most one stands in a link: a teaser is a third of links
_CARD = 500  # letters of a headline and its summary
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
        _by_links(body),
        _teasers(body, urlsplit(url).path, title),
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
    told, linked = Counter[str](), Counter[str]()
    for element in likely:
        mark = _mark(element)
        told[mark] += _substance(element) if names_gate(mark) else sum(map(length, element.iter("p")))
        linked[mark] += link_length(element)
    return {
        mark
        for mark, letters in told.items()
        if letters > _ARTICLE and (names_gate(mark) or _LINKED * linked[mark] < letters)
    }


def _mark(element: HtmlElement) -> str:
    return element.get("class") or _name(element)


def _says(element: HtmlElement) -> Named:
    tag = element.tag
    if tag in _FURNITURE_TAGS:
        return Named.SURELY
    name = _name(element)
    if len(name) < 3 or tag in _NEVER:
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
    if element.tag != "a":
        return min(len(said), len(goes_on)) > _TELLING
    opening = goes_on[:1]
    return len(said + goes_on) > _TELLING and (opening.isalnum() or opening in _GOES_ON)


def _name(element: HtmlElement) -> str:
    """Class, id and role; a heading's or paragraph's id is an anchor made of its words."""
    anchor = "" if element.tag in _ANCHORED else element.get("id", "")
    return f"{element.get('class', '')} {anchor} {element.get('role', '')}"


def _spares_article(element: HtmlElement, whole: int) -> bool:
    """Whether the headline and most of the page's text stand elsewhere."""
    name = _name(element)
    if holds(element, "h1") or _substance(element) > letters_that_go(name, whole):
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
        if not (RELATED.match(text) or PAGER.match(text)) or not short(text, 6):
            continue
        block = heading if heading.tag in BLOCKS else heading.getparent()
        if block is None or block.tag in _NEVER or not short(clean(text_of(block)), 8):
            continue
        followers = list(_linked_followers(block))
        if followers:
            yield block
            yield from followers


def _discussion(body: HtmlElement) -> Iterator[HtmlElement]:
    """What follows a heading such as "3 comments" after an article's length of text, heading included."""
    told = 0
    for element in body.iter("p", "div", *HEADINGS):
        if element.tag not in HEADINGS:
            told += length(element) if element.tag == "p" else len(element.text or "")
        elif told > _ARTICLE and length(element) < _PHRASE and COMMENTS.match(text_of(element)):
            yield from (part for part in (element, *element.itersiblings()) if not holds(part, "h1"))


def _linked_followers(block: HtmlElement) -> Iterator[HtmlElement]:
    for sibling in block.itersiblings():
        if 2 * link_length(sibling) < length(sibling):
            return
        yield sibling


def _by_links(body: HtmlElement) -> Iterator[HtmlElement]:
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
    if block.tag in _NEVER:
        return False
    if 2 * linked < whole:
        return block.tag == "p" and whole < _PHRASE and _invites(block)
    if block.tag == "p":
        return _points(block) or (linked >= 0.8 * whole and not short(clean(text_of(block)), 2))
    return linked >= 0.8 * whole or whole - linked < 25


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


def _teasers(body: HtmlElement, path: str, title: str) -> Iterator[HtmlElement]:
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
