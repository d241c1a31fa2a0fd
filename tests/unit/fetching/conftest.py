"""A real server on loopback that answers with exactly the bytes a test wants, and clients to ask it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from monitor.fetching import FetchingSettings
from monitor.fetching.client import Client

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
Reply = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class StillClock:
    moment: datetime = NOW
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    async def pause(self, seconds: float) -> None:
        self.seconds += seconds


NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Site:
    """Replies by path, each path's in turn, the last for ever; remembers what was asked."""

    port: int = 0
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def url(self, path: str = "/feed", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

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


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site.answer, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    yield site
    server.close()


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


def settings(**changes: object) -> FetchingSettings:
    given: dict[str, object] = {"contact": "ops@example.org", "allow_private": ["127.0.0.0/8"], **changes}
    return FetchingSettings.model_validate(given)


@pytest.fixture
async def client(clock: StillClock) -> AsyncIterator[Client]:
    client = Client(settings(), clock=clock, version="1.2", pause=clock.pause)
    yield client
    await client.close()


@pytest.fixture
async def wary(clock: StillClock) -> AsyncIterator[Client]:
    """A client as a fresh installation has it: no private network is allowed."""
    client = Client(settings(allow_private=[]), clock=clock, version="1.2", pause=clock.pause)
    yield client
    await client.close()


@pytest.fixture
async def hasty(clock: StillClock) -> AsyncIterator[Client]:
    """A client that gives up after a fifth of a second."""
    client = Client(settings(deadline="0.2s"), clock=clock, version="1.2", pause=clock.pause)
    yield client
    await client.close()
