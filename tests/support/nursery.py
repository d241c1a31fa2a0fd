"""Processes that tests kill, forked from one that has loaded the daemon: each is spared half a second of loading.

A fork is a process of its own all the same, with its own memory, files, signals and end.
"""

import asyncio
import ctypes
import gc
import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from select import select
from types import MappingProxyType
from typing import Any, Self

__all__ = ["Child", "Nursery"]


@dataclass(slots=True)
class Child:
    """A running process, as asyncio's own are."""

    pid: int
    returncode: int | None
    _ended: "asyncio.Task[None]"

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            with suppress(ProcessLookupError):  # it ended a moment ago
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """How it ended: its code, or the signal's number below zero."""
        await asyncio.shield(self._ended)
        assert self.returncode is not None
        return self.returncode


class Nursery:
    """`with Nursery() as nursery:` starts processes; they end with it."""

    def __enter__(self) -> Self:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen([sys.executable, __file__], stdin=theirs.fileno())
        self._socket = ours
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._process.wait()

    async def start(
        self,
        part: str,
        *words: object,
        environment: Mapping[str, str] = os.environ,
        streams: Mapping[int, int] = MappingProxyType({}),
    ) -> Child:
        """A new process, in a session of its own, that plays a part of doomed.PARTS.

        `streams` are files of ours by the number that each has there: 1 is what it prints to.
        """
        heard, told = os.pipe()
        asked = {
            "part": part,
            "words": [*map(str, words)],
            "environment": dict(environment),
            "streams": [*streams],
        }
        line = json.dumps(asked).encode()
        socket.send_fds(self._socket, [len(line).to_bytes(4, "big")], [told, *streams.values()])
        self._socket.sendall(line)
        os.close(told)
        reader = asyncio.StreamReader()
        reading = asyncio.StreamReaderProtocol(reader)
        await asyncio.get_running_loop().connect_read_pipe(lambda: reading, os.fdopen(heard, "rb", 0))
        pid = int(await reader.readline())

        async def end() -> None:
            child.returncode = int(await reader.readline())
            await reader.read()

        child = Child(pid, None, asyncio.create_task(end()))
        return child


def main() -> int:
    """Play a part: the one that is named, or in a fork each that is asked for, until nobody asks any more."""
    from doomed import PARTS  # noqa: PLC0415  only this process loads the daemon

    asked = sys.argv[1:] or forked()
    if asked and sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it does not outlive who started it
    return PARTS[asked[0]](*asked[1:]) if asked else 0


def forked() -> list[str]:
    """In a fork, the part and its words; nothing in the parent, which tells how each fork ends."""
    gc.freeze()
    asking = socket.socket(fileno=os.dup(0))
    rung, bell = os.pipe()
    os.set_blocking(bell, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(bell, warn_on_full_buffer=False)
    pipes: dict[int, int] = {}
    while True:
        ready, _, _ = select([asking, rung], [], [])
        if rung in ready:
            os.read(rung, 1 << 16)
            tell_ends(pipes)
        if asking not in ready:
            continue
        size, handed, _, _ = socket.recv_fds(asking, 4, 4)
        if not size:
            break
        request = json.loads(asking.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL))
        pid = os.fork()
        if not pid:
            settle_in(request, handed[1:])
            for each in (asking.detach(), rung, bell, *handed, *pipes.values()):
                os.close(each)
            return [request["part"], *request["words"]]
        for file in handed[1:]:
            os.close(file)
        pipes[pid] = handed[0]
        os.write(handed[0], f"{pid}\n".encode())
    for pid in pipes:
        os.kill(pid, signal.SIGKILL)
    return []


def settle_in(request: dict[str, Any], streams: Sequence[int]) -> None:
    """Become a process of its own."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, file in zip(request["streams"], streams, strict=True):
        os.dup2(file, number)
    os.environ.clear()
    os.environ.update(request["environment"])
    random.seed()  # else all would throw the same dice


def tell_ends(pipes: dict[int, int]) -> None:
    """Say through its pipe how each process ended that has."""
    for pid, pipe in list(pipes.items()):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            with suppress(BrokenPipeError):  # its test is over
                os.write(pipe, f"{os.waitstatus_to_exitcode(status)}\n".encode())
            os.close(pipes.pop(pid))


if __name__ == "__main__":
    sys.exit(main())
