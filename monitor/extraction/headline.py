"""What stands around a page's headline: its h1 elements, and the sentence that tells the article."""

from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from monitor.extraction.boilerplate import is_aside
from monitor.extraction.classes import names_standfirst
from monitor.extraction.prose import clean, ends_sentence, folded, tells_more, weight
from monitor.extraction.tree import BLOCKS, holds, length, text_of

__all__ = ["headings", "standfirst"]

_TOLD = frozenset({"description", "alternativeHeadline", "abstract"})
_TOLD_IN = 2000  # letters: no description is longer
_TELLING = 20  # letters of a description: fewer name the site
_LEAST, _MOST = 30, 800  # letters of a standfirst
_TOLD_BELOW = 60  # letters from which a nameless sentence tells something
_HEADLINE = 16  # letters of Latin script: fewer are a name
_NEAR = 3


def headings(tree: HtmlElement) -> list[str]:
    """The texts of the page's h1 elements."""
    return [clean(text_of(heading)) for heading in tree.iter("h1")]


def standfirst(tree: HtmlElement, description: str = "", title: str = "") -> str:
    """The sentence near the headline that tells the article; it often stands outside the body.

    It is known by its name, because the page's `description` of itself is its beginning, or because it
    is a sentence between the headline and anything else. The first h1 may be the site's own name: what is
    below that is only taken by its name, or the page's word.
    """
    headline = next(tree.iter("h1"), None)
    if headline is None:
        return ""
    told = _named(headline, folded(description))
    heads = clean(text_of(headline))
    if told or weight(heads) < _HEADLINE or tells_more(heads, title):
        return told
    return next(_below(headline), "")


def _named(headline: HtmlElement, said: str) -> str:
    """`said` is the folded description, which is often cut short."""
    seen: set[HtmlElement] = set()
    for element in headline.iterancestors("header", "div", "section", "article", "main"):
        for part in islice(element.iter("p", "div", "h2", "h3"), 40):
            if part in seen:
                continue
            seen.add(part)
            is_named = part.get("itemprop") in _TOLD or names_standfirst(part.get("class", ""))
            text = clean(text_of(part)) if is_named or len(said) > _TELLING else ""
            if not is_named and not (text and folded(text[:_TOLD_IN]).startswith(said)):
                continue
            if _LEAST < weight(text) < _MOST and not holds(part, "a"):
                return text
        if length(element) > 3000:
            return ""
    return ""


def _below(headline: HtmlElement) -> Iterator[str]:
    """Sentences in the blocks that come next after the headline, in its box or the one around it."""
    for element in (headline, *islice(headline.iterancestors("header", "hgroup", "div"), 2)):
        for block in islice(element.itersiblings(), _NEAR):
            for part in islice(block.iter("p", "h2", "h3", "div"), _NEAR):
                text = clean(text_of(part))
                if any(inner.tag in BLOCKS for inner in part) or holds(part, "a"):
                    continue
                if _TOLD_BELOW < weight(text) < _MOST and ends_sentence(text) and not is_aside(text):
                    yield text
