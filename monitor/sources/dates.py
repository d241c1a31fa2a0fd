"""Dates as feeds write them: the two standards quickly, and months in other languages than English."""

import re
from datetime import UTC, datetime, timedelta

__all__ = ["localised_date", "standard_date"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {name: number for number, name in enumerate(_MONTHS, start=1)}
_ZONES = {
    "GMT": 0, "UTC": 0, "UT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7,
}  # fmt: skip
_RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? "
    r"(?:([+-])(\d\d)(\d\d)|([A-Z]{1,3}))"
)
_W3C = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:Z|([+-])(\d\d):(\d\d))")
_LOCALISED = re.compile(
    r"(\d{1,2})[.ºª]?\s+(?:de\s+)?([^\W\d_]{3,})\.?,?\s+(?:de\s+)?(\d{4}|\d\d)\b"
    r"(?:\D{1,5}(\d{1,2}):(\d\d)(?::(\d\d))?)?(?:\s*([+-])(\d\d):?(\d\d))?"
)
_STEMS = (
    ("янв", "січ", "ene", "gen", "stu", "ocak", "oca", "sty", "يناير"),
    ("фев", "лют", "fév", "fev", "şub", "lut", "فبراير"),
    ("мар", "бер", "mär", "mrz", "maa", "فمارس", "مارس"),
    ("апр", "кві", "avr", "abr", "nis", "kwi", "أبريل", "ابريل"),
    ("май", "мая", "тра", "mai", "mag", "mei", "maj", "مايو"),
    ("июн", "чер", "juin", "giu", "haz", "cze", "يونيو"),
    ("июл", "лип", "juil", "lug", "tem", "lip", "يوليو"),
    ("авг", "сер", "aoû", "aou", "ago", "ağu", "sie", "أغسطس", "اغسطس"),
    ("сен", "вер", "set", "eyl", "wrz", "سبتمبر"),
    ("окт", "жов", "okt", "out", "ott", "eki", "paź", "أكتوبر", "اكتوبر"),
    ("ноя", "лис", "kas", "نوفمبر"),
    ("дек", "гру", "dez", "dic", "dét", "déc", "ara", "gru", "ديسمبر"),
)
"""How the months begin in Russian, Ukrainian, Spanish, Italian, French, German, Portuguese, Dutch, Turkish,
Polish and Arabic, where they do not begin as in English."""


def standard_date(written: str) -> datetime | None:
    """An RFC 822 or W3C date in its usual spelling; None for anything else, also for what is no date.

    >>> standard_date("Mon, 21 Oct 2024 09:30:00 -0400")
    datetime.datetime(2024, 10, 21, 13, 30, tzinfo=datetime.timezone.utc)
    """
    found = _RFC822.fullmatch(written)
    try:
        if found is not None:
            day, month, year, hour, minute, second, sign, hours, minutes, zone = found.groups()
            if zone is None:
                shift = _shift(sign, hours, minutes)
            elif zone in _ZONES:
                shift = timedelta(hours=_ZONES[zone])
            else:
                return None
            number = _NUMBERS.get(month.lower())
            if number is None:
                return None
        elif (found := _W3C.fullmatch(written)) is not None:
            year, month, day, hour, minute, second, sign, hours, minutes = found.groups()
            number, shift = int(month), _shift(sign, hours, minutes)
        else:
            return None
        moment = datetime(int(year), number, int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
        return moment - shift if shift else moment
    except (ValueError, OverflowError):
        return None


def _shift(sign: str | None, hours: str | None, minutes: str | None) -> timedelta:
    shift = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return -shift if sign == "-" else shift


def localised_date(written: str) -> datetime | None:
    """A date whose month is spelt in another language, taken as UTC where it names no offset.

    >>> localised_date("Пн, 21 окт 2024 12:00:00 +0300")
    datetime.datetime(2024, 10, 21, 9, 0, tzinfo=datetime.timezone.utc)
    """
    found = _LOCALISED.search(written.lower())
    if found is None:
        return None
    day, name, year, hour, minute, second, sign, hours, minutes = found.groups()
    number = next(
        (
            number
            for number, (english, stems) in enumerate(zip(_MONTHS, _STEMS, strict=True), start=1)
            if name.startswith((english, *stems))
        ),
        None,
    )
    if number is None:
        return None
    try:
        moment = datetime(
            int(year) + (2000 if len(year) == 2 else 0), number, int(day), int(hour or 0), int(minute or 0),
            int(second or 0), tzinfo=UTC,
        )  # fmt: skip
        return moment - _shift(sign, hours, minutes)
    except (ValueError, OverflowError):
        return None
