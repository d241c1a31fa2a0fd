"""What the fork server is asked for, as it goes over its socket: a length with the files, then words."""

import json
import os
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

__all__ = ["KILL", "Files", "Order", "give", "take"]

KILL = b"k"  # on a leash: SIGKILL for who is at its other end

_LENGTH = struct.Struct("!I")
_MOST = 8  # files with an order


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A process that runs `main(*numbers, *files)` of a module, in this environment and no other."""

    module: str
    numbers: Sequence[int]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """File descriptors that go with an order; whoever has them closes them."""

    leash: int
    stdin: int
    stderr: int
    more: Sequence[int] = field(default=())

    def all(self) -> list[int]:
        """In the order in which `Files(*…)` would take them."""
        return [self.leash, self.stdin, self.stderr, *self.more]

    def close(self) -> None:
        """Close them here."""
        for file in self.all():
            os.close(file)


def give(server: socket.socket, order: Order, files: Files) -> None:
    """Ask for a process. OSError where the server is gone."""
    words = json.dumps(asdict(order)).encode()
    socket.send_fds(server, [_LENGTH.pack(len(words))], files.all())
    server.sendall(words)


def take(asking: socket.socket) -> tuple[Order, Files] | None:
    """What is asked for next; None when nobody can ask any more."""
    length, handed, _, _ = socket.recv_fds(asking, _LENGTH.size, _MOST)
    if not length:
        return None
    for file in handed:
        os.set_inheritable(file, False)  # of what the process starts itself, none has them
    leash, stdin, stderr, *more = handed
    words, (size,) = b"", _LENGTH.unpack(length)
    while len(words) < size:  # MSG_WAITALL would not: the end of a process interrupts it
        piece = asking.recv(size - len(words))
        if not piece:
            return None
        words += piece
    return Order(**json.loads(words)), Files(leash=leash, stdin=stdin, stderr=stderr, more=more)
