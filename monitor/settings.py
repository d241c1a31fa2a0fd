"""What all components' settings share: a frozen base, and durations as people write them."""

import re
from datetime import timedelta
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

__all__ = [
    "Duration",
    "LanguageCode",
    "PlacedError",
    "Settings",
    "Version",
    "language_code",
    "read_duration",
    "web_address",
    "written_duration",
]

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_LANGUAGE = re.compile(r"(?:[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*)?")
_LONGEST = timedelta(days=36_500)  # what is added to the present day must stay a day


class Settings(BaseModel):
    """A component's settings: frozen, and an unknown key is an error."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        arbitrary_types_allowed=True,
        defer_build=True,  # most are only read as parts of a whole file, and need no validator of their own
    )

    @classmethod
    def by_default(cls) -> Self:
        """What holds where nothing is written; made without a validator, which had to be built first."""
        return cls.model_construct()  # type: ignore[return-value]


class PlacedError(ValueError):
    """A fault below the value that a validator looks at: by the path of keys and indexes to it."""

    def __init__(self, path: tuple[str | int, ...], says: str) -> None:
        super().__init__(says)
        self.path = path


def read_duration(written: object) -> timedelta:
    """A duration as people write it: a number and a unit.

    >>> read_duration("15m")
    datetime.timedelta(seconds=900)
    >>> read_duration("90")
    Traceback (most recent call last):
    ...
    ValueError: '90' is not a duration; write a number and a unit, like 30s, 15m, 2h or 90d
    """
    if isinstance(written, timedelta):
        return written
    found = _DURATION.fullmatch(str(written).strip())
    if found is None:
        raise ValueError(
            f"{str(written)!r} is not a duration; write a number and a unit, like 30s, 15m, 2h or 90d"
        )
    unit = timedelta(**{_UNITS[found[2]]: 1})
    amount = float(found[1])
    if amount > _LONGEST / unit:
        shown = found[1] if len(found[1]) <= 20 else f"{found[1][:19]}…"
        raise ValueError(f"'{shown}{found[2]}' is longer than a century; write {_LONGEST.days}d or less")
    return amount * unit


def written_duration(duration: timedelta) -> str:
    """A duration as read_duration takes it, in the largest unit of which it is a whole number.

    >>> written_duration(timedelta(minutes=90)), written_duration(timedelta(seconds=1.5))
    ('90m', '1.5s')
    """
    seconds = duration.total_seconds()
    for unit in ("d", "h", "m"):
        whole, rest = divmod(seconds, timedelta(**{_UNITS[unit]: 1}).total_seconds())
        if whole and not rest:
            return f"{whole:.0f}{unit}"
    return f"{seconds:.15g}s"


def web_address(url: str) -> bool:
    """Whether it can be asked: http or https, a host whose name can be one, a port that is a number.

    >>> web_address("https://пример.рф:8443/rss"), web_address("http://[::1]/rss")
    (True, True)
    >>> [web_address(url) for url in ("example.org", "https:///rss", "https://a..b", "https://a:99999", "http://[x")]
    [False, False, False, False, False]
    """
    try:
        parts = urlsplit(url)
        host, number = parts.hostname or "", parts.port
        named = bool(host.encode("idna")) or number is not None
    except ValueError:  # of brackets, of a port, or (UnicodeError) of a label that is empty or too long
        return False
    return named and parts.scheme in {"http", "https"}


def language_code(written: str) -> str:
    """A language by its code (BCP 47), or nothing.

    >>> language_code("ko"), language_code("pt-BR"), language_code("")
    ('ko', 'pt-BR', '')
    >>> language_code("English")
    Traceback (most recent call last):
    ...
    ValueError: 'English' is no code of a language; write one like en, ko or pt-BR
    """
    if not _LANGUAGE.fullmatch(written):
        raise ValueError(f"{written!r} is no code of a language; write one like en, ko or pt-BR")
    return written


def _known_version(version: int) -> int:
    if version != 1:
        raise ValueError(f"version {version} is newer than this program; it knows version 1")
    return version


Version = Annotated[
    int,
    AfterValidator(_known_version),
    Field(description="of the file's form; always 1", json_schema_extra={"const": 1}),
]
"""The `version:` that every file of the configuration may start with."""

LanguageCode = Annotated[str, AfterValidator(language_code)]

Duration = Annotated[
    timedelta,
    BeforeValidator(read_duration),
    PlainSerializer(written_duration, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\d+(\.\d+)?\s*[smhd]$", "examples": ["15m", "2h", "90d"]}
    ),
]
