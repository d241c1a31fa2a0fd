"""How often a feed asks to be read, and when not at all: ttl, sy:updatePeriod, skipHours, skipDays."""

import re
from collections.abc import Mapping
from datetime import timedelta

__all__ = ["asked_every", "skipped"]

_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SKIPS = re.compile(r"<(skipHours|skipDays)\b[^>]{0,99}>(.{0,4000}?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_HOUR = re.compile(r">\s*(\d{1,2})\s*<")
_DAY = re.compile(r">\s*([A-Za-z]{3})[a-z]*\s*<")


def asked_every(channel: Mapping[str, str]) -> timedelta | None:
    """The rhythm the feed asks for: ttl in minutes, or sy:updatePeriod and updateFrequency."""
    ttl = channel.get("ttl", "").strip()
    if ttl.isascii() and ttl.isdigit():
        return timedelta(minutes=min(int(ttl[:6]), 10080))
    period = _PERIODS.get(channel.get("updatePeriod", "").strip().lower())
    if period is None:
        return None
    frequency = channel.get("updateFrequency", "").strip()
    times = int(frequency[:4]) if frequency.isascii() and frequency.isdigit() else 1
    return timedelta(hours=period) / max(times, 1)


def skipped(text: str) -> tuple[frozenset[int], frozenset[int]]:
    """The hours of UTC (0 to 23) and the days (Monday is 0) in which a feed asks to be left alone.

    Read from the text itself, for feedparser keeps only the last hour of several. RSS 0.91 counts hours
    from 1 to 24, RSS 2.0 from 0 to 23.

    >>> skipped("<skipHours><hour>24</hour><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>")
    (frozenset({0, 3}), frozenset({6}))
    """
    hours: set[int] = set()
    days: set[int] = set()
    if "<skip" not in text:
        return frozenset(), frozenset()
    for name, inside in _SKIPS.findall(text):
        if name.lower() == "skiphours":
            hours.update(int(hour) % 24 for hour in _HOUR.findall(inside) if int(hour) <= 24)
        else:
            days.update(_DAYS.index(day) for day in map(str.lower, _DAY.findall(inside)) if day in _DAYS)
    return frozenset(hours), frozenset(days)
