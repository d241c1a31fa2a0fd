"""Articles: readable text by field, without navigation; and what their source says again and again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

__all__ = ["Article", "Echoes", "Field", "Origin", "Revision"]


class Field(StrEnum):
    """The parts of an article that rules read; boilerplate is in none of them."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What an article inherits from the source that lists it."""

    source: str
    outlet: str
    tags: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Readable text by field, without navigation.

    `url` is canonical and is the article's identity across sources; `link` is the address to open (empty:
    `url` itself), since a canonical address need not answer. Paragraphs are separated by a
    newline. `lead` is the standfirst or first paragraph, `body` the rest. `fetched` is when we first saw
    it. `partial` says why the full text is lacking (empty: it is not). `furniture` is what was cut, kept
    so that we can say "found only in boilerplate".
    """

    url: str
    origin: Origin
    title: str
    fetched: datetime
    lead: str = ""
    body: str = ""
    caption: str = ""
    byline: str = ""
    section: str = ""
    language: str = ""
    published: datetime | None = None
    partial: str = ""
    furniture: str = ""
    link: str = ""

    def text(self, name: Field) -> str:
        """The original text of one field."""
        match name:
            case Field.TITLE:
                return self.title
            case Field.LEAD:
                return self.lead
            case Field.BODY:
                return self.body
            case Field.CAPTION:
                return self.caption


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """How an article read until another reading took its place."""

    until: datetime
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Echoes:
    """What an article's source says elsewhere too, by the hashes of paragraphs.

    `counts`: in how many other articles of the source a paragraph stands; `headlines`: those that are
    headlines the source has listed.
    """

    counts: Mapping[int, int] = field(default_factory=dict)
    headlines: frozenset[int] = frozenset()
