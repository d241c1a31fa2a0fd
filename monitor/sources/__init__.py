"""Bytes in, entries out: a file a kind of source. Pure; nothing here touches the network."""

from monitor.sources.base import Source
from monitor.sources.file import AnySource, SourcesFile
from monitor.sources.kinds import FeedSource, PageSource, SitemapSource

__all__ = ["KINDS", "AnySource", "FeedSource", "PageSource", "SitemapSource", "Source", "SourcesFile"]

KINDS: dict[str, type[Source]] = {
    "feed": FeedSource,
    "sitemap": SitemapSource,
    "page": PageSource,
}
