"""Fetches, and how they end; a failure is a value."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

__all__ = ["Failed", "Fetched", "Gone", "NotModified", "Validators"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """ETag and Last-Modified exactly as the server wrote them (RFC 9110, 8.8).

    `url` is the address they were given for; they are never sent to another one.
    """

    etag: str = ""
    modified: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A body, already decompressed. `url` is the final address; `moved` the target of a permanent redirect.

    `fresh_for` is how long the server says the body stays fresh (Cache-Control, else Expires - Date),
    `received` when we got it (dates far beyond it are not believed).
    """

    url: str
    status: int
    body: bytes
    content_type: str = ""
    received: datetime | None = None
    validators: Validators = field(default_factory=Validators)
    moved: str = ""
    fresh_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that nothing changed (304); it may bring new validators."""

    validators: Validators = field(default_factory=Validators)
    fresh_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The server says that the address is gone for good (410)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A fetch or a delivery did not succeed this time, and why, in words for people.

    `code` is the server's status (HTTP, SMTP) or 0; `retry_after` what the server asked for. `uncertain`:
    the message had left us when the answer failed to come, so the server may have taken it. `channel`:
    the trouble is the channel's (no connection), not this message's.
    """

    reason: str
    retry_after: timedelta | None = None
    code: int = 0
    uncertain: bool = False
    channel: bool = False
