"""sources.yaml: the places to look, of any kind."""

from collections import Counter
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, field_validator

from monitor.settings import Settings, Version
from monitor.sources.feed import FeedSource
from monitor.sources.page import PageSource
from monitor.sources.sitemap import SitemapSource

__all__ = ["AnySource", "SourcesFile"]


def _kind(written: Any) -> str:
    kind = written.get("kind") if isinstance(written, dict) else getattr(written, "kind", None)
    return "feed" if kind is None else str(kind)


AnySource = Annotated[
    Annotated[FeedSource, Tag("feed")]
    | Annotated[SitemapSource, Tag("sitemap")]
    | Annotated[PageSource, Tag("page")],
    Discriminator(_kind),
]
"""A source of any kind, by its `kind`; one without is a feed."""


class SourcesFile(Settings):
    """The file sources.yaml."""

    version: Version = 1
    sources: Annotated[tuple[AnySource, ...], Field(description="the places to look")]

    @field_validator("sources")
    @classmethod
    def _ids_differ(cls, sources: tuple[AnySource, ...]) -> tuple[AnySource, ...]:
        twice = [name for name, times in Counter(source.id for source in sources).items() if times > 1]
        if twice:
            raise ValueError(f"the id {', '.join(map(repr, twice))} is given to more than one source")
        return sources
