"""The fast way through a feed that is strictly well-formed and holds nothing unusual.

It takes a fifteenth of feedparser's time. Whatever is not plainly understood makes it decline, and
feedparser reads the feed instead; the entries of what it accepts are the same (a test compares them).
"""

import re
from datetime import datetime
from typing import Final

from lxml import etree

from monitor.sources.dates import standard_date
from monitor.sources.entries import Found, RawEntry, link_of_guid

__all__ = ["read_strictly"]

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_RSS1: Final = "{http://purl.org/rss/1.0/}"
_RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_DCTERMS: Final = "{http://purl.org/dc/terms/}"
_SY: Final = "{http://purl.org/rss/1.0/modules/syndication/}"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

_FIELDS: Final = {
    "title": "title", "link": "link", "description": "summary", "guid": "guid", "id": "guid",
    "pubDate": "published", "published": "published", "updated": "updated", "summary": "summary",
    "content": "content", "author": "author", "language": "language",
}  # fmt: skip
_BY_NAME: Final = {
    f"{space}{name}": meaning for space in ("", _ATOM, _RSS1) for name, meaning in _FIELDS.items()
} | {
    f"{_DC}creator": "author",
    f"{_DC}date": "updated",
    f"{_DC}language": "language",
    f"{_DCTERMS}modified": "updated",
    f"{_DCTERMS}issued": "published",
    "{http://purl.org/rss/1.0/modules/content/}encoded": "content",
    "{http://rssnamespace.org/feedburner/ext/1.0}origLink": "origin",
}
_OF_CHANNEL: Final = {
    f"{space}{name}": name for space in ("", _ATOM, _RSS1) for name in ("title", "language", "ttl")
} | {
    f"{_DC}language": "language",
    f"{_SY}updatePeriod": "updatePeriod",
    f"{_SY}updateFrequency": "updateFrequency",
}
_UNPREFIXED: Final = frozenset(
    ["", "http://www.w3.org/2005/atom", "http://purl.org/rss/1.0/", "http://purl.org/atom/ns#"]
)
_HARMLESS_NAMES: Final = frozenset(
    ["category", "comments", "enclosure", "source", "keywords", "rights", "copyright", "contributor",
     "generator", "cloud", "docs", "rating"]
)  # fmt: skip
_MEANINGFUL_NAMES: Final = frozenset(
    ["title", "link", "description", "guid", "id", "pubdate", "published", "issued", "updated", "modified",
     "lastbuilddate", "created", "author", "managingeditor", "name", "email", "url", "uri", "homepage",
     "subtitle", "tagline", "summary", "abstract", "content", "body", "fullitem", "language", "image",
     "textinput", "channel", "feed", "rss", "item", "entry", "info", "svg", "math", "webmaster", "encoded",
     "origlink", "creator", "date"]
)  # fmt: skip
_HARMLESS_SPACES: Final = {
    "http://search.yahoo.com/mrss/": frozenset(
        ["content", "thumbnail", "credit", "keywords", "category", "copyright", "rating", "group", "text",
         "player", "status", "community", "statistics", "starrating", "hash", "restriction", "title"]
    ),
    "http://purl.org/dc/elements/1.1/": frozenset(
        ["subject", "publisher", "rights", "identifier", "type", "format", "source", "relation", "coverage",
         "contributor"]
    ),
    "http://www.itunes.com/dtds/podcast-1.0.dtd": frozenset(
        ["duration", "explicit", "image", "episode", "season", "episodetype", "keywords", "block", "title",
         "category", "type"]
    ),
    "http://purl.org/rss/1.0/modules/content/": frozenset[str](),
    "http://purl.org/dc/terms/": frozenset[str](),
    "http://www.w3.org/1999/xhtml": frozenset[str](),
    "http://rssnamespace.org/feedburner/ext/1.0": frozenset(["info", "emailserviceid"]),
}  # fmt: skip
_RESERVED_PREFIXES: Final = frozenset(["dc", "dcterms", "content", "media", "itunes", "xhtml", "feedburner"])
_TEXT_TYPES: Final = frozenset([None, "text", "html", "text/plain", "text/html"])
_HTML_TYPES: Final = frozenset(["html", "text/html", "application/xhtml+xml", "xhtml"])
_LATIN_CONTROLS: Final = re.compile("[\x80-\x9f]")
_AMPERSAND: Final = re.compile("&([A-Za-z0-9_]+);")
_ODD_BASE: Final = re.compile(rb"<[^<>!]{1,400}[\s:]base=")
_MEDIA_TITLE: Final = "{http://search.yahoo.com/mrss/}title"


class _DeclinedError(Exception):
    """Something stands in the feed that only feedparser should judge."""


