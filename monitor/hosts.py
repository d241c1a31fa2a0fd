"""Names of hosts: the part that somebody registered."""

import re
from ipaddress import ip_address

__all__ = ["registrable"]

_SECOND_LEVEL = re.compile("ac|com?|edu|g[ov]|gob|gouv|govt?|info|ltd|me|mil|net?|nom|org?|plc|press|sch|web")


def registrable(host: str) -> str:
    """The part of a host name that somebody registered, judged by the common second-level labels.

    >>> registrable("feeds.bbci.co.uk"), registrable("www.example.org")
    ('bbci.co.uk', 'example.org')
    """
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        labels = host.split(".")
    second_level = (
        len(labels) > 2 and len(labels[-1]) == 2 and _SECOND_LEVEL.fullmatch(labels[-2]) is not None
    )
    return ".".join(labels[-3 if second_level else -2 :])
