"""What every kind of channel offers."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from monitor.model import Delivery, Notification

__all__ = ["Channel", "Parcel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message frozen for sending: the same bytes and the same `message_id` at every attempt.

    `subject` is what people look it up by.
    """

    recipient: str
    message_id: str
    body: bytes
    subject: str = ""


class Channel(Protocol):
    """A way to reach people. Made from its settings; one object serves all its recipients."""

    kind: ClassVar[str]

    def recipients(self) -> tuple[str, ...]:
        """Whom it reaches, one outbox row each."""

    def freeze(self, notification: Notification) -> Parcel:
        """The exact bytes to send; pure, and whatever the notification holds, it never raises."""

    async def send(self, parcel: Parcel) -> Delivery:
        """Try once; every failure is a value."""

    async def close(self) -> None:
        """Let go of connections."""
