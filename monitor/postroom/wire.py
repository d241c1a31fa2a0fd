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

__all__ = ["Head", "framed", "receive", "said", "understood"]

_LENGTHS = struct.Struct("!II")

Head = Mapping[str, Any]


def framed(head: Head, body: bytes = b"") -> bytes:
    """One message as it goes over the socket."""
    told = json.dumps(head).encode()
    return _LENGTHS.pack(len(told), len(body)) + told + body


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
