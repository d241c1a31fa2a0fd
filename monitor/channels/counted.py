"""A channel whose replies are counted, whatever its kind."""

from typing import ClassVar

from monitor.channels.base import Channel, Parcel
from monitor.metrics import Metrics, code_class
from monitor.model import Delivered, Delivery, Notification

__all__ = ["CountedChannel"]


class CountedChannel:
    """A channel, and the class of every reply it hears (an attempt that never ends is not a reply)."""

    kind: ClassVar[str] = "counted"

    def __init__(self, channel: Channel, *, name: str, metrics: Metrics) -> None:
        self._channel = channel
        self._name = name
        self._metrics = metrics

    def recipients(self) -> tuple[str, ...]:
        """Whom it reaches."""
        return self._channel.recipients()

    def freeze(self, notification: Notification) -> Parcel:
        """The bytes to send."""
        return self._channel.freeze(notification)

    async def send(self, parcel: Parcel) -> Delivery:
        """Try once."""
        outcome = await self._channel.send(parcel)
        answered = "2xx" if isinstance(outcome, Delivered) else code_class(outcome.code)
        self._metrics.replies.labels(self._name, answered).inc()
        return outcome

    async def close(self) -> None:
        """Let go of connections."""
        await self._channel.close()
