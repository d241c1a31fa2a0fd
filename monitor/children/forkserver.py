"""The process from which others are forked: it has loaded our code, and does nothing else.

A fork takes milliseconds where a start of Python with our libraries takes a third of a second, and shares
what was loaded. It is safe here as it would not be in the daemon: there is one thread, no event loop, and no
connection but those that are closed in the fork. The idea is that of multiprocessing's, which hands on the
daemon's environment with the passwords in it, lets the daemon wait for each start, and runs a tracker, too.
"""

import gc
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from monitor.children.order import KILL, Files, Order, take

__all__ = ["main"]


class ForkServer:
    """Forks for whoever asks, kills at a word, and tells of an end by letting go of the process's leash."""

    def __init__(self, asking: socket.socket) -> None:
        self._asking = asking
        self._rung, self._bell = os.pipe()
        for end in (self._rung, self._bell):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # else there is no bell
        signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)
        self._leashes: dict[int, socket.socket] = {}  # by process
        self._selector = selectors.DefaultSelector()
        self._selector.register(asking, selectors.EVENT_READ)
        self._selector.register(self._rung, selectors.EVENT_READ)

    def serve(self) -> tuple[Order, Files] | None:
        """In each fork, what it is to do; in the server itself None, when nobody asks any more."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._asking:
                    asked = take(self._asking)
                    if asked is None or self._fork(*asked):
                        return asked
                elif key.fileobj == self._rung:
                    os.read(self._rung, 1 << 16)
                    self._reap()
                else:
                    self._obey(key.data)

    def _fork(self, order: Order, files: Files) -> bool:
        """Whether we are the fork."""
        _load(order.module)
        gc.freeze()  # no collector writes to what is shared
        try:
            process = os.fork()
        except OSError:  # too many processes: who asked sees all ends of its files closed
            files.close()
            return False
        if not process:
            self._leave()
            return True
        leash = socket.socket(fileno=os.dup(files.leash))
        leash.setblocking(False)
        files.close()
        self._leashes[process] = leash
        self._selector.register(leash, selectors.EVENT_READ, process)
        return False

    def _obey(self, process: int) -> None:
        leash = self._leashes.get(process)
        if leash is None:
            return
        with suppress(BlockingIOError):
            if leash.recv(1) == KILL:
                os.kill(process, signal.SIGKILL)  # ours until we have reaped it: no other has its number
            else:
                self._selector.unregister(leash)  # nobody waits for it; it ends by itself

    def _reap(self) -> None:
        for process in list(self._leashes):
            if os.waitpid(process, os.WNOHANG)[0]:
                leash = self._leashes.pop(process)
                with suppress(KeyError):
                    self._selector.unregister(leash)
                leash.close()

    def _leave(self) -> None:
        """In a fork: let go of all that is the server's."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        for each in (self._asking, *self._leashes.values()):
            each.close()
        os.close(self._rung)
        os.close(self._bell)


def _load(module: str) -> None:
    """Import the module, and what else its `prepare` finds worth sharing, once."""
    if module not in sys.modules:
        import_module(module).prepare()


def _call_ourselves(name: str) -> None:
    """What top and ps say who we are, on Linux; all of us have one command line."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(f"monitor:{name}")


def main() -> None:
    """Serve on standard input (a socket); in a fork, do what was asked for. No signal ends the server."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    gc.disable()
    asking = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, sys.stdin.fileno())
    _call_ourselves("forks")
    if asked := ForkServer(asking).serve():
        order, files = asked
        _call_ourselves(order.module.rpartition(".")[2])
        os.dup2(files.stdin, sys.stdin.fileno())
        os.dup2(files.stderr, sys.stderr.fileno())
        for file in (nowhere, files.leash, files.stdin, files.stderr):
            os.close(file)
        os.environ.clear()
        os.environ.update(order.environment)
        gc.enable()
        import_module(order.module).main(*order.numbers, *files.more)
