"""A web server with feeds that grow, and that misbehaves on command."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Self

from waiting import Bell

__all__ = ["Newsstand", "Trouble"]

SYLLABLES = ["ba", "ko", "ri", "ten", "mo", "sul", "da", "fe", "gi", "nor", "pla", "tu", "vek", "wan", "zo"]


class Trouble(Enum):
    """What a web server does instead of answering well."""

    DROP = "close the connection without a word"
    CUT = "close the connection in the middle of the body"
    HANG = "never answer"
    ERROR = "503"
    GARBAGE = "a page that is no feed"


@dataclass(slots=True)
class Newsstand:
    """`async with Newsstand() as stand:` serves /feed/NAME and /article/N on loopback.

    `publish(feed, …)` adds an article, unlike any other, to these feeds; every `rare`-th is about North Korean
    troops. A feed lists its last `length` articles. `listed_at` is when an article first stood in a feed's
    bytes (monotonic seconds). The `bell` rings at every request.
    """

    behave: Callable[[str], Trouble | None] = lambda _: None
    rare: int = 1
    length: int = 50
    port: int = 0
    asked: list[str] = field(default_factory=list)
    listed: dict[str, list[int]] = field(default_factory=dict)
    listed_at: dict[int, float] = field(default_factory=dict)
    published: int = 0
    bell: Bell = field(default_factory=Bell)
    _server: asyncio.Server | None = None
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._begin, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def publish(self, *feeds: str) -> None:
        """Add an article to these feeds."""
        self.published += 1
        for feed in feeds:
            self.listed.setdefault(feed, []).append(self.published)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._talk(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                if not await self._answer(line.split()[1].decode(), writer):
                    return
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> bool:
        """Answer as told; whether the connection may go on."""
        self.asked.append(path)
        self.bell.ring()
        trouble = self.behave(path)
        status, kind, body = self._page(path)
        if trouble is Trouble.HANG:
            await asyncio.Event().wait()
        if trouble is Trouble.DROP:
            return False
        if trouble is Trouble.ERROR:
            status, kind, body = "503 Service Unavailable", "text/plain", "later"
        if trouble is Trouble.GARBAGE:
            kind, body = "text/html", "<!doctype html><title>Sign in</title><p>Please sign in"
        raw = body.encode()
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(raw)}\r\n\r\n"
        )
        writer.write(head.encode() + (raw[: len(raw) // 2] if trouble is Trouble.CUT else raw))
        await writer.drain()
        return trouble is not Trouble.CUT

    def _page(self, path: str) -> tuple[str, str, str]:
        _, room, name = path.split("/", 2) if path.count("/") > 1 else ("", path, "")
        if room == "feed":
            return "200 OK", "application/rss+xml", self._feed(name)
        if room == "article":
            return "200 OK", "text/html", self._article(int(name))
        return "404 Not Found", "text/plain", "no such page"

    def _feed(self, name: str) -> str:
        numbers = self.listed.get(name, [])[-self.length :]
        for number in numbers:
            self.listed_at.setdefault(number, asyncio.get_running_loop().time())
        items = "".join(
            f"<item><title>{self._about(n)} {title(n)}</title><link>{self.root}/article/{n}</link><guid>{n}</guid>"
            f"<description>{prose(n)}</description></item>"
            for n in reversed(numbers)
        )
        return f'<rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'

    def _about(self, number: int) -> str:
        return "North Korean troops" if number % self.rare == 0 else "Nobody at all"

    def _article(self, number: int) -> str:
        paragraphs = "".join(f"<p>{prose(number * 1000 + part)}</p>" for part in range(4))
        heading = f"{self._about(number)} {title(number)}"
        return f"<!doctype html><html lang=en><title>{heading}</title><article><h1>{heading}</h1>{paragraphs}</article>"


def title(number: int) -> str:
    """A headline unlike all others."""
    return words(number, 6)


def prose(number: int) -> str:
    """Thirty words that no other number has."""
    return f"{words(-number, 30).capitalize()}."


def words(seed: int, number: int) -> str:
    """Made-up words, the same for the same seed."""
    dice = random.Random(seed)
    return " ".join("".join(dice.choices(SYLLABLES, k=3)) for _ in range(number))
