"""Processes of our own beside the daemon: our interpreter, our code, nothing inherited, no secret."""

import socket
import subprocess
import sys
from collections.abc import Collection, Mapping

__all__ = ["launch"]

_BOOT = """
import sys
from importlib import import_module
sys.path[:] = sys.argv[3:]
import_module(sys.argv[1]).main(int(sys.argv[2]))
"""


def launch(
    module: str,
    given: int,
    *,
    environment: Mapping[str, str],
    files: Collection[int] = (),
    alone: bool = False,
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A process that runs `main(given)` of a module, and our end of the socket that is its standard input.

    It has these `files` open, and of the environment all but what configures us: there are passwords.
    `alone`: signals that are meant for our group do not reach it. OSError where none is to be had.
    """
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            process = subprocess.Popen(  # noqa: S603  our own interpreter, our own words
                [sys.executable, "-c", _BOOT, module, str(given), *sys.path],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                pass_fds=files,
                env={name: value for name, value in environment.items() if not name.startswith("MONITOR_")},
                start_new_session=alone,
            )
    except OSError:
        ours.close()
        raise
    return process, ours
