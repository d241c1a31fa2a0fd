"""Show the health of the system on one screen.

Exits 0 when a daemon is running and ready, else 1: a container's health check.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.alerting import Condition, condition
from monitor.cli.shell import Shell
from monitor.cli.storage import opened, since
from monitor.clock import SystemClock
from monitor.config.settings import read_settings
from monitor.errors import StoreError
from monitor.fetching.advice import advice
from monitor.model import RowState, SourceState
from monitor.web.asking import Answer, ask_ready

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor status
  monitor status --json"""

SHOWN = 15  # troubled sources; more do not fit the screen
TROUBLED = (Condition.GONE, Condition.FAILING, Condition.SILENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remembered:
    """What the store knows of the system's health; nothing where it cannot be asked."""

    counts: Mapping[str, int] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    verdicts: Mapping[str, int] = field(default_factory=dict)
    sources: tuple[SourceState, ...] = ()
    read: int = 0
    waited: timedelta = timedelta(0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `status` takes."""
    parser.add_argument("--json", action="store_true", help="one object")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """Is it up, what has it done, what troubles it."""
    answer, now = ask_ready(read_settings(arguments.config, shell.environment).http), SystemClock().now()
    try:
        known = asyncio.run(_remembered(arguments, shell, now))
    except StoreError as error:
        known = _Remembered()
        why_not = f"{answer.why_not}; {error}" if answer.why_not else str(error)
        answer = Answer(why_not=why_not, parts=answer.parts)
    if arguments.json:
        shell.say_json(_record(answer, known, now))
    else:
        _show(answer, known, now, shell)
    return 1 if answer.why_not else 0


async def _remembered(arguments: argparse.Namespace, shell: Shell, now: datetime) -> _Remembered:
    async with opened(arguments.config, shell) as store:
        vitals = await store.vitals(rules=[], now=now)
        return _Remembered(
            counts=await store.counts(),
            sizes=await store.sizes(),
            verdicts=vitals.census.verdicts,
            sources=vitals.sources,
            read=vitals.census.articles,
            waited=await store.waited(now),
        )


def _record(answer: Answer, known: _Remembered, now: datetime) -> dict[str, object]:
    conditions = _conditions(known, now)
    return {
        "ready": not answer.why_not,
        "reason": answer.why_not,
        "troubles": dict(answer.parts),
        **known.counts,
        "sources_by_condition": {name: conditions[name] for name in Condition},
        "sources_failing": [source.source for source in known.sources if source.failures],
        "sources_advised": _advised(known, now),
        "articles_read_24h": known.read,
        "verdicts_24h": dict(known.verdicts),
        "outbox_oldest_pending_seconds": known.waited.total_seconds(),
        "bytes": dict(known.sizes),
    }


def _show(answer: Answer, known: _Remembered, now: datetime, shell: Shell) -> None:
    why_not = answer.why_not
    shell.say(shell.paint("ready", "green") if not why_not else shell.paint(f"not ready: {why_not}", "red"))
    for part, trouble in answer.parts:
        if trouble != why_not:
            shell.say(shell.paint(f"  {part}: {trouble}", "yellow"))
    if known.counts:
        for name, words in _lines(known, now).items():
            shell.say(f"  {name:14}{words}")
        _show_sources(known, now, shell)
        if advised := _advised(known, now):
            told = f"advice on {len(advised)} of {len(known.sources)} sources"
            shell.say(f"{told}, like a new address or a longer interval: monitor sources")


def _lines(known: _Remembered, now: datetime) -> dict[str, str]:
    """A line a topic."""
    counts, sizes = known.counts, known.sizes
    outbox = ", ".join(f"{counts[f'outbox_{state}']:,} {state}" for state in RowState)
    oldest = f"; the oldest waits {since(now - known.waited, now)}" if known.waited else ""
    newest = max((source.newest for source in known.sources if source.newest), default=None)
    latest = f", the newest {since(newest, now)} old" if newest else ""
    held = ", ".join(f"{number:,} {name}" for name, number in sorted(known.verdicts.items())) or "none"
    disk = f", {_bytes(sizes['disk'])} free on the disk" if "disk" in sizes else ""
    waiting = f", {counts['entries_waiting']:,} wait to be read" if counts["entries_waiting"] else ""
    return {
        "sources": ", ".join(f"{number:,} {name}" for name, number in _conditions(known, now).items()),
        "articles": f"{counts['articles']:,}; {known.read:,} in the last day{latest}{waiting}",
        "stories": f"{counts['stories']:,}",
        "alerts": f"{counts['alerts']:,}; in the last day: {held}",
        "outbox": outbox + oldest,
        "store": f"{_bytes(sizes['used'])} used{disk}",
    }


def _show_sources(known: _Remembered, now: datetime, shell: Shell) -> None:
    troubled = [source for source in known.sources if condition(source, now) in TROUBLED]
    if not troubled:
        return
    shell.say(shell.paint(f"troubled sources ({len(troubled)} of {len(known.sources)})", "yellow"))
    for source in sorted(troubled, key=lambda source: source.failing_since or source.newest or now)[:SHOWN]:
        word = condition(source, now)
        began = since(source.newest if word is Condition.SILENT else source.failing_since, now)
        reason = "nothing new" if word is Condition.SILENT else source.error
        shell.say(f"  {source.source:24} {word:8} {began:>6}  {reason}")
    if len(troubled) > SHOWN:
        shell.say(f"  and {len(troubled) - SHOWN} more: monitor sources")


def _conditions(known: _Remembered, now: datetime) -> Counter[Condition]:
    return Counter(condition(source, now) for source in known.sources)


def _advised(known: _Remembered, now: datetime) -> list[str]:
    """The sources whose admin should change something, like those that never answer 304."""
    return [source.source for source in known.sources if advice(source, now)]


def _bytes(size: float) -> str:
    """A size as people say it.

    >>> _bytes(512), _bytes(3_400_000)
    ('512 B', '3.2 MiB')
    """
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} TiB"
