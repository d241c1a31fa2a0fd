"""Large and hostile texts, the feeds and pages that hold them, and the machines that serve them."""

import asyncio
import gzip
import multiprocessing
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP

__all__ = [
    "MEGABYTE",
    "TEXTS",
    "digests",
    "feed",
    "item",
    "large_feed",
    "large_pages",
    "live_blog",
    "ordinary",
    "page",
    "prose",
    "serve",
]

MEGABYTE = 2**20
WORDS = (
    "troops north korea russia says minister after talks in seoul over the deployment of soldiers to kursk "
    "region officials said on monday as government allies warn of further escalation and new sanctions"
).split()


# ---------------------------------------------------------------------------- texts that nobody would write


def prose(size: int, seed: int = 1) -> str:
    """Ordinary paragraphs, no two alike."""
    chance, told = random.Random(seed), []
    while size > 0:
        told.append(" ".join(chance.choices(WORDS, k=60)).capitalize() + ".")
        size -= len(told[-1])
    return "\n".join(told)


TEXTS: Mapping[str, Callable[[int], str]] = {
    "one word": lambda size: "spam " * (size // 5),
    "a watched word": lambda size: "troops " * (size // 7),
    "watched words": lambda size: "North Korean troops in Russia. " * (size // 31),
    "marks": lambda size: ("a" + "\u0306\u0323" * 8 + " ") * (size // 34),
    "apostrophes and dots": lambda size: "a's u.s. b's d.p.r.k. " * (size // 22),
    "expansions": lambda size: "ﷺ㍿ǅ " * (size // 12),
    "Chinese": lambda size: "朝鲜军队在俄罗斯库尔斯克" * (size // 36),
    "short lines": lambda size: "".join(f"troops {number}\n" for number in range(size // 14)),
    "prose": prose,
}


def page(text: str) -> str:
    told = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return f"<html lang='en'><body><article><h1>Troops of North Korea in Russia</h1>{told}</article></body></html>"


def live_blog() -> str:
    posts = "".join(
        f"<div class='post'><h2>{number % 24}:00 North Korea {number}</h2><p>{prose(1600, number)}</p></div>"
        for number in range(300)
    )
    return f"<html lang='en'><body><article><h1>Live: the war</h1>{posts}</article></body></html>"


def feed(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>F</title>{''.join(items)}</channel></rss>"


def item(name: str, *, title: str = "Troops of North Korea in Russia", text: str = "", link: str = "") -> str:
    when = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"<item><guid isPermaLink='false'>{name}</guid><title>{title} {name}</title><pubDate>{when}</pubDate>"
        f"<link>{link or f'https://example.org/{name}'}</link><description>{text}</description></item>"
    )


# ---------------------------------------------------------------------------- the other machines


class Taker:
    """A mail server that takes everything."""

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802
        return "250 taken"


def serve(bodies: Mapping[str, bytes], ready: Connection) -> None:
    """Feeds and pages by path, packed, and a mail server beside them, for as long as who asked for them lives."""
    packed: dict[str, bytes] = {}

    async def answer(request: web.Request) -> web.Response:
        body = packed.get(request.path)
        if body is None:
            return web.Response(status=404)
        kind = "application/rss+xml" if request.path.startswith("/feed") else "text/html; charset=utf-8"
        return web.Response(body=body, headers={"Content-Type": kind, "Content-Encoding": "gzip"})

    async def run() -> None:
        app = web.Application()
        app.add_routes([web.get("/{path:.*}", answer)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "0.0.0.0", 0)
        await site.start()
        server: Any = site._server
        port = server.sockets[0].getsockname()[1]
        root = f"http://127.0.0.1:{port}".encode()
        packed.update(
            {path: gzip.compress(body.replace(b"{root}", root), 1) for path, body in bodies.items()}
        )
        smtp = await asyncio.get_running_loop().create_server(lambda: SMTP(Taker()), "127.0.0.1", 0)
        ready.send((port, smtp.sockets[0].getsockname()[1]))
        over, parent = asyncio.Event(), multiprocessing.parent_process()
        assert parent is not None
        asyncio.get_running_loop().add_reader(parent.sentinel, over.set)
        await over.wait()

    asyncio.run(run())


# ---------------------------------------------------------------------------- what feeds list


def large_pages() -> dict[str, str]:
    """A feed, and behind each of its items a page of nearly 5 MB, or one with 300 posts."""
    pages = {f"/page/{number}": page(write(4_900_000)) for number, write in enumerate(TEXTS.values())}
    pages["/page/blog"] = live_blog()
    return {"/feed": feed(*(item(path, link=f"{{root}}{path}") for path in pages)), **pages}


def large_feed() -> dict[str, str]:
    """A feed of nearly 10 MB: a megabyte of each text."""
    return {"/feed": feed(*(item(name, text=write(MEGABYTE - 9)) for name, write in TEXTS.items()))}


def digests() -> dict[str, str]:
    """What fills a digest of 500 items."""
    items = (
        item(str(number), title=prose(60, number), text="North Korean troops were sent to Russia. " * 3)
        for number in range(500)
    )
    return {"/feed": feed(*items)}


def ordinary(feeds: int, items: int) -> dict[str, str]:
    """Feeds of ordinary articles, few of which match."""
    return {
        f"/feed/{number}": feed(*(item(f"{number}-{one}", text=prose(600, one)) for one in range(items)))
        for number in range(feeds)
    }
