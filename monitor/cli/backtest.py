"""Show what the rules and the policy would have made of the archive: alerts and mails a rule and a day.

Every article that came in since then goes through matching, stories and policy again, at its own time; mails
count as sent when they are due. The three days before are judged too and not counted, so that news already
told is not new. An article counts once, by its latest text; silences as if they had always been in force.
--against DIR compares with another configuration folder: which articles this one loses and gains.
"""

import argparse
import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from monitor.alerting import Policy
from monitor.archive.backtest import Change, Outcome, Plan, Rule, backtest
from monitor.channels import open_channel
from monitor.cli.shell import Shell
from monitor.cli.storage import opened
from monitor.cli.telling import duration, progress
from monitor.clock import SystemClock
from monitor.config.folder import Configuration, load
from monitor.errors import MonitorError
from monitor.matching import Matcher, decision_in_words
from monitor.model import Article

__all__ = ["EXAMPLES", "add_arguments", "matchers", "policy_of", "run"]

EXAMPLES = """examples:
  monitor backtest --since 7d
  monitor backtest --watchlist dprk-russia --json | jq -s 'map(.alerts) | add'
  monitor backtest --against /etc/media-monitor.before"""

BARS = "▁▂▃▄▅▆▇█"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `backtest` takes."""
    parser.add_argument(
        "--since",
        type=duration,
        default=timedelta(days=30),
        metavar="30d",
        help="how far back (default: 30d)",
    )
    parser.add_argument("--watchlist", metavar="W", default="", help="only this watchlist")
    parser.add_argument(
        "--against", type=Path, metavar="DIR", help="another configuration folder to compare with"
    )
    parser.add_argument("--json", action="store_true", help="one object a rule and day, then one a change")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """A table of rules, one of days, and what was lost and gained; 1 where nothing would have matched."""
    folders = [arguments.config, *([arguments.against] if arguments.against else [])]
    found = [load(folder, shell.environment) for folder in folders]
    kept = found[0].settings.retention.articles
    if arguments.since > kept:
        shell.complain(
            f"articles lose their text after {kept.days} days (retention.articles); older ones match nothing"
        )
    names = {ready.watchlist for each in found for ready in each.compiled.matcher.rules}
    if arguments.watchlist and arguments.watchlist not in names:
        raise MonitorError(f"{arguments.watchlist!r} is no watchlist; there are {', '.join(sorted(names))}")
    return asyncio.run(_backtest(arguments, folders, found, shell))


def matchers(folders: Sequence[Path], environment: Mapping[str, str]) -> tuple[Matcher, ...]:
    """The matchers of these configurations, in whatever process."""
    return tuple(load(folder, environment).compiled.matcher for folder in folders)


async def _backtest(
    arguments: argparse.Namespace, folders: Sequence[Path], found: Sequence[Configuration], shell: Shell
) -> int:
    now = SystemClock().now()
    plan = Plan(
        policies=tuple(map(policy_of, found)),
        since=now - arguments.since,
        until=now,
        watchlist=arguments.watchlist,
    )
    made = partial(matchers, folders, dict(shell.environment))
    async with opened(arguments.config, shell) as store:
        with progress(shell, "articles") as line:
            asked, outcomes, changes = await backtest(
                store.archive,
                found[0].settings.storage,
                made,
                plan,
                processes=os.cpu_count() or 1,
                told=line.at,
            )
    teller = _Teller(shell, plan, asked, outcomes, changes, found)
    (teller.say_json if arguments.json else teller.say)()
    return 0 if outcomes[0].verdicts else 1


def policy_of(found: Configuration) -> Policy:
    """The policy of a configuration, with whom its channels reach."""
    mail = found.settings.mail
    channels = {name: open_channel(settings, mail) for name, settings in found.channels.items()}
    recipients = {name: channel.recipients() for name, channel in channels.items()}
    return Policy(settings=found.alerting, recipients=recipients)


class _Teller:
    """The result, for people and for scripts."""

    def __init__(
        self,
        shell: Shell,
        plan: Plan,
        asked: int,
        outcomes: Sequence[Outcome],
        changes: Sequence[Change],
        found: Sequence[Configuration],
    ) -> None:
        self._shell = shell
        self._plan = plan
        self._asked = asked
        self._now, *self._before = outcomes
        self._changes = changes
        self._found = found
        self._days = tuple(_days(plan))

    # ------------------------------------------------------------------ for people

    def say(self) -> None:
        """What would have been, then what differs."""
        outcome, shell = self._now, self._shell
        alerts = sum(outcome.alerts(rule).total() for rule in outcome.verdicts)
        mails = outcome.mails_by_day.total()
        length = max(1.0, (self._plan.until - self._plan.since) / timedelta(days=1))
        was = "".join(f" (against {each.mails_by_day.total():,})" for each in self._before)
        shell.say(
            f"{self._days[0]} … {self._days[-1]}: {self._asked:,} articles,"
            f" {outcome.matched_by_day.total():,} matched, {alerts:,} alerts,"
            f" {mails:,} mails{was}, {mails / length:.1f} a day"
        )
        shell.say()
        shell.table(
            ["RULE", "ALERTS", "A DAY", "MAILS", "SILENT", "BUSIEST", "DAYS"],
            [self._rule_row(rule, length) for rule in self._ranked()],
        )
        shell.say()
        shell.table(["DAY", "MATCHED", "ALERTS", "MAILS"], list(self._day_rows()))
        if self._before:
            self._say_changes()

    def _ranked(self) -> list[Rule]:
        """The rules that matched anything, those that say most first."""
        outcome = self._now
        return sorted(outcome.verdicts, key=lambda rule: (-outcome.alerts(rule).total(), rule))

    def _rule_row(self, rule: Rule, length: float) -> list[str]:
        outcome = self._now
        alerts = outcome.alerts(rule)
        mails = sum(number for (whose, _), number in outcome.mails.items() if whose == rule)
        day, most = max(alerts.items(), key=lambda item: (item[1], item[0]), default=(None, 0))
        return [
            "/".join(rule),
            f"{alerts.total():,}",
            f"{alerts.total() / length:.1f}",
            f"{mails:,}",
            f"{outcome.silent(rule):,}",
            f"{day}: {most}" if day and most else "-",
            _bars([alerts[each] for each in self._days]),
        ]

    def _day_rows(self) -> Iterator[list[str]]:
        outcome = self._now
        totals = [outcome.alerts(rule) for rule in outcome.verdicts]
        for day in self._days:
            alerts = sum(each[day] for each in totals)
            yield [
                str(day),
                f"{outcome.matched_by_day[day]:,}",
                f"{alerts:,}",
                f"{outcome.mails_by_day[day]:,}",
            ]

    def _say_changes(self) -> None:
        for what, changes in (("lost", self._lost()), ("gained", self._gained())):
            self._shell.say()
            self._shell.say(self._shell.paint(f"{what}: {len(changes):,} articles", "bold"))
            for change, rules in changes:
                article = change.article
                outlet = article.origin.outlet or article.origin.source
                self._shell.say(f"  {self._day(article)}  {article.title or '(no title)'}  ({outlet})")
                for rule in rules:
                    self._shell.say(
                        f"    {'/'.join(rule)}: {self._reason(article, rule, lost=what == 'lost')}"
                    )

    def _day(self, article: Article) -> date:
        return article.fetched.astimezone(self._plan.policies[0].zone).date()

    def _lost(self) -> list[tuple[Change, list[Rule]]]:
        found = [(each, [rule for rule in each.before if rule not in each.after]) for each in self._changes]
        return [(change, rules) for change, rules in found if rules]

    def _gained(self) -> list[tuple[Change, list[Rule]]]:
        found = [(each, [rule for rule in each.after if rule not in each.before]) for each in self._changes]
        return [(change, rules) for change, rules in found if rules]

    def _reason(self, article: Article, rule: Rule, *, lost: bool) -> str:
        """What decided: in this configuration where it loses the article, in the other where it gains it."""
        matcher = self._found[0 if lost else 1].compiled.matcher
        for explanation in matcher.explain(article, watchlist=rule[0], rule=rule[1]):
            return decision_in_words(explanation)
        return "there is no such rule any more" if lost else "there was no such rule"

    # ------------------------------------------------------------------ for scripts

    def say_json(self) -> None:
        """An object a rule and day on which it matched, then one a lost or gained article and rule."""
        outcome = self._now
        for rule in sorted(outcome.verdicts):
            for day in self._days:
                counts = {v: n for (on, v), n in outcome.verdicts[rule].items() if on == day}
                if counts or outcome.mails[rule, day]:
                    self._shell.say_json(
                        {
                            "watchlist": rule[0],
                            "rule": rule[1],
                            "day": day,
                            "alerts": outcome.alerts(rule)[day],
                            "mails": outcome.mails[rule, day],
                            "verdicts": counts,
                        }
                    )
        for what, changes in (("lost", self._lost()), ("gained", self._gained())):
            for change, rules in changes:
                for rule in rules:
                    self._shell.say_json(self._change_record(what, change.article, rule))

    def _change_record(self, what: str, article: Article, rule: Rule) -> dict[str, object]:
        return {
            "change": what,
            "url": article.url,
            "title": article.title,
            "source": article.origin.source,
            "fetched": article.fetched.isoformat(),
            "watchlist": rule[0],
            "rule": rule[1],
            "decided_by": self._reason(article, rule, lost=what == "lost"),
        }


def _days(plan: Plan) -> Iterator[date]:
    zone = plan.policies[0].zone
    day, last = plan.since.astimezone(zone).date(), plan.until.astimezone(zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _bars(numbers: Sequence[int]) -> str:
    """Numbers as bars, a character each; none for 0.

    >>> _bars([0, 1, 4, 8])
    ' ▁▄█'
    """
    most = max(numbers, default=0) or 1
    return "".join(BARS[max(0, -(-number * len(BARS) // most) - 1)] if number else " " for number in numbers)
