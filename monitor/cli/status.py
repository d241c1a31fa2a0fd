"""Show the health of the system on one screen.

Exits 0 when a daemon is running and ready, else 1: a container's health check.
"""

import argparse
import asyncio
from collections.abc import Mapping

from monitor.cli.shell import Shell
from monitor.cli.storage import opened, since
from monitor.clock import SystemClock
from monitor.config.settings import read_settings
from monitor.errors import StoreError
from monitor.model import SourceState
from monitor.web.asking import ask_ready

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor status
  monitor status --json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `status` takes."""
    parser.add_argument("--json", action="store_true", help="one object")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """Is it up, what has it done, what troubles it."""
    why_not = ask_ready(read_settings(arguments.config, shell.environment).http)
    try:
        counts, sources = asyncio.run(_remembered(arguments, shell))
    except StoreError as error:
        counts, sources = {}, []
        why_not = f"{why_not}; {error}" if why_not else str(error)
    failing = [source for source in sources if source.failures]
    if arguments.json:
        shell.say_json(
            {
                "ready": not why_not,
                "reason": why_not,
                **counts,
                "sources_failing": [source.source for source in failing],
            }
        )
        return 1 if why_not else 0
    shell.say(shell.paint("ready", "green") if not why_not else shell.paint(f"not ready: {why_not}", "red"))
    for name, number in counts.items():
        shell.say(f"  {name.replace('_', ' '):24} {number:>9,}")
    now = SystemClock().now()
    if failing:
        shell.say(shell.paint(f"failing sources ({len(failing)} of {len(sources)})", "yellow"))
    for source in sorted(failing, key=lambda source: source.failing_since or now)[:20]:
        shell.say(f"  {source.source:24} {since(source.failing_since, now):>6}  {source.error}")
    return 1 if why_not else 0


async def _remembered(
    arguments: argparse.Namespace, shell: Shell
) -> tuple[Mapping[str, int], list[SourceState]]:
    async with opened(arguments.config, shell) as store:
        return await store.counts(), await store.sources()
