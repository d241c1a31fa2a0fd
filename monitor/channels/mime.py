"""A notification becomes the bytes of a mail: few headers, all of them ours, text first, then HTML.

Written by hand because the standard library's policies damage folded subjects that mix scripts (Python
3.11), let an encoded word carry a line break into the headers (before 3.13), and take longer than sending.
"""

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import format_datetime

from monitor.channels.address import address_of, name_of
from monitor.channels.base import Parcel
from monitor.channels.settings import MailSettings, Priority
from monitor.model import Notification

__all__ = ["clean", "mail", "message_id"]

_LONGEST_SUBJECT = 180
_SPACES = {"Cc", "Zl", "Zp"}
_DROPPED = {"Cf", "Cs", "Co", "Cn"}
_JOINERS = "\u200c\u200d"
_TEXT = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~.-]*")
_FIELD_END = re.compile(r"\r\n(?![ \t])")


def message_id(key: str, domain: str) -> str:
    """The Message-ID of a key: always the same, and nothing in it names a machine.

    >>> message_id("k", "example.org")
    '<ds7epzh26mamivk7ptgpcuvtyu5eoo3i@example.org>'
    """
    digest = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=20).digest()
    return f"<{base64.b32encode(digest).decode().lower()}@{domain}>"


def clean(text: str, longest: int = _LONGEST_SUBJECT) -> str:
    r"""One line without anything that could end a header, begin an encoded word or hide.

    >>> clean("Alert\r\nBcc: x@y"), clean("=?UTF-8?Q?=0A?= a\u202eb")
    ('Alert Bcc: x@y', '= ?UTF-8?Q?=0A?= ab')
    """
    kinds = ((character, unicodedata.category(character)) for character in text)
    kept = "".join(
        " " if kind in _SPACES else character
        for character, kind in kinds
        if kind not in _DROPPED or character in _JOINERS
    )
    line = " ".join(kept.replace("=?", "= ?").split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    kind: str
    body: bytes


def mail(notification: Notification, settings: MailSettings, *, priority: Priority = "normal") -> Parcel:
    """The mail; pure, and whatever the notification holds, it never raises and adds no header.

    The headers are read back before they are used: a subject that does not survive is replaced.
    """
    subject = clean(notification.subject)
    headers = _headers(notification, settings, subject, priority)
    head = _head(headers)
    if not _survives(head, headers, subject):
        subject = f"[{notification.severity}] alert"
        headers = _headers(notification, settings, subject, priority)
        head = _head(headers)
    boundary = "=_" + hashlib.blake2b(notification.key.encode("utf-8", "replace"), digest_size=12).hexdigest()
    parts = (
        _Part(kind="plain", body=_printable(notification.text)),
        _Part(kind="html", body=_printable(notification.html)),
    )
    body = b"".join(_section(part, boundary) for part in parts if part.body)
    kind = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'.encode()
    return Parcel(
        recipient=notification.recipient,
        message_id=headers["Message-ID"],
        subject=subject,
        body=head + kind + body + f"--{boundary}--\r\n".encode(),
    )


def _headers(
    notification: Notification, settings: MailSettings, subject: str, priority: Priority
) -> dict[str, str]:
    """Every header by name, encoded, in order."""
    domain = settings.home
    headers = {
        "From": _mailbox(settings.sender),
        "To": clean(notification.recipient, 320),
        "Subject": _encoded(subject),
        "Date": format_datetime(notification.created),
        "Message-ID": message_id(notification.key, domain),
    }
    if notification.thread:
        root = message_id(notification.thread, domain)
        headers |= {"In-Reply-To": root, "References": root}
    headers |= {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": f"Media Monitor <alerts.{domain}>",
    }
    if settings.unsubscribe:  # without List-Unsubscribe-Post: nobody is taken off by a click
        headers |= {"List-Unsubscribe": f"<{settings.unsubscribe}>"}
    if priority == "high":
        headers |= {"Importance": "high", "X-Priority": "1"}
    return headers | {"MIME-Version": "1.0"}


def _head(headers: Mapping[str, str]) -> bytes:
    lines = (f"{name}: {value}\r\n" for name, value in headers.items())
    return "".join(lines).encode("ascii", "replace")


def _survives(head: bytes, headers: Mapping[str, str], subject: str) -> bool:
    """Whether a reader finds exactly our headers, each printable, and the subject as we meant it."""
    fields = [field.partition(": ") for field in _FIELD_END.split(head.decode())[:-1]]
    values = [value.replace("\r\n ", "") for _, _, value in fields]
    return (
        [name for name, _, _ in fields] == list(headers)
        and all(map(str.isprintable, values))
        and _decoded(fields[2][2]) == subject
    )


def _mailbox(mailbox: str) -> str:
    name = clean(name_of(mailbox), 120)
    if not name:
        return address_of(mailbox)
    shown = f'"{name}"' if _TEXT.fullmatch(name) else _encoded(name)
    return f"{shown} <{address_of(mailbox)}>"


def _encoded(text: str) -> str:
    """A header's text (RFC 2047): as it is where it is short ASCII, else in encoded words, folded.

    A character is never split between two words, and the space between words belongs to nobody.
    """
    if text.isascii() and len(text) <= 66:
        return text
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(chunk).decode()}?=" for chunk in _chunks(text))


def _chunks(text: str, size: int = 45) -> Iterator[bytes]:
    chunk = b""
    for character in text:
        piece = character.encode("utf-8", "replace")
        if len(chunk) + len(piece) > size:
            yield chunk
            chunk = b""
        chunk += piece
    yield chunk


def _decoded(value: str) -> str:
    """What a mail program shows of our own encoding; anything else is not ours."""
    if not value.startswith("=?"):
        return value
    words = [word.strip() for word in value.splitlines()]
    if not all(word.startswith("=?utf-8?b?") and word.endswith("?=") for word in words):
        return ""
    try:
        return b"".join(base64.b64decode(word[10:-2], validate=True) for word in words).decode()
    except ValueError:
        return ""


def _printable(text: str) -> bytes:
    """Quoted-printable UTF-8 with the line ends of mail (RFC 2045, 6.7)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    raw = lines.encode("utf-8", "replace")
    return binascii.b2a_qp(raw, quotetabs=False, istext=True).replace(b"\n", b"\r\n")


def _section(part: _Part, boundary: str) -> bytes:
    """A part; its boundary cannot stand in quoted-printable text, where = is followed by hex."""
    head = (
        f"--{boundary}\r\n"
        f'Content-Type: text/{part.kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + part.body + b"\r\n"
