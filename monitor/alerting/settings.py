"""alerting.yaml as settings: who hears of what, when, and when not."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from monitor.alerting.spelling import (
    Clock,
    Days,
    Factor,
    Rate,
    WrittenDays,
    WrittenHours,
    WrittenRate,
    Zone,
)
from monitor.model import Severity
from monitor.settings import Duration, Settings, Version

__all__ = [
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


Names = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
"""One name or a list of names."""


class Calendar(Settings):
    """Hours of the week, in the file's time zone; on a date of `except` the hours do not begin."""

    days: WrittenDays = Days("mon-sun", frozenset(range(7)))
    hours: WrittenHours
    except_: tuple[date, ...] = Field(default=(), alias="except")


class Pick(Settings):
    """What a route or a silence is about: every key given must fit; none given fits everything."""

    watchlist: Names = ()
    rule: Names = ()
    severity: Annotated[tuple[Severity, ...], BeforeValidator(_as_list)] = ()
    label: Names = ()
    source: Names = Field(default=(), description="source ids or tags")
    language: Names = ()


class Quiet(Settings):
    """Hours that hold what would go out; it goes as one digest when they end."""

    during: str
    then: Literal["digest"] = Field(default="digest", description="the one way: nothing is dropped")


class Route(Settings):
    """Where fitting alerts go, and how."""

    when: Pick = Pick()
    to: Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]
    and_on: bool = Field(default=False, description="later routes are asked too")
    quiet: Literal["never"] | Quiet = "never"
    send: Literal["now", "digest"] = "now"


class SourcesMilestone(Settings):
    """A story is worth another mail when so many sources tell it."""

    sources: tuple[int, ...]


Milestone = Literal["new_rule", "severity_up", "correction", "new_pair"]


class Update(Settings):
    """When a story that was told is told again."""

    at_most_every: Duration = timedelta(minutes=30)
    when: tuple[Milestone | SourcesMilestone, ...] = (
        "new_rule",
        "severity_up",
        "correction",
        SourcesMilestone(sources=(5, 20, 50)),
    )

    @property
    def sources(self) -> tuple[int, ...]:
        """The numbers of sources that are milestones, the greatest first."""
        listed = (n for what in self.when if isinstance(what, SourcesMilestone) for n in what.sources)
        return tuple(sorted(listed, reverse=True))


class Limit(Settings):
    """The most mails that one recipient gets; what is over goes as one digest. Critical ones always go."""

    per_recipient: WrittenRate = Rate(12, timedelta(hours=1))
    overflow: Literal["digest"] = Field(default="digest", description="the one way: nothing is dropped")


class Defaults(Settings):
    """What holds where a route says nothing else."""

    group: Literal["story", "rule", "article"] = Field(
        default="story",
        description="what one conversation is about: a story, a rule's part of it, an article",
    )
    wait: Duration = Field(default=timedelta(minutes=2), description="gather the first reports, then send")
    wait_if: Mapping[Severity, Duration] = Field(default={Severity.CRITICAL: timedelta(0)})
    update: Update = Update()
    limit: Limit = Limit()
    max_age: Duration = timedelta(hours=48)
    first_run: Literal["digest", "silent", "alert"] = "digest"


class Digest(Settings):
    """A mail at a set time with everything that was to wait for it."""

    to: Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]
    at: Clock
    days: WrittenDays = Days("mon-sun", frozenset(range(7)))
    empty: Literal["say-so", "skip"] = "say-so"
    sort: tuple[Literal["severity", "story_size", "newest"], ...] = ("severity", "story_size", "newest")


class Fold(Settings):
    """A weaker rule that stays a line in the mail of a stronger one."""

    rule: str
    under: Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]


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

    story: Names = ()


class Silence(Settings):
    """Matches that fit stay searchable, but nobody hears of them until the end."""

    match: SilencePick
    until: Annotated[date | datetime, BeforeValidator(_end)]
    why: Annotated[str, Field(min_length=1)]
    by: str = ""

    @model_validator(mode="before")
    @classmethod
    def _ends(cls, written: object) -> object:
        if isinstance(written, Mapping) and not written.get("until"):
            raise ValueError("a silence needs an end; add until: 2026-12-01")
        return written


class Surge(Settings):
    """Many more reports than usual are news in themselves."""

    watchlist: str
    rule: str = Field(default="", description="empty: all rules of the watchlist")
    over: Duration = timedelta(hours=24)
    baseline: Duration = timedelta(days=14)
    ratio: Annotated[float, Field(gt=1)] = 3
    at_least: Annotated[int, Field(ge=1)] = 10
    severity: Severity = Severity.HIGH
    cooldown: Duration = timedelta(hours=12)


class Health(Settings):
    """What is told about the monitor itself; a key that is left out is not watched."""

    to: Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]
    source_silent: Factor | None = Field(default=None, description="so many times its usual gap, like 3x")
    source_failing: Duration | None = None
    extraction_short: int | None = Field(
        default=None, description="so many articles in a row far under the source's usual length"
    )
    rule_never_hit: Duration | None = None
    rule_noisy: WrittenRate | None = None
    heartbeat: Literal["daily"] | None = None


class AlertingSettings(Settings):
    """The whole of alerting.yaml but its `channels`, whose kinds have settings of their own."""

    version: Version = 1
    timezone: Zone = "UTC"
    calendars: Mapping[str, Calendar] = Field(default={})
    defaults: Defaults = Defaults()
    routes: tuple[Route, ...] = ()
    digests: Mapping[str, Digest] = Field(default={})
    fold: tuple[Fold, ...] = ()
    silences: tuple[Silence, ...] = ()
    surge: tuple[Surge, ...] = ()
    health: Health | None = None
