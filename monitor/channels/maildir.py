"""Mail into a Maildir on this machine: the same message, whole or not there at all."""

import asyncio
import os
from pathlib import Path
from typing import ClassVar

from monitor.channels import mime
from monitor.channels.base import Parcel
from monitor.channels.settings import MailSettings, Priority
from monitor.model import Delivered, Delivery, Failed, Notification

__all__ = ["MaildirChannel"]


class MaildirChannel:
    """Writes tmp/NAME, then moves it to new/NAME; NAME comes from the Message-ID.

    So a message that is sent again after a crash is found there and not doubled.
    """

    kind: ClassVar[str] = "maildir"

    def __init__(
        self, path: Path, recipients: tuple[str, ...], *, mail: MailSettings, priority: Priority
    ) -> None:
        self._path = path
        self._recipients = recipients
        self._mail = mail
        self._priority: Priority = priority

    def recipients(self) -> tuple[str, ...]:
        """Whom the mails are addressed to."""
        return self._recipients

    def freeze(self, notification: Notification) -> Parcel:
        """The mail with the line ends of files."""
        parcel = mime.mail(notification, self._mail, priority=self._priority)
        return Parcel(
            recipient=parcel.recipient,
            message_id=parcel.message_id,
            subject=parcel.subject,
            body=parcel.body.replace(b"\r\n", b"\n"),
        )

    async def send(self, parcel: Parcel) -> Delivery:
        """Write the file and make it durable."""
        try:
            return await asyncio.to_thread(self._write, parcel)
        except OSError as error:
            return Failed(reason=f"{self._path}: {error.strerror or error}", channel=True)

    async def close(self) -> None:
        """Nothing is held open."""

    def _write(self, parcel: Parcel) -> Delivery:
        name = parcel.message_id.strip("<>").partition("@")[0] + ".monitor"
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)  # mails are for their reader only
        for folder in ("tmp", "new", "cur"):
            (self._path / folder).mkdir(mode=0o700, exist_ok=True)
        new = self._path / "new" / name
        if new.exists() or any((self._path / "cur").glob(f"{name}*")):
            return Delivered(reply=f"{name} is there already")
        tmp = self._path / "tmp" / name
        tmp.touch(mode=0o600)
        with tmp.open("wb") as file:
            file.write(parcel.body)
            file.flush()
            os.fsync(file.fileno())
        tmp.rename(new)
        folder_handle = os.open(new.parent, os.O_RDONLY)
        try:
            os.fsync(folder_handle)
        finally:
            os.close(folder_handle)
        return Delivered(reply=str(new))
