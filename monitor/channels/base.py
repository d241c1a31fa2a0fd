"""What every kind of channel offers."""

from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from monitor.model import Delivery, Notification
from monitor.receipts import Slip

__all__ = ["Channel", "Parcel", "RemoteChannel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message frozen for sending: the same bytes and the same `message_id` at every attempt.

    `subject` is what people look it up by; `slip` goes into the receipt when the other side took it.
    """

    recipient: str
    message_id: str
    body: bytes
    subject: str = ""
    slip: Slip | None = None


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


@runtime_checkable
class RemoteChannel(Channel, Protocol):
    """A channel whose other side is another machine, so that it may take something and not live to say so."""

    def given(self, parcel: Parcel) -> bool:
        """Whether the other side may have the parcel by now: sending it again might double it."""
