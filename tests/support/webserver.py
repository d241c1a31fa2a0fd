"""A real server on loopback that answers with exactly the bytes a test wants."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp.abc import AbstractResolver, ResolveResult

__all__ = ["Names", "Reply", "Site", "gzipped", "moved", "reply", "serving"]

Reply = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]

NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Site:
    """Replies by path, each path's in turn, the last for ever; remembers what was asked."""

    address: str = "127.0.0.1"
    port: int = 0
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def url(self, path: str = "/feed", host: str = "") -> str:
        return f"http://{host or self.address}:{self.port}{path}"

    def put(self, path: str, *replies: Reply) -> str:
        self.replies[path] = list(replies)
        return self.url(path)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            path = head[0].split(" ")[1]
            self.asked.append(path)
            self.headers.append(dict(line.split(": ", 1) for line in head[1:] if line))
            waiting = self.replies.get(path, [NOT_FOUND])
            chosen = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            if isinstance(chosen, bytes):
                writer.write(chosen)
                await writer.drain()
            else:
                await chosen(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def serving(address: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Site]:
    """A site that listens at an address of this machine."""
    site = Site(address=address)
    server = await asyncio.start_server(site.answer, address, port)
    site.port = server.sockets[0].getsockname()[1]
    yield site
    server.close()


def reply(status: str = "200 OK", body: bytes = b"", **headers: str) -> bytes:
    """An answer; a header's name is written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in ({"Content-Length": str(len(body))} | named).items()]
    return "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *lines, "", ""]).encode("latin-1") + body


def gzipped(body: bytes) -> bytes:
    """The body packed, the same at every hour."""
    return gzip.compress(body, mtime=0)


def moved(status: int, target: str) -> bytes:
    """A redirect."""
    return reply(f"{status} Moved", Location=target)


class Names(AbstractResolver):
    """Names and the addresses they have, in turn, the last for ever; numbers as the system's library reads them."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self.names = {name: list(addresses) for name, addresses in names.items()}

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002
    ) -> list[ResolveResult]:
        waiting = self.names.get(host) or [socket.inet_ntoa(socket.inet_aton(host))]
        address = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
        ]

    async def close(self) -> None:
        self.names.clear()
