"""Which of the entries that a poll brings are no news: they stood there before we looked. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.model import FeedEntry, SourceState

__all__ = ["NEW_ALL_OVER", "silent_ones", "was_away"]

FLOOD = 0.7  # share of a known feed that is new at once: its ids changed, not the news
FLOOD_SIZE = 5
OUTAGE = timedelta(days=3)  # and three of its own intervals: after that a source is looked at anew
NEW_ALL_OVER = (
    "almost everything it lists is new at once, so its ids have changed; {held} old entries alert nobody"
)


def was_away(before: SourceState, now: datetime) -> bool:
    """Whether a source is back after so long that its news would come as a flood."""
    usual = (before.every or timedelta(0)) * 3
    return before.polled is not None and now - before.polled > max(OUTAGE, usual)


def silent_ones(
    new: Sequence[FeedEntry], listed: int, *, baseline: bool, before: SourceState
) -> frozenset[str]:
    """The new entries that are no news: all of a baseline; the old ones of a feed that is new all over."""
    if baseline:
        return frozenset(entry.id for entry in new)
    if before.polled is None or listed < FLOOD_SIZE or len(new) <= FLOOD * listed:
        return frozenset()
    return frozenset(entry.id for entry in new if entry.published and entry.published < before.polled)
