"""OPML in and out, and sources as the YAML to paste."""

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree
from pydantic import ValidationError

from monitor.sources.base import Source
from monitor.sources.charset import decoded, prepared
from monitor.sources.kinds import FeedSource

__all__ = ["Imported", "as_yaml", "read_opml", "write_opml"]

_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Imported:
    """The feeds of an OPML file, and a line for everything that could not be taken over."""

    sources: tuple[FeedSource, ...]
    problems: tuple[str, ...]


def read_opml(body: bytes, *, taken: Collection[str] = ()) -> Imported:
    """The feeds of an OPML file: the outlet from the title, a tag from every folder.

    Ids that are `taken` are not given again; an address that stands twice is taken once.
    """
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, huge_tree=False
    )
    root = etree.fromstring(prepared(decoded(body)) or b"<none/>", parser)
    if root is None or root.tag != "opml":
        return Imported((), ("this is no OPML file",))
    sources: dict[str, FeedSource] = {}
    problems: list[str] = []
    ids = set(taken)
    for outline, folders in _outlines(root, ()):
        url = (outline.get("xmlUrl") or "").strip()
        title = (outline.get("title") or outline.get("text") or "").strip()
        if url in sources:
            continue
        try:
            source = FeedSource(id=_free_id(title, url, ids), url=url, outlet=title, tags=folders)
        except ValidationError as error:
            problems.append(f"{title or url}: {error.errors()[0]['msg'].removeprefix('Value error, ')}")
            continue
        ids.add(source.id)
        sources[url] = source
    return Imported(tuple(sources.values()), tuple(problems))


def _outlines(
    element: etree._Element, folders: tuple[str, ...]
) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    """Every feed's outline with the folders it lies in."""
    for child in element:
        if child.tag == "body":
            yield from _outlines(child, folders)
        elif child.tag == "outline" and child.get("xmlUrl"):
            yield child, folders
        elif child.tag == "outline":
            folder = _slug(child.get("title") or child.get("text") or "")
            yield from _outlines(child, (*folders, folder) if folder and folder not in folders else folders)


def _slug(words: str) -> str:
    """Words as a lower-case name.

    >>> _slug("Süddeutsche Zeitung: Politik")
    'suddeutsche-zeitung-politik'
    """
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii").lower()
    return _WORD.sub("-", plain).strip("-")[:60].strip("-")


def _free_id(title: str, url: str, taken: Collection[str]) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    name = _slug(title) or _slug(host) or "source"
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free


def write_opml(sources: Iterable[Source]) -> bytes:
    """The feeds among the sources as OPML 2.0, a folder for each first tag."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "media-monitor"
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {}
    for source in sources:
        if not isinstance(source, FeedSource):
            continue
        place = body
        for depth in range(1, len(source.tags) + 1):
            path = "/".join(source.tags[:depth])
            if path not in folders:
                folders[path] = etree.SubElement(place, "outline", text=source.tags[depth - 1])
            place = folders[path]
        name = source.outlet or source.id
        etree.SubElement(place, "outline", type="rss", text=name, title=name, xmlUrl=source.url)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def as_yaml(source: Source) -> str:
    """A source as a line of sources.yaml.

    >>> as_yaml(FeedSource(id="a", url="https://example.org/rss", tags=("world",)))
    '  - {id: "a", url: "https://example.org/rss", tags: ["world"]}'
    """
    said = source.model_dump(mode="json", exclude_defaults=True)
    if said.get("kind") == "feed":
        del said["kind"]
    ordered = {key: said[key] for key in ("id", "kind", "url") if key in said} | said
    inner = ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in ordered.items())
    return f"  - {{{inner}}}"
