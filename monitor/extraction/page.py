"""A page's bytes into an Article. The only module that knows trafilatura; workers import it."""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura.core import bare_extraction
from trafilatura.settings import Document, Extractor

from monitor.extraction import headline, layout
from monitor.extraction.blocks import Block, Known, Shape
from monitor.extraction.charset import decode
from monitor.extraction.cues import CONSENT, MISSING, PAYWALL
from monitor.extraction.entry import article_from_entry, sort_blocks, with_summary
from monitor.extraction.language import settle_language
from monitor.extraction.leftovers import body_of, missed, passages
from monitor.extraction.limits import CUT, MAX_ELEMENTS, MAX_LETTERS, bounded, oversize
from monitor.extraction.metadata import Metadata, read_metadata
from monitor.extraction.prose import (
    clean,
    ends_sentence,
    folded,
    join,
    paragraphs,
    tells_more,
    unsaid,
    weight,
)
from monitor.extraction.tree import HEADINGS, count_elements, parse, text_of
from monitor.model import Article, FeedEntry, Origin

__all__ = ["article_from_page", "read_page"]

_MEDIA = re.compile(
    rb"%PDF-|\xff\xd8\xff|\x89PNG|GIF8|PK\x03\x04|ID3|OggS|RIFF|\x1a\x45\xdf\xa3|\x00\x00\x00.ftyp", re.DOTALL
)
_TEXTUAL = re.compile(r"\s*(?:$|text/|application/(?:xhtml|xml|octet-stream))", re.IGNORECASE)
_SITE = re.compile(r"\s+[|–—·•»-]\s+[^|–—·•»-]{2,40}$")
_SHAPES = {"head": Shape.HEADING, "list": Shape.LIST, "item": Shape.LIST, "row": Shape.ROW}
_SHAPES_IN_PAGE = {"li": Shape.LIST, **dict.fromkeys(HEADINGS, Shape.HEADING)}
_PARTS = frozenset({*_SHAPES, "p", "quote", "table", "ab", "div"})
_OPTIONS = Extractor(output_format="python", fast=True, comments=False)
# below this trafilatura dumps the whole page into one paragraph: 250 is much text in Chinese
_OPTIONS.min_extracted_size = 60
_GALLERY = 200  # captions: more are not compared
_STUB, _ARTICLE = 250, 1500  # characters of Latin text
NOT_THERE = "the page says that it is not there"
CONSENT_PAGE = "the page asks for consent or a check"
SCRIPTS = "the page is filled by scripts"
_BEGINNING = "only the beginning is free to read"
_NOTHING_OF_USE = frozenset({NOT_THERE, CONSENT_PAGE, SCRIPTS})


def article_from_page(
    body: bytes, content_type: str, entry: FeedEntry | None, origin: Origin, *, url: str, seen: datetime
) -> Article:
    """The article on a page; where the page has none, the feed's words with the reason in `partial`."""
    return read_page(body, content_type, entry, origin, url=url, seen=seen)[0]


def read_page(
    body: bytes, content_type: str, entry: FeedEntry | None, origin: Origin, *, url: str, seen: datetime
) -> tuple[Article, str]:
    """The article, and the address that the page calls its own (rel=canonical as it stands, or empty)."""
    promise = entry or FeedEntry(id=url, url=url, title="")
    tree = _readable(body, content_type, promise.language or origin.language)
    if isinstance(tree, str):
        return article_from_entry(promise, origin, url=url, seen=seen, partial=tree), ""
    metadata = read_metadata(tree)
    page = _read_tree(tree, metadata, promise, url)
    if metadata.free and _looks_overcut(page):
        again = _readable(body, content_type, promise.language or origin.language)
        page = page if isinstance(again, str) else _fuller(page, _read_uncut(again, page))
    partial = _lacking(page, metadata, clean(promise.title))
    if partial in _NOTHING_OF_USE and entry is not None:
        promise = replace(entry, language=entry.language or metadata.language)
        return article_from_entry(promise, origin, url=url, seen=seen, partial=partial), ""
    blank = Article(url=url, origin=origin, title=clean(promise.title), fetched=seen, partial=partial)
    return _filled(blank, page, metadata, promise), metadata.canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page taken apart. `title` is the page's own."""

    title: str
    texts: list[str]
    captions: list[str]
    furniture: list[str]


