"""What servers took, noted at once in a file beside the database: it outlives a kill -9.

The transaction that settles a row waits for its turn and for the disk; a process that is killed meanwhile
would send the mail again. Noting is one write to the page cache, some microseconds: it survives the process,
though not the machine's power, against which there is the transaction.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from monitor.model import OutboxClaim
from monitor.store.rows import micros

__all__ = ["Receipt", "Receipts"]

log = structlog.get_logger()

LONG = 1 << 16  # bytes after which the file is emptied when nothing in it is needed
WORDS = 300  # of the server's reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A server took the bytes of a row, in the attempt that `fence` names, at `taken` (microseconds)."""

    row: int
    key: str
    fence: int
    taken: int
    words: str


class Receipts:
    """The file of receipts; only the daemon that holds the database's lock has it open."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._open = 0

    def note(self, claim: OutboxClaim, words: str, *, now: datetime) -> None:
        """Note that the server took a row; where even that fails the transaction must do alone."""
        line = json.dumps([claim.id, claim.key, claim.fence, micros(now), words[:WORDS]])
        self._open += 1
        try:
            os.write(self._file, f"{line}\n".encode())
        except OSError as error:
            log.warning("receipt could not be noted", row=claim.id, error=error.strerror)

    def settled(self) -> None:
        """One of the noted rows is settled on disk; when all are, the file may begin anew."""
        self._open -= 1
        if not self._open and os.fstat(self._file).st_size > LONG:
            self.clear()

    def read(self) -> Iterator[Receipt]:
        """What a daemon before us noted; a line that was torn is none."""
        written = os.pread(self._file, os.fstat(self._file).st_size, 0)
        for line in written.decode("utf-8", "replace").splitlines():
            try:
                row, key, fence, taken, words = json.loads(line)
            except ValueError:
                log.warning("receipt was torn", line=line[:80])
                continue
            yield Receipt(row=row, key=key, fence=fence, taken=taken, words=words)

    def clear(self) -> None:
        """Forget all receipts: every row they name is settled."""
        os.ftruncate(self._file, 0)

    def close(self) -> None:
        """Let go of the file; what is in it stays for the next start."""
        os.close(self._file)
