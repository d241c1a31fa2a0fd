from datetime import date, datetime, time, timedelta

import pytest
from pydantic import ValidationError

from monitor.alerting import AlertingSettings, Dangling, Known, dangling, unreached
from monitor.alerting.settings import Calendar, Digest, SourcesMilestone
from monitor.model import Severity

EXAMPLE: dict[str, object] = {
    "version": "1",
    "timezone": "Asia/Seoul",
    "calendars": {
        "night": {"days": "mon-sun", "hours": "22:00-07:00"},
        "office": {"days": "mon-fri", "hours": "09:00-18:00", "except": ["2026-12-25"]},
    },
    "defaults": {
        "group": "story",
        "wait": "2m",
        "wait_if": {"critical": "0s"},
        "update": {
            "at_most_every": "30m",
            "when": ["new_rule", "severity_up", "correction", {"sources": ["5", "20", "50"]}],
        },
        "limit": {"per_recipient": "12/h", "overflow": "digest"},
        "max_age": "48h",
        "first_run": "digest",
    },
    "routes": [
        {"when": {"severity": ["critical"]}, "to": ["desk", "duty"], "quiet": "never"},
        {
            "when": {"watchlist": "w", "severity": ["high"]},
            "to": ["desk"],
            "quiet": {"during": "night", "then": "digest"},
        },
        {"when": {"severity": ["low"]}, "to": ["desk"], "send": "digest"},
    ],
    "digests": {
        "morning": {
            "to": ["desk"],
            "at": "07:30",
            "days": "mon-fri",
            "empty": "say-so",
            "sort": ["severity", "story_size"],
        }
    },
    "fold": [{"rule": "background", "under": ["troops"]}],
    "silences": [{"match": {"rule": "background"}, "until": "2026-12-01", "why": "summit week", "by": "kim"}],
    "surge": [
        {
            "watchlist": "w",
            "over": "24h",
            "baseline": "14d",
            "ratio": "3",
            "at_least": "10",
            "severity": "high",
            "cooldown": "12h",
        }
    ],
    "health": {
        "to": ["ops"],
        "source_silent": "3x",
        "source_failing": "6h",
        "extraction_short": "5",
        "rule_never_hit": "30d",
        "rule_noisy": "50/day",
        "heartbeat": "daily",
    },
}


def test_the_whole_file_is_read_from_text() -> None:
    read = AlertingSettings.model_validate(EXAMPLE)
    assert read.defaults == AlertingSettings().defaults
    assert read.digests["morning"] == Digest.model_validate(
        {"to": "desk", "at": "07:30", "days": "mon-fri", "sort": ["severity", "story_size"]}
    )
    assert read.digests["morning"].at == time(7, 30)
    assert read.calendars["office"].except_ == (date(2026, 12, 25),)
    assert read.calendars["office"].days.numbers == {0, 1, 2, 3, 4}
    assert read.defaults.limit.per_recipient == (12, timedelta(hours=1))
    assert read.defaults.update.sources == (50, 20, 5)
    assert read.silences[0].until == date(2026, 12, 1)
    assert read.health is not None
    assert read.health.source_silent == 3
    assert read.health.rule_noisy == (50, timedelta(days=1))


def test_no_file_means_stories_and_the_defaults() -> None:
    read = AlertingSettings()
    assert (read.timezone, read.routes, read.health) == ("UTC", (), None)
    assert read.defaults.group == "story"
    assert read.defaults.wait_if == {Severity.CRITICAL: timedelta(0)}
    assert SourcesMilestone(sources=(5, 20, 50)) in read.defaults.update.when


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("sat,sun", {5, 6}),
        ("sat-mon", {5, 6, 0}),
        ("Wed", {2}),
        ("mon-sun", set(range(7))),
    ],
)
def test_days_may_wrap_round_the_week(written: str, days: set[int]) -> None:
    assert Calendar.model_validate({"days": written, "hours": "09:00-18:00"}).days.numbers == days


