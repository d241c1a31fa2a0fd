"""A connection to the database file, and its errors in words. The only module that knows sqlite3."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from monitor.errors import StoreError
from monitor.store.migrating import check_known

__all__ = [
    "BUSY",
    "DatabaseError",
    "alone",
    "check_ours",
    "check_whole",
    "connect",
    "explain",
    "explained",
    "look",
]

DatabaseError = sqlite3.Error

BUSY = 5.0  # seconds to wait for another process's transaction

PRAGMAS = (
    "pragma auto_vacuum = incremental",  # of a new file only, and only before anything else
    "pragma journal_mode = wal",
    "pragma synchronous = full",
    "pragma foreign_keys = on",
    "pragma journal_size_limit = 67108864",
    "pragma temp_store = memory",
)


def connect(place: str, *, read_only: bool, patience: float) -> sqlite3.Connection:
    """A connection that any one thread may use; statements commit themselves unless told to begin."""
    target = (
        place
        if place == ":memory:"
        else f"{Path(place).absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    )
    if not read_only and place != ":memory:":
        with suppress(OSError):  # the database says in its own words what is wrong
            # It holds people's addresses, and is made for our own eyes; its log will be as closed.
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    database = sqlite3.connect(
        target,
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    return _set(database, ("pragma query_only = on",) if read_only else PRAGMAS)


def look(path: Path) -> sqlite3.Connection:
    """A connection that only reads, beside whoever writes."""
    return connect(str(path), read_only=True, patience=BUSY)


def alone(path: Path) -> sqlite3.Connection:
    """A connection to a file that nobody else uses, without a log beside it."""
    database = sqlite3.connect(path, isolation_level=None)
    return _set(
        database, ("pragma journal_mode = delete", "pragma synchronous = full", "pragma foreign_keys = on")
    )


def _set(database: sqlite3.Connection, pragmas: Sequence[str]) -> sqlite3.Connection:
    """The connection with its settings, or the database's error and none."""
    database.row_factory = sqlite3.Row
    try:
        for pragma in pragmas:
            database.execute(pragma)
    except sqlite3.Error:
        database.close()
        raise
    return database


def check_ours(database: sqlite3.Connection, path: Path) -> None:
    """StoreError where it is another program's database, or one that we do not know yet."""
    tables = {row["name"] for row in database.execute("select name from sqlite_schema where type = 'table'")}
    if not {"articles", "alerts", "outbox"} <= tables:
        raise StoreError(f"{path} is no memory of ours: it lacks our tables")
    check_known(database, str(path))


def check_whole(database: sqlite3.Connection, path: Path) -> None:
    """StoreError where a page is damaged, an index disagrees, or a row refers to nothing."""
    damage = [row[0] for row in database.execute("pragma integrity_check(3)") if row[0] != "ok"]
    damage += [f"a row of {row[0]} refers to nothing" for row in database.execute("pragma foreign_key_check")]
    if damage:
        raise StoreError(f"{path} is damaged: {'; '.join(damage[:3])}")


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Tell the database's errors in words."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(place, error) from error


_WORDS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "another process keeps it locked",
    sqlite3.SQLITE_LOCKED: "another process keeps it locked",
    sqlite3.SQLITE_READONLY: "it may only be read",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_NOTADB: "it is no SQLite database",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore a backup",
    sqlite3.SQLITE_IOERR: "reading or writing it failed",
}


def explain(place: str, error: Exception) -> Exception:
    """A StoreError where somebody must act; a bug stays what it is."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if not isinstance(error, sqlite3.DatabaseError) or code not in _WORDS:
        return error
    if os.path.isdir(place):  # noqa: PTH112 - ":memory:" and others are no paths
        return StoreError(f"{place} is a folder; name a file in it, like {place.rstrip('/')}/monitor.db")
    return StoreError(f"{place}: {_WORDS[code]} ({error})")