def _filled(blank: Article, page: _Page, metadata: Metadata, promise: FeedEntry) -> Article:
    """The article with what feed and page tell of it; the feed's title, author and date come first."""
    title = blank.title or page.title
    texts = _shortened(page.texts)
    cut = CUT if texts[-1:] != page.texts[-1:] else ""
    if tells_more(page.title, title):
        texts = [page.title, *texts]
    lead, rest = with_summary(promise.summary, title, texts)
    declared = [metadata.language, promise.language, blank.origin.language]
    filled = replace(
        blank,
        title=title,
        lead=lead,
        body=rest,
        caption=join(_told_once(page.captions)),
        byline=clean(promise.author) or metadata.byline,
        section=metadata.section,
        language=settle_language(join([title, *texts]), declared),
        published=promise.published or metadata.published,
        partial=blank.partial or cut,
        furniture=join(_shortened(page.furniture)),
    )
    return bounded(filled)


def _read_tree(tree: HtmlElement, metadata: Metadata, promise: FeedEntry, url: str) -> _Page:
    heads, promised = headline.headings(tree), clean(promise.title)
    title = _page_title(tree, metadata, heads)
    own = [head for head in heads if len(heads) == 1 or not tells_more(head, title or promised or heads[0])]
    known = Known(
        headlines={folded(text) for text in (promised, title, metadata.title, *own) if text},
        bylines={
            folded(name)
            for names in (metadata.byline, promise.author)
            for name in names.split(", ")
            if len(name) > 4
        },
        body=folded(metadata.body),
    )
    cleared = layout.clear(tree, url, clean(tree.findtext(".//title") or ""))
    told = headline.standfirst(tree, metadata.description, title)
    blocks = _all_blocks(tree)
    for place, text in reversed(missed(tree, [block.text for block in blocks])):
        blocks.insert(place, Block(text))
    texts, captions, furniture = sort_blocks(blocks, known)
    if told and folded(told) not in {*known.headlines, *known.bylines} and unsaid(told, join(texts)):
        texts = [told, *texts]
    texts = _completed(texts, metadata.body, [*cleared.furniture, *furniture, *captions])
    end = layout.text_end(tree, texts) + 3 if cleared.captions else 0
    return _Page(
        title=title,
        texts=texts,
        captions=[*(text for place, text in cleared.captions if place <= end), *captions],
        furniture=[
            *cleared.furniture,
            *furniture,
            *(text for place, text in cleared.captions if place > end),
        ],
    )


def _told_once(captions: list[str]) -> Iterable[str]:
    """The captions, without those that another one contains."""
    letters = {folded(caption): caption for caption in captions}
    if len(letters) > _GALLERY:
        return letters.values()
    return [
        caption
        for told, caption in letters.items()
        if not any(told in other for other in letters if other != told)
    ]


def _completed(texts: list[str], body: str, beside: Iterable[str]) -> list[str]:
    """The texts with what they lack of the page's text for machines, where that is a good part of it.

    What stands `beside` the text was cut out of it for a reason. A text much longer than what could be
    read replaces it.
    """
    told, whole = sum(map(weight, texts)), weight(body)
    if whole > max(_STUB, 1.6 * told):
        return paragraphs(body)
    lacking = unsaid(body, join([*texts, *beside])) if whole > _STUB else ""
    return [*texts, lacking] if max(_STUB, whole / 6) < weight(lacking) < whole / 2 else texts


def _shortened(texts: list[str]) -> list[str]:
    """The texts up to the limit; a text that would pass it is cut there."""
    ends = list(accumulate(map(len, texts)))
    if not ends or ends[-1] <= MAX_LETTERS:
        return texts
    last = bisect(ends, MAX_LETTERS)
    return [*texts[:last], texts[last][: MAX_LETTERS - (ends[last - 1] if last else 0)]]


def _looks_overcut(page: _Page) -> bool:
    """Whether there is little text, and sentences as long as an article among the furniture."""
    return (
        sum(map(weight, page.texts)) < 2 * _STUB
        and sum(weight(text) for text in page.furniture if ends_sentence(text)) > 1000
    )


def _read_uncut(tree: HtmlElement, page: _Page) -> _Page:
    """The page read without taking furniture from the tree first."""
    known = Known(headlines={folded(page.title), *map(folded, headline.headings(tree))})
    texts, captions, furniture = sort_blocks(list(_blocks(tree)), known)
    return _Page(title=page.title, texts=texts, captions=page.captions + captions, furniture=furniture)


def _fuller(page: _Page, other: _Page) -> _Page:
    return other if sum(map(weight, other.texts)) > 3 * sum(map(weight, page.texts)) else page


