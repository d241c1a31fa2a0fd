"""Show what was raised, who was told and when, what stayed silent and why: a line an (article, rule)."""

import argparse
import asyncio
from collections.abc import Iterator
from datetime import datetime

from monitor.cli.shell import Shell
from monitor.cli.storage import opened, since
from monitor.cli.telling import how_many, mentions
from monitor.clock import SystemClock
from monitor.errors import MonitorError
from monitor.model import Alert, Mail, RowState, Verdict
from monitor.settings import read_duration
from monitor.store.base import Question, Told

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor alerts
  monitor alerts --since 24h --verdict silenced --verdict folded
  monitor alerts --story st-4c81d20e6a9b7f35
  monitor alerts --limit 500 --json | jq -r 'select(.verdict == "first_mention") | .title'"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `alerts` takes."""
    parser.add_argument(
        "--limit", type=how_many, default=50, metavar="N", help="newest N (default: 50; 0: all there are)"
    )
    parser.add_argument("--since", metavar="LONG", help="raised in the last 90m, 24h, 7d …")
    verdicts = [str(verdict) for verdict in Verdict]
    parser.add_argument(
        "--verdict", action="append", choices=verdicts, default=[], help="may be given several times"
    )
    parser.add_argument("--story", default="", metavar="ID", help="of this story")
    parser.add_argument("--json", action="store_true", help="one object an alert")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """Newest first; silenced ones too."""
    now = SystemClock().now()
    alerts = asyncio.run(_alerts(arguments, shell, now))
    if arguments.json:
        for told in alerts:
            shell.say_json(_record(told))
        return 0
    shell.table(
        ["AGO", "VERDICT", "SEVERITY", "RULE", "SOURCE", "STORY", "TITLE", "TOLD, OR WHY NOT"],
        [_row(told, now) for told in alerts],
    )
    return 0


async def _alerts(arguments: argparse.Namespace, shell: Shell, now: datetime) -> list[Told]:
    try:
        begin = now - read_duration(arguments.since) if arguments.since else None
    except ValueError as error:
        raise MonitorError(f"--since: {error}") from None
    verdicts = tuple(map(Verdict, arguments.verdict))
    async with opened(arguments.config, shell) as store:
        question = Question(since=begin, verdicts=verdicts, story=arguments.story)
        return await store.told(question, limit=arguments.limit)


def _row(told: Told, now: datetime) -> list[str]:
    alert = told.alert
    return [
        since(alert.raised, now),
        alert.verdict,
        alert.match.severity,
        f"{alert.match.watchlist}/{alert.match.rule}",
        alert.article.origin.source,
        alert.story.id,
        alert.article.title[:60],
        "; ".join(_told(told, now)) or alert.reason,
    ]


def _told(told: Told, now: datetime) -> Iterator[str]:
    """Who hears of it, one phrase a message; after what is held, why it is."""
    for mail in told.mails:
        yield f"{_when(mail, now)} {mail.channel} {mail.recipient}"
    if told.mails and told.alert.verdict in {Verdict.QUIET_HOURS, Verdict.OVER_LIMIT, Verdict.BASELINE}:
        yield told.alert.reason


def _when(mail: Mail, now: datetime) -> str:
    match mail.state:
        case RowState.SENT:
            return f"sent {since(mail.sent, now)} ago to"
        case RowState.PENDING | RowState.SENDING:
            return f"goes {since(mail.due, now)} to" if mail.due > now else "is due to"
        case RowState.DEAD | RowState.EXPIRED:
            return f"{mail.state} for"


def _record(told: Told) -> dict[str, object]:
    alert = told.alert
    return _alert(alert) | {
        "mails": [
            {
                "channel": mail.channel,
                "recipient": mail.recipient,
                "kind": mail.kind,
                "state": mail.state,
                "due": mail.due.isoformat(),
                "sent": mail.sent.isoformat() if mail.sent else None,
            }
            for mail in told.mails
        ]
    }


def _alert(alert: Alert) -> dict[str, object]:
    return {
        "raised": alert.raised.isoformat(),
        "verdict": alert.verdict,
        "reason": alert.reason,
        "watchlist": alert.match.watchlist,
        "rule": alert.match.rule,
        "severity": alert.match.severity,
        "url": alert.article.url,
        "title": alert.article.title,
        "source": alert.article.origin.source,
        "published": alert.article.published.isoformat() if alert.article.published else None,
        "story": alert.story.id,
        "mentions": mentions(alert.match.mentions),
    }
