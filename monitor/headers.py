"""What a response's headers say about time: when to come back, how long it stays fresh."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

__all__ = ["fresh_for", "http_date", "retry_after"]

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NO_STORE = re.compile(r"(?:^|[\s,])(?:no-cache|no-store)(?:$|[\s,=])", re.IGNORECASE)
_CENTURY = 100 * 365 * 86400


def http_date(written: str) -> datetime | None:
    """An HTTP date (RFC 9110, 5.6.7), or None where it is none.

    >>> http_date("Sun, 06 Nov 1994 08:49:37 GMT")
    datetime.datetime(1994, 11, 6, 8, 49, 37, tzinfo=datetime.timezone.utc)
    """
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _seconds(digits: str) -> timedelta:
    return timedelta(seconds=min(int(digits), _CENTURY))


def retry_after(written: str, now: datetime) -> timedelta | None:
    """Retry-After as a span: seconds or a date (RFC 9110, 10.2.3); None for garbage and the past.

    >>> retry_after("3600", datetime(2026, 1, 1, tzinfo=UTC))
    datetime.timedelta(seconds=3600)
    """
    written = written.strip()
    if written.isascii() and written.isdigit():
        return _seconds(written[:12])
    moment = http_date(written) if written else None
    return moment - now if moment is not None and moment > now else None


def fresh_for(headers: Mapping[str, str]) -> timedelta | None:
    """How long a response says it stays fresh: max-age unless no-cache, else Expires - Date (RFC 9111)."""
    control = headers.get("Cache-Control", "")
    if _NO_STORE.search(control):
        return None
    found = _MAX_AGE.search(control)
    if found:
        return _seconds(found[1])
    if "Expires" not in headers or "Date" not in headers:
        return None
    expires, date = http_date(headers["Expires"]), http_date(headers["Date"])
    return expires - date if expires is not None and date is not None and expires > date else None
