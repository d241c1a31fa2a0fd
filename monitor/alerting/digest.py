"""When digests go: exactly once per local date, whatever daylight saving does."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["EVERY_DAY", "instant", "next_digest", "next_hour"]

EVERY_DAY = frozenset(range(7))
"""Monday is 0, as in date.weekday()."""


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The one UTC moment of a wall-clock time on a local date.

    A time that the clock skips is the moment after the gap that is as far from midnight; one that comes
    twice is its first coming (PEP 495, fold=0).

    >>> instant(date(2026, 3, 29), time(2, 30), ZoneInfo("Europe/Berlin")).isoformat()
    '2026-03-29T01:30:00+00:00'
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def next_digest(after_utc: datetime, at: time, zone: ZoneInfo, days: Collection[int] = EVERY_DAY) -> datetime:
    """The first moment strictly after `after_utc` at which a digest of these days and this time is due."""
    day = after_utc.astimezone(zone).date() - timedelta(days=1)
    while (due := instant(day, at, zone)) <= after_utc or day.weekday() not in days:
        day += timedelta(days=1)
    return due


def next_hour(after_utc: datetime) -> datetime:
    """The next full hour strictly after a moment.

    >>> next_hour(datetime(2026, 3, 1, 9, 0, tzinfo=UTC)).hour
    10
    """
    return after_utc.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
