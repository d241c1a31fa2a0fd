"""Copy the memory to a file while the daemon runs; the copy is checked before it takes its name.

It is of one moment. A backup of the same name is replaced once the new one is whole, so that a nightly
job may use one name, or one a weekday. `monitor restore` puts it back.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from monitor.alerting.prose import plural
from monitor.cli.shell import Shell
from monitor.cli.storage import since
from monitor.clock import SystemClock
from monitor.config.settings import read_settings
from monitor.store import backup as copying
from monitor.store.backup import Backup

__all__ = ["EXAMPLES", "add_arguments", "progress", "run", "told"]

EXAMPLES = """examples:
  monitor backup /backup/monitor.db
  monitor backup "/backup/$(date +%a).db" --json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `backup` takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="where to; replaced where it is a database")
    parser.add_argument("--json", action="store_true", help="one object")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """The backup, and what it holds."""
    storage = read_settings(arguments.config, shell.environment).storage
    made = copying.backup(storage, arguments.file, progress=progress(shell, "copying"))
    if arguments.json:
        shell.say_json({name: getattr(made, name) for name in Backup.__slots__})
    else:
        shell.say(f"{made.path}: {told(made)}; checked")
    return 0


def told(made: Backup) -> str:
    """What a backup holds, in words."""
    newest = f"the newest {since(made.newest, SystemClock().now())} old" if made.newest else "empty"
    waiting = f", {plural(made.undelivered, 'message', 'messages')} under way" if made.undelivered else ""
    read, raised = plural(made.articles, "article", "articles"), plural(made.alerts, "alert", "alerts")
    return f"{read}, {raised}{waiting}; {newest}, {made.size:,} bytes"


def progress(shell: Shell, words: str) -> Callable[[int, int], None]:
    """How far it is, on a terminal; nothing in a pipe."""

    def show(done: int, whole: int) -> None:
        if shell.stderr.isatty():
            end = "\n" if done >= whole else ""
            shell.stderr.write(f"\r{words} {100 * done // max(1, whole):3} %{end}")
            shell.stderr.flush()

    return show
