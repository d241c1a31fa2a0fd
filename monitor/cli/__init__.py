"""The command: finds the verb, tells errors in one line each. A verb is a module, imported when asked for."""

import argparse
import difflib
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import NoReturn

from monitor import __version__
from monitor.cli.shell import Shell
from monitor.errors import MonitorError

__all__ = ["VERBS", "main"]

VERBS = {
    "run": "poll, match and alert until stopped; --once: one full cycle",
    "demo": "see an alert arrive in seconds, without network",
    "check": "validate the configuration and run the rules' tests",
    "match": "which rules match a text, and why",
    "sources": "state and rhythm of each source; probe, import, export",
    "alerts": "what was raised, and what stayed silent and why",
    "outbox": "what waits, was sent or is dead; retry",
    "status": "health on one screen",
    "schema": "JSON Schemas of the configuration, for editors",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; 0 well, 1 it did not succeed, 2 somebody must mend something, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    shell = Shell.of(sys.stdin, sys.stdout, sys.stderr, os.environ)
    if not words or words[0] in {"-h", "--help", "help"}:
        shell.say(_overview())
        return 0 if words else 2
    if words[0] in {"-V", "--version", "version"}:
        shell.say(f"monitor {__version__}")
        return 0
    if words[0] not in VERBS:
        close = difflib.get_close_matches(words[0], VERBS, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"the verbs are {', '.join(VERBS)}"
        shell.complain(f"monitor: unknown verb {words[0]!r}; {hint}")
        return 2
    return _run(words, shell)


def _run(words: list[str], shell: Shell) -> int:
    if words[0] == "run":
        signal.signal(signal.SIGTERM, _leave)  # a container's first process has no handler of its own
    verb = import_module(f"monitor.cli.{words[0]}")
    parser = argparse.ArgumentParser(
        prog=f"monitor {words[0]}",
        description=verb.__doc__,
        epilog=verb.EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    shell.add_options(parser)
    verb.add_arguments(parser)
    arguments = parser.parse_args(words[1:])
    try:
        code: int = verb.run(arguments, shell)
    except MonitorError as error:
        shell.complain(str(error))
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; say nothing at exit
        return 0
    except KeyboardInterrupt:
        return 130
    return code


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    """Asked to stop before anything was begun."""
    raise SystemExit(0)


def _overview() -> str:
    width = max(map(len, VERBS))
    verbs = "\n".join(f"  {verb:{width}}  {meaning}" for verb, meaning in VERBS.items())
    return (
        "monitor: watches news sources, matches articles against watchlists, tells people.\n\n"
        f"{verbs}\n\nAll take --config DIR. `monitor VERB --help` shows options and an example."
    )
