"""What sources.yaml may say of each kind of source.

Their readers bring lxml and more along, which nobody needs to look at a configuration: they are imported
with the first bytes.
"""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from monitor.sources.base import Source

if TYPE_CHECKING:
    from monitor.model import Failed, Fetched, Listing, Seen

__all__ = ["FeedSource", "PageSource", "SitemapSource"]


class FeedSource(Source):
    """A feed."""

    published_for_readers: ClassVar[bool] = True

    kind: Annotated[Literal["feed"], Field(description="RSS, RDF, Atom or JSON Feed")] = "feed"

    def read(self, fetched: "Fetched", seen: "Seen | None" = None) -> "Listing | Failed":
        """The entries in the bytes that were not seen before, or why there are none to be had."""
        from monitor.sources.feed import read_feed  # noqa: PLC0415 - see above

        return read_feed(fetched, seen)


class SitemapSource(Source):
    """A sitemap. Of an index, the sitemaps that changed last are read."""

    kind: Annotated[Literal["sitemap"], Field(description="a news sitemap, or an index of them")]

    def read(self, fetched: "Fetched", seen: "Seen | None" = None) -> "Listing | Failed":  # noqa: ARG002
        """The pages listed, those changed last first; of an index, where to read `further`."""
        from monitor.sources.sitemap import read_sitemap  # noqa: PLC0415 - see above

        return read_sitemap(fetched)


def _selector(written: str) -> str:
    if written:
        from monitor.sources.page import selector  # noqa: PLC0415 - see above

        selector(written)
    return written


class PageSource(Source):
    """A page that lists articles, like a section's front."""

    kind: Annotated[Literal["page"], Field(description="a web page that lists links to articles")]
    links: Annotated[
        str,
        AfterValidator(_selector),
        Field(description="CSS selector of the links (default: those that look like headlines)"),
    ] = ""

    def read(self, fetched: "Fetched", seen: "Seen | None" = None) -> "Listing | Failed":  # noqa: ARG002
        """The linked pages in the order of the page, or why there are none."""
        from monitor.sources.page import read_page  # noqa: PLC0415 - see above

        return read_page(fetched, self.links)
