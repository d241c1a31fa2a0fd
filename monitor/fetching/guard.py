"""Which addresses may be dialled: the public internet, and what `fetching.allow_private` names.

`ipaddress.is_global` alone is not enough: it passes multicast, the NAT64 and 6to4 forms of private
addresses, and the IPv4-compatible `::127.0.0.1`; and what it passes changes between Python versions.
"""

import socket
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

__all__ = ["ForbiddenAddressError", "Network", "refusal", "socket_factory", "url_refusal"]

Network = IPv4Network | IPv6Network

_CLOSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
    )
)  # fmt: skip
_OPEN_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")


class ForbiddenAddressError(OSError):
    """An address that must not be dialled; an OSError because it stands in for a failed connect."""


def _carried(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside a mapped or translated one, else the address itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


@lru_cache(maxsize=16384)
def refusal(address: str, allowed: tuple[Network, ...] = ()) -> str:
    """Why an address must not be dialled; empty where it may be.

    >>> refusal("93.184.215.14")
    ''
    >>> refusal("::ffff:10.0.0.1")
    '::ffff:10.0.0.1 is not a public address; fetching.allow_private could allow it'
    """
    written = ip_address(address)
    carried = _carried(written)
    if any(form in network for form in (written, carried) for network in allowed):
        return ""
    if isinstance(carried, IPv4Address):
        closed = any(carried in network for network in _CLOSED_V4)
    else:
        closed = carried not in _OPEN_V6 or any(carried in network for network in _CLOSED_V6)
    if closed:
        return f"{address} is not a public address; fetching.allow_private could allow it"
    return ""


def socket_factory(allowed: tuple[Network, ...]) -> Callable[[Any], socket.socket]:
    """What makes the sockets of a connector: it sees every address that is really dialled, after
    every look-up and redirect, so a name that changes its mind between two look-ups gains nothing.
    """

    def make(dialled: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, place = dialled
        why = refusal(place[0], allowed)
        if why:
            raise ForbiddenAddressError(why)
        return _SOCKETS.get((family, kind), socket.socket)(family, kind, protocol)

    return make


class _Socket4(socket.socket):
    """A TCP socket that knows its family: it is asked for it and its kind seven times a connection, and
    the library makes each answer anew.
    """

    family = socket.AF_INET
    type = socket.SOCK_STREAM


class _Socket6(_Socket4):
    family = socket.AF_INET6


_SOCKETS = {
    (socket.AF_INET, socket.SOCK_STREAM): _Socket4,
    (socket.AF_INET6, socket.SOCK_STREAM): _Socket6,
}


def url_refusal(url: str) -> str:
    """Why a URL must not be fetched whatever it resolves to; empty where it may be.

    >>> url_refusal("file:///etc/passwd")
    'file addresses are not fetched, only http and https'
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"{url!r} is no web address ({error})"
    if parts.scheme not in {"http", "https"}:
        return f"{parts.scheme or 'relative'} addresses are not fetched, only http and https"
    if "@" in parts.netloc:
        return "addresses with a user name or password are not fetched"
    return "" if host else f"{url!r} names no host"
