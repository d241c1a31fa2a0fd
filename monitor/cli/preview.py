"""Show a mail as its reader would get it: of what the archive holds, or a sample where it holds nothing."""

import argparse
import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor.alerting import Policy, ailments, compose, sample_claim, scheduled
from monitor.channels import mime
from monitor.cli.shell import Shell
from monitor.cli.storage import opened
from monitor.clock import SystemClock
from monitor.config.folder import Configuration
from monitor.errors import MonitorError, StoreError
from monitor.model import Kind, Notification, OutboxClaim, Verdict, Vitals
from monitor.store.base import Question, Store

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor preview alert
  monitor preview digest --html digest.html
  monitor preview health --sample --eml health.eml"""

DAY = timedelta(days=1)
MANY = 500
WANTED = {
    Kind.ALERT: (Verdict.FIRST_MENTION, Verdict.SURGE),
    Kind.UPDATE: (Verdict.DEVELOPMENT,),
    Kind.CORRECTION: (Verdict.CORRECTION,),
}
"""What the archive must hold to show a mail of a kind."""
HEARD = tuple(verdict for verdict in Verdict if verdict not in {Verdict.SILENCED, Verdict.TOO_OLD})
"""What a mail may carry."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `preview` takes."""
    parser.add_argument("kind", choices=[str(kind) for kind in Kind], help="the kind of mail")
    parser.add_argument("--story", default="", metavar="ID", help="of this story (default: the newest)")
    parser.add_argument("--sample", action="store_true", help="of made-up articles, not of the archive")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the part that mail programs show")
    parser.add_argument("--eml", type=Path, metavar="FILE", help="write the whole mail, headers too")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """Compose with the configuration's own policy, and show."""
    found = shell.configuration(arguments.config)
    now, kind = SystemClock().now(), Kind(arguments.kind)
    policy = _policy(found)
    claim = None if arguments.sample else asyncio.run(_archived(arguments, shell, found, now))
    if claim is None and arguments.story:
        raise MonitorError(f"--story: {arguments.story!r} has nothing for {_a(kind)}; see `monitor alerts`")
    if claim is None:
        if not arguments.sample:
            shell.complain(f"nothing in the archive makes {_a(kind)} yet; this is a sample")
        claim = sample_claim(kind, now)
    mail = compose(_addressed(claim, policy), policy=policy, now=now)
    _show(mail, arguments, found, shell)
    return 0


def _a(kind: Kind) -> str:
    return f"{'an' if kind in {Kind.ALERT, Kind.UPDATE} else 'a'} {kind} mail"


def _policy(found: Configuration) -> Policy:
    """The policy without opened channels: a preview needs no password."""
    reached = {name: getattr(channel, "to", ()) for name, channel in found.channels.items()}
    recipients = {name: (to,) if isinstance(to, str) else tuple(to) for name, to in reached.items()}
    return Policy(settings=found.alerting, recipients=recipients)


def _addressed(claim: OutboxClaim, policy: Policy) -> OutboxClaim:
    """The row, to the first recipient there is, and of the first digest."""
    people = ((name, whom) for name, reached in policy.recipients.items() for whom in reached)
    channel, recipient = next(people, (claim.channel, claim.recipient))
    name = next(iter(policy.settings.digests), "daily")
    return replace(claim, channel=channel, recipient=recipient, about=f"digest:{name}")


# ---------------------------------------------------------------------------- from the archive


async def _archived(
    arguments: argparse.Namespace, shell: Shell, found: Configuration, now: datetime
) -> OutboxClaim | None:
    """A row of what the archive holds; None where it holds nothing of the kind."""
    kind = Kind(arguments.kind)
    blank = replace(sample_claim(kind, now), alerts=(), note="", census=None)
    try:
        async with opened(arguments.config, shell) as store:
            if kind is Kind.HEALTH:
                return _health(blank, _policy(found), await _vitals(store, found, now), now)
            if kind is Kind.DIGEST:
                question = Question(since=now - DAY, story=arguments.story, verdicts=HEARD)
                told = await store.told(question, limit=MANY)
                census = (await _vitals(store, found, now)).census
                return (
                    replace(blank, alerts=tuple(one.alert for one in told), census=census) if told else None
                )
            question = Question(verdicts=WANTED[kind], story=arguments.story)
            newest = await store.told(question, limit=1)
            heard = Question(story=newest[0].alert.story.id, verdicts=HEARD) if newest else None
            whole = await store.told(heard, limit=MANY) if heard else []
    except StoreError as error:
        shell.complain(str(error))
        return None
    spoken = [one.alert for one in whole if kind is Kind.ALERT or one.alert.verdict in WANTED[kind]]
    return replace(blank, alerts=tuple(reversed(spoken))) if spoken else None


async def _vitals(store: Store, found: Configuration, now: datetime) -> Vitals:
    rules = [(rule.watchlist, rule.id) for rule in found.compiled.matcher.rules]
    return await store.vitals(rules=rules, now=now)


def _health(blank: OutboxClaim, policy: Policy, vitals: Vitals, now: datetime) -> OutboxClaim | None:
    """What is wrong now, else the sign of life; None where alerting.yaml has no `health`."""
    alive = (row.note for row in scheduled(policy, now, vitals) if row.kind is Kind.HEALTH)
    note = "\n".join(one.words for one in ailments(policy, vitals, now)) or next(alive, "")
    return replace(blank, note=note) if note else None


# ---------------------------------------------------------------------------- showing


def _show(mail: Notification, arguments: argparse.Namespace, found: Configuration, shell: Shell) -> None:
    """The text, or the files asked for."""
    if arguments.html:
        _write(arguments.html, mail.html.encode(), shell)
    if arguments.eml:
        _write(arguments.eml, mime.mail(mail, found.settings.mail).body, shell)
    if not arguments.html and not arguments.eml:
        shell.say(shell.paint(f"Subject: {mail.subject}", "bold"))
        shell.say()
        shell.say(mail.text)


def _write(path: Path, content: bytes, shell: Shell) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise MonitorError(f"{path}: cannot be written ({error.strerror})") from None
    shell.say(f"{path}: {len(content):,} bytes")
