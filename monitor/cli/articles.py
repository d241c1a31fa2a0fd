"""Articles from files, addresses and pipes, read as the daemon would read them.

`extraction.article_from_page` loads trafilatura when it is first asked for: not before there is a page.
"""

import asyncio

from monitor import __version__, extraction
from monitor.clock import SystemClock
from monitor.config.folder import Configuration
from monitor.errors import MonitorError
from monitor.extraction.charset import decode
from monitor.fetching.urls import canonical
from monitor.model import Article, Failed, Fetched, Gone, NotModified, Origin

__all__ = ["fetch_article", "read_article"]


def read_article(body: bytes, name: str) -> Article:
    """The article in a file: a web page if it looks like one, else plain text with the title first."""
    origin = Origin(source="", outlet="")
    seen = SystemClock().now()
    start = body[:1000].lstrip().lower()
    if name.endswith((".html", ".htm")) or start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return extraction.article_from_page(body, "text/html", None, origin, url=name, seen=seen)
    return extraction.article_from_text(decode(body), origin, url=name, seen=seen)


def fetch_article(configuration: Configuration, url: str) -> Article:
    """The article at an address, fetched by the daemon's own rules; MonitorError says why there is none."""
    page = asyncio.run(_fetch(configuration, url))
    match page:
        case Fetched():
            origin = Origin(source="", outlet="")
            seen = SystemClock().now()
            return extraction.article_from_page(
                page.body, page.content_type, None, origin, url=canonical(page.url), seen=seen
            )
        case Failed(reason=reason) | Gone(reason=reason):
            raise MonitorError(f"{url}: {reason}")
        case NotModified():
            raise MonitorError(f"{url}: the server sent no page")


async def _fetch(configuration: Configuration, url: str) -> Fetched | NotModified | Gone | Failed:
    from monitor.fetching.client import Client  # noqa: PLC0415 - only an address needs the network

    client = Client(configuration.settings.fetching, clock=SystemClock(), version=__version__)
    try:
        return await client.fetch(url)
    finally:
        await client.close()
