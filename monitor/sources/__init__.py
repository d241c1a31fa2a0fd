"""Bytes in, entries out: a file a kind of source. Pure; nothing here touches the network."""

from monitor.sources.base import Source
from monitor.sources.feed import FeedSource
from monitor.sources.file import AnySource, SourcesFile

__all__ = ["KINDS", "AnySource", "FeedSource", "Source", "SourcesFile"]

KINDS: dict[str, type[Source]] = {
    "feed": FeedSource,
}
