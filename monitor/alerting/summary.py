"""What a digest shows: each story once, in the digest's order, as many as fit; and a line of counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import accumulate

from monitor.alerting.policy import Policy
from monitor.alerting.prose import ReaderClock, one_line, plural
from monitor.alerting.view import StoryView, story_view
from monitor.model import Alert, OutboxClaim, Severity

__all__ = ["DigestView", "digest_view", "fitting", "html_size"]

HTML_BUDGET = 80_000
"""Bytes of HTML that the stories of a mail may take; Gmail clips at about 102,000, the frame takes 6,000."""
MARKUP = 450
"""Bytes of markup that a story takes at most, its other sources and times included."""
ALSO = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """A digest: its stories in order, those that no longer fit by number, and a line of counts."""

    title: str
    summary: str
    why: str
    severity: Severity
    stories: tuple[StoryView, ...]
    rest: tuple[StoryView, ...]
    empty: bool
    footer: str
    preheader: str


_ORDERS = {
    "severity": lambda story: -story.severity.rank,
    "story_size": lambda story: -story.size,
    "newest": lambda story: -story.newest.timestamp(),
}


def digest_view(claim: OutboxClaim, policy: Policy, now: datetime) -> DigestView:
    """A digest of everything in a row: each story once, in the digest's order."""
    by_story: dict[str, list[Alert]] = {}
    for alert in claim.alerts:
        by_story.setdefault(alert.story.id, []).append(alert)
    clock = ReaderClock(zone=policy.zone, now=now)
    what, _, name = claim.about.partition(":")
    digest = policy.settings.digests.get(name) if what == "digest" else None
    sort = dict.fromkeys((*(digest.sort if digest else ()), *_ORDERS))
    views = (story_view(alerts, clock) for alerts in by_story.values())
    stories = sorted(views, key=lambda story: tuple(_ORDERS[by](story) for by in sort))
    shown = fitting(map(_size, stories))
    title, why = _heading(what, name, policy, now)
    summary = plural(len(stories), "story", "stories") if stories else "nothing new"
    return DigestView(
        title=title,
        summary=summary,
        why=why,
        severity=max((story.severity for story in stories), key=lambda s: s.rank, default=Severity.LOW),
        stories=tuple(stories[:shown]),
        rest=tuple(stories[shown:]),
        empty=not stories,
        footer=_footer(claim, clock),
        preheader=one_line(" · ".join(story.lead.title for story in stories[:3]) or "Nothing new.", 160),
    )


def fitting(sizes: Iterable[int], room: int = HTML_BUDGET) -> int:
    """How many parts of these sizes fit into a mail.

    >>> fitting([40, 40, 40], room=100)
    2
    """
    return sum(total <= room for total in accumulate(sizes))


def html_size(text: str) -> int:
    """The bytes that a text takes in HTML.

    >>> html_size("a<é")
    7
    """
    return len(escape(text).encode())


def _size(story: StoryView) -> int:
    """About how many bytes a story takes in a digest, rather more than less."""
    pieces = story.sentences[0].pieces if story.sentences else ()
    others = [word for other in story.others[:ALSO] for word in (other.url, other.outlet)]
    lead = story.lead
    words = [lead.title, lead.url, lead.outlet, lead.host, *story.rules, *others]
    words += [text for text, _ in pieces]
    return MARKUP + sum(map(html_size, words)) + len("<mark></mark>") * sum(bool(mark) for _, mark in pieces)


def _heading(what: str, name: str, policy: Policy, now: datetime) -> tuple[str, str]:
    """A digest's title, and in a sentence why it comes as one."""
    rate = policy.settings.defaults.limit.per_recipient
    match what:
        case "digest":
            return f"Digest {name}", f"{now.astimezone(policy.zone):%A, %-d %B %Y}"
        case "quiet":
            return f"While it was quiet ({name})", "Held during your quiet hours, sent when they ended."
        case "overflow":
            hours = f"{rate.per.total_seconds() / 3600:g} h"
            return "More than your limit", f"You had {rate.number} mails in {hours}; these came on top."
        case "first-run":
            return (
                "First look",
                "What stood in newly watched sources when we first looked. From now on, only news.",
            )
        case _:
            return "Digest", ""


def _footer(claim: OutboxClaim, clock: ReaderClock) -> str:
    census = claim.census
    if census is None:
        return ""
    silent = {name: count for name, count in census.verdicts.items() if name in SILENT and count}
    counts = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in sorted(silent.items()))
    articles, sources = (
        plural(census.articles, "article", "articles"),
        plural(census.sources, "source", "sources"),
    )
    return "".join(
        (
            f"Since {clock.say(census.since)}: ",
            f"{articles} of {sources} read",
            f", {plural(census.silent, 'source', 'sources')} failing" if census.silent else "",
            f"; matches that stayed silent: {counts}." if counts else "; no match stayed silent.",
        )
    )


SILENT = frozenset({"repeat", "silenced", "folded", "too_old", "baseline", "quiet_hours", "over_limit"})
