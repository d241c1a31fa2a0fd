"""Put a backup in the place of the memory; what was there is kept beside it. Stop the daemon first.

What the backup does not know may have been told since: nobody is told twice. Held are messages that were
under way in the backup, and what was published up to --told-until (default: now). They open as `expired`:
`monitor outbox --state expired` shows them, `monitor outbox retry ID` sends one, with the Message-ID it
had. Name the moment at which the old daemon ended, and what came after is told as always.
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from monitor.alerting.prose import plural
from monitor.cli.backup import progress, told
from monitor.cli.shell import Shell
from monitor.clock import SystemClock
from monitor.config.settings import read_settings
from monitor.store import backup as copying

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor restore /backup/monitor.db
  monitor restore /backup/Mon.db --told-until 2026-11-27T10:00+00:00"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `restore` takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a backup")
    parser.add_argument(
        "--told-until",
        type=_moment,
        metavar="WHEN",
        help="what was published up to then may have been told already (default: now; UTC without a zone)",
    )


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{written!r} is no moment; write it like 2026-11-27T10:00+00:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """The restore, what it held, and what to do next."""
    storage, now = read_settings(arguments.config, shell.environment).storage, SystemClock().now()
    until = min(arguments.told_until or now, now)
    done = copying.restore(
        storage, arguments.file, told_until=until, now=now, progress=progress(shell, "restoring")
    )
    shell.say(f"restored {done.backup.path}: {told(done.backup)}")
    if done.aside:
        shell.say(f"what was there is kept as {done.aside}; remove it when all is well")
    held = plural(done.held, "message that was under way is", "messages that were under way are")
    waited = f"{held} held: what was under way may have been sent since"
    shell.say(waited if done.held else "no message was under way")
    shell.say(f"news published up to {until:%Y-%m-%d %H:%M} UTC is recorded, and its messages are held")
    shell.say("next: monitor run; then monitor outbox --state expired, and retry what nobody was told")
    return 0
