"""What a source's state tells its admin."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.fetching.advice import advice
from monitor.model import SourceState

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WELL = SourceState(
    source="a", url="https://example.org/feed", due=NOW, newest=NOW - HOUR, gap=HOUR, polls=99, spared=9
)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (WELL, ()),
        (replace(WELL, newest=None), ()),
        (replace(WELL, moved="https://b.example/", moved_since=NOW - HOUR), ()),
        (
            replace(WELL, moved="https://b.example/", moved_since=NOW - 200 * HOUR),
            ("has moved for good; write url: https://b.example/",),
        ),
        (
            replace(WELL, gone=True, failures=1, failing_since=NOW),
            ("is gone, says its server; remove it, or find its new address with: monitor sources probe URL",),
        ),
        (replace(WELL, failures=1, failing_since=NOW - HOUR), ()),
        (
            replace(WELL, failures=9, failing_since=NOW - 97 * HOUR),
            ("has failed for 4 days; look for its new address, or remove it",),
        ),
        (
            replace(WELL, spared=0),
            (
                "never answers 304, so every poll costs a whole body; a longer interval (every) would spare it",
            ),
        ),
        (replace(WELL, spared=0, polls=19), ()),
        (
            replace(WELL, newest=NOW - 7 * HOUR),
            ("is silent for 7 hours; it usually has something new every 1 hour",),
        ),
        (replace(WELL, newest=NOW - 7 * HOUR, gap=3 * HOUR), ()),
        (replace(WELL, newest=NOW - 5 * HOUR, gap=HOUR / 60), ()),
    ],
)
def test_what_the_admin_is_told(state: SourceState, expected: tuple[str, ...]) -> None:
    assert advice(state, NOW) == expected
