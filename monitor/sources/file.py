"""sources.yaml: the places to look, of any kind."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, field_validator

from monitor.settings import PlacedError, Settings, Version
from monitor.sources.kinds import FeedSource, PageSource, SitemapSource

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
        first: dict[str, int] = {}
        for number, source in enumerate(sources):
            if first.setdefault(source.id, number) != number:
                remedy = f"source {first[source.id] + 1} of the list has it; choose another"
                raise PlacedError((number, "id"), f"the id {source.id!r} is taken; {remedy}")
        return sources
