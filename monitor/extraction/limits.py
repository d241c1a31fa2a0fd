"""What a page may cost: larger ones are refused before they are parsed or matched."""

from dataclasses import replace

from monitor.model import Article, Field

__all__ = ["CUT", "MAX_BYTES", "MAX_ELEMENTS", "MAX_LETTERS", "bounded", "oversize"]

MAX_BYTES = 5 * 1024 * 1024
MAX_ELEMENTS = 20_000
"""Of 1,471 real pages the largest had 10,112."""
MAX_LETTERS = 300_000
"""Of title, text and captions together, three times the longest real article. Rules read as much; what
follows is left out, and said."""
CUT = "the text is cut: it is too long"


def oversize(body: bytes) -> str:
    """Why the body is too large to be read, in words; empty where it is not."""
    return f"the page is too large: {len(body) / 1024 / 1024:.0f} MB" if len(body) > MAX_BYTES else ""


def bounded(article: Article) -> Article:
    """The article as far as rules read it; `partial` says where that is not all."""
    if sum(len(article.text(field)) for field in Field) <= MAX_LETTERS:
        return article
    room, kept = MAX_LETTERS, {}
    for field in Field:
        kept[field] = article.text(field)[:room]
        room -= len(kept[field])
    return replace(
        article,
        title=kept[Field.TITLE],
        lead=kept[Field.LEAD],
        body=kept[Field.BODY],
        caption=kept[Field.CAPTION],
        partial=article.partial or CUT,
    )
