"""Calendars: whether a moment lies in quiet hours, and when they end; windows may cross midnight."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.alerting.digest import instant
from monitor.alerting.settings import Calendar

__all__ = ["quiet_until"]

DAY = timedelta(days=1)


def quiet_until(moment: datetime, calendar: Calendar, zone: ZoneInfo) -> datetime | None:
    """When the hours that hold at `moment` end, in UTC; None where none hold.

    Windows that touch are one: from Saturday 00:00-24:00 into Sunday 00:00-24:00 is one weekend.
    """
    end: datetime | None = None
    at = moment.astimezone(UTC)
    for begin, finish in _windows(at.astimezone(zone).date(), calendar, zone):
        if begin <= (end or at) < finish:
            end = finish
    return end


def _windows(day: date, calendar: Calendar, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The windows that begin the day before up to a fortnight later, in order."""
    start, stop = calendar.hours.start, calendar.hours.stop
    for ahead in range(-1, 15):
        first = day + ahead * DAY
        if first.weekday() not in calendar.days.numbers or first in calendar.except_:
            continue
        last = first if stop and stop > start else first + DAY
        yield instant(first, start, zone), instant(last, stop or time.min, zone)
