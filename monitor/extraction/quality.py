"""Whether a source's pages still read as they used to: a redesign must not silence a source unnoticed."""

from collections.abc import Sequence
from statistics import median

from monitor.extraction.prose import weight
from monitor.model import Article

__all__ = ["falls_short", "length"]

_HISTORY, _RECENT = 20, 5
_LEAST = 300


def length(article: Article) -> int:
    """How much text was read from the page, in letters of Latin script; 0 where there is only the feed's."""
    return 0 if article.partial else weight(article.lead) + weight(article.body)


def falls_short(lengths: Sequence[int]) -> str:
    """Why the latest articles of a source look badly read, in words; empty where they do not.

    `lengths` are those of the source's articles, oldest first. The last five are held against those
    before: at least fifteen, of some length, so that sources of bare headlines never complain.
    """
    if len(lengths) < _HISTORY:
        return ""
    usual, recent = median(lengths[:-_RECENT]), lengths[-_RECENT:]
    if usual < _LEAST:
        return ""
    unread = recent.count(0)
    if unread > _RECENT // 2:
        return (
            f"{unread} of the last {_RECENT} pages could not be read; the usual text had {usual:.0f} letters"
        )
    if 4 * median(recent) < usual:
        return (
            f"the last {_RECENT} articles have {median(recent):.0f} letters; the usual text had {usual:.0f}"
        )
    return ""
