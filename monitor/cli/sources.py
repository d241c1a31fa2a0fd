"""Show each source's state and rhythm: when it last answered, what troubles it, when it is asked next."""

import argparse
import asyncio
from datetime import datetime

from monitor.cli.shell import Shell
from monitor.cli.storage import opened, since
from monitor.clock import SystemClock
from monitor.model import SourceState

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor sources
  monitor sources --failing
  monitor sources --json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `sources` takes."""
    parser.add_argument("--failing", action="store_true", help="only those that fail")
    parser.add_argument("--json", action="store_true", help="one object a source")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """A table of states, most troubled first."""
    states = asyncio.run(_states(arguments, shell))
    shown = [state for state in states if state.failures or not arguments.failing]
    if arguments.json:
        for state in shown:
            shell.say_json(_record(state))
        return 0
    now = SystemClock().now()
    shown.sort(key=lambda state: (-state.failures, state.source))
    shell.table(
        ["SOURCE", "STATE", "POLLED", "NEWEST", "NEXT", "IN WORDS"],
        [
            [
                state.source,
                _word(state),
                since(state.polled, now),
                since(state.newest, now),
                since(state.due, now),
                _words(state, now),
            ]
            for state in shown
        ],
    )
    return 0


async def _states(arguments: argparse.Namespace, shell: Shell) -> list[SourceState]:
    async with opened(arguments.config, shell) as store:
        return await store.sources()


def _word(state: SourceState) -> str:
    if state.gone:
        return "gone"
    if state.failures:
        return "failing"
    return "ok" if state.polled else "new"


def _words(state: SourceState, now: datetime) -> str:
    if not state.failures:
        return ""
    times = "once" if state.failures == 1 else f"{state.failures} times"
    return f"{state.error} ({times}, for {since(state.failing_since, now)})"


def _record(state: SourceState) -> dict[str, object]:
    def moment(at: datetime | None) -> str | None:
        return at.isoformat() if at else None

    return {
        "source": state.source,
        "url": state.url,
        "state": _word(state),
        "polled": moment(state.polled),
        "newest": moment(state.newest),
        "due": moment(state.due),
        "failures": state.failures,
        "error": state.error,
    }
