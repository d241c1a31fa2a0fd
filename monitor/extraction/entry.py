"""Articles from plain text: a feed's own words, or a text file. Needs neither lxml nor trafilatura."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby, pairwise

from monitor.extraction.blocks import Block, Known, Role
from monitor.extraction.boilerplate import judge
from monitor.extraction.cues import RELATED
from monitor.extraction.language import settle_language
from monitor.extraction.limits import CUT, MAX_LETTERS, bounded
from monitor.extraction.prose import clean, folded, join, paragraphs, unsaid
from monitor.model import Article, FeedEntry, Origin

__all__ = ["article_from_entry", "article_from_text", "sort_blocks", "with_summary"]

_APPEARED = re.compile(
    r"\s*(?:The post\b.{1,300}\bappeared first on\b.{1,100}|(?:Continue reading|Read more)\b.{0,200})$",
    re.DOTALL,
)
_WIDTHS = range(40, 121)  # at which texts are broken
_CLOSING = 1000  # letters at the end of a summary, in which such a sentence stands


def article_from_entry(
    entry: FeedEntry, origin: Origin, *, url: str, seen: datetime, partial: str = ""
) -> Article:
    """The article as far as the feed tells it; `partial` says why there is no more."""
    title = clean(entry.title)
    summary, told = entry.summary[:MAX_LETTERS], entry.content[:MAX_LETTERS]
    content, captions, furniture = sort_blocks(
        [Block(line) for line in paragraphs(told)], Known(headlines={folded(title)})
    )
    lead, body = with_summary(summary, title, content)
    cut = CUT if max(len(entry.summary), len(entry.content)) > MAX_LETTERS else ""
    article = Article(
        url=url,
        origin=origin,
        title=title,
        fetched=seen,
        lead=lead,
        body=body,
        caption=join(captions),
        byline=clean(entry.author),
        language=settle_language(join([title, lead, body]), [entry.language, origin.language]),
        published=entry.published,
        partial=partial or cut,
        furniture=join(furniture),
    )
    return bounded(article)


def article_from_text(text: str, origin: Origin, *, url: str, seen: datetime) -> Article:
    """The article in a plain text: the title first, a line with a photo credit is the caption.

    A line is a paragraph, but where lines were broken at a width.
    """
    written = iter(text[:MAX_LETTERS].splitlines())
    title = next(filter(None, map(clean, written)), "")
    lines = paragraphs("\n".join(_unbroken(written)))
    content, captions, furniture = sort_blocks(
        [Block(line) for line in lines], Known(headlines={folded(title)})
    )
    article = Article(
        url=url,
        origin=origin,
        title=title,
        fetched=seen,
        lead=join(content[:1]),
        body=join(content[1:]),
        caption=join(captions),
        language=settle_language(join([title, *content]), [origin.language]),
        partial=CUT if len(text) > MAX_LETTERS else "",
        furniture=join(furniture),
    )
    return bounded(article)


def _unbroken(lines: Iterable[str]) -> Iterator[str]:
    """The lines, those joined that were broken at a width, as mails and terminals have them.

    A line was, where the first word of the next had no room in it.
    """
    for filled, block in groupby(map(str.strip, lines), key=bool):
        written = list(block) if filled else [""]
        width = max(map(len, written))
        full = all(len(line) + 1 + len(after.split()[0]) > width for line, after in pairwise(written))
        yield from [" ".join(written)] if full and width in _WIDTHS else written


def sort_blocks(blocks: Sequence[Block], known: Known) -> tuple[list[str], list[str], list[str]]:
    """The texts of (article, captions, furniture), each in the page's order, repetitions dropped."""
    sorted_texts: dict[Role, dict[str, str]] = {role: {} for role in Role}
    for block, role in zip(blocks, judge(blocks, known), strict=True):
        letters = folded(block.text)
        if letters not in known.headlines:
            sorted_texts[role].setdefault(letters or block.text, block.text)
    return (
        list(sorted_texts[Role.TEXT].values()),
        list(sorted_texts[Role.CAPTION].values()),
        list(sorted_texts[Role.FURNITURE].values()),
    )


def with_summary(summary: str, title: str, content: list[str]) -> tuple[str, str]:
    """Lead and body: the lead begins with what only the feed's summary says, so that it stays matchable."""
    start, end = summary[:-_CLOSING], summary[-_CLOSING:]
    said = [line for line in paragraphs(start + _APPEARED.sub("", end)) if not RELATED.match(line)]
    lacking = unsaid(join(said), join([title, *content]))
    return join([*filter(None, [lacking]), *content[:1]]), join(content[1:])
