"""Where a request goes: an address, taken apart once."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from yarl import URL

from monitor.fetching.guard import url_refusal

__all__ = ["Place", "place"]

_PORT = r"(?:[1-5]?\d{1,4}|6[0-4]\d{3})"
_PLAIN = re.compile(rf"https?://([a-z0-9.-]+)(?::{_PORT})?/(?:[!$&-;=?-Z_a-z~]|%[0-9A-Fa-f]{{2}})*")


@dataclass(frozen=True, slots=True)
class Place:
    """An address and its host.

    `verbatim` is what to send where every letter of it may go as it stands: some servers sign their
    addresses. `refusal` says why it must not be asked at all.
    """

    url: str
    host: str = ""
    verbatim: URL | None = None
    refusal: str = ""


@lru_cache(maxsize=2048)  # feeds are asked again and again, and what aiohttp works out of a URL stays with it
def place(url: str) -> Place:
    """The place at a URL; most are plain and need no closer look.

    >>> place("https://example.org/feed?a=%20").verbatim
    URL('https://example.org/feed?a=%20')
    >>> place("https://Example.org")
    Place(url='https://Example.org', host='example.org', verbatim=None, refusal='')
    """
    plain = _PLAIN.fullmatch(url)
    if plain:
        return Place(url, host=plain[1], verbatim=URL(url, encoded=True))
    why = url_refusal(url)
    return Place(url, refusal=why) if why else Place(url, host=urlsplit(url).hostname or "")