def read_strictly(xml: bytes) -> Found | None:
    """The feed in UTF-8 bytes that hold no document type, or None where feedparser should read it."""
    if b"base=" in xml and _ODD_BASE.search(xml):
        return None
    parser = etree.XMLParser(
        encoding="utf-8", recover=False, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(xml, parser)
        return _feed(root)
    except (etree.XMLSyntaxError, _DeclinedError, ValueError):
        return None


def _feed(root: etree._Element) -> Found:
    if root.tag == "rss":
        channels = list(root)
        if len(channels) != 1 or channels[0].tag != "channel":
            raise _DeclinedError
        top, items, name = channels[0], channels[0], "item"
    elif root.tag == f"{_RDF}RDF":
        found = root.find(f"{_RSS1}channel")
        if found is None:
            raise _DeclinedError
        top, items, name = found, root, f"{_RSS1}item"
    elif root.tag == f"{_ATOM}feed":
        top, items, name = root, root, f"{_ATOM}entry"
    else:
        raise _DeclinedError
    return Found([_entry(item) for item in items.iterchildren(name)], _channel(root, top, name), feed=True)


def _channel(root: etree._Element, top: etree._Element, item: str) -> dict[str, str]:
    said = {"language": (root.get(_LANG) or root.get("lang") or "").replace("_", "-")}
    for child in top:
        if child.tag == item:
            continue
        key = _OF_CHANNEL.get(child.tag)
        if key is None:
            if child.tag.rpartition("}")[2].lower() in {"item", "entry"}:
                raise _DeclinedError
            continue
        if len(child) or (key in said and key != "language"):
            raise _DeclinedError
        said[key] = _repaired((child.text or "").strip())
    return said


def _entry(item: etree._Element) -> RawEntry:
    said: dict[str, str] = {}
    links: list[str] = []
    for child in item:
        meaning = _BY_NAME.get(child.tag)
        if meaning is None:
            _check_harmless(child)
        elif meaning == "link":
            _add_link(child, links)
        elif meaning == "author":
            said[meaning] = _author(child)
        elif meaning in said:
            raise _DeclinedError
        else:
            said[meaning] = _text(child)
    about = item.get(f"{_RDF}about")
    if about is not None and "guid" in said:
        raise _DeclinedError
    if not said.get("title") and item.find(f".//{_MEDIA_TITLE}") is not None:
        raise _DeclinedError
    guid, link = about or said.get("guid", ""), said.get("origin") or (links[-1] if links else "")
    if guid and guid == link and not link_of_guid(guid):  # which of the two it is depends on their order
        raise _DeclinedError
    return RawEntry(
        guid=guid,
        link=link,
        title=said.get("title", ""),
        summary=said.get("summary") or said.get("content", ""),
        content=said.get("content", ""),
        author=said.get("author", ""),
        language=said.get("language", ""),
        published=_date(said.get("published")) or _date(said.get("updated")),
    )


def _text(element: etree._Element) -> str:
    if len(element) or element.get("type") not in _TEXT_TYPES or element.get("mode") is not None:
        raise _DeclinedError
    return _repaired((element.text or "").strip())


def _repaired(text: str) -> str:
    """Text with what feedparser repairs: UTF-8 encoded twice, and the control codes of windows-1252."""
    if text.isascii():
        return text
    try:
        text = text.encode("iso-8859-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        if _LATIN_CONTROLS.search(text):
            raise _DeclinedError from None
    return text


def _add_link(element: etree._Element, links: list[str]) -> None:
    """A link to the entry's page; one of another relation or type is none."""
    if len(element) or element.get("url") is not None or element.get("uri") is not None:
        raise _DeclinedError
    href = element.get("href")
    if href is None:
        written = _repaired((element.text or "").strip()).replace("&amp;", "&")
        links.append(_AMPERSAND.sub(r"&\g<1>", written))
    elif (
        element.get("rel", "alternate").lower() == "alternate"
        and element.get("type", "text/html").lower() in _HTML_TYPES
    ):
        links.append(href)


def _author(element: etree._Element) -> str:
    if not len(element):
        return _text(element)
    parts: dict[str, str] = {}
    if (element.text or "").strip():
        raise _DeclinedError
    for child in element:
        name = child.tag.removeprefix(_ATOM)
        if name not in {"name", "email", "uri"} or name in parts or not child.tag.startswith(_ATOM):
            raise _DeclinedError
        parts[name] = _text(child)
    name, email = parts.get("name", ""), parts.get("email", "")
    return f"{name} ({email})" if name and email else name or email


def _date(written: str | None) -> datetime | None:
    if not written:
        return None
    moment = standard_date(written)
    if moment is None:
        raise _DeclinedError
    return moment


def _check_harmless(element: etree._Element) -> None:
    """Decline the feed if feedparser might find more than meets the eye in an element or inside it."""
    for inner in element.iter() if len(element) else (element,):
        harmless = _VERDICTS.get(inner.tag)
        if harmless is None:
            harmless = _is_harmless(inner)
            if len(_VERDICTS) < 4096:
                _VERDICTS[inner.tag] = harmless
        if not harmless:
            raise _DeclinedError


_VERDICTS: Final[dict[str, bool]] = {}
"""What `_is_harmless` said of the names seen so far."""


def _is_harmless(element: etree._Element) -> bool:
    space, _, name = element.tag.rpartition("}")
    space, name = space.removeprefix("{").lower(), name.lower()
    if space in _UNPREFIXED:
        return name in _HARMLESS_NAMES or name not in _MEANINGFUL_NAMES
    if space in _HARMLESS_SPACES:
        return name in _HARMLESS_SPACES[space]
    prefix: str | None = element.prefix
    return prefix is not None and prefix.lower() not in _RESERVED_PREFIXES
