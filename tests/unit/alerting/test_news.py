from datetime import UTC, datetime

import pytest

from monitor.alerting.news import earlier_wording
from monitor.model import Article, Excerpt, Field, Match, Origin, Severity

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def an_article(title: str, lead: str) -> Article:
    return Article(url="u", origin=Origin(source="s", outlet="S"), title=title, fetched=NOW, lead=lead)


BEFORE = an_article(
    "Troops cross the border", "Some 12,000 soldiers are in Russia. They train near Vladivostok."
)


@pytest.mark.parametrize(
    ("title", "lead", "earlier"),
    [
        ("Troops cross the border", "Some 12,000 soldiers are in Russia. They train near Vladivostok.", ""),
        ("Soldiers cross the border", "Some 12,000 soldiers are in Russia. They train near Vladivostok.", ""),
        (
            "Troops cross the border",
            "Some 1,200 soldiers are in Russia. They train.",
            "Some 12,000 soldiers are in Russia.",
        ),
        ("3,000 troops cross the border", "Some 12,000 soldiers are in Russia.", "Troops cross the border"),
        (
            "Troops cross the border",
            "Correction: no soldiers are there at all, the ministry says now.",
            "Troops cross the border",
        ),
        ("정정: 병력 국경 통과", "Some soldiers went home.", "Troops cross the border"),
    ],
)
def test_only_what_matters_is_a_correction(title: str, lead: str, earlier: str) -> None:
    after = an_article(title, lead)
    match = Match(
        watchlist="w",
        rule="r",
        title="r",
        severity=Severity.HIGH,
        mentions=(),
        excerpts=(Excerpt(field=Field.LEAD, text=lead.partition(". ")[0] + "."),),
    )
    assert earlier_wording(BEFORE, after, match) == earlier


def test_a_first_reading_corrects_nothing() -> None:
    match = Match(watchlist="w", rule="r", title="r", severity=Severity.HIGH, mentions=())
    assert earlier_wording(None, BEFORE, match) == ""
