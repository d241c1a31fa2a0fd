"""What a mail shows: stories, reports, sentences with their marks, all ready for the templates."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import islice
from urllib.parse import urlsplit

from monitor.alerting.news import MILESTONE
from monitor.alerting.prose import LABELS, ReaderClock, direction, one_line, shortened
from monitor.alerting.settings import RULE
from monitor.model import Alert, Article, Excerpt, Field, Severity, Verdict

__all__ = ["Report", "StoryView", "change_view", "story_view"]

SENTENCES = 3
OTHERS = 8
TERMS = 8
RULES = 6
NEWS = 6
LONGEST_URL = 2000
"""A longer address is no link: it would take a mail of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A text cut into (text, mark) pieces: mark is empty, "hit", "old" or "new"."""

    pieces: tuple[tuple[str, str], ...]
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
    byline: str
    partial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One rule that matched, and by which words."""

    name: str
    title: str
    label: str
    severity: Severity
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story as the mail shows it: the best report first, the others by name."""

    id: str
    subject: str
    mute: str
    severity: Severity
    label: str
    rules: tuple[str, ...]
    lead: Report
    sentences: tuple[Sentence, ...]
    others: tuple[Report, ...]
    more: int
    sources: int
    opened: str
    reasons: tuple[Reason, ...]
    news: tuple[str, ...]
    held: str
    times: str
    preheader: str
    size: int
    newest: datetime


def story_view(alerts: Sequence[Alert], clock: ReaderClock) -> StoryView:
    """What the alerts of one story tell: the gravest news first, the best source before the others."""
    ranked = sorted(alerts, key=_rank)
    first = ranked[0]
    articles = {alert.article.url: alert.article for alert in ranked}
    others = list(articles.values())[1:]
    own = [alert for alert in ranked if alert.article.url == first.article.url]
    sentences = _sentences(own)
    rules = tuple(dict.fromkeys(one_line(a.match.title or a.match.rule, 120) for a in ranked))
    spoken = next((text for s in sentences for text in ["".join(text for text, _ in s.pieces)]), "")
    subject = rules[0] if _is_surge(first) else one_line(first.story.title, 160) or rules[0]
    hint = (LABELS[first.match.severity], rules[0] if rules[0] != subject else "", spoken)
    return StoryView(
        id=first.story.id,
        subject=subject,
        mute=_mute(first),
        severity=first.match.severity,
        label=LABELS[first.match.severity],
        rules=_few(rules, RULES, "rules"),
        lead=_report(first.article, clock),
        sentences=sentences,
        others=tuple(_report(article, clock) for article in others[:OTHERS]),
        more=max(0, len(others) - OTHERS),
        sources=len({a.origin.source for a in articles.values()} | set(first.story.sources)),
        opened=clock.say(first.story.opened),
        reasons=tuple(islice(_reasons(ranked), RULES)),
        news=_few(tuple(_news(ranked)), NEWS, "reasons"),
        held=clock.say_again(min(a.raised for a in ranked), first.article.published or clock.now),
        times=_times(first.article, clock),
        preheader=one_line(" · ".join(filter(None, hint)), 160),
        size=max(len(articles), first.story.articles),
        newest=max(a.article.published or a.raised for a in ranked),
    )


def _is_surge(alert: Alert) -> bool:
    return alert.match.rule.partition(":")[0] == RULE


def _mute(alert: Alert) -> str:
    """What `silence add` is to be told so that no more of this comes."""
    if _is_surge(alert):
        return f"--watchlist {alert.match.watchlist} --rule {alert.match.rule}"
    return f"--story {alert.story.id}"


def _few(words: tuple[str, ...], most: int, what: str) -> tuple[str, ...]:
    """The first of many, and how many more there are."""
    return words if len(words) <= most else (*words[:most], f"{len(words) - most} more {what}")


def _news(ranked: Sequence[Alert]) -> Iterator[str]:
    """Why each of the alerts speaks now, every reason once, a first report before all.

    Of how many sources tell the story only the last is news, and none beside its first report.
    """
    spoken = [alert for alert in ranked if alert.verdict is not Verdict.REPEAT and alert.reason]
    spoken.sort(key=lambda alert: alert.verdict is not Verdict.FIRST_MENTION)
    reasons = dict.fromkeys(reason for alert in spoken for reason in alert.reason.split("; "))
    reached = {reason: int(found[1]) for reason in reasons if (found := MILESTONE.fullmatch(reason))}
    first = any(alert.verdict is Verdict.FIRST_MENTION for alert in spoken)
    last = "" if first else max(reached, key=lambda reason: reached[reason], default="")
    yield from (one_line(reason, 240) for reason in reasons if reason not in reached or reason == last)


def _rank(alert: Alert) -> tuple[int, bool, str, datetime]:
    tier = next((tag for tag in alert.article.origin.tags if tag.startswith("tier")), "tier9")
    return -alert.match.severity.rank, alert.verdict is Verdict.REPEAT, tier, alert.raised


def _report(article: Article, clock: ReaderClock) -> Report:
    url = article.link or article.url
    web = url.startswith(("https://", "http://")) and len(url) <= LONGEST_URL
    title = one_line(article.title, 240) or (one_line(url, 240) if web else "(no title)")
    tier = next((tag for tag in article.origin.tags if re.fullmatch(r"tier\d+", tag)), "")
    return Report(
        title=title,
        url=url if web else "",
        host=one_line((urlsplit(url).hostname or "").removeprefix("www."), 60) if web else "",
        outlet=one_line(article.origin.outlet or article.origin.source, 80),
        tier=tier.replace("tier", "tier "),
        language=_language(article.language),
        direction=direction(title),
        published=clock.say(article.published) if article.published else "",
        byline=one_line(article.byline, 80),
        partial=one_line(article.partial, 160),
    )


def _times(article: Article, clock: ReaderClock) -> str:
    """Published, first seen, sent; a day is named once."""
    if article.published is None:
        return f"first seen {clock.say(article.fetched)} · sent {clock.say_again(clock.now, article.fetched)}"
    seen = clock.say_again(article.fetched, article.published)
    sent = clock.say_again(clock.now, article.fetched)
    return f"published {clock.say(article.published)} · first seen {seen} · sent {sent}"


def _language(tag: str) -> str:
    """The tag where it is a well-formed one (BCP 47), else none: it stands in an attribute."""
    return tag if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", tag) else ""


def _sentences(own: Sequence[Alert]) -> tuple[Sentence, ...]:
    """The best matching sentences of the first article, those with most marks; its title only where alone."""
    excerpts: dict[str, Excerpt] = {}
    for alert in own:
        for excerpt in alert.match.excerpts:
            known = excerpts.get(excerpt.text)
            if known is None or len(known.marks) < len(excerpt.marks):
                excerpts[excerpt.text] = excerpt
    return tuple(
        Sentence(
            pieces=tuple(_pieces(*shortened(excerpt.text, excerpt.marks))),
            language=_language(own[0].article.language),
            direction=direction(excerpt.text),
        )
        for excerpt in [one for one in excerpts.values() if one.field is not Field.TITLE][:SENTENCES]
        or list(excerpts.values())[:1]
    )


def _pieces(text: str, marks: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, str]]:
    """The text in order, cut where marks begin and end; overlapping marks become one."""
    at = 0
    for start, end in sorted(marks):
        if end <= at:
            continue
        if start > at:
            yield text[at:start], ""
        yield text[max(start, at) : end], "hit"
        at = end
    if at < len(text):
        yield text[at:], ""


def change_view(alerts: Sequence[Alert]) -> Sentence | None:
    """Of a correction, the wording before and after in one line."""
    first = min(alerts, key=_rank).article
    own = [alert for alert in alerts if alert.article.url == first.url]
    earlier = next((alert.earlier for alert in own if alert.earlier), "")
    if not earlier:
        return None
    article = own[0].article
    now = max((article.title, *(e.text for a in own for e in a.match.excerpts)), key=_likeness(earlier))
    before, after = one_line(earlier, 400).split(" "), one_line(now, 400).split(" ")
    pieces: list[tuple[str, str]] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        parts = [(after[c:d], "")] if what == "equal" else [(before[a:b], "old"), (after[c:d], "new")]
        for words, mark in parts:
            if words:
                pieces.extend(((" ".join(words), mark), (" ", "")))
    return Sentence(pieces=tuple(pieces[:-1]), language=_language(article.language), direction=direction(now))


class _likeness:  # noqa: N801  a key function that keeps what it compares with
    def __init__(self, text: str) -> None:
        self._words = text.split()

    def __call__(self, other: str) -> float:
        return SequenceMatcher(None, self._words, other.split(), autojunk=False).ratio()


def _reasons(ranked: Sequence[Alert]) -> Iterator[Reason]:
    seen: set[tuple[str, str]] = set()
    for alert in ranked:
        match = alert.match
        if (match.watchlist, match.rule) in seen:
            continue
        seen.add((match.watchlist, match.rule))
        written = {mention.text.casefold(): mention.text for mention in match.mentions}
        yield Reason(
            name=one_line(f"{match.watchlist}/{match.rule}", 120),
            title=one_line(match.title or match.rule, 120),
            label=LABELS[match.severity],
            severity=match.severity,
            terms=tuple(one_line(text, 60) for text in list(written.values())[:TERMS]),
        )