def _readable(body: bytes, content_type: str, language: str) -> HtmlElement | str:
    """The tree, or why there is none worth reading."""
    if _MEDIA.match(body) or not _TEXTUAL.match(content_type):
        return f"not a page but {content_type.partition(';')[0].strip() or 'a media file'}"
    if too_large := oversize(body):
        return too_large
    tree = parse(decode(body, content_type, language))
    if tree is None:
        return "the page is empty"
    elements = count_elements(tree)
    return f"the page is too large: {elements} elements" if elements > MAX_ELEMENTS else tree


def _page_title(tree: HtmlElement, metadata: Metadata, heads: list[str]) -> str:
    if metadata.title:
        return metadata.title
    if len(heads) == 1 and heads[0]:
        return heads[0]
    return _SITE.sub("", clean(tree.findtext(".//title") or ""))


def _all_blocks(tree: HtmlElement) -> list[Block]:
    """The text's blocks; where there is next to none, one for all, or far less than prose on the page,
    what else reads like the body.
    """
    blocks = list(_blocks(tree))
    length = _weight(blocks)
    if length > _ARTICLE and len(blocks) > 1:
        return blocks
    parts = _read(body_of(tree))
    body = [Block(text, _SHAPES_IN_PAGE.get(part.tag, Shape.PARAGRAPH)) for part, text in parts]
    prose = _weight(body)
    if prose > 4 * length + _STUB and prose > 0.9 * _weight(map(Block, passages(tree))):
        return body
    if length >= _STUB and len(blocks) > 1:
        return blocks
    left = list(map(Block, passages(tree)))
    if len(blocks) == 1 and left and all(folded(block.text) in folded(blocks[0].text) for block in left):
        return left
    return left if _weight(left) > 2 * length else blocks


def _weight(blocks: Iterable[Block]) -> int:
    return sum(weight(block.text) for block in blocks)


def _read(parts: Iterable[HtmlElement]) -> Iterator[tuple[HtmlElement, str]]:
    for part in parts:
        if text := clean(text_of(part)):
            yield part, text


def _blocks(tree: HtmlElement) -> Iterator[Block]:
    document = bare_extraction(tree, options=_OPTIONS)
    if isinstance(document, Document) and not _is_dump(document.body):
        for element in document.body:
            yield from _blocks_of(element, Shape.PARAGRAPH)


def _is_dump(body: _Element) -> bool:
    """Whether trafilatura found no text and poured the whole page, menus included, into one paragraph."""
    return len(body) == 1 and "\n" in (body[0].text or "")


def _blocks_of(element: _Element, around: Shape) -> Iterator[Block]:
    """The blocks in one element of trafilatura's tree: entries of lists, rows of tables, paragraphs."""
    shape = _SHAPES.get(str(element.tag), around)
    if shape is Shape.ROW:
        yield from (Block(line, shape) for line in _lines(" ".join(map(str, element.itertext()))))
        return
    text = element.text or ""
    for child in element:
        if child.tag in _PARTS:
            yield from (Block(line, shape) for line in _lines(text))
            yield from _blocks_of(child, shape)
            text = ""
        else:
            text += _inline(child)
        text += child.tail or ""
    yield from (Block(line, shape) for line in _lines(text))


def _inline(element: _Element) -> str:
    """The text of an element within a line; line breaks become line separators."""
    for line_break in element.iter("lb"):
        line_break.text = "\u2028"
    return "".join(map(str, element.itertext()))


def _lines(text: str) -> Iterator[str]:
    yield from filter(None, map(clean, text.split("\u2028")))


def _lacking(page: _Page, metadata: Metadata, promised: str) -> str:
    """Why the page's text is not the article's, or not all of it; empty where it is.

    A page that has the promised headline is there, whatever the headline says.
    """
    length = sum(map(weight, page.texts))
    kept = bool(promised) and not tells_more(promised, page.title)
    if MISSING.search(page.title) and length < _ARTICLE and not kept:
        return NOT_THERE
    if length >= _STUB:
        return "" if metadata.free or length > _ARTICLE else _BEGINNING
    beside = join(page.furniture)[:5000]
    if CONSENT.search(join([page.title, *page.texts])) or (not length and CONSENT.search(beside)):
        return CONSENT_PAGE
    if not length:
        return SCRIPTS
    return _BEGINNING if not metadata.free or PAYWALL.search(beside) else ""
