"""Alerts in, a message worth reading out. The only module that knows jinja2 (imported when needed)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.alerting.policy import Policy
from monitor.alerting.prose import LABELS, clock_time, direction, one_line, shortened
from monitor.model import Alert, Article, Excerpt, Notification, OutboxClaim, Severity, Verdict

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["compose"]

SENTENCES = 3
OTHERS = 12
TERMS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """An excerpt cut into (text, marked) pieces, with its direction."""

    pieces: tuple[tuple[str, bool], ...]
    language: str
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article as the mail shows it."""

    title: str
    url: str
    host: str
    outlet: str
    tier: str
    language: str
    direction: str
    published: str
    seen: str
    byline: str
    partial: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One rule that matched: by which words, and why that is told now."""

    rule: str
    watchlist: str
    title: str
    severity: str
    label: str
    terms: tuple[str, ...]
    why_now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story as the mail shows it: the best report first, the others by name."""

    id: str
    severity: str
    label: str
    rules: tuple[str, ...]
    watchlists: tuple[str, ...]
    lead: Report
    others: tuple[Report, ...]
    more: int
    sources: int
    reasons: tuple[Reason, ...]
    news: tuple[str, ...]


def compose(claim: OutboxClaim, *, policy: Policy, now: datetime) -> Notification:
    """The message of an outbox row; pure, and whatever the articles hold, its subject is one line."""
    view = story_view(claim.alerts, policy.zone)
    subject = one_line(f"[{view.label}] {view.lead.title}", 180)
    facts = {
        "story": view,
        "kind": claim.kind,
        "subject": subject,
        "preheader": _preheader(view),
        "sent": clock_time(now, policy.zone),
        "zone": policy.settings.timezone,
        "recipient": claim.recipient,
        "channel": claim.channel,
    }
    return Notification(
        key=claim.key,
        channel=claim.channel,
        recipient=claim.recipient,
        kind=claim.kind,
        severity=Severity(view.severity),
        subject=subject,
        text=_environment().get_template("alert.txt.j2").render(facts),
        html=_environment().get_template("alert.html.j2").render(facts),
        created=now,
        thread=claim.thread,
        language="en",
        payload=_payload(claim, view),
    )


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape  # noqa: PLC0415  heavy

    return Environment(
        loader=PackageLoader("monitor.alerting"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def story_view(alerts: tuple[Alert, ...], zone: ZoneInfo) -> StoryView:
    """What the alerts of one row tell, the gravest and newest first."""
    ranked = sorted(alerts, key=lambda a: (-a.match.severity.rank, a.verdict is Verdict.REPEAT, a.raised))
    first = ranked[0]
    articles = {alert.article.url: alert.article for alert in ranked}
    others = [_report(article, (), zone) for article in list(articles.values())[1:]]
    excerpts = tuple(
        dict.fromkeys(e for a in ranked if a.article.url == first.article.url for e in a.match.excerpts)
    )
    reasons = tuple({(r.watchlist, r.rule): r for r in map(_reason, reversed(ranked))}.values())[::-1]
    return StoryView(
        id=first.story.id,
        severity=first.match.severity,
        label=LABELS[first.match.severity],
        rules=tuple(dict.fromkeys(one_line(a.match.title or a.match.rule, 120) for a in ranked)),
        watchlists=tuple(dict.fromkeys(a.match.watchlist for a in ranked)),
        lead=_report(first.article, excerpts, zone),
        others=tuple(others[:OTHERS]),
        more=max(0, len(others) - OTHERS),
        sources=len({a.origin.source for a in articles.values()} | set(first.story.sources)),
        reasons=reasons,
        news=tuple(dict.fromkeys(a.reason for a in ranked if a.verdict is not Verdict.REPEAT)),
    )


def _report(article: Article, excerpts: tuple[Excerpt, ...], zone: ZoneInfo) -> Report:
    title = one_line(article.title, 300) or article.url
    tier = next((tag for tag in article.origin.tags if tag.startswith("tier")), "")
    web = article.url.startswith(("https://", "http://"))
    return Report(
        title=title,
        url=article.url if web else "",
        host=(urlsplit(article.url).hostname or "") if web else "",
        outlet=one_line(article.origin.outlet or article.origin.source, 80),
        tier=tier.replace("tier", "tier ") if tier else "",
        language=article.language,
        direction=direction(title),
        published=clock_time(article.published, zone) if article.published else "",
        seen=clock_time(article.fetched, zone),
        byline=one_line(article.byline, 80),
        partial=one_line(article.partial, 160),
        sentences=tuple(_sentence(excerpt, article) for excerpt in excerpts[:SENTENCES]),
    )


def _sentence(excerpt: Excerpt, article: Article) -> Sentence:
    return Sentence(
        pieces=tuple(_pieces(*shortened(excerpt.text, excerpt.marks))),
        language=article.language,
        direction=direction(excerpt.text),
    )


def _pieces(text: str, marks: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, bool]]:
    """The text in order, cut where marks begin and end; overlapping marks become one."""
    at = 0
    for start, end in sorted(marks):
        if end <= at:
            continue
        if start > at:
            yield text[at:start], False
        yield text[max(start, at) : end], True
        at = end
    if at < len(text):
        yield text[at:], False


def _reason(alert: Alert) -> Reason:
    words = dict.fromkeys(one_line(mention.text, 60) for mention in alert.match.mentions)
    return Reason(
        rule=alert.match.rule,
        watchlist=alert.match.watchlist,
        title=one_line(alert.match.title or alert.match.rule, 120),
        severity=alert.match.severity,
        label=LABELS[alert.match.severity],
        terms=tuple(words)[:TERMS],
        why_now=alert.reason,
    )


def _preheader(view: StoryView) -> str:
    spoken = "".join(text for text, _ in view.lead.sentences[0].pieces) if view.lead.sentences else ""
    return one_line(spoken or view.lead.outlet, 140)


def _payload(claim: OutboxClaim, view: StoryView) -> dict[str, object]:
    """The same facts for machines; field names as in the nouns."""
    return {
        "key": claim.key,
        "kind": str(claim.kind),
        "severity": view.severity,
        "story": view.id,
        "title": view.lead.title,
        "url": view.lead.url,
        "alerts": [
            {
                "raised": alert.raised.isoformat(),
                "verdict": str(alert.verdict),
                "reason": alert.reason,
                "watchlist": alert.match.watchlist,
                "rule": alert.match.rule,
                "severity": str(alert.match.severity),
                "title": alert.article.title,
                "url": alert.article.url,
                "source": alert.article.origin.source,
                "language": alert.article.language,
                "published": alert.article.published.isoformat() if alert.article.published else None,
                "excerpts": [excerpt.text for excerpt in alert.match.excerpts[:SENTENCES]],
                "mentions": [mention.text for mention in alert.match.mentions[:TERMS]],
            }
            for alert in claim.alerts
        ],
    }
