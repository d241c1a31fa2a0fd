"""Show what waits, was sent or is dead; put a dead message back in the queue.

A message put back leaves with the same bytes and the same Message-ID.
"""

import argparse
import asyncio

from monitor.cli.shell import Shell
from monitor.cli.storage import opened, since
from monitor.clock import SystemClock
from monitor.model import RowState
from monitor.store.base import OutboxRow

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor outbox
  monitor outbox --state dead
  monitor outbox retry 17"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `outbox` takes."""
    parser.add_argument("action", nargs="?", choices=["list", "retry"], default="list", help="default: list")
    parser.add_argument("row", nargs="*", type=int, metavar="ID", help="rows to retry")
    parser.add_argument(
        "--state",
        action="append",
        choices=[str(state) for state in RowState],
        default=[],
        help="only rows in this state; may be given again",
    )
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="newest N (default: 50)")
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
                row.last_error or row.reply,
            ]
            for row in rows
        ],
    )
    return 0


async def _rows(arguments: argparse.Namespace, shell: Shell) -> list[OutboxRow]:
    states = [RowState(name) for name in arguments.state]
    async with opened(arguments.config, shell) as store:
        return await store.outbox(states, limit=arguments.limit)


async def _retry(arguments: argparse.Namespace, shell: Shell) -> int:
    if not arguments.row:
        shell.complain(
            "monitor outbox retry: which rows? Name their IDs, as `monitor outbox --state dead` shows them"
        )
        return 2
    code = 0
    async with opened(arguments.config, shell, write=True) as store:
        for row in arguments.row:
            again = await store.retry(row, now=SystemClock().now())
            shell.say(f"{row}: {'pending again' if again else 'is not dead or expired, left as it is'}")
            code = code if again else 1
    return code
