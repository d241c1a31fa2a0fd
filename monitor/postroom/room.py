"""The channels of a configuration: those that talk to other machines work in a process of their own.

A kill -9 of the daemon leaves that process alive for as long as it takes to hear what servers say to what
they have: no mail is sent twice because nobody heard their yes.
"""

import asyncio
import os
import pickle
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import ClassVar

from monitor.channels import AnyChannel, Channel, MailSettings, Parcel, RemoteChannel, open_channel
from monitor.clock import Clock
from monitor.logs import log
from monitor.model import Delivered, Delivery, Failed
from monitor.postroom.clerk import Clerk
from monitor.receipts import Receipts

__all__ = ["PostRoom"]


class PostRoom:
    """`channels`, by name; what they take is noted in the receipts before they say so."""

    def __init__(
        self,
        settings: Mapping[str, AnyChannel],
        mail: MailSettings,
        *,
        receipts: Receipts | None,
        clock: Clock,
        died: Callable[[], None],
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """ConfigError where a secret or a key cannot be read; `died` is told whenever the process dies."""
        opened = {name: open_channel(each, mail) for name, each in settings.items()}
        remote = {name for name, channel in opened.items() if isinstance(channel, RemoteChannel)}
        unsigned = mail.model_copy(update={"dkim": None})  # what is sent is signed already
        self._plans = pickle.dumps({name: (settings[name], unsigned) for name in remote})
        self._receipts = receipts
        self._clock = clock
        self._died = died
        self._environment = environment
        self._clerk: Clerk | None = None
        self._hiring = asyncio.Lock()
        self._busy = 0
        self._idle = asyncio.Event()
        self.channels: dict[str, Channel] = {
            name: _Otherwise(
                channel, partial(self.send, name) if name in remote else partial(self._here, channel)
            )
            for name, channel in opened.items()
        }

    async def send(self, channel: str, parcel: Parcel) -> Delivery:
        """Have a parcel sent by the process, which is started where there is none."""
        self._busy += 1
        self._idle.clear()
        if self._receipts and parcel.slip:
            self._receipts.expect(parcel.slip.row)
        try:
            return await (await self._ready()).send(channel, parcel)
        except OSError as error:
            words = error.strerror or str(error) or "it is not ready in time"
            return Failed(reason=f"the post room does not open: {words}", channel=True)
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()

    async def _here(self, channel: Channel, parcel: Parcel) -> Delivery:
        """Send what stays on this machine, and note at once that it was taken: dying now would double it."""
        outcome = await channel.send(parcel)
        if self._receipts and parcel.slip and isinstance(outcome, Delivered):
            self._receipts.expect(parcel.slip.row)
            try:
                self._receipts.note(parcel.slip, outcome.reply, now=self._clock.now())
            except OSError as error:
                log.warning("receipt could not be noted", row=parcel.slip.row, error=error.strerror)
        return outcome

    async def _ready(self) -> Clerk:
        async with self._hiring:
            if self._clerk is None or self._clerk.gone:
                self._clerk = await Clerk.hire(self._plans, self._receipts, self._died, self._environment)
            return self._clerk

    async def retire(self) -> None:
        """Close once what is in hand has come to its end."""
        while self._busy:
            await self._idle.wait()
        await self.close()

    async def close(self) -> None:
        """Hang up; what is in hand may still come to its end, and its receipt be found by the next start."""
        if self._clerk is not None:
            await self._clerk.dismiss()
        for channel in self.channels.values():
            await channel.close()


class _Otherwise:
    """A channel that sends in another way than its own."""

    kind: ClassVar[str] = "otherwise"

    def __init__(self, channel: Channel, send: Callable[[Parcel], Awaitable[Delivery]]) -> None:
        self.recipients = channel.recipients
        self.freeze = channel.freeze
        self.close = channel.close
        self._send = send

    async def send(self, parcel: Parcel) -> Delivery:
        """Try once."""
        return await self._send(parcel)
