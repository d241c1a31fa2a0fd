"""Run the daemon: poll, match and alert until SIGTERM or Ctrl-C; SIGHUP reads the configuration anew.

Where it was started in a terminal, closing that ends it, too.

--once polls what is due, closes every gathering wait, delivers what may go now, and exits:
0 well, 1 if a delivery failed.
"""

import argparse
import asyncio
from collections.abc import Callable
from typing import TextIO

from monitor.cli.shell import Shell
from monitor.config.folder import Configuration, load
from monitor.daemon import Daemon
from monitor.heap import lasting
from monitor.logs import configure_logs, log
from monitor.store.sqlite import SqliteStore

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor run
  monitor run --once
  monitor run --config /etc/media-monitor --log json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `run` takes."""
    parser.add_argument("--once", action="store_true", help="one full cycle, then exit")
    parser.add_argument("--log", choices=["json", "text"], help="default: text on a terminal, else json")
    parser.add_argument(
        "--level",
        choices=["debug", "info", "warning", "error"],
        default="info",
        help="log nothing less urgent (default: info)",
    )


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """The daemon, or one cycle of it."""
    json = None if arguments.log is None else arguments.log == "json"
    configure_logs(shell.stderr, json=json, level=arguments.level, colour=shell.colour_stderr)
    with lasting():
        configuration = load(arguments.config, shell.environment)
    for warning in configuration.warnings:
        log.warning("configuration warned of", problem=str(warning))
    return asyncio.run(_work(configuration, shell, once=arguments.once))


async def _work(configuration: Configuration, shell: Shell, *, once: bool) -> int:
    store = SqliteStore.open(configuration.settings.storage, mode="daemon")
    try:
        deserted = _watched(shell.stderr)
        daemon = Daemon(configuration, store=store, environment=shell.environment, deserted=deserted)
        return await (daemon.once() if once else daemon.run())
    finally:
        await store.close()


def _watched(stream: TextIO) -> Callable[[], bool]:
    """Tells whether the stream was a terminal and is none any more: its window was closed."""
    began = stream.isatty()
    return lambda: began and not stream.isatty()
