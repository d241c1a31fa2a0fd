"""alerting.yaml as settings: who hears of what, when, and when not."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from monitor.alerting.spelling import (
    Clock,
    Days,
    Factor,
    Rate,
    Share,
    WrittenDays,
    WrittenHours,
    WrittenRate,
    Zone,
)
from monitor.model import Severity
from monitor.settings import Duration, LanguageCode, Settings, Version

__all__ = [
    "RULE",
    "AlertingSettings",
    "Calendar",
    "Defaults",
    "Digest",
    "Fold",
    "Health",
    "Limit",
    "Pick",
    "Quiet",
    "Route",
    "Silence",
    "SilencePick",
    "SourcesMilestone",
    "Surge",
    "Update",
]


def _as_list(written: object) -> object:
    return [written] if isinstance(written, str) else written


Names = Annotated[tuple[str, ...], BeforeValidator(_as_list, json_schema_input_type=str | list[str])]
"""One name or a list of names."""


class Calendar(Settings):
    """Hours of the week, in the file's time zone; on a date of `except` the hours do not begin."""

    days: Annotated[WrittenDays, Field(description="days of the week on which the hours begin")] = Days(
        "mon-sun", frozenset(range(7))
    )
    hours: Annotated[WrittenHours, Field(description="from and to; may cross midnight")]
    except_: tuple[date, ...] = Field(
        description="dates on which the hours do not begin", default=(), alias="except"
    )


class Pick(Settings):
    """What a route or a silence is about: every key given must fit; none given fits everything."""

    watchlist: Annotated[Names, Field(description="names of watchlists")] = ()
    rule: Annotated[Names, Field(description="ids of rules")] = ()
    severity: Annotated[
        tuple[Severity, ...],
        BeforeValidator(_as_list, json_schema_input_type=Severity | list[Severity]),
        Field(description="severities"),
    ] = ()
    label: Annotated[Names, Field(description="labels of rules")] = ()
    source: Names = Field(default=(), description="source ids or tags")
    language: Annotated[
        tuple[LanguageCode, ...],
        BeforeValidator(_as_list, json_schema_input_type=str | list[str]),
        Field(description="languages of articles"),
    ] = ()

    @property
    def about(self) -> dict[str, tuple[str, ...]]:
        """What must fit, key → names, without the keys that fit everything."""
        asked = {name: tuple(map(str, getattr(self, name))) for name in type(self).model_fields}
        return {name: names for name, names in asked.items() if names}


class Quiet(Settings):
    """Hours that hold what would go out; it goes as one digest when they end."""

    during: Annotated[str, Field(description="name of a calendar")]
    then: Literal["digest"] = Field(default="digest", description="the one way: nothing is dropped")


class Route(Settings):
    """Where fitting alerts go, and how."""

    when: Annotated[Pick, Field(description="which alerts; {} is all")] = Pick.by_default()
    to: Annotated[Names, Field(description="names of channels", min_length=1)]
    and_on: bool = Field(default=False, description="later routes are asked too")
    quiet: Annotated[Literal["never"] | Quiet, Field(description="hours in which it holds back")] = "never"
    send: Annotated[Literal["now", "digest"], Field(description="now, or with the next digest")] = "now"


class SourcesMilestone(Settings):
    """A story is worth another mail when so many sources tell it."""

    sources: Annotated[tuple[int, ...], Field(description="so many")]


Milestone = Literal["new_rule", "severity_up", "correction", "new_pair"]


class Update(Settings):
    """When a story that was told is told again."""

    at_most_every: Annotated[Duration, Field(description="least time between two mails of a story")] = (
        timedelta(minutes=30)
    )
    when: Annotated[
        tuple[Milestone | SourcesMilestone, ...], Field(description="what is worth another mail")
    ] = (
        "new_rule",
        "severity_up",
        "correction",
        SourcesMilestone.model_construct(sources=(5, 20, 50)),
    )

    @property
    def sources(self) -> tuple[int, ...]:
        """The numbers of sources that are milestones, the greatest first."""
        listed = (n for what in self.when if isinstance(what, SourcesMilestone) for n in what.sources)
        return tuple(sorted(listed, reverse=True))


class Limit(Settings):
    """The most mails that one recipient gets; what is over goes as one digest. Critical ones always go."""

    per_recipient: Annotated[WrittenRate, Field(description="so many in so long")] = Rate(
        12, timedelta(hours=1)
    )
    overflow: Literal["digest"] = Field(default="digest", description="the one way: nothing is dropped")


class Defaults(Settings):
    """What holds where a route says nothing else."""

    group: Literal["story", "rule", "article"] = Field(
        default="story",
        description="what one conversation is about: a story, a rule's part of it, an article",
    )
    wait: Duration = Field(default=timedelta(minutes=2), description="gather the first reports, then send")
    wait_if: Mapping[Severity, Duration] = Field(
        description="the wait by severity, where it differs", default={Severity.CRITICAL: timedelta(0)}
    )
    update: Annotated[Update, Field(description="when a story that was told is told again")] = (
        Update.by_default()
    )
    limit: Annotated[Limit, Field(description="the most mails that one recipient gets")] = Limit.by_default()
    max_age: Annotated[Duration, Field(description="older articles alert nobody")] = timedelta(hours=48)
    first_run: Annotated[
        Literal["digest", "silent", "alert"],
        Field(description="what comes of a new source's first listing: one digest, nothing, or alerts"),
    ] = "digest"


