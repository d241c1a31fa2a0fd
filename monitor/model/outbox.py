"""The outbox: rows to send, what is sent, and how that ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.model.alerts import Alert
from monitor.model.fetches import Failed
from monitor.model.matches import Severity

__all__ = [
    "Census",
    "Delivered",
    "Delivery",
    "Dispatch",
    "Kind",
    "Mail",
    "Notification",
    "OutboxClaim",
    "Refused",
    "RowState",
]


class Kind(StrEnum):
    """What a notification is about."""

    ALERT = "alert"
    UPDATE = "update"
    CORRECTION = "correction"
    DIGEST = "digest"
    HEALTH = "health"


class RowState(StrEnum):
    """Where an outbox row stands; every row ends sent, dead or expired."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An outbox row of a story, as much as deciding needs; once `frozen` nothing can join it.

    `story` is the row's thread: the story's id, or what Dispatch.thread said.
    """

    key: str
    story: str
    channel: str
    recipient: str
    kind: Kind
    state: RowState
    frozen: bool
    due: datetime
    sent: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """One outbox row to open, or to join where a row of the same `key` is still open.

    `key` makes it unique for ever; not sent before `due`; carries these alerts, given as
    (watchlist, rule) of the decision's own. `thread` is the conversation that the row belongs to (empty:
    its story). `note` is what the row says besides its alerts, a line each.
    """

    key: str
    channel: str
    recipient: str
    kind: Kind
    due: datetime
    alerts: tuple[tuple[str, str], ...]
    thread: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """What happened between two digests, for the digest's last line; `silent` are sources that failed."""

    since: datetime
    articles: int = 0
    sources: int = 0
    silent: int = 0
    verdicts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message for one recipient by one channel; its `key` makes resending harmless.

    `thread` is the key of the first message of the same story and recipient (empty: this is it),
    `payload` the same facts as JSON-able fields, for channels that do not send prose.
    """

    key: str
    channel: str
    recipient: str
    kind: Kind
    severity: Severity
    subject: str
    text: str
    html: str
    created: datetime
    thread: str = ""
    language: str = "en"
    payload: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxClaim:
    """An outbox row that is ours to send until the lease ends.

    `frozen` holds the exact bytes to send from the first claim on (None before). `uncertain`: an earlier
    attempt ended without knowing whether the server took it. `thread` as in Notification. `note` as in
    Dispatch; `about` is the Dispatch's thread; `census` is filled for digests. `begun` is when the first
    attempt began (a retry by hand begins anew).
    """

    id: int
    key: str
    channel: str
    recipient: str
    kind: Kind
    alerts: tuple[Alert, ...]
    frozen: bytes | None
    attempts: int
    created: datetime
    fence: int
    thread: str = ""
    uncertain: bool = False
    note: str = ""
    about: str = ""
    census: Census | None = None
    message_id: str = ""
    begun: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The server took it (SMTP 2xx)."""

    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The server will never take it (SMTP 5xx).

    `channel` is true where the refusal concerns the channel (login, connection), not this message.
    """

    reason: str
    code: int = 0
    channel: bool = False


Delivery = Delivered | Failed | Refused
"""How a delivery ended."""
