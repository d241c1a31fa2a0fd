"""List pages of sites without a feed: every new link is an entry."""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any
from urllib.parse import urldefrag, urlsplit

from lxml import etree, html

from monitor.hosts import registrable
from monitor.model import Failed, Fetched, Listing
from monitor.sources.charset import decoded
from monitor.sources.entries import RawEntry, link, listing
from monitor.sources.symptoms import symptom

__all__ = ["document", "headline_links", "read_page", "selector"]

_LARGEST = 5 * 2**20
_FURNITURE = "nav header footer aside form"
_DATED = re.compile(r"\d{4}[/-]?\d\d|\d{5,}")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@lru_cache(maxsize=1024)
def selector(written: str) -> Any:
    """The selector as XPath; cssselect is imported when the first page is configured."""
    cssselect = import_module("lxml.cssselect")
    try:
        return cssselect.CSSSelector(written, translator="html")
    except (cssselect.SelectorError, etree.XPathError) as error:
        raise ValueError(f"{written!r} is no CSS selector ({error})") from error


def read_page(fetched: Fetched, links: str = "") -> Listing | Failed:
    """The pages that a page links to, in its order, or why there are none; `links` selects them."""
    tree = document(fetched)
    if tree is None:
        return Failed(reason=symptom(fetched, feed=False, wanted="page"))
    found = selector(links)(tree) if links else headline_links(tree, fetched.url)
    raws = list(_entries(found, fetched.url))
    if not raws:
        told = f"nothing matches {links!r}" if links else "no link looks like a headline"
        return Failed(reason=f'{told}; name the links by a CSS selector, like links: "a.headline"')
    return listing(raws, fetched)


def document(fetched: Fetched) -> html.HtmlElement | None:
    """The page as a tree with absolute links, or None where it is no page or too large."""
    text = decoded(fetched.body, fetched.content_type)
    if "<" not in text[:4096] or len(text) > _LARGEST:
        return None
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    base = tree.find(".//base[@href]")
    root = fetched.url if base is None else link(base.get("href", ""), fetched.url) or fetched.url
    for anchor in tree.iter("a", "link"):
        if anchor.get("href"):
            anchor.set("href", link(anchor.get("href", ""), root))
    return tree


def headline_links(tree: html.HtmlElement, url: str) -> Iterator[html.HtmlElement]:
    """The links that look like headlines: on this site, long enough, outside of menus."""
    here = registrable(urlsplit(url).hostname or "")
    for anchor in tree.iter("a"):
        target = urlsplit(anchor.get("href") or "")
        text = _title(anchor)
        wide = len(_WIDE.findall(text))
        if (
            registrable(target.hostname or "") == here
            and (len(text) >= 25 or wide >= 8)
            and (_DATED.search(target.path + target.query) or target.path.count("-") >= 3)
            and next(anchor.iterancestors(*_FURNITURE.split()), None) is None
        ):
            yield anchor


def _title(anchor: html.HtmlElement) -> str:
    text = " ".join(anchor.text_content().split())
    if text:
        return text
    image = anchor.find(".//img[@alt]")
    return str(anchor.get("title") or ("" if image is None else image.get("alt")) or "").strip()


def _entries(anchors: Any, url: str) -> Iterator[RawEntry]:
    """An entry a linked page, with the longest of the texts that link to it."""
    titles: dict[str, str] = {}
    for found in anchors:
        anchor = found if found.tag == "a" else found.find(".//a[@href]")
        if anchor is None:
            continue
        address = urldefrag(anchor.get("href") or "").url
        if address and address != urldefrag(url).url:
            titles[address] = max(titles.get(address, ""), _title(anchor), key=len)
    for address, title in titles.items():
        yield RawEntry(guid=address, link=address, title=title.replace("&", "&amp;").replace("<", "&lt;"))
