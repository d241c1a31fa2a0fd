"""Show what waits, was sent or is dead; send again what failed.

A message sent again leaves with the same bytes and the same Message-ID.
"""

import argparse
import asyncio

from monitor.cli.shell import Shell
from monitor.cli.storage import opened, since
from monitor.cli.telling import MOST, how_many, row_number
from monitor.clock import SystemClock
from monitor.model import RowState
from monitor.store.base import OutboxRow, Store

__all__ = ["EXAMPLES", "add_arguments", "run"]


EXAMPLES = """examples:
  monitor outbox
  monitor outbox --state dead
  monitor outbox retry 17
  monitor outbox retry --state dead --channel desk"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `outbox` takes."""
    parser.add_argument("action", nargs="?", choices=["list", "retry"], default="list", help="default: list")
    parser.add_argument(
        "row",
        nargs="*",
        type=row_number,
        metavar="ID",
        help="rows to retry; none: all that --state and --channel name",
    )
    parser.add_argument(
        "--state",
        action="append",
        choices=[str(state) for state in RowState],
        default=[],
        help="only rows in this state; may be given again",
    )
    parser.add_argument("--channel", metavar="NAME", help="only rows of this channel")
    parser.add_argument(
        "--limit", type=how_many, default=50, metavar="N", help="newest N (default: 50; 0: all there are)"
    )
    parser.add_argument("--json", action="store_true", help="one object a row")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """A table of rows, or the rows put back."""
    if arguments.action == "retry":
        return asyncio.run(_retry(arguments, shell))
    rows = asyncio.run(_rows(arguments, shell))
    if arguments.json:
        for row in rows:
            shell.say_json({name: getattr(row, name) for name in OutboxRow.__slots__})
        return 0
    now = SystemClock().now()
    shell.table(
        ["ID", "STATE", "AGE", "CHANNEL", "RECIPIENT", "TRIES", "SUBJECT", "LAST WORD"],
        [
            [
                str(row.id),
                row.state,
                since(row.created, now),
                row.channel,
                row.recipient,
                str(row.attempts),
                row.subject[:60],
                _last_word(row),
            ]
            for row in rows
        ],
    )
    return 0


def _last_word(row: OutboxRow) -> str:
    """What the server last said; where it said nothing, that it may have taken the message all the same."""
    words = row.last_error or row.reply
    return f"may have arrived: {words}" if row.uncertain and row.state is not RowState.SENT else words


async def _rows(arguments: argparse.Namespace, shell: Shell) -> list[OutboxRow]:
    async with opened(arguments.config, shell) as store:
        return await _chosen(arguments, store, arguments.limit)


async def _chosen(arguments: argparse.Namespace, store: Store, limit: int) -> list[OutboxRow]:
    """The newest rows of the states and the channel asked for."""
    states = [RowState(name) for name in arguments.state]
    if arguments.channel is None:
        return await store.outbox(states, limit=limit)
    rows = await store.outbox(states, limit=MOST)
    return [row for row in rows if row.channel == arguments.channel][:limit]


async def _retry(arguments: argparse.Namespace, shell: Shell) -> int:
    if not (arguments.row or arguments.state):
        shell.complain(
            "monitor outbox retry: which rows? Name their IDs, as `monitor outbox --state dead` shows them,"
            " or all of a state: monitor outbox retry --state dead"
        )
        return 2
    code = 0
    async with opened(arguments.config, shell, write=True) as store:
        numbers = arguments.row or [row.id for row in await _chosen(arguments, store, MOST)]
        if not numbers:
            shell.complain("none", "dim")
        for number in numbers:
            again = await store.retry(number, now=SystemClock().now())
            left = "is no message that failed, or retention took its bytes; left as it is"
            shell.say(f"{number}: {'due now' if again else left}")
            code = code if again else 1
    return code
