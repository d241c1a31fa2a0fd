from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerting.digest import instant, next_digest
from monitor.alerting.hours import quiet_until
from monitor.alerting.settings import Calendar

ZONES = ("Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
TIMES = (time(0, 0), time(2, 30), time(7, 30), time(23, 59))
HOUR = timedelta(hours=1)


def digests(begin: datetime, days: int, at: time, zone: ZoneInfo) -> Iterator[datetime]:
    due = begin
    while (due := next_digest(due, at, zone)) < begin + timedelta(days=days):
        yield due


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", TIMES)
def test_each_local_date_of_a_year_has_exactly_one_digest(zone: str, at: time) -> None:
    place = ZoneInfo(zone)
    begin = instant(date(2026, 1, 1), time(0, 0), place) - timedelta(seconds=1)
    days = [due.astimezone(place).date() for due in digests(begin, 365, at, place)]
    assert days == [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", TIMES)
def test_asking_at_any_minute_never_skips_or_repeats_a_digest(zone: str, at: time) -> None:
    place = ZoneInfo(zone)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    all_due = list(digests(begin, 370, at, place))
    asked = (begin + n * timedelta(minutes=397) for n in range(1300))
    for moment in asked:
        assert next_digest(moment, at, place) == next(due for due in all_due if due > moment)


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:30:00+00:00"),  # the hour is skipped
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30:00+00:00"),  # it comes twice
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30:00+00:00"),
        ("Asia/Seoul", date(2026, 6, 1), time(7, 30), "2026-05-31T22:30:00+00:00"),
    ],
)
def test_a_wall_clock_time_is_one_moment(zone: str, day: date, at: time, utc: str) -> None:
    assert instant(day, at, ZoneInfo(zone)).isoformat() == utc


def test_days_are_local_days() -> None:
    monday = next_digest(datetime(2026, 3, 6, 22, 0, tzinfo=UTC), time(7, 30), ZoneInfo("Asia/Seoul"), {0})
    assert monday.astimezone(ZoneInfo("Asia/Seoul")).isoformat() == "2026-03-09T07:30:00+09:00"


def calendar(**written: object) -> Calendar:
    return Calendar.model_validate(written)


@pytest.mark.parametrize(
    ("hours", "days", "local", "end"),
    [
        ("22:00-07:00", "mon-sun", "2026-03-02T21:59", None),
        ("22:00-07:00", "mon-sun", "2026-03-02T22:00", "2026-03-03T07:00"),
        ("22:00-07:00", "mon-sun", "2026-03-03T06:59", "2026-03-03T07:00"),
        ("22:00-07:00", "mon-sun", "2026-03-03T07:00", None),
        ("22:00-07:00", "fri", "2026-03-07T03:00", "2026-03-07T07:00"),  # Friday's night ends on Saturday
        ("22:00-07:00", "fri", "2026-03-06T03:00", None),
        ("09:00-18:00", "mon-fri", "2026-03-02T12:00", "2026-03-02T18:00"),
        ("09:00-18:00", "mon-fri", "2026-03-07T12:00", None),
        ("00:00-24:00", "sat,sun", "2026-03-07T12:00", "2026-03-09T00:00"),  # one weekend
        ("22:00-07:00", "mon-sun", "2026-03-29T01:00", "2026-03-29T07:00"),  # the clock springs within
        ("22:00-07:00", "mon-sun", "2026-10-25T02:30", "2026-10-25T07:00"),  # and falls back
        ("01:00-02:30", "mon-sun", "2026-03-29T01:30", "2026-03-29T03:30"),  # the end is skipped
    ],
)
def test_quiet_hours_hold_and_end(hours: str, days: str, local: str, end: str | None) -> None:
    zone = ZoneInfo("Europe/Berlin")
    moment = datetime.fromisoformat(local).replace(tzinfo=zone)
    found = quiet_until(moment, calendar(hours=hours, days=days), zone)
    assert (found and f"{found.astimezone(zone):%Y-%m-%dT%H:%M}") == end


def test_on_a_date_of_except_the_hours_do_not_begin() -> None:
    zone = ZoneInfo("UTC")
    office = calendar(hours="09:00-18:00", days="mon-fri", **{"except": ["2026-12-25"]})
    assert quiet_until(datetime(2026, 12, 25, 12, tzinfo=UTC), office, zone) is None
    assert quiet_until(datetime(2026, 12, 24, 12, tzinfo=UTC), office, zone) is not None


@settings(deadline=None)
@given(
    minutes=st.integers(0, 365 * 24 * 60),
    zone=st.sampled_from(ZONES),
    hours=st.sampled_from(("22:00-07:00", "00:30-02:15", "09:00-18:00", "00:00-24:00")),
    days=st.sampled_from(("mon-fri", "sat,sun", "sun", "mon-sat")),
)
def test_quiet_hours_end_later_and_no_longer_hold(minutes: int, zone: str, hours: str, days: str) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    place, written = ZoneInfo(zone), calendar(hours=hours, days=days)
    end = quiet_until(moment, written, place)
    assert end is None or (end > moment and quiet_until(end, written, place) is None)
