from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerting import AlertingSettings, Policy, Sighting, judge, scheduled
from monitor.model import (
    Article,
    Decision,
    Dispatch,
    History,
    Kind,
    Mail,
    Match,
    Origin,
    Raised,
    RowState,
    Severity,
    Verdict,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def article(url: str = "https://a.example/1", source: str = "a") -> Article:
    return Article(
        url=url,
        origin=Origin(source=source, outlet=source.upper()),
        title="Title",
        fetched=NOW,
        published=NOW,
    )


def a_match(rule: str = "r", severity: Severity = Severity.HIGH, held: str = "") -> Match:
    return Match(watchlist="w", rule=rule, title="Rule", severity=severity, mentions=(), held=held)


def policy(**settings: object) -> Policy:
    return Policy(settings=AlertingSettings.model_validate(settings), recipients={"desk": ("a@x.org",)})


def sighting(
    *matches: Match, seen: Article | None = None, now: datetime = NOW, baseline: bool = False
) -> Sighting:
    return Sighting(article=seen or article(), matches=matches, baseline=baseline, now=now)


def after(decision: Decision, *, frozen: bool = False) -> History:
    """What a store remembers once a decision is recorded."""
    rows = decision.dispatches
    raised = tuple(
        Raised(
            watchlist=alert.match.watchlist,
            rule=alert.match.rule,
            severity=alert.match.severity,
            own=alert.article.url == article().url,
            mails=tuple(row.key for row in rows if (alert.match.watchlist, alert.match.rule) in row.alerts),
        )
        for alert in decision.alerts
    )
    mails = tuple(
        Mail(
            key=row.key,
            story=row.thread,
            channel=row.channel,
            recipient=row.recipient,
            kind=row.kind,
            state=RowState.SENT if frozen else RowState.PENDING,
            frozen=frozen,
            due=row.due,
            sent=row.due if frozen else None,
        )
        for row in rows
    )
    return History(stories=(decision.story,), alerts=raised, mails=mails)


def verdicts(decision: Decision) -> list[Verdict]:
    return [alert.verdict for alert in decision.alerts]


def test_a_first_report_goes_to_everybody_after_the_gathering_wait() -> None:
    decision = judge(History(), sighting(a_match()), policy())
    assert verdicts(decision) == [Verdict.FIRST_MENTION]
    assert decision.dispatches == (
        Dispatch(
            key=decision.dispatches[0].key,
            channel="desk",
            recipient="a@x.org",
            kind=Kind.ALERT,
            due=NOW + timedelta(minutes=2),
            alerts=(("w", "r"),),
            thread=decision.story.id,
        ),
    )


def test_a_critical_report_does_not_wait() -> None:
    decision = judge(History(), sighting(a_match(severity=Severity.CRITICAL)), policy())
    assert [row.due for row in decision.dispatches] == [NOW]


@pytest.mark.parametrize(
    ("matched", "seen", "baseline", "verdict", "reason"),
    [
        (a_match(severity=Severity.INFO), article(), False, Verdict.SILENCED, "severity info is recorded"),
        (
            a_match(held="caption:(film)"),
            article(),
            False,
            Verdict.SILENCED,
            "held by unless: caption:(film)",
        ),
        (a_match(), article(), True, Verdict.BASELINE, "first_run"),
        (
            a_match(),
            replace(article(), published=NOW - timedelta(hours=49)),
            False,
            Verdict.TOO_OLD,
            "max_age",
        ),
        (a_match(rule="quiet"), article(), False, Verdict.SILENCED, "silence until 2026-12-01: summit (kim)"),
    ],
)
def test_every_silence_is_a_verdict_with_its_line(
    matched: Match,
    seen: Article,
    baseline: bool,  # noqa: FBT001
    verdict: Verdict,
    reason: str,
) -> None:
    ours = policy(
        silences=[{"match": {"rule": "quiet"}, "until": "2026-12-01", "why": "summit", "by": "kim"}],
        defaults={"first_run": "silent"},
    )
    decision = judge(History(), sighting(matched, seen=seen, baseline=baseline), ours)
    assert verdicts(decision) == [verdict]
    assert decision.alerts[0].reason.startswith(reason)
    assert decision.dispatches == ()


def test_the_same_article_again_opens_nothing() -> None:
    first = judge(History(), sighting(a_match()), policy())
    again = judge(after(first, frozen=True), sighting(a_match(), now=NOW + timedelta(hours=1)), policy())
    assert verdicts(again) == [Verdict.REPEAT]
    assert again.dispatches == ()


def test_a_repeat_joins_the_mail_that_still_waits() -> None:
    first = judge(History(), sighting(a_match()), policy())
    copy = sighting(a_match(), seen=article("https://b.example/1", "b"), now=NOW + timedelta(minutes=1))
    second = judge(after(first), copy, policy())
    assert verdicts(second) == [Verdict.REPEAT]
    assert [(row.key, row.due) for row in second.dispatches] == [
        (first.dispatches[0].key, first.dispatches[0].due)
    ]


def test_nothing_joins_a_mail_that_is_on_its_way() -> None:
    first = judge(History(), sighting(a_match()), policy())
    past = after(first)
    past = replace(past, mails=tuple(replace(mail, state=RowState.SENDING) for mail in past.mails))
    copy = article("https://b.example/1", "b")
    repeat = judge(past, sighting(a_match(), seen=copy), policy())
    news = judge(past, sighting(a_match("other"), seen=copy), policy())
    assert repeat.dispatches == ()
    assert [row.key == first.dispatches[0].key for row in news.dispatches] == [False]


def test_a_new_rule_is_an_update_no_sooner_than_half_an_hour_after_the_last() -> None:
    first = judge(History(), sighting(a_match()), policy())
    second = judge(
        after(first, frozen=True), sighting(a_match("other"), now=NOW + timedelta(minutes=5)), policy()
    )
    assert verdicts(second) == [Verdict.DEVELOPMENT]
    [row] = second.dispatches
    assert row.kind is Kind.UPDATE
    assert row.due == first.dispatches[0].due + timedelta(minutes=30)
    assert row.key != first.dispatches[0].key


def test_news_of_critical_severity_never_waits_for_the_last_mail() -> None:
    first = judge(History(), sighting(a_match()), policy())
    later = NOW + timedelta(minutes=5)
    second = judge(
        after(first, frozen=True), sighting(a_match(severity=Severity.CRITICAL), now=later), policy()
    )
    assert [row.due for row in second.dispatches] == [later]


def test_a_digest_whose_time_is_changed_still_goes_once_a_local_date() -> None:
    def digests(at: str, now: datetime) -> list[tuple[str, datetime]]:
        morning = {"digests": {"m": {"to": ["desk"], "at": at}}, "timezone": "Asia/Seoul"}
        ours = policy(**morning, routes=[{"to": ["desk"], "send": "digest"}])
        [joined] = judge(History(), sighting(a_match(), now=now), ours).dispatches
        [opened] = scheduled(ours, now)
        assert (opened.key, opened.due, opened.thread) == (joined.key, joined.due, joined.thread)
        return [(opened.key, opened.due)]

    [(early, due)] = digests("07:30", NOW)
    [(late, later)] = digests("09:00", NOW)
    [(next_day, _)] = digests("07:30", due)
    assert later - due == timedelta(minutes=90)
    assert early == late
    assert next_day != early


def test_what_comes_after_the_digest_of_its_date_goes_into_the_next() -> None:
    def ours(at: str) -> Policy:
        return policy(digests={"m": {"to": ["desk"], "at": at}}, routes=[{"to": ["desk"], "send": "digest"}])

    [today] = scheduled(ours("09:30"), NOW)
    sent = Mail(
        key=today.key,
        story=today.thread,
        channel=today.channel,
        recipient=today.recipient,
        kind=Kind.DIGEST,
        state=RowState.SENT,
        frozen=True,
        due=today.due,
        sent=today.due,
    )
    later = today.due + timedelta(minutes=1)  # and the admin has put the digest off meanwhile
    [row] = judge(History(recent=(sent,)), sighting(a_match(), now=later), ours("12:00")).dispatches
    assert row.due == datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
