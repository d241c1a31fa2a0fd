"""The command: finds the verb, tells errors in one line each. A verb is a module, imported when asked for."""

import argparse
import atexit
import difflib
import gc
import os
import re
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import Any, NoReturn

from monitor import __version__
from monitor.cli.shell import Shell
from monitor.errors import MonitorError

__all__ = ["EXIT_CODES", "VERBS", "main", "module_of", "parser_of"]

VERBS = {
    "run": "poll, match and alert until stopped; --once: one full cycle",
    "demo": "see an alert arrive in seconds, without network",
    "check": "validate the configuration and run the rules' tests",
    "match": "which rules match a text, and why",
    "why": "the whole way of one article, for alerts and non-alerts",
    "backtest": "what rules and policy would have made of the archive",
    "search": "the watchlist language over the archive",
    "sources": "state and rhythm of each source; probe, import, export",
    "alerts": "what was raised, and what stayed silent and why",
    "preview": "a mail as its reader would get it",
    "silence": "mute a story or a rule for a while: add, list, end",
    "outbox": "what waits, was sent or is dead; retry",
    "status": "health on one screen",
    "backup": "copy the memory to a file while the daemon runs",
    "restore": "put a backup in its place, and hold what may have been told since",
    "import": "a query of Factiva, Nexis, Meltwater or Lucene in our language",
    "schema": "JSON Schemas of the configuration, for editors",
    "completion": "a script by which bash, zsh or fish completes verbs and options",
}
_LONE = re.compile("[\ud800-\udfff]")  # how Python reads bytes of another encoding than the terminal's
_MODULES = {"import": "importing"}  # where the verb is a word of Python

EXIT_CODES = {
    0: "well",
    1: "it did not succeed: nothing matches, not ready, undelivered",
    2: "somebody must act: a line says what, and where",
    130: "interrupted (Ctrl-C)",
}


# What libraries do at import that nobody here asks for: pydantic reads the metadata of all packages in search
# of plugins, OpenBLAS starts a thread a core. Together a sixth of a short verb's time.
_AUSTERITY = {"PYDANTIC_DISABLE_PLUGINS": "__all__", "OPENBLAS_NUM_THREADS": "1"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code, one of EXIT_CODES."""
    atexit.register(gc.freeze)  # else what still lives at the end is searched for garbage three times
    for name, value in _AUSTERITY.items():
        os.environ.setdefault(name, value)
    words = list(sys.argv[1:] if argv is None else argv)
    shell = Shell.of(sys.stdin, sys.stdout, sys.stderr, os.environ)
    try:
        try:
            return _answer(words, shell)
        finally:
            sys.stdout.flush()  # here, where a reader that left can still be told from a fault
    except MonitorError as error:
        shell.complain(str(error))
        return 2
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)  # the reader left; say nothing at exit
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _answer(words: list[str], shell: Shell) -> int:
    """What the words ask for: the overview, the version, or a verb; `--config` may stand before the verb."""
    options: list[str] = []
    while words and words[0].partition("=")[0] == "--config":
        size = 1 if "=" in words[0] else 2
        options, words = [*options, *words[:size]], words[size:]
    if not words or words[0] in {"-h", "--help", "help"}:
        if words[1:] and words[1] in VERBS:
            return _run(words[1], ["--help"], shell)
        shell.say(_overview())
        return 0 if words else 2
    if words[0] in {"-V", "--version", "version"}:
        shell.say(f"monitor {__version__}")
        return 0
    if words[0] not in VERBS:
        shell.complain(f"monitor: {_unknown(words[0])}")
        return 2
    return _run(words[0], [*options, *words[1:]], shell)


def _unknown(word: str) -> str:
    """What to say of a word that stands where a verb should."""
    if word.startswith("-"):
        return f"{word} goes after the verb: monitor VERB {word}; only --config DIR may go before it"
    close = difflib.get_close_matches(word, VERBS, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"the verbs are {', '.join(VERBS)}"
    return f"unknown verb {word!r}; {hint}"


def _run(name: str, options: list[str], shell: Shell) -> int:
    if name == "run":
        signal.signal(signal.SIGTERM, _leave)  # a container's first process has no handler of its own
    arguments = parser_of(name, shell).parse_args(options)
    _see_legible(arguments)
    code: int = module_of(name).run(arguments, shell)
    return code


def _see_legible(arguments: argparse.Namespace) -> None:
    """MonitorError where a word is no text: only a file may have a name that is none."""
    for given in vars(arguments).values():
        for word in given if isinstance(given, list) else [given]:
            if isinstance(word, str) and _LONE.search(word) and not os.path.exists(word):  # noqa: PTH110 - any length
                raise MonitorError(f"{os.fsencode(word)!r} is not UTF-8; write it in that")


def parser_of(name: str, shell: Shell) -> argparse.ArgumentParser:
    """What a verb takes."""
    verb = module_of(name)
    parser = argparse.ArgumentParser(
        prog=f"monitor {name}",
        description=verb.__doc__,
        epilog=verb.EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    shell.add_options(parser)
    verb.add_arguments(parser)
    return parser


def module_of(verb: str) -> Any:
    """The module of a verb: it has EXAMPLES, add_arguments(parser) and run(arguments, shell)."""
    gc.disable()  # modules are made to stay: looking for garbage among them only costs
    try:
        return import_module(f"monitor.cli.{_MODULES.get(verb, verb)}")
    finally:
        gc.enable()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    """Asked to stop before anything was begun."""
    raise SystemExit(0)


def _overview() -> str:
    width = max(map(len, VERBS))
    verbs = "\n".join(f"  {verb:{width}}  {meaning}" for verb, meaning in VERBS.items())
    codes = "\n".join(f"  {code:<{width}}  {meaning}" for code, meaning in EXIT_CODES.items())
    return (
        "monitor: watches news sources, matches articles against watchlists, tells people.\n\n"
        f"{verbs}\n\n"
        "All take --config DIR, before or after the verb; `monitor VERB --help` tells options and examples.\n"
        f"Nothing is coloured in a pipe or where NO_COLOR is set. It exits with\n{codes}"
    )
