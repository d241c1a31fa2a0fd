"""Times and rates as people write them: days of the week, times of day, hours, rates, zones."""

import re
from datetime import time, timedelta
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from monitor.settings import read_duration

__all__ = [
    "Clock",
    "Days",
    "Factor",
    "Hours",
    "Rate",
    "Share",
    "WrittenDays",
    "WrittenHours",
    "WrittenRate",
    "Zone",
]


def _zone(name: str) -> str:
    remedy = "write one like Asia/Seoul, Europe/Berlin or UTC"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; {remedy}") from error
    return name


Zone = Annotated[str, AfterValidator(_zone)]

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "|".join(spelt for day in _WEEK for spelt in (day, day.title()))


class Days(NamedTuple):
    """Days of the week as written, and as numbers (Monday is 0)."""

    written: str
    numbers: frozenset[int]


def _read_days(written: object) -> Days:
    if isinstance(written, Days):
        return written
    numbers: set[int] = set()
    for part in str(written).replace(" ", "").lower().split(","):
        first, dash, last = part.partition("-")
        if first not in _WEEK or (dash and last not in _WEEK):
            raise ValueError(f"{written!r} are no days; write them like mon-fri or sat,sun")
        begin, end = _WEEK.index(first), _WEEK.index(last or first)
        numbers.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    return Days(str(written), frozenset(numbers))


WrittenDays = Annotated[
    Days,
    BeforeValidator(_read_days),
    PlainSerializer(lambda days: days.written, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\s*{day}(\s*-\s*{day})?(\s*,\s*{day}(\s*-\s*{day})?)*\s*$".replace(
                "{day}", f"({_DAY})"
            ),
            "examples": ["mon-fri", "sat,sun"],
        }
    ),
]

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def _read_clock(written: object) -> time:
    if isinstance(written, time):
        return written
    found = _CLOCK.fullmatch(str(written).strip())
    if found is None:
        raise ValueError(f'{str(written)!r} is no time of day; write it like "07:30"')
    return time(int(found[1]), int(found[2]))


Clock = Annotated[
    time,
    BeforeValidator(_read_clock),
    PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK.pattern}$", "examples": ["07:30"]}),
]


class Hours(NamedTuple):
    """From `start` to `stop`, which may lie on the next day; None is the midnight that ends the day."""

    start: time
    stop: time | None


def _read_hours(written: object) -> Hours:
    if isinstance(written, Hours):
        return written
    begin, dash, end = str(written).replace(" ", "").partition("-")
    if not dash:
        raise ValueError(f'{str(written)!r} are no hours; write them like "22:00-07:00"')
    hours = Hours(_read_clock(begin), None if end == "24:00" else _read_clock(end))
    if hours.start == hours.stop:
        raise ValueError(f'{str(written)!r} begin and end at once; write "00:00-24:00" for a whole day')
    return hours


WrittenHours = Annotated[
    Hours,
    BeforeValidator(_read_hours),
    PlainSerializer(
        lambda hours: (
            f"{hours.start:%H:%M}-{hours.stop:%H:%M}" if hours.stop else f"{hours.start:%H:%M}-24:00"
        ),
        return_type=str,
    ),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^\s*{_CLOCK.pattern}\s*-\s*({_CLOCK.pattern}|24:00)\s*$",
            "examples": ["22:00-07:00", "00:00-24:00"],
        }
    ),
]


class Rate(NamedTuple):
    """So many in so long."""

    number: int
    per: timedelta


_RATE = re.compile(r"(\d+)\s*/\s*(h|hour|d|day|m|minute)")


_PER = {timedelta(minutes=1): "m", timedelta(hours=1): "h", timedelta(days=1): "d"}


def _read_rate(written: object) -> Rate:
    if isinstance(written, Rate):
        return written
    found = _RATE.fullmatch(str(written).strip())
    if found is None or not int(found[1]):
        raise ValueError(f"{str(written)!r} is no rate; write it like 12/h or 50/day")
    return Rate(int(found[1]), read_duration(f"1{found[2][0]}"))


WrittenRate = Annotated[
    Rate,
    BeforeValidator(_read_rate),
    PlainSerializer(lambda rate: f"{rate.number}/{_PER[rate.per]}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_RATE.pattern}$", "examples": ["12/h", "50/day"]}),
]


def _read_factor(written: object) -> object:
    return written.strip().removesuffix("x") if isinstance(written, str) else written


Factor = Annotated[
    float,
    BeforeValidator(_read_factor),
    Field(gt=0),
    WithJsonSchema({"type": ["string", "number"], "pattern": r"^\s*\d+(\.\d+)?\s*x?$", "examples": ["3x"]}),
]


def _read_share(written: object) -> object:
    return written.strip().removesuffix("%") if isinstance(written, str) else written


Share = Annotated[
    float,
    BeforeValidator(_read_share),
    Field(gt=0, lt=100),
    WithJsonSchema({"type": ["string", "number"], "pattern": r"^\s*\d+(\.\d+)?\s*%?$", "examples": ["5%"]}),
]
"""Percent."""
