"""What pool and worker say to each other: a pickled request goes out, JSON comes back.

The worker reads hostile pages, so nothing it says is unpickled.
"""

import json
import pickle
import socket
import struct
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from monitor.model import Article, FeedEntry, Origin

__all__ = ["Message", "Request", "read_article", "receive", "send", "write_article"]

_LENGTHS = struct.Struct("!QQ")
_PIECE = 1 << 20
_FIELDS = ("title", "lead", "body", "caption", "byline", "section", "language", "partial", "furniture")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One page to read."""

    body: bytes
    content_type: str
    entry: FeedEntry
    origin: Origin
    url: str
    seen: datetime

    def packed(self) -> "Message":
        """The message that `unpacked` takes; the page itself goes as it is."""
        return Message(pickle.dumps(replace(self, body=b""), protocol=pickle.HIGHEST_PROTOCOL), self.body)

    @staticmethod
    def unpacked(message: "Message") -> "Request":
        """The request in the message; only ever called with the parent's own bytes."""
        request = pickle.loads(message.head)  # noqa: S301 – the worker trusts its parent
        assert isinstance(request, Request)
        return replace(request, body=message.body)


class Message(NamedTuple):
    """What goes over the wire: some words, and a page that is not copied on its way."""

    head: bytes
    body: bytes = b""


def send(connection: socket.socket, message: Message) -> None:
    """Write one message, its two lengths first."""
    head = _LENGTHS.pack(len(message.head), len(message.body)) + message.head
    sent = connection.sendmsg([head, message.body])
    if sent < len(head):
        connection.sendall(memoryview(head)[sent:])
    connection.sendall(memoryview(message.body)[max(0, sent - len(head)) :])


def receive(connection: socket.socket) -> Message | None:
    """Read one message; None where the other side is gone."""
    lengths = _exactly(connection, _LENGTHS.size)
    if lengths is None:
        return None
    parts = [_exactly(connection, length) for length in _LENGTHS.unpack(lengths)]
    head, body = parts
    return None if head is None or body is None else Message(head, body)


def _exactly(connection: socket.socket, length: int) -> bytes | None:
    pieces = []
    while length:
        piece = connection.recv(min(_PIECE, length))
        if not piece:
            return None
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


def write_article(article: Article, claim: str) -> bytes:
    """What the worker found, as JSON; `claim` is the address that the page calls its own."""
    found = {name: getattr(article, name) for name in _FIELDS}
    published = article.published.isoformat() if article.published else None
    return json.dumps({**found, "published": published, "claim": claim}).encode()


def read_article(message: bytes, request: Request) -> tuple[Article, str]:
    """The article that answers a request, and the address that the page calls its own."""
    found = json.loads(message)
    article = Article(
        url=request.url,
        origin=request.origin,
        fetched=request.seen,
        published=datetime.fromisoformat(found["published"]) if found["published"] else None,
        **{name: str(found[name]) for name in _FIELDS},
    )
    return article, str(found["claim"])
