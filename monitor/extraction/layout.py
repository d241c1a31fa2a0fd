"""A page's tree relieved of its furniture and captions before the text is extracted."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import html
from lxml.html import HtmlElement

from monitor.extraction.cues import PAGER, RELATED
from monitor.extraction.prose import clean, short

__all__ = ["Cleared", "clear", "count_elements", "headings", "parse"]

_INVISIBLE = frozenset({"script", "style", "template", "svg", "head", "noscript"})
_FURNITURE_TAGS = ("nav", "aside", "footer", "form", "button", "dialog", "select")
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"}
    | {"li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "tr", "ul"}
)
_NEVER = frozenset({"html", "body", "main", "h1"})

# Words of class, id and role, as authors write them: related-posts, relatedPosts, c-related__list.
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:"
    r"related\w*|recommend\w*|similar|suggest\w*|read-?(?:more|also|next|on)|readmore|readalso|also-?read|see-?also|more-?(?:stories|news|articles|from|on|in|like|posts)"
    r"|most-?(?:read|popular|viewed|shared)|popular|trending|trends|top-?stories|latest(?:-?(?:news|posts|stories))?|up-?next|next-?(?:post|article|story)|prev(?:ious)?(?:-?(?:post|article|story))?"
    r"|post-?nav\w*|pager|paginat\w*|nav(?:igation|bar|-?links|-?menu)?|menu\w*|breadcrumbs?|sub-?nav"
    r"|newsletter\w*|subscri\w*|sign-?up|login|register|paywall\w*|piano|regwall|promo\w*|upsell|cta|call-?to-?action"
    r"|outbrain|taboola|revcontent|mgid|zergnet|plista|dianomi|adv?|ads|advert\w*|sponsor\w*|banner"
    r"|shar(?:e|ing)\w*|sharedaddy|social\w*|follow-?us|like-?box|addthis\w*|addtoany\w*"
    r"|comments?|comment-?(?:list|form|area|section)|disqus\w*|fb-comments|respond"
    r"|cookies?|consent\w*|gdpr|cmp|onetrust\w*|cookie-?(?:banner|notice|bar|consent)"
    r"|footer|colophon|copyright|imprint|sidebar\w*|side-?bar|rail|rightcol|leftcol|widget-area"
    r"|tags?|tag-?(?:list|cloud)|tagcloud|topics?-?list|keywords|cat-?links"
    r"|author-?(?:bio|box|card|info|profile|description)|about-?author|bio|biography"
    r"|skip-?links?|toolbar|tooltip|overlay|popup|modal|lightbox"
    r"|jp-relatedposts|yarpp\w*|crp_related|wp-block-latest-posts|elementor-post-navigation"
    r")(?=$|[\s_-])",
    re.IGNORECASE,
)
_MODIFIED = re.compile(r"\b(?:no|has|with|without|is|not|hide|show|js)[-_][\w-]+", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TEASERS = re.compile(
    r"(?:^|[\s_-])(?:teasers?|cards?|promo|rail|summary-block|story-?list|headlines?-?list)(?=$|[\s_-])",
    re.IGNORECASE,
)
_SLIDES = re.compile(
    r"(?:^|[\s_-])(?:slide\w*|gallery|galleries|carousel|swiper\w*|slick\w*|photo-?(?:list|strip)|thumb\w*)(?=$|[\s_-])",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:(?:img|image|photo|picture|media|figure|wp|lead|hero|video)?-?(?:caption|cap|credits?|legend|phototext|cutline)(?:-?text)?|phototext|cutline|bildunterschrift|bu|leyenda|didascalia|legende)(?=$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What was taken out of a tree: captions of the article's pictures, and furniture, in page order."""

    captions: tuple[str, ...]
    furniture: tuple[str, ...]


def parse(text: str) -> HtmlElement | None:
    """The page's tree, or None where there is no markup at all."""
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    body = _DOCTYPE.sub("", text[:1000]) + text[1000:]
    tree = (
        html.document_fromstring(body.encode("utf-8", "ignore"), parser=parser, ensure_head_body=True)
        if body.strip()
        else None
    )
    return tree if tree is not None and len(tree) else None


_DOCTYPE = re.compile(r"<!DOCTYPE[^>]*>|<\?xml[^>]*\?>", re.IGNORECASE)


def count_elements(tree: HtmlElement) -> int:
    """How many elements the tree has."""
    return int(tree.xpath("count(//*)"))


def headings(tree: HtmlElement) -> list[str]:
    """The texts of the page's h1 elements."""
    return [clean(heading.text_content()) for heading in tree.iter("h1")]


