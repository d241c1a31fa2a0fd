"""Show what was raised, and what stayed silent and why: a line an (article, rule)."""

import argparse
import asyncio

from monitor.cli.shell import Shell
from monitor.cli.storage import opened, since
from monitor.clock import SystemClock
from monitor.model import Alert

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor alerts
  monitor alerts --limit 500 --json | jq -r 'select(.verdict == "first_mention") | .title'"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `alerts` takes."""
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="newest N (default: 50)")
    parser.add_argument("--json", action="store_true", help="one object an alert")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """Newest first; silenced ones too."""
    alerts = asyncio.run(_alerts(arguments, shell))
    if arguments.json:
        for alert in alerts:
            shell.say_json(_record(alert))
        return 0
    now = SystemClock().now()
    shell.table(
        ["AGO", "VERDICT", "SEVERITY", "RULE", "SOURCE", "TITLE"],
        [
            [
                since(alert.raised, now),
                alert.verdict,
                alert.match.severity,
                f"{alert.match.watchlist}/{alert.match.rule}",
                alert.article.origin.source,
                alert.article.title,
            ]
            for alert in alerts
        ],
    )
    return 0


async def _alerts(arguments: argparse.Namespace, shell: Shell) -> list[Alert]:
    async with opened(arguments.config, shell) as store:
        return await store.alerts(limit=arguments.limit)


def _record(alert: Alert) -> dict[str, object]:
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
        "mentions": [
            {"term": each.term, "field": each.field, "start": each.start, "end": each.end, "text": each.text}
            for each in alert.match.mentions
        ],
    }