class Digest(Settings):
    """A mail at a set time with everything that was to wait for it."""

    to: Annotated[Names, Field(description="names of channels", min_length=1)]
    at: Annotated[Clock, Field(description="time of day, in `timezone`")]
    days: Annotated[WrittenDays, Field(description="days of the week")] = Days("mon-sun", frozenset(range(7)))
    empty: Annotated[
        Literal["say-so", "skip"], Field(description="whether a digest without news goes out and says so")
    ] = "say-so"
    sort: Annotated[
        tuple[Literal["severity", "story_size", "newest"], ...], Field(description="what comes first")
    ] = ("severity", "story_size", "newest")


class Fold(Settings):
    """A weaker rule that stays a line in the mail of a stronger one."""

    rule: Annotated[str, Field(description="the weaker rule")]
    under: Annotated[Names, Field(description="the stronger ones", min_length=1)]


def _end(written: object) -> object:
    """A day or a moment; a moment at midnight stays one."""
    if not isinstance(written, str):
        return written
    try:
        return date.fromisoformat(written) if len(written) == 10 else datetime.fromisoformat(written)
    except ValueError as error:
        remedy = "write a day like 2026-12-01 or a moment like 2026-12-01T18:00+09:00"
        raise ValueError(f"{written!r} is no end; {remedy}") from error


class SilencePick(Pick):
    """What a silence is about: also a story, by its id."""

    story: Annotated[Names, Field(description="ids of stories")] = ()


class Silence(Settings):
    """Matches that fit stay searchable, but nobody hears of them until the end."""

    match: Annotated[SilencePick, Field(description="which alerts")]
    until: Annotated[
        date | datetime,
        BeforeValidator(_end),
        Field(description="its end: a moment, or a day (as it begins)"),
    ]
    why: Annotated[
        str, Field(description="the reason, as digests and `monitor alerts` show it", min_length=1)
    ]
    by: Annotated[str, Field(description="whose silence it is")] = ""

    @model_validator(mode="before")
    @classmethod
    def _ends(cls, written: object) -> object:
        if isinstance(written, Mapping) and not written.get("until"):
            raise ValueError("a silence needs an end; add until: 2026-12-01")
        return written


RULE = "surge"
"""What routes and silences know the alert of a surge by; that of one rule is also `surge:RULE`."""


class Surge(Settings):
    """Many more reports than usual are news in themselves."""

    watchlist: Annotated[str, Field(description="what is counted")]
    rule: str = Field(default="", description="empty: all rules of the watchlist")
    over: Annotated[Duration, Field(description="the time that is counted")] = timedelta(hours=24)
    baseline: Annotated[Duration, Field(description="the time before, which tells what is usual")] = (
        timedelta(days=14)
    )
    ratio: Annotated[float, Field(description="so many times the usual", gt=1)] = 3
    at_least: Annotated[int, Field(description="and at least so many articles", ge=1)] = 10
    severity: Annotated[Severity, Field(description="of the alert")] = Severity.HIGH
    cooldown: Annotated[Duration, Field(description="least time between two surge alerts")] = timedelta(
        hours=12
    )


class Health(Settings):
    """What is told about the monitor itself, each once until it changes.

    A key without a default is not watched where it is left out. Dead letters and a refused configuration
    are always told.
    """

    to: Annotated[Names, Field(description="names of channels", min_length=1)]
    source_silent: Factor | None = Field(default=None, description="so many times its usual gap, like 3x")
    source_failing: Annotated[Duration | None, Field(description="a source that fails for so long")] = None
    extraction_short: int | None = Field(
        default=None, description="so many articles in a row far under the source's usual length"
    )
    rule_never_hit: Annotated[Duration | None, Field(description="a rule without a match for so long")] = None
    rule_noisy: Annotated[WrittenRate | None, Field(description="a rule with more matches than that")] = None
    channel_paused: Annotated[
        Duration | None, Field(description="a channel that takes nothing for so long")
    ] = timedelta(minutes=5)
    disk_low: Annotated[
        Share | None, Field(description="less than that free where the database is, like 5%")
    ] = 5.0
    heartbeat: Annotated[Literal["daily"] | None, Field(description="a sign of life every day")] = None


class AlertingSettings(Settings):
    """The whole of alerting.yaml but its `channels`, whose kinds have settings of their own."""

    version: Version = 1
    timezone: Annotated[Zone, Field(description="zone of all times in this file")] = "UTC"
    calendars: Mapping[str, Calendar] = Field(description="hours of the week, by name", default={})
    defaults: Annotated[Defaults, Field(description="what holds where a route says nothing else")] = (
        Defaults.by_default()
    )
    routes: Annotated[
        tuple[Route, ...],
        Field(
            description="who hears of what: the first that fits, from the top; none: every channel hears all"
        ),
    ] = ()
    digests: Mapping[str, Digest] = Field(description="mails at set times, by name", default={})
    fold: Annotated[
        tuple[Fold, ...], Field(description="weaker rules that become a line under stronger ones")
    ] = ()
    silences: Annotated[
        tuple[Silence, ...], Field(description="matches that nobody hears of for a while")
    ] = ()
    surge: Annotated[tuple[Surge, ...], Field(description="many more reports than usual")] = ()
    health: Annotated[
        Health | None, Field(description="what is told about the monitor itself; absent: nothing")
    ] = None

    @field_validator("fold")
    @classmethod
    def _straight(cls, fold: tuple[Fold, ...]) -> tuple[Fold, ...]:
        """In a circle each rule would wait for the other to speak, and nobody would hear of either."""
        under: dict[str, set[str]] = {}
        for one in fold:
            under.setdefault(one.rule, set()).update(one.under)
        for rule, stronger in under.items():
            above, reached = stronger, set[str]()
            while above:
                reached |= above
                above = {name for each in above for name in under.get(each, ())} - reached
            if rule in reached:
                raise ValueError(
                    f"{rule!r} is folded under itself; take it out of `under`: nobody would hear of it"
                )
        return fold
