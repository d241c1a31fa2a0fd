from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerting import AlertingSettings, Policy, checkup, scheduled
from monitor.model import Ailment, Census, DeadLetters, Kind, SourceState, Standing, Vitals

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
        (
            ill(paused={"desk": (NOW - timedelta(minutes=6), "logging in: 535 no")}),
            "desk: channel paused, its messages wait for 6 min: logging in: 535 no",
        ),
        (
            ill(dead={"desk": DeadLetters(number=1, newest=7, recipient="a@x.org", words="550 unknown")}),
            (
                "desk: a message of the last week could not be delivered, the last to a@x.org: 550 unknown;"
                " see monitor outbox --state dead --state expired"
            ),
        ),
        (ill(disk=4.9), "Disk: 4.9 % free where the database is, less than 5 %"),
        (
            ill(refused=("sources.yaml:2:5: url is missing", "w.yaml:1:1: empty")),
            "Configuration refused, the old one stays in force: sources.yaml:2:5: url is missing (and 1 more)",
        ),
    ],
)
def test_silence_is_reported(vitals: Vitals, words: str) -> None:
    [row] = checkup(POLICY, vitals, NOW).dispatches
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
        ill(paused={"desk": (NOW - timedelta(minutes=4), "connecting: lost")}, disk=5.0),
    ],
)
def test_what_is_well_is_not_reported(vitals: Vitals) -> None:
    found = checkup(POLICY, vitals, NOW)
    assert (found.dispatches, found.standing) == ((), ())


class Watch:
    """One checkup after another, each knowing what the ones before told."""

    def __init__(self) -> None:
        self.standing: dict[str, Standing] = {}

    def look(self, hours: float, **troubles: object) -> list[str]:
        """The lines of the mail that goes out so many hours on; none: nothing is told."""
        now = NOW + timedelta(hours=hours)
        found = checkup(POLICY, replace(VITALS, standing=self.standing, **troubles), now)  # type: ignore[arg-type]
        self.standing = {one.ailment.name: one for one in found.standing}
        return [line for row in found.dispatches for line in row.note.splitlines()]


BBC = "bbc: 6 articles in a row far shorter than usual; its pages may have changed"
AFP = "afp: 6 articles in a row far shorter than usual; its pages may have changed"


def test_a_trouble_is_told_once_however_long_it_lasts_and_its_end_too() -> None:
    watch = Watch()
    assert watch.look(0, short={"bbc": 6}) == [BBC]
    assert [watch.look(hours, short={"bbc": 9}) for hours in (1, 24, 240)] == [[], [], []]
    assert watch.look(241) == []
    assert watch.look(247) == [f"Well again: {BBC}"]
    assert watch.look(250) == []
    assert watch.look(251, short={"bbc": 6}) == [BBC]


def test_a_new_trouble_is_told_with_those_that_still_stand() -> None:
    watch = Watch()
    watch.look(0, short={"bbc": 6})
    assert watch.look(1, short={"bbc": 6, "afp": 6}) == [AFP, f"Still: {BBC}"]
    assert watch.look(9, short={"bbc": 6}) == [f"Well again: {AFP}", f"Still: {BBC}"]


def test_what_comes_and_goes_is_told_once() -> None:
    watch = Watch()
    looks = [watch.look(hours, short={"bbc": 6} if hours % 2 else {}) for hours in range(1, 24)]
    assert looks == [[BBC]] + [[]] * 22


def test_new_dead_letters_are_told_at_most_once_an_hour_and_their_end_at_once() -> None:
    watch = Watch()

    def dead(newest: int) -> dict[str, DeadLetters]:
        return {"desk": DeadLetters(number=newest, newest=newest, recipient="a@x.org", words="550")}

    told = [len(watch.look(minutes / 60, dead=dead(minutes))) for minutes in range(1, 130)]
    assert [minute for minute, lines in enumerate(told, 1) if lines] == [1, 61, 121]
    assert watch.look(3, dead=dead(129)) == []
    assert watch.look(3.1, dead=dead(129)) != []
    [well] = watch.look(3.2)
    assert well.startswith("Well again: desk: 129 messages")


def test_another_mistake_in_the_configuration_is_told_at_once_and_so_is_its_end() -> None:
    watch = Watch()
    first, second = ("a.yaml:1:1: x",), ("a.yaml:2:1: y",)
    told = [
        watch.look(hours, refused=refused) for hours, refused in ((0, first), (0.1, first), (0.2, second))
    ]
    words = "Configuration refused, the old one stays in force: "
    assert told == [[f"{words}{first[0]}"], [], [f"{words}{second[0]}"]]
    assert watch.look(0.3) == [f"Well again: {words}{second[0]}"]


def test_two_mails_of_health_never_share_a_key() -> None:
    rows = [
        row
        for hours, short in ((0, {"bbc": 6}), (1, {"afp": 6}), (2, {"bbc": 6, "afp": 7}))
        for row in checkup(POLICY, ill(short=short), NOW + timedelta(hours=hours)).dispatches
    ]
    assert len({row.key for row in rows}) == 3


def test_nobody_is_told_where_nobody_asked() -> None:
    assert checkup(SILENT, ill(short={"bbc": 6}), NOW).dispatches == ()
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


def test_the_heartbeat_names_what_still_stands() -> None:
    bbc = Standing(ailment=Ailment(name="short bbc", words=BBC), told=NOW, seen=NOW)
    [beat] = [
        row for row in scheduled(POLICY, NOW, ill(standing={"short bbc": bbc})) if row.kind is Kind.HEALTH
    ]
    assert beat.note.splitlines()[1:] == [f"Still: {BBC}"]
