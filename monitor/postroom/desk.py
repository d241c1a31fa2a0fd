"""The post room's own process: it sends what its daemon hands in, and notes what was taken, itself.

It lives as long as its daemon's end of the socket. When that closes, however the daemon ended, it takes
nothing more, lets what a server may have come to its end, and goes. No signal that is meant for the daemon
ends it.
"""

import asyncio
import logging
import os
import pickle
import signal
import socket
import sys
import traceback
from collections.abc import Mapping
from typing import Any, TextIO

from monitor.channels.base import Parcel, RemoteChannel
from monitor.channels.connections import Connections
from monitor.channels.opening import open_channel
from monitor.channels.settings import AppriseSettings, EmailSettings, MailSettings, WebhookSettings
from monitor.clock import SystemClock
from monitor.errors import ConfigError
from monitor.model import Delivered, Delivery, Failed, Refused
from monitor.postroom.wire import Head, Mouth, receive, said
from monitor.receipts import Receipts, Slip

__all__ = ["main", "prepare"]

LINGER = 20.0  # seconds for a server's last word when the daemon is gone
LEAVE = 5  # seconds more, then the system ends us, whatever a foreign library is at

Plan = tuple[EmailSettings | WebhookSettings | AppriseSettings, MailSettings]


class Desk:
    """Sends parcels, each in a task of its own, and tells how each went."""

    def __init__(self, plans: Mapping[str, Plan], receipts: Receipts | None, mouth: Mouth) -> None:
        mailing = sum(isinstance(settings, EmailSettings) for settings, _ in plans.values())
        connections = Connections[Any](mailing)
        self._channels = {name: _channel(*plan, connections) for name, plan in plans.items()}
        self._receipts = receipts
        self._say = mouth.say
        self._clock = SystemClock()
        self._sending: dict[asyncio.Task[Delivery], tuple[int, str, Parcel]] = {}

    def take(self, head: Head, body: bytes) -> None:
        """Begin to send a parcel."""
        parcel = Parcel(
            recipient=head["recipient"],
            message_id=head["message_id"],
            body=body,
            slip=Slip(**head["slip"]) if head["slip"] else None,
        )
        task = asyncio.create_task(self._send(head["channel"], parcel))
        self._sending[task] = head["number"], head["channel"], parcel
        task.add_done_callback(self._tell)

    async def _send(self, name: str, parcel: Parcel) -> Delivery:
        channel = self._channels[name]
        if isinstance(channel, Refused):
            return channel
        outcome = await channel.send(parcel)
        if isinstance(outcome, Delivered):  # before anything else: dying now would double it
            self._note(parcel, outcome)
        return outcome

    def _note(self, parcel: Parcel, outcome: Delivered) -> None:
        if self._receipts is None or parcel.slip is None:
            return
        try:
            self._receipts.note(parcel.slip, outcome.reply, now=self._clock.now())
        except OSError as error:
            words = {"row": parcel.slip.row, "error": error.strerror}
            self._say({"log": "warning", "event": "receipt could not be noted", "words": words})

    def _tell(self, task: asyncio.Task[Delivery]) -> None:
        number, _, _ = self._sending.pop(task)
        if task.cancelled():
            self._say({"number": number, **said(Failed(reason="dropped before any server had it"))})
        elif bug := task.exception():
            self._say({"number": number, "bug": "".join(traceback.format_exception(bug))})
        else:
            self._say({"number": number, **said(task.result())})

    async def finish(self) -> None:
        """The daemon is gone: drop what no server can have, and wait for the last words about the rest."""
        for task, (_, name, parcel) in tuple(self._sending.items()):
            channel = self._channels[name]
            if isinstance(channel, Refused) or not channel.given(parcel):
                task.cancel()
        if self._sending:
            await asyncio.wait(self._sending, timeout=LINGER)
        if self._receipts:
            self._receipts.close()
        await asyncio.gather(
            *(each.close() for each in self._channels.values() if not isinstance(each, Refused))
        )


class _Forward(logging.Handler):
    """What libraries log, told to the daemon."""

    def __init__(self, mouth: Mouth) -> None:
        super().__init__(logging.WARNING)
        self._mouth = mouth
        self._loop = asyncio.get_running_loop()

    def emit(self, record: logging.LogRecord) -> None:
        head = {
            "log": record.levelname.lower(),
            "event": record.getMessage(),
            "words": {"logger": record.name},
        }
        self._loop.call_soon_threadsafe(self._mouth.say, head)


def _channel(
    settings: EmailSettings | WebhookSettings | AppriseSettings,
    mail: MailSettings,
    connections: Connections[Any],
) -> RemoteChannel | Refused:
    """The channel, or why it cannot be: its secret was there when the daemon looked."""
    try:
        channel = open_channel(settings, mail, connections)
    except ConfigError as error:
        return Refused(reason=str(error), channel=True)
    assert isinstance(channel, RemoteChannel)
    return channel


async def serve(connection: socket.socket, receipts: Receipts | None) -> None:
    """Work until the other side hangs up."""
    reader, writer = await asyncio.open_connection(sock=connection)
    opening = await receive(reader)
    if opening is None:
        return
    mouth = Mouth(writer)
    desk = Desk(pickle.loads(opening[1]), receipts, mouth)  # noqa: S301  our own daemon's words
    logging.basicConfig(handlers=[_Forward(mouth)], level=logging.WARNING)
    mouth.say({"ready": os.getpid()})
    while (parcel := await receive(reader)) is not None:
        desk.take(*parcel)
    signal.alarm(int(LINGER) + LEAVE)
    _turn_away(sys.stderr, os.O_WRONLY)  # whoever reads the daemon's errors to their end need not wait for us
    await desk.finish()
    os._exit(0)  # a thread that hangs in a foreign library is not waited for


def _turn_away(stream: TextIO, mode: int) -> None:
    """Let a stream of the process lead nowhere."""
    nowhere = os.open(os.devnull, mode)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def prepare() -> None:
    """All that sending needs is imported."""


def main(*receipts: int) -> None:
    """Serve on standard input (a socket), noting in the file of that handle, if there is one."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as connection:
        _turn_away(sys.stdin, os.O_RDONLY)  # what we start (a token command) hears nothing of our daemon
        asyncio.run(serve(connection, Receipts(*receipts) if receipts else None))
