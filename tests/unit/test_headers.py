"""What headers say about time."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.headers import fresh_for, http_date, retry_after

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DATE = "Tue, 24 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("120", timedelta(minutes=2)),
        (" 0 ", timedelta(0)),
        ("Tue, 24 Nov 2026 12:00:30 GMT", timedelta(seconds=30)),
        ("Tue, 24 Nov 2026 11:00:00 GMT", None),
        ("-5", None),
        ("soon", None),
        ("1e9", None),
        ("٣", None),
        ("", None),
        ("9" * 400, timedelta(days=36500)),
    ],
)
def test_when_to_come_back(written: str, expected: timedelta | None) -> None:
    assert retry_after(written, NOW) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=600"}, timedelta(minutes=10)),
        ({"Cache-Control": 'public,MAX-AGE = "600"'}, timedelta(minutes=10)),
        ({"Cache-Control": "s-maxage=9"}, None),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "no-store"}, None),
        ({"Cache-Control": "max-age=31536000"}, timedelta(days=365)),
        ({"Cache-Control": "max-age=999999999999"}, timedelta(days=36500)),
        ({"Expires": "Tue, 24 Nov 2026 13:00:00 GMT", "Date": DATE}, timedelta(hours=1)),
        ({"Expires": "Tue, 24 Nov 2026 11:00:00 GMT", "Date": DATE}, None),
        ({"Expires": "0", "Date": DATE}, None),
        ({"Expires": "Tue, 24 Nov 2026 13:00:00 GMT"}, None),
        ({"Cache-Control": "max-age=60", "Expires": "Tue, 24 Nov 2026 13:00:00 GMT", "Date": DATE}, timedelta(minutes=1)),
    ],
)  # fmt: skip
def test_how_long_an_answer_stays_fresh(headers: dict[str, str], expected: timedelta | None) -> None:
    assert fresh_for(headers) == expected


@pytest.mark.parametrize("written", ["", "now", "Tue, 99 Nov 2026 12:00:00 GMT"])
def test_what_is_no_date(written: str) -> None:
    assert http_date(written) is None


def test_a_date_without_a_zone_is_utc() -> None:
    assert http_date("Tue, 24 Nov 2026 12:00:00 -0000") == NOW
