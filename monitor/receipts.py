"""What servers took, noted at once in a file beside the database: it outlives a kill -9.

The transaction that settles a row waits for its turn and for the disk; a process that is killed meanwhile
would send the mail again. Noting is one write to the page cache, some microseconds: it survives the process,
though not the machine's power, against which there is the transaction.

The file is open in the daemon and in its post room, through one handle that came down from the daemon: the
lock on it lasts as long as either lives, and tells the next daemon when nothing more can be noted.
"""

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

__all__ = ["Receipt", "Receipts", "Slip"]

LONG = 1 << 16  # bytes after which the file is emptied when nothing in it is needed
WORDS = 300  # of the server's reply
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What a receipt is asked for: the attempt that `fence` names, at a row of the outbox."""

    row: int
    key: str
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A server took what the slip names, at `taken`, with these words."""

    slip: Slip
    taken: datetime
    words: str


class Receipts:
    """The file of receipts, by its handle; only one daemon and its post room have it open."""

    def __init__(self, file: int) -> None:
        self.file = file
        self._expected: set[int] = set()

    @classmethod
    def open(cls, path: Path) -> "Receipts":
        """The file at `path`, made where there is none; OSError."""
        return cls(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600))

    def hold(self) -> bool:
        """Take the file for ourselves and those we hand it down to; False while others still note in it."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def note(self, slip: Slip, words: str, *, now: datetime) -> None:
        """Note that a server took it; OSError where even that fails: then the transaction must do alone.

        A full disk may take half a line: the next one begins on its own.
        """
        taken = (now - _EPOCH) // timedelta(microseconds=1)
        line = json.dumps([slip.row, slip.key, slip.fence, taken, words[:WORDS]])
        told = f"\n{line}\n".encode()
        if os.write(self.file, told) < len(told):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def expect(self, row: int) -> None:
        """A receipt of the row may be noted from now on, until it is `settled`."""
        self._expected.add(row)

    def settled(self, row: int) -> None:
        """How it went with the row is on disk; when no other is expected, the file may begin anew."""
        self._expected.discard(row)
        if not self._expected and os.fstat(self.file).st_size > LONG:
            self.clear()

    def read(self) -> Iterator[Receipt]:
        """What was noted; a line that was torn is none."""
        written = os.pread(self.file, os.fstat(self.file).st_size, 0)
        for line in written.decode("utf-8", "replace").splitlines():
            try:
                row, key, fence, taken, words = json.loads(line)
            except (ValueError, TypeError):  # half a line is no JSON, or JSON of another shape
                continue
            moment = _EPOCH + timedelta(microseconds=taken)
            yield Receipt(slip=Slip(row=row, key=key, fence=fence), taken=moment, words=words)

    def clear(self) -> None:
        """Forget all receipts: every row they name is settled."""
        os.ftruncate(self.file, 0)

    def close(self) -> None:
        """Let go of the file; what is in it stays for the next start."""
        os.close(self.file)
