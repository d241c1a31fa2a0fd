"""alerting.yaml as settings: who hears of what, when, and when not."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.model import Severity
from monitor.settings import Duration, Settings

__all__ = [
    "AlertingSettings",
    "Defaults",
    "Milestone",
    "Pick",
    "Route",
    "Silence",
    "SourcesMilestone",
    "Update",
]


def _as_list(written: object) -> object:
    return [written] if isinstance(written, str) else written


Names = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
"""One name or a list of names."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"{name!r} is no time zone; write one like Asia/Seoul, Europe/Berlin or UTC"
        ) from error
    return name


Zone = Annotated[str, AfterValidator(_zone)]


class Pick(Settings):
    """What a route or a silence is about: every key given must fit; none given fits everything."""

    watchlist: Names = ()
    rule: Names = ()
    severity: Annotated[tuple[Severity, ...], BeforeValidator(_as_list)] = ()
    label: Names = ()
    source: Names = Field(default=(), description="source ids or tags")
    language: Names = ()


class Route(Settings):
    """Where fitting alerts go."""

    when: Pick = Pick()
    to: Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]
    and_on: bool = Field(default=False, description="later routes are asked too")


class SourcesMilestone(Settings):
    """A story is worth another mail when so many sources tell it."""

    sources: tuple[int, ...]


Milestone = Literal["new_rule", "severity_up", "correction"]


class Update(Settings):
    """When a story that was told is told again."""

    at_most_every: Duration = timedelta(minutes=30)
    when: tuple[Milestone | SourcesMilestone, ...] = (
        "new_rule",
        "severity_up",
        SourcesMilestone(sources=(5, 20, 50)),
    )

    @property
    def sources(self) -> tuple[int, ...]:
        """The numbers of sources that are milestones."""
        return tuple(n for what in self.when if isinstance(what, SourcesMilestone) for n in what.sources)


class Defaults(Settings):
    """What holds where a route says nothing else."""

    wait: Duration = Field(default=timedelta(minutes=2), description="gather the first reports, then send")
    wait_if: dict[Severity, Duration] = Field(default={Severity.CRITICAL: timedelta(0)})
    update: Update = Update()
    max_age: Duration = timedelta(hours=48)
    first_run: Literal["silent", "alert"] = "silent"


_DAY_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Silence(Settings):
    """Matches that fit stay searchable, but nobody hears of them until the end."""

    match: Pick
    until: Annotated[date | datetime, Field(union_mode="left_to_right")]
    why: Annotated[str, Field(min_length=1)]
    by: str = ""

    @model_validator(mode="before")
    @classmethod
    def _ends(cls, written: object) -> object:
        if isinstance(written, dict) and not written.get("until"):
            raise ValueError("a silence needs an end; add until: 2026-12-01")
        return written


def _version(number: int) -> int:
    if number != 1:
        raise ValueError(f"version {number} is newer than this program; it knows version 1")
    return number


class AlertingSettings(Settings):
    """The whole of alerting.yaml but its `channels`, whose kinds have settings of their own."""

    version: Annotated[int, AfterValidator(_version)] = 1
    timezone: Zone = "UTC"
    defaults: Defaults = Defaults()
    routes: tuple[Route, ...] = ()
    silences: tuple[Silence, ...] = ()
