"""What a daemon and its post room say to each other: a head of JSON and raw bytes, each after its length.

Only the settings of the channels are pickled, and only the daemon's word is unpickled.
"""

import asyncio
import json
import struct
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, assert_never

from monitor.model import Delivered, Delivery, Failed, Refused

__all__ = ["Head", "Mouth", "receive", "said", "understood"]

_LENGTHS = struct.Struct("!II")

Head = Mapping[str, Any]


class Mouth:
    """Says messages; those of one turn of the event loop in one breath: waking the other side is dear."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._words: list[bytes] = []

    def say(self, head: Head, body: bytes = b"") -> None:
        """Have a message on its way when this turn ends; to nobody where the other side is gone."""
        if not self._words:
            asyncio.get_running_loop().call_soon(self._breathe)
        told = json.dumps(head).encode()
        self._words += _LENGTHS.pack(len(told), len(body)), told, body

    def _breathe(self) -> None:
        words, self._words = self._words, []
        if not self._writer.is_closing():
            self._writer.write(b"".join(words))


async def receive(reader: asyncio.StreamReader) -> tuple[Head, bytes] | None:
    """The next message; None where the other side is gone, even in the middle of a word."""
    try:
        head, body = _LENGTHS.unpack(await reader.readexactly(_LENGTHS.size))
        return json.loads(await reader.readexactly(head)), await reader.readexactly(body)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def said(outcome: Delivery) -> Head:
    """The outcome of a sending, for the daemon."""
    match outcome:
        case Delivered():
            return {"delivered": asdict(outcome)}
        case Failed(retry_after=wait):
            seconds = wait.total_seconds() if wait is not None else None
            return {"failed": {**asdict(outcome), "retry_after": seconds}}
        case Refused():
            return {"refused": asdict(outcome)}
        case _:
            assert_never(outcome)


def understood(head: Head) -> Delivery:
    """What the post room said of a sending."""
    if "delivered" in head:
        return Delivered(**head["delivered"])
    if "refused" in head:
        return Refused(**head["refused"])
    wait = head["failed"]["retry_after"]
    return Failed(**{**head["failed"], "retry_after": timedelta(seconds=wait) if wait is not None else None})