def test_a_silence_may_end_at_a_moment() -> None:
    written = {"match": {"story": "st-1"}, "until": "2026-12-01T18:00:00+09:00", "why": "told enough"}
    [silence] = AlertingSettings.model_validate({"silences": [written]}).silences
    assert silence.until == datetime.fromisoformat("2026-12-01T18:00:00+09:00")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            {"timezone": "Asia/Soul"},
            "'Asia/Soul' is no time zone; write one like Asia/Seoul, Europe/Berlin or UTC",
        ),
        ({"calendars": {"n": {"hours": "22-7"}}}, "'22' is no time of day; write it like \"07:30\""),
        ({"calendars": {"n": {"hours": "22:00"}}}, "'22:00' are no hours; write them like \"22:00-07:00\""),
        (
            {"calendars": {"n": {"hours": "07:00-07:00"}}},
            'begin and end at once; write "00:00-24:00" for a whole day',
        ),
        (
            {"calendars": {"n": {"days": "monday", "hours": "1:00-2:00"}}},
            "'monday' are no days; write them like mon-fri",
        ),
        ({"defaults": {"limit": {"per_recipient": "12"}}}, "'12' is no rate; write it like 12/h or 50/day"),
        ({"defaults": {"wait": "90"}}, "'90' is not a duration; write a number and a unit"),
        ({"silences": [{"match": {}, "why": "x"}]}, "a silence needs an end; add until: 2026-12-01"),
        (
            {"silences": [{"match": {}, "until": "tomorrow", "why": "x"}]},
            "'tomorrow' is no end; write a day like 2026-12-01 or a moment like 2026-12-01T18:00+09:00",
        ),
        ({"version": "2"}, "version 2 is newer than this program; it knows version 1"),
        (
            {
                "fold": [
                    {"rule": "a", "under": ["b"]},
                    {"rule": "b", "under": ["c"]},
                    {"rule": "c", "under": ["a"]},
                ]
            },
            "'a' is folded under itself; take it out of `under`: nobody would hear of it",
        ),
        ({"fold": [{"rule": "a", "under": ["a", "b"]}]}, "'a' is folded under itself"),
        ({"colour": "red"}, "Extra inputs are not permitted"),
        ({"routes": [{"to": []}]}, "at least 1 item"),
    ],
)
def test_a_mistake_is_said_in_words(written: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError) as error:
        AlertingSettings.model_validate(written)
    assert message in str(error.value)


def test_names_that_name_nothing_are_found_with_their_place() -> None:
    settings = AlertingSettings.model_validate(
        {
            "routes": [
                {"when": {"watchlist": "ww", "rule": "troop"}, "to": ["dsk"], "quiet": {"during": "nite"}}
            ],
            "digests": {"m": {"to": ["dsk"], "at": "07:30"}},
            "fold": [{"rule": "x", "under": ["troops", "y"]}],
            "silences": [{"match": {"rule": "z"}, "until": "2026-12-01", "why": "w"}],
            "surge": [{"watchlist": "v", "rule": "u"}],
            "health": {"to": ["op"]},
        }
    )
    found = list(
        dangling(
            settings, Known(channels=["desk", "ops"], rules={"w": ("troops",)}, labels=["b"], sources=["bbc"])
        )
    )
    assert [(one.path, one.what, one.written) for one in found] == [
        (("routes", 0, "when", "watchlist", 0), "watchlist", "ww"),
        (("routes", 0, "when", "rule", 0), "rule", "troop"),
        (("routes", 0, "to", 0), "channel", "dsk"),
        (("routes", 0, "quiet", "during"), "calendar", "nite"),
        (("digests", "m", "to", 0), "channel", "dsk"),
        (("fold", 0, "rule"), "rule", "x"),
        (("fold", 0, "under", 1), "rule", "y"),
        (("silences", 0, "match", "rule", 0), "rule", "z"),
        (("surge", 0, "watchlist"), "watchlist", "v"),
        (("surge", 0, "rule"), "rule", "u"),
        (("health", "to", 0), "channel", "op"),
    ]
    assert found[0] == Dangling(
        path=("routes", 0, "when", "watchlist", 0), what="watchlist", written="ww", known=("w",)
    )


@pytest.mark.parametrize(
    ("taker", "route", "unheard"),
    [
        ({}, {"when": {"severity": ["high"]}}, True),
        ({"and_on": True}, {"when": {"severity": ["high"]}}, False),
        ({"when": {"severity": ["high", "low"]}}, {"when": {"severity": ["high"], "rule": "r"}}, True),
        ({"when": {"severity": ["high"]}}, {"when": {"severity": ["high", "low"]}}, False),
        ({"when": {"severity": ["high"]}}, {}, False),
        ({"when": {"rule": "r"}}, {"when": {"label": "l"}}, False),
    ],
)
def test_a_route_that_an_earlier_one_leaves_nothing_is_found(
    taker: dict[str, object],
    route: dict[str, object],
    unheard: bool,  # noqa: FBT001
) -> None:
    routes = [{"to": ["a"], **taker}, {"to": ["b"], **route}]
    settings = AlertingSettings.model_validate({"routes": routes})
    assert list(unreached(settings)) == ([(("routes", 1), "route 1")] if unheard else [])


def test_the_example_names_only_what_is_there() -> None:
    settings = AlertingSettings.model_validate(EXAMPLE)
    rules = {"w": ("troops", "background")}
    assert list(dangling(settings, Known(channels=["desk", "duty", "ops"], rules=rules))) == []


def test_settings_written_out_and_read_again_are_the_same() -> None:
    read = AlertingSettings.model_validate(EXAMPLE)
    assert AlertingSettings.model_validate(read.model_dump(mode="json", by_alias=True)) == read
    assert AlertingSettings.model_json_schema()["additionalProperties"] is False
