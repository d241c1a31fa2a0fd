"""The daemon's side of the fork server: it is started when first needed, and again where it died."""

import atexit
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Lock

from monitor.children.order import KILL, Files, Order, give

__all__ = ["Child", "launch"]

_FAREWELL = 2  # seconds for it to end
_BOOT = """
import sys
sys.path[:] = sys.argv[1:]
from monitor.children.forkserver import main
main()
"""


class Child:
    """A process that runs, by the leash that the fork server has at its other end."""

    def __init__(self, leash: socket.socket) -> None:
        self._leash = leash

    def kill(self) -> None:
        """Have it killed at once, if it still runs."""
        with suppress(OSError):
            self._leash.send(KILL)

    def wait(self) -> None:
        """Wait, in a thread where it may take long, until it has ended and is forgotten by the system."""
        with suppress(OSError):
            self._leash.recv(1)
        self._leash.close()

    def leave(self) -> None:
        """Wait for it no more: it ends by itself."""
        self._leash.close()


class _Server:
    """Our fork server, if it runs."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def ask(self, order: Order, files: Files) -> None:
        """Have a process started; OSError where no server is to be had."""
        with self._lock:
            if self._line is not None:
                with suppress(OSError):
                    return give(self._line, order, files)
            give(self._start(order.environment), order, files)
        return None

    def _start(self, environment: Mapping[str, str]) -> socket.socket:
        self.close()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603  our own interpreter, our own words
                    [sys.executable, "-c", _BOOT, *sys.path],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    env=environment,
                    start_new_session=True,  # signals that are meant for our group do not reach it
                )
            except OSError:
                ours.close()
                raise
        self._line = ours
        return ours

    def close(self) -> None:
        """Let it end, which it does when nobody can ask it any more; what it has forked goes on."""
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._process is not None:
            try:
                self._process.wait(_FAREWELL)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


_SERVER = _Server()
atexit.register(_SERVER.close)


def launch(
    module: str, *numbers: int, environment: Mapping[str, str], files: Sequence[int] = ()
) -> tuple[Child, socket.socket]:
    """A process that runs `main(*numbers, *files)` of a module, and our end of the socket that is its stdin.

    It has these `files` open, under numbers of its own, and of the environment all but what configures us:
    there are passwords. It sees by the socket's end that we are gone; nobody kills it then. OSError where no
    process is to be had; where only the fork fails, the socket is closed at once.
    """
    clean = {name: value for name, value in environment.items() if not name.startswith("MONITOR_")}
    ours, theirs = socket.socketpair()
    leash, its_end = socket.socketpair()
    with theirs, its_end:
        handed = Files(leash=its_end.fileno(), stdin=theirs.fileno(), stderr=2, more=files)
        try:
            _SERVER.ask(Order(module=module, numbers=numbers, environment=clean), handed)
        except OSError:
            ours.close()
            leash.close()
            raise
    return Child(leash), ours
