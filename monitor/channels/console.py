"""The text of a notification on standard output, for trying things out."""

import sys
from typing import ClassVar, TextIO

from monitor.channels import mime
from monitor.channels.base import Parcel
from monitor.model import Delivered, Delivery, Failed, Notification

__all__ = ["ConsoleChannel"]


class ConsoleChannel:
    """Writes subject and text, and an empty line after each."""

    kind: ClassVar[str] = "console"

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def recipients(self) -> tuple[str, ...]:
        """One: whoever looks."""
        return ("console",)

    def freeze(self, notification: Notification) -> Parcel:
        """Subject and text; what could steer a terminal is not in it."""
        lines = [mime.clean(line, len(line) + 1) for line in notification.text.splitlines()]
        subject = mime.clean(notification.subject)
        text = "\n".join([subject, "", *lines, "", ""])
        return Parcel(
            recipient=notification.recipient,
            message_id=mime.message_id(notification.key, "console"),
            subject=subject,
            body=text.encode("utf-8", "replace"),
        )

    async def send(self, parcel: Parcel) -> Delivery:
        """Print it."""
        stream = self._stream or sys.stdout
        try:
            stream.write(parcel.body.decode("utf-8", "replace"))
            stream.flush()
        except (OSError, ValueError) as error:
            return Failed(reason=f"standard output: {error}", channel=True)
        return Delivered(reply="printed")

    async def close(self) -> None:
        """Nothing is held open."""
