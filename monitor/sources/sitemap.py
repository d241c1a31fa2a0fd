"""Sitemaps: plain, news and index ones (sitemaps.org, Google's news extension)."""

import re
from datetime import datetime

from lxml import etree

from monitor.model import Failed, Fetched, Listing
from monitor.sources.charset import decoded, prepared
from monitor.sources.dates import standard_date
from monitor.sources.entries import RawEntry, link, listing
from monitor.sources.symptoms import symptom

__all__ = ["read_sitemap"]

_NEWS = "{*}news/{*}"
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_MOST_SITEMAPS = 5


def read_sitemap(fetched: Fetched) -> Listing | Failed:
    """The pages listed, those changed last first; of an index, where to read `further`."""
    root = _root(prepared(decoded(fetched.body, fetched.content_type)))
    name = "" if root is None else str(root.tag).rpartition("}")[2].lower()
    if root is None or name not in {"urlset", "sitemapindex"}:
        why = symptom(fetched, feed=False, wanted="sitemap")
        return Failed(reason=why)
    if name == "sitemapindex":
        return Listing(entries=(), further=_further(root, fetched.url))
    pages = sorted(root.iterfind("{*}url"), key=lambda page: _text(page, "{*}lastmod"), reverse=True)
    return listing([_entry(page) for page in pages if _text(page, "{*}loc")], fetched)


def _root(xml: bytes) -> etree._Element | None:
    for text, recover in ((xml, False), (_BARE_AMPERSAND.sub(b"&amp;", xml), False), (xml, True)):
        parser = etree.XMLParser(
            encoding="utf-8", recover=recover, resolve_entities=False, no_network=True, huge_tree=False
        )
        try:
            root = etree.fromstring(text, parser)
        except (etree.XMLSyntaxError, ValueError):
            continue
        if root is not None:
            return root
    return None


def _entry(page: etree._Element) -> RawEntry:
    """A page; its lastmod is no publication date, for templates change too."""
    address = _text(page, "{*}loc")
    return RawEntry(
        guid=address,
        link=address,
        title=_text(page, f"{_NEWS}title"),
        language=_text(page, f"{_NEWS}publication/{{*}}language"),
        published=_day(_text(page, f"{_NEWS}publication_date")),
    )


def _day(written: str) -> datetime | None:
    """A W3C date, which may be a day without a time."""
    return standard_date(written) or standard_date(f"{written}T00:00:00Z")


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _further(index: etree._Element, base: str) -> tuple[str, ...]:
    """The sitemaps of an index that are likeliest to list news: changed last, or named so."""
    named = [(_text(each, "{*}loc"), _text(each, "{*}lastmod")) for each in index.iterfind("{*}sitemap")]
    named.sort(key=lambda pair: ("news" in pair[0].lower(), pair[1]), reverse=True)
    return tuple(filter(None, (link(address, base) for address, _ in named)))[:_MOST_SITEMAPS]
