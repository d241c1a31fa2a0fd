"""A feed cut into its items before it is parsed, so that only those are read that were not seen before."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Split", "split", "tags_outside_cdata"]

_EDGE = re.compile(rb"<(/?)(item|entry)(?=[\s>/])")
_ROOTS = re.compile(rb"<(?:rss|feed|channel|rdf:RDF)\b[^>]{0,4000}>", re.IGNORECASE)
_HIDING = re.compile(rb"</?(?:item|entry)[\s>/]")


@dataclass(frozen=True, slots=True)
class Split:
    """A feed's bytes as they stand before, in and after its items; between them is nothing."""

    header: bytes
    chunks: tuple[bytes, ...]
    footer: bytes

    def keys(self) -> list[bytes]:
        """A name for every item, different where its bytes or the feed's namespaces differ."""
        roots = b"".join(_ROOTS.findall(self.header))
        key = _short(roots)
        return [hashlib.blake2b(chunk, digest_size=8, key=key).digest() for chunk in self.chunks]

    def only(self, numbers: Sequence[int]) -> bytes:
        """A feed with these items alone."""
        return b"".join([self.header, *(self.chunks[number] for number in numbers), self.footer])


def _short(roots: bytes) -> bytes:
    return hashlib.blake2b(roots, digest_size=16).digest()


def split(xml: bytes) -> Split | None:
    """The feed cut at its items, or None where the cuts might be wrong."""
    if any(_HIDING.search(hidden) for hidden in _hidden(xml)):
        return None
    chunks: list[bytes] = []
    start, name, first, end = -1, b"", -1, -1
    for edge in _EDGE.finditer(xml):
        if edge[1]:
            stop = xml.find(b">", edge.end()) + 1
            if start < 0 or edge[2] != name or not stop:
                return None
            chunks.append(xml[start:stop])
            start, end = -1, stop
        elif start >= 0 or (end >= 0 and xml[end : edge.start()].strip()):
            return None
        else:
            start, name = edge.start(), edge[2]
            first = start if first < 0 else first
    if not chunks or start >= 0:
        return None
    return Split(xml[:first], tuple(chunks), xml[end:])


def _hidden(xml: bytes) -> list[bytes]:
    """What stands in CDATA sections and comments."""
    return [
        section.partition(closing)[0]
        for opening, closing in ((b"<![CDATA[", b"]]>"), (b"<!--", b"-->"))
        for section in xml.split(opening)[1:]
    ]


def tags_outside_cdata(xml: bytes) -> int:
    """How many tags a parser would meet."""
    first, *sections = xml.split(b"<![CDATA[")
    return first.count(b"<") + sum(section.partition(b"]]>")[2].count(b"<") for section in sections)
