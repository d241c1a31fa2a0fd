"""What every kind of source shares: its settings, and reading bytes into entries."""

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from monitor.model import Origin
from monitor.settings import Duration, LanguageCode, Settings, web_address

if TYPE_CHECKING:  # what is read, and what comes of it, is no part of the settings
    from monitor.model import Failed, Fetched, Listing, Seen

__all__ = ["Source"]


def _web_address(url: str) -> str:
    if re.search(r"\s", url):
        raise ValueError(f"{url!r} has a space in it; write %20, or remove it")
    if not web_address(url):
        raise ValueError(f"{url!r} is no web address; write it in full, like https://example.org/rss.xml")
    if "@" in urlsplit(url).netloc:
        raise ValueError("an address must not carry a user name or password")
    return url


class Source(Settings):
    """A place to look, and how often; a kind adds its settings and `read`.

    `published_for_readers`: like a feed, made to be fetched by programs on a user's behalf; what is not
    is fetched only where its host's robots.txt allows.
    """

    published_for_readers: ClassVar[bool] = False

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", description="unique name, lower case")]
    url: Annotated[
        str,
        AfterValidator(_web_address),
        Field(
            description="the address that is polled",
            json_schema_extra={"pattern": "^[hH][tT]{2}[pP][sS]?://[^@/\\s]+(/\\S*)?$"},
        ),
    ]
    outlet: Annotated[str, Field(description="the outlet's name as mails show it; default: the id")] = ""
    tags: Annotated[tuple[str, ...], Field(description="what watchlists select sources by")] = ()
    language: Annotated[LanguageCode, Field(description="language of its articles (BCP 47), where known")] = (
        ""
    )
    every: Annotated[Duration | None, Field(description="poll interval; default: fetching.every")] = None
    full_text: Annotated[bool, Field(description="fetch the article pages, not only what is listed")] = True

    @property
    def origin(self) -> Origin:
        """What this source's articles inherit."""
        return Origin(source=self.id, outlet=self.outlet or self.id, tags=self.tags, language=self.language)

    @abstractmethod
    def read(self, fetched: "Fetched", seen: "Seen | None" = None) -> "Listing | Failed":
        """The entries in the bytes, or why there are none to be had (HTML, an empty body, broken XML).

        What was `seen` before need not be read again; a kind may read it all the same.
        """