def clear(tree: HtmlElement) -> Cleared:
    """Take furniture and captions out of the tree, and say what they were."""
    body = tree.find("body")
    if body is None:
        return Cleared(captions=(), furniture=())
    for element in list(body.iter(*_INVISIBLE)):
        element.drop_tree()
    _flatten_tables(body)
    whole = _length(body)
    furniture = [*_by_name(body, whole), *_by_cue(body), *_by_links(body)]
    cut = tuple(_drop(furniture))
    captions = tuple(_drop(list(_caption_elements(body))))
    return Cleared(captions=captions, furniture=cut)


def _length(element: HtmlElement) -> int:
    return len(element.text_content())


def _drop(elements: list[HtmlElement]) -> Iterator[str]:
    """Remove elements (the outer ones of nested ones), yielding their text; their tails stay."""
    chosen = set(elements)
    for element in dict.fromkeys(elements):
        if element.getparent() is None or any(outer in chosen for outer in element.iterancestors()):
            continue
        text = clean(" ".join(element.itertext()))
        element.drop_tree()
        if text:
            yield text


@lru_cache(maxsize=4096)
def _names_furniture(name: str) -> bool:
    spoken = _CAMEL.sub("-", _MODIFIED.sub("", name))
    return _FURNITURE.search(spoken) is not None


def _by_name(body: HtmlElement, whole: int) -> Iterator[HtmlElement]:
    """Elements whose tag, class, id or role says that they are furniture, unless they hold the article."""
    for element in body.iter():
        tag = element.tag
        if tag in _NEVER or not isinstance(tag, str):
            continue
        name = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"
        named = len(name) > 2 and _names_furniture(name)
        if (named or tag in _FURNITURE_TAGS) and not _holds_article(element, whole):
            yield element


def _holds_article(element: HtmlElement, whole: int) -> bool:
    """Whether too much would go: the headline, or most of the page's text in paragraphs."""
    if next(element.iter("h1"), None) is not None:
        return True
    prose = sum(_length(paragraph) for paragraph in element.iter("p"))
    return 3 * prose > whole and prose > 300


def _by_cue(body: HtmlElement) -> Iterator[HtmlElement]:
    """What follows a heading such as "Related stories": lists and linked blocks, heading included."""
    for heading in body.iter("h2", "h3", "h4", "h5", "h6", "strong", "b", "p", "div", "span"):
        if len(heading) > 2 or (text := clean(heading.text_content())) == "" or not short(text, 6):
            continue
        if not (RELATED.match(text) or PAGER.match(text)):
            continue
        block = heading if heading.tag in _BLOCKS else heading.getparent()
        if block is None or not short(clean(block.text_content()), 8):
            continue
        followers = list(_following_links(block))
        if followers:
            yield block
            yield from followers


def _following_links(block: HtmlElement) -> Iterator[HtmlElement]:
    for sibling in block.itersiblings():
        text = _length(sibling)
        if text and 2 * _link_length(sibling) < text:
            return
        yield sibling


def _link_length(element: HtmlElement) -> int:
    own = [element] if element.tag == "a" else element.iter("a")
    return sum(_length(link) for link in own)


def _by_links(body: HtmlElement) -> Iterator[HtmlElement]:
    """Blocks that are nothing but links to elsewhere, and lists made of them."""
    linked: dict[HtmlElement, int] = defaultdict(int)
    for link in body.iter("a"):
        if link.get("href"):
            linked[_block_of(link)] += _length(link)
    full = set()
    for block, length in linked.items():
        text = clean(block.text_content())
        if (
            block.tag not in _NEVER
            and text
            and length >= 0.8 * len(text)
            and not (short(text, 2) and block.tag == "p")
        ):
            full.add(block)
    yield from full
    for listing in body.iter("ul", "ol", "dl"):
        entries = [entry for entry in listing if isinstance(entry.tag, str)]
        if len(entries) > 1 and sum(entry in full or _mostly_linked(entry) for entry in entries) >= 0.7 * len(
            entries
        ):
            yield listing


def _mostly_linked(entry: HtmlElement) -> bool:
    return 10 * _link_length(entry) > 6 * max(1, _length(entry))


def _block_of(link: HtmlElement) -> HtmlElement:
    for ancestor in link.iterancestors():
        if ancestor.tag in _BLOCKS:
            return ancestor
    return link


def _caption_elements(body: HtmlElement) -> Iterator[HtmlElement]:
    for element in body.iter():
        named = element.tag == "figcaption" or _names_caption(element.get("class", ""))
        if named and short(clean(element.text_content()), 120):
            yield element


@lru_cache(maxsize=4096)
def _names_caption(name: str) -> bool:
    return _CAPTION.search(_CAMEL.sub("-", name)) is not None


def _flatten_tables(body: HtmlElement) -> None:
    """Tables that lay out the page become plain containers: their cells are not rows of figures."""
    for table in list(body.iter("table")):
        if next(table.iter("h1"), None) is not None or len(list(table.iter("p"))) > 1:
            for part in table.iter("table", "tbody", "tr", "td"):
                part.tag = "div"
