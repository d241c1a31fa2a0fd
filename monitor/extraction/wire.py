"""What pool and worker say to each other: marshalled requests go out, plain texts come back, lengths first.

The worker reads hostile pages, so nothing that it says is unmarshalled, and what it says has an end.
"""

import marshal
import socket
import struct
from asyncio import AbstractEventLoop, get_running_loop
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from monitor.model import Article, FeedEntry, Origin

__all__ = ["PIECE", "Inbox", "Line", "Request", "framed", "read_article", "write_article"]

PIECE = 1 << 17  # bytes taken from a socket at a time
_LENGTH = struct.Struct("!Q")
_LONGEST = 32 << 20  # bytes of a message: many times what a page of the largest size can say
_BETWEEN = "\0"  # no text has it; what had would be refused
_FIELDS = ("title", "lead", "body", "caption", "byline", "section", "language", "partial", "furniture")
_ENTRY = ("id", "url", "title", "summary", "content", "author", "language", "fingerprint")
_ORIGIN = ("source", "outlet", "tags", "language")
_texts, _entry, _origin = attrgetter(*_FIELDS), attrgetter(*_ENTRY), attrgetter(*_ORIGIN)


def _stamp(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _time(stamp: str) -> datetime | None:
    return datetime.fromisoformat(stamp) if stamp else None


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
        """The message that `unpacked` takes."""
        entry, published, origin = _entry(self.entry), _stamp(self.entry.published), _origin(self.origin)
        parts = (self.body, self.content_type, entry, published, origin, self.url, _stamp(self.seen))
        return marshal.dumps(parts)  # a third of pickle's price

    @staticmethod
    def unpacked(message: bytes) -> "Request":
        """The request in the message; only ever called with the parent's own bytes."""
        body, content_type, entry, published, origin, url, seen = marshal.loads(message)  # noqa: S302
        return Request(
            body=body,
            content_type=content_type,
            entry=FeedEntry(**dict(zip(_ENTRY, entry, strict=True)), published=_time(published)),
            origin=Origin(**dict(zip(_ORIGIN, origin, strict=True))),
            url=url,
            seen=datetime.fromisoformat(seen),
        )


def framed(message: bytes) -> bytes:
    """The message as it goes over the wire."""
    return _LENGTH.pack(len(message)) + message


class Inbox:
    """Messages out of the pieces in which a socket gives them."""

    def __init__(self) -> None:
        self._held = bytearray()

    def put(self, piece: bytes | memoryview) -> list[bytes]:
        """The messages that the piece makes whole; ValueError where one would be too long."""
        held = self._held
        held += piece
        whole = []
        while len(held) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(held)
            if length > _LONGEST:
                raise ValueError(f"a message of {length} bytes")
            end = _LENGTH.size + length
            if len(held) < end:
                break
            with memoryview(held) as view:
                whole.append(view[_LENGTH.size : end].tobytes())
            del held[:end]
        return whole


class Line:
    """The pool's end of a process's socket, on the event loop, which never waits for the other side."""

    def __init__(self, connection: socket.socket, hear: Callable[[bytes | None], None]) -> None:
        """`hear` is called with each message, and with None when the other side is gone or talks nonsense."""
        connection.setblocking(False)
        self._connection = connection
        self._hear = hear
        self._loop: AbstractEventLoop | None = None
        self._inbox, self._piece = Inbox(), bytearray(PIECE)
        self._unsent = deque[memoryview]()

    def say(self, message: bytes) -> None:
        """Send the message, as fast as the other side takes it; from the first on, answers are heard."""
        if self._loop is None:
            self._loop = get_running_loop()
            self._loop.add_reader(self._connection, self._receive)
        self._unsent.append(memoryview(framed(message)))
        if len(self._unsent) == 1 and not self._send():
            self._loop.add_writer(self._connection, self._send_more)

    def close(self) -> None:
        """Hang up."""
        if self._loop is not None:
            self._loop.remove_reader(self._connection)
            self._loop.remove_writer(self._connection)
        self._connection.close()

    def _send_more(self) -> None:
        if self._send() and self._loop is not None:
            self._loop.remove_writer(self._connection)

    def _send(self) -> bool:
        """Whether all is sent that can be: to one who is gone, nothing can."""
        try:
            while self._unsent:
                rest = self._unsent[0]
                sent = self._connection.send(rest)
                if sent < len(rest):
                    self._unsent[0] = rest[sent:]
                else:
                    self._unsent.popleft()
        except BlockingIOError:
            return False
        except OSError:
            self._unsent.clear()
        return True

    def _receive(self) -> None:
        try:
            taken = self._connection.recv_into(self._piece)
            messages = self._inbox.put(memoryview(self._piece)[:taken])
        except BlockingIOError:
            return
        except (OSError, ValueError):
            taken, messages = 0, []
        for message in messages:
            if self._connection.fileno() >= 0:  # else what was heard made us hang up
                self._hear(message)
        if not taken:
            self._hear(None)


def write_article(article: Article, claim: str) -> bytes:
    """What the worker found, text by text; `claim` is the address that the page calls its own."""
    return _BETWEEN.join([*_texts(article), _stamp(article.published), claim]).encode(
        "utf-8", "surrogatepass"
    )


def read_article(message: bytes, request: Request) -> tuple[Article, str]:
    """The article that answers a request, and the address that the page calls its own.

    ValueError where the message is not what `write_article` makes.
    """
    *texts, published, claim = message.decode("utf-8", "surrogatepass").split(_BETWEEN)
    article = Article(
        url=request.url,
        origin=request.origin,
        fetched=request.seen,
        published=_time(published),
        **dict(zip(_FIELDS, texts, strict=True)),
    )
    return article, claim
