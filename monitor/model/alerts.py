"""Alerts: who should hear of what, or why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.articles import Article
from monitor.model.matches import Match, Severity

__all__ = ["Alert", "Raised", "Silence", "Story", "Verdict"]


class Verdict(StrEnum):
    """Why we speak or stay silent; the same word is the log field, the metric's label and the JSON value."""

    FIRST_MENTION = "first_mention"
    DEVELOPMENT = "development"
    CORRECTION = "correction"
    SURGE = "surge"
    REPEAT = "repeat"
    SILENCED = "silenced"
    QUIET_HOURS = "quiet_hours"
    FOLDED = "folded"
    OVER_LIMIT = "over_limit"
    TOO_OLD = "too_old"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles that tell the same thing; `id` never changes, also not when stories merge."""

    id: str
    title: str
    opened: datetime
    touched: datetime
    articles: int = 1
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A match someone should hear about, or why not. `reason` is the policy's line that decided.

    `earlier` is, of a correction, the wording before it.
    """

    article: Article
    match: Match
    story: Story
    verdict: Verdict
    raised: datetime
    reason: str = ""
    earlier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Matches that fit stay searchable, but until its end nobody hears of them.

    `about` says what must fit, key → names: watchlist, rule, severity, label, source, language, story; a
    key that is not there fits everything. `number` is its own in the store (0: it stands in alerting.yaml),
    `made` when it was added there, `ended` when somebody ended it before its time.
    """

    about: Mapping[str, tuple[str, ...]]
    until: datetime
    why: str
    by: str = ""
    number: int = 0
    made: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """Earlier alerts of a story that are alike in what deciding needs; `mails` are the keys of their rows.

    `own`: they are those of the article that is decided on.
    """

    watchlist: str
    rule: str
    severity: Severity
    own: bool
    mails: tuple[str, ...] = ()
