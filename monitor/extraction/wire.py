"""What pool and worker say to each other: a pickled request goes out, JSON comes back.

The worker reads hostile pages, so nothing it says is unpickled.
"""

import json
import pickle
import socket
import struct
from dataclasses import asdict, dataclass
from datetime import datetime

from monitor.model import Article, FeedEntry, Origin

__all__ = ["Request", "read_article", "receive", "send", "write_article"]

_LENGTH = struct.Struct("!Q")
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

    def packed(self) -> bytes:
        """The bytes that `unpacked` takes."""
        return pickle.dumps(self, protocol=pickle.HIGHEST_PROTOCOL)

    @staticmethod
    def unpacked(message: bytes) -> "Request":
        """The request in the bytes; only ever called with the parent's own bytes."""
        request = pickle.loads(message)  # noqa: S301 – the worker trusts its parent
        assert isinstance(request, Request)
        return request


def send(connection: socket.socket, message: bytes) -> None:
    """Write one message, its length first."""
    connection.sendall(_LENGTH.pack(len(message)) + message)


def receive(connection: socket.socket) -> bytes | None:
    """Read one message; None where the other side is gone."""
    header = _exactly(connection, _LENGTH.size)
    return None if header is None else _exactly(connection, _LENGTH.unpack(header)[0])


def _exactly(connection: socket.socket, length: int) -> bytes | None:
    message = bytearray()
    while len(message) < length:
        piece = connection.recv(min(1 << 20, length - len(message)))
        if not piece:
            return None
        message += piece
    return bytes(message)


def write_article(article: Article, claim: str) -> bytes:
    """What the worker found, as JSON; `claim` is the address that the page calls its own."""
    found = {name: value for name, value in asdict(article).items() if name in _FIELDS}
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
