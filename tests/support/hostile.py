"""A real SMTP server that misbehaves on command, and remembers what it took."""

import asyncio
import hashlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from enum import Enum
from typing import Self

from waiting import Bell, pace

__all__ = ["Fault", "Hostile", "Stage", "Taken"]


class Stage(Enum):
    """Where a fault strikes; DOT is the reply to the final dot."""

    CONNECT = "connect"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"
    NOOP = "noop"
    RSET = "rset"


class Fault(Enum):
    """What a server does instead of answering; a reply is simply a text."""

    DROP = "close the connection without a word"
    HANG = "never answer"
    ACCEPT_THEN_DROP = "take the mail, then close without a word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A mail the server keeps; `digest` is that of its bytes, `at` when it came (monotonic seconds)."""

    message_id: str
    recipient: str
    digest: str
    body: bytes
    confirmed: bool
    at: float = 0.0


Behaviour = Callable[[Stage, str], str | Fault | None]
"""The fault for a stage and its argument (the recipient, from RCPT on), or None."""


def no_fault(_stage: Stage, _argument: str) -> None:
    """A server as it should be."""


@dataclass(slots=True)
class _Dialogue:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    recipient: str = ""


class _Hangs(Exception):  # noqa: N818  it is no error: the connection ends here
    """The dialogue is over."""


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass(slots=True)
class Hostile:
    """`async with Hostile() as server:` listens on loopback; `server.taken` is what it took, in order.

    `pace` is how many seconds it takes to think before each reply; its yes to a mail it has waits for `open`.
    The `bell` rings at every word it hears, and at every mail it takes.
    """

    behave: Behaviour = no_fault
    pace: float = 0.0
    extensions: tuple[str, ...] = ()
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    taken: list[Taken] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    open: asyncio.Event = field(default_factory=_set)
    bell: Bell = field(default_factory=Bell)
    _server: asyncio.Server | None = None
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def has_taken(self, mails: int) -> None:
        """Wait until it has so many mails."""
        await self.bell.until(lambda: len(self.taken) >= mails)

    async def __aenter__(self) -> Self:
        context = self.tls if self.implicit else None
        self._server = await asyncio.start_server(
            self._begin, "127.0.0.1", self.port, ssl=context, limit=1 << 24
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._talk(_Dialogue(reader, writer)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _talk(self, dialogue: _Dialogue) -> None:
        self.connections += 1
        try:
            if await self._answer(dialogue, Stage.CONNECT, "", "220 hostile"):
                while line := await dialogue.reader.readline():
                    await self._command(dialogue, line.decode().rstrip("\r\n"))
        except (_Hangs, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            self.said.append("(closed)")
        finally:
            dialogue.writer.close()

    async def _command(self, dialogue: _Dialogue, line: str) -> None:  # noqa: C901  a case a verb
        self.said.append(line)
        self.bell.ring()
        verb, _, argument = line.partition(" ")
        match verb.upper():
            case "EHLO":
                offered = ["hostile", *self.extensions]
                lines = [f"250{' ' if name == offered[-1] else '-'}{name}" for name in offered]
                await self._answer(dialogue, Stage.EHLO, argument, "\r\n".join(lines))
            case "STARTTLS":
                if await self._answer(dialogue, Stage.STARTTLS, "", "220 go ahead"):
                    await dialogue.writer.start_tls(self.tls)  # type: ignore[arg-type]
            case "AUTH":
                await self._answer(dialogue, Stage.AUTH, argument, "235 welcome")
            case "MAIL":
                await self._answer(dialogue, Stage.MAIL, argument, "250 sender ok")
            case "RCPT":
                dialogue.recipient = argument.partition("<")[2].partition(">")[0]
                await self._answer(dialogue, Stage.RCPT, dialogue.recipient, "250 recipient ok")
            case "DATA":
                if await self._answer(dialogue, Stage.DATA, dialogue.recipient, "354 go on"):
                    await self._take(dialogue)
            case "NOOP":
                await self._answer(dialogue, Stage.NOOP, "", "250 ok")
            case "RSET":
                await self._answer(dialogue, Stage.RSET, "", "250 ok")
            case "QUIT":
                dialogue.writer.write(b"221 bye\r\n")
                raise _Hangs
            case _:
                dialogue.writer.write(b"250 ok\r\n")

    async def _take(self, dialogue: _Dialogue) -> None:
        raw = await dialogue.reader.readuntil(b"\r\n.\r\n")
        body = (b"\r\n" + raw[:-3]).replace(b"\r\n..", b"\r\n.")[2:]
        await pace(self.pace)
        fault = self.behave(Stage.DOT, dialogue.recipient)
        if fault is None or fault is Fault.ACCEPT_THEN_DROP:
            self.taken.append(
                Taken(
                    message_id=BytesHeaderParser().parsebytes(body)["Message-ID"],
                    recipient=dialogue.recipient,
                    digest=hashlib.sha256(body).hexdigest(),
                    body=body,
                    confirmed=fault is None,
                    at=asyncio.get_running_loop().time(),
                )
            )
            self.bell.ring()
        await self.open.wait()
        await self._say(dialogue, fault, "250 taken")

    async def _answer(self, dialogue: _Dialogue, stage: Stage, argument: str, well: str) -> bool:
        fault = self.behave(stage, argument)
        await pace(self.pace)
        await self._say(dialogue, fault, well)
        return fault is None

    async def _say(self, dialogue: _Dialogue, fault: str | Fault | None, well: str) -> None:
        match fault:
            case Fault.HANG:
                await dialogue.reader.read()
                raise _Hangs
            case Fault.DROP | Fault.ACCEPT_THEN_DROP:
                raise _Hangs
            case _:
                dialogue.writer.write(f"{fault or well}\r\n".encode())
                await dialogue.writer.drain()
