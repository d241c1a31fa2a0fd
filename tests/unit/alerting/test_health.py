from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerting import AlertingSettings, Policy, health_rows, scheduled
from monitor.model import Census, Kind, SourceState, Vitals

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WATCHED = {
    "to": ["ops"],
    "source_silent": "3x",
    "source_failing": "6h",
    "extraction_short": "5",
    "rule_never_hit": "30d",
    "rule_noisy": "50/day",
    "heartbeat": "daily",
}
POLICY = Policy(
    settings=AlertingSettings.model_validate(
        {"timezone": "Asia/Seoul", "health": WATCHED, "digests": {"m": {"to": ["desk"], "at": "07:30"}}}
    ),
    recipients={"ops": ("o@x.org",), "desk": ("a@x.org", "b@x.org")},
)
SILENT = Policy(settings=AlertingSettings(), recipients={"desk": ("a@x.org",)})
WELL = SourceState(source="bbc", url="https://b.example", due=NOW, newest=NOW - timedelta(hours=1))
VITALS = Vitals(
    census=Census(
        since=NOW - timedelta(days=1), articles=1240, sources=61, verdicts={"first_mention": 9, "repeat": 31}
    )
)


def ill(**changes: object) -> Vitals:
    return replace(VITALS, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("vitals", "words"),
    [
        (
            ill(sources=(replace(WELL, failing_since=NOW - timedelta(hours=7), error="503"),)),
            "bbc: failing for 7 h: 503",
        ),
        (ill(sources=(replace(WELL, gone=True),)), "bbc: the server says it is gone for good"),
        (
            ill(sources=(replace(WELL, newest=NOW - timedelta(days=3)),), gaps={"bbc": timedelta(hours=4)}),
            "bbc: nothing new for 3 days, usually every 4 h",
        ),
        (
            ill(short={"bbc": 6}),
            "bbc: 6 articles in a row far shorter than usual; its pages may have changed",
        ),
        (ill(last_hits={("w", "r"): NOW - timedelta(days=40)}), "w/r: no hit for 40 days"),
        (
            ill(last_hits={("w", "r"): None}, watching_since=NOW - timedelta(days=31)),
            "w/r: no hit for 31 days",
        ),
        (ill(hits_today={("w", "r"): 51}), "w/r: 51 hits in a day, more than 50"),
    ],
)
def test_silence_is_reported(vitals: Vitals, words: str) -> None:
    [row] = health_rows(POLICY, vitals, NOW)
    assert (row.kind, row.channel, row.recipient, row.due, row.note) == (
        Kind.HEALTH,
        "ops",
        "o@x.org",
        NOW,
        words,
    )


@pytest.mark.parametrize(
    "vitals",
    [
        ill(sources=(WELL,), gaps={"bbc": timedelta(minutes=30)}),
        ill(sources=(replace(WELL, failing_since=NOW - timedelta(hours=5)),)),
        ill(sources=(replace(WELL, newest=NOW - timedelta(days=9)),)),  # its usual gap is not known yet
        ill(short={"bbc": 4}, hits_today={("w", "r"): 50}, last_hits={("w", "r"): NOW}),
        ill(last_hits={("w", "r"): None}),
    ],
)
def test_what_is_well_is_not_reported(vitals: Vitals) -> None:
    assert health_rows(POLICY, vitals, NOW) == ()


def test_the_same_trouble_is_told_once_a_day_and_a_new_one_at_once() -> None:
    one = ill(short={"bbc": 6})
    two = ill(short={"bbc": 7, "afp": 6})
    [first] = health_rows(POLICY, one, NOW)
    [again] = health_rows(POLICY, one, NOW + timedelta(hours=2))
    [more] = health_rows(POLICY, two, NOW + timedelta(hours=3))
    [tomorrow] = health_rows(POLICY, one, NOW + timedelta(days=1))
    assert first.key == again.key
    assert len({first.key, more.key, tomorrow.key}) == 3


def test_nobody_is_told_where_nobody_asked() -> None:
    assert health_rows(SILENT, ill(short={"bbc": 6}), NOW) == ()
    assert scheduled(SILENT, NOW, VITALS) == ()


def test_the_next_digest_is_opened_ahead_for_each_recipient() -> None:
    rows = scheduled(POLICY, NOW)
    assert [(row.recipient, row.kind, row.thread, row.alerts) for row in rows] == [
        ("a@x.org", Kind.DIGEST, "digest:m", ()),
        ("b@x.org", Kind.DIGEST, "digest:m", ()),
    ]
    assert {row.due.isoformat() for row in rows} == {"2026-03-02T22:30:00+00:00"}
    assert rows == scheduled(POLICY, NOW + timedelta(hours=1))


def test_the_heartbeat_counts_the_day() -> None:
    [beat] = [row for row in scheduled(POLICY, NOW, VITALS) if row.kind is Kind.HEALTH]
    assert beat.note == "Alive: read 1,240 articles of 61 sources, 9 alerts, 31 held"
    assert beat.due.isoformat() == "2026-03-01T23:00:00+00:00"
