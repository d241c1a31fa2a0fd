"""Where a request goes: an address, taken apart once."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.fetching.guard import url_refusal

__all__ = ["Place", "place"]

_PORT = r"(?:[1-5]?\d{1,4}|6[0-4]\d{3})"
_PLAIN = re.compile(rf"https?://([a-z0-9.-]+)(?::{_PORT})?/(?:[!$&-;=?-Z_a-z~]|%[0-9A-Fa-f]{{2}})*")


@dataclass(frozen=True, slots=True)
class Place:
    """An address and its host; `plain`: it is sent letter by letter; `refusal`: why it is never asked."""

    url: str
    host: str = ""
    plain: bool = False
    refusal: str = ""


def place(url: str) -> Place:
    """The place at a URL; most are plain and need no closer look.

    >>> place("https://example.org:8443/feed?a=%20")
    Place(url='https://example.org:8443/feed?a=%20', host='example.org', plain=True, refusal='')
    >>> place("https://Example.org").host
    'example.org'
    """
    plain = _PLAIN.fullmatch(url)
    if plain:
        return Place(url, host=plain[1], plain=True)
    why = url_refusal(url)
    return Place(url, refusal=why) if why else Place(url, host=urlsplit(url).hostname or "")
