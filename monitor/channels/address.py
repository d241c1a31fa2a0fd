"""Mail addresses as admins write them; what cannot be one is refused with words."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

__all__ = ["Address", "Addresses", "Mailbox", "WayOut", "address_of", "name_of"]

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_NAMED = re.compile(r'"?(?P<name>[^"<>]*?)"?\s*<(?P<address>[^<>]*)>')
_LONGEST_LOCAL = 64
_LONGEST = 254


def _address(written: str) -> str:
    """The address, its domain in the ASCII form that servers know.

    >>> _address("desk@example.org"), _address("desk@bücher.example")
    ('desk@example.org', 'desk@xn--bcher-kva.example')
    >>> _address("desk")
    Traceback (most recent call last):
    ...
    ValueError: 'desk' is no mail address; write one like desk@example.org
    """
    local, _, domain = written.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError:
        ascii_domain = ""
    labels = ascii_domain.split(".")
    if not _LOCAL.fullmatch(local) or not all(_LABEL.fullmatch(label) for label in labels):
        hint = "; letters left of the @ must be ASCII" if local and not local.isascii() else ""
        raise ValueError(f"{written!r} is no mail address; write one like desk@example.org{hint}")
    if len(local) > _LONGEST_LOCAL or len(local) + len(ascii_domain) + 1 > _LONGEST:
        raise ValueError(f"{written!r} is too long for a mail address")
    return f"{local}@{ascii_domain}"


def _mailbox(written: str) -> str:
    """An address that may carry a name: `Name <address>`."""
    found = _NAMED.fullmatch(written.strip())
    if not (written.isprintable() and (found or "<" not in written)):
        raise ValueError(f'{written!r} is no sender; write one like "Media Monitor <alerts@example.org>"')
    address = _address(found["address"] if found else written.strip())
    return f"{found['name']} <{address}>" if found and found["name"] else address


def _way_out(written: str) -> str:
    """Where a reader asks to be taken off, as the URL that List-Unsubscribe carries (RFC 2369, 3.2).

    >>> _way_out("desk@example.org"), _way_out("https://desk.example.org/leave"), _way_out("")
    ('mailto:desk@example.org?subject=unsubscribe', 'https://desk.example.org/leave', '')
    >>> _way_out("http://desk.example.org")
    Traceback (most recent call last):
    ...
    ValueError: 'http://desk.example.org' is no way out; write a mail address or an https page
    """
    if not written or re.fullmatch(r"(?:https://|mailto:)[!-;=?-~]{3,400}", written):
        return written
    if ":" in written:
        raise ValueError(f"{written!r} is no way out; write a mail address or an https page")
    return f"mailto:{_address(written)}?subject=unsubscribe"


def _several(written: object) -> object:
    """One text may list addresses between commas (an environment variable does)."""
    return (
        [part.strip() for part in written.split(",") if part.strip()] if isinstance(written, str) else written
    )


def address_of(mailbox: str) -> str:
    """The address in a mailbox.

    >>> address_of("Media Monitor <alerts@example.org>"), address_of("a@b.org")
    ('alerts@example.org', 'a@b.org')
    """
    found = _NAMED.fullmatch(mailbox)
    return found["address"] if found else mailbox


def name_of(mailbox: str) -> str:
    """The name in a mailbox, or nothing."""
    found = _NAMED.fullmatch(mailbox)
    return found["name"] if found else ""


Address = Annotated[str, AfterValidator(_address)]
Addresses = Annotated[tuple[Address, ...], BeforeValidator(_several, json_schema_input_type=str | list[str])]
WayOut = Annotated[str, AfterValidator(_way_out)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
