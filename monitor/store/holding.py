"""What a daemon holds of its database: the lock that keeps another one away, and the receipts."""

import fcntl
import os
from pathlib import Path
from typing import IO

from monitor.clock import SystemClock
from monitor.errors import StoreError
from monitor.logs import log
from monitor.receipts import Receipts

__all__ = ["Holding"]

HANDOVER = 60.0  # seconds; a post room that lost its daemon ends long before


class Holding:
    """Ends with the process, however that ends; the receipts only when its post room has ended too."""

    def __init__(self, lock: IO[str], receipts: Receipts) -> None:
        self._lock = lock
        self._clock = SystemClock()
        self._since: float | None = None
        self.receipts = receipts
        self.inherited = False  # what a daemon before us had under way is settled or taken back

    @classmethod
    def take(cls, path: Path) -> "Holding":
        """Take hold of the database at `path`; StoreError where another daemon has it."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = path.with_name(f"{path.name}.lock").open("a+")
        except OSError as error:
            raise StoreError(f"{path} cannot be used: {error.strerror}") from error
        try:
            _lock(lock, path)
            return cls(lock, Receipts.open(path.with_name(f"{path.name}.receipts")))
        except OSError as error:
            lock.close()
            raise StoreError(f"{path} cannot be used: {error.strerror}") from error
        except StoreError:
            lock.close()
            raise

    def alone(self) -> bool:
        """Whether the post room of a daemon before us has ended: nothing more will be noted.

        One that does not end (somebody froze it) is waited for no longer than is bearable.
        """
        if self.receipts.hold():
            return True
        if self._since is None:
            self._since = self._clock.monotonic()
            log.info("mail waits: the post room of a daemon before us still hears servers out")
        late = self._clock.monotonic() - self._since > HANDOVER
        if late:
            log.warning("the post room of a daemon before us does not end; going on without its word")
        return late

    def took_over(self) -> None:
        """What the receipts say is recorded; from now on they are our own."""
        self.receipts.clear()
        self.inherited = True

    def close(self) -> None:
        """Let go."""
        self.receipts.close()
        self._lock.close()


def _lock(lock: IO[str], path: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        holder = lock.read().strip() or "?"
        raise StoreError(
            f"another daemon (process {holder}) uses {path}; stop it first, or name another storage"
        ) from error
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
