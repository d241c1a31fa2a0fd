"""Which entry is which: ids that outlive a moved server, told apart where a feed repeats itself."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitor.model import FeedEntry

__all__ = ["digest", "entry_id", "told_apart"]

_SCHEME = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
_LONGEST = 500


def digest(*parts: str) -> str:
    """A short name for these texts."""
    text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=12).hexdigest()


def entry_id(guid: str, url: str, title: str, summary: str) -> str:
    """The id of an entry: its guid, else its link, else what it says; without scheme and `www.`.

    >>> entry_id("https://www.example.org/1", "", "", "") == entry_id("http://example.org/1", "", "", "")
    True
    """
    given = guid.strip() or url
    if not given:
        return "text:" + digest(title, summary)
    name = _SCHEME.sub("", given) if given[:4].lower() == "http" else given
    return name if len(name) <= _LONGEST else "long:" + digest(name)


def told_apart(entries: Iterable[FeedEntry]) -> Iterator[FeedEntry]:
    """The entries with ids that differ: one id for several links or titles is no id at all."""
    listed = tuple(entries)
    uses = Counter(entry.id for entry in listed)
    given: set[str] = set()
    for entry in listed:
        name = entry.id
        if uses[name] > 1:
            name = f"{name[:_LONGEST]}#{digest(entry.url, '' if entry.url else entry.title)}"
        if name not in given:
            given.add(name)
            yield entry if name == entry.id else replace(entry, id=name)
