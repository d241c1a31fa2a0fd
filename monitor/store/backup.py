"""Backup of the whole memory while the daemon runs, and its restore while it does not.

A backup is one file that was checked. What was under way in it may have been sent since, and what its
sources have listed since may have been told: after a restore both are held, so that nobody is told twice.
"""

import os
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from monitor.errors import StoreError
from monitor.store import connection
from monitor.store.holding import Holding
from monitor.store.migrating import migrate
from monitor.store.outbox import HELD
from monitor.store.rows import Connection, micros, moment_or_none
from monitor.store.url import database_file

__all__ = ["Backup", "Restored", "backup", "restore"]

STEP = 4000  # pages that are copied between two signs of progress
MAGIC = b"SQLite format 3\0"

CONTENTS = """
select (select count(*) from articles) as articles,
       (select count(*) from alerts) as alerts,
       (select count(*) from outbox where state in ('pending', 'sending')) as undelivered,
       max(coalesce((select max(seen) from entries), 0),
           coalesce((select max(raised) from alerts), 0),
           coalesce((select max(sent) from outbox), 0)) as newest
"""

# A digest or a gathering that is not due yet cannot have been sent.
HOLD_ROWS = """
update outbox
set state = 'expired',
    lease_until = null,
    owner = '',
    last_error = :words
where state in ('pending', 'sending')
  and (begun is not null or due <= :until)
"""

HOLD_ENTRIES = "update entries set held = 1 where entry is not null"

REMEMBER = """
insert into restored (id, told_until)
values (1, :until)
on conflict (id) do update
set told_until = max(told_until, :until)
"""

HOLD_NEWS = "update sources set told_until = :until, lease_until = null"

Progress = Callable[[int, int], None]
"""Called with the pages that are copied and all there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds; `newest` is the last thing it knows of (None: it is empty)."""

    path: Path
    size: int
    articles: int
    alerts: int
    undelivered: int
    newest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did: how many messages it held, and where what was there before lies now."""

    backup: Backup
    held: int
    aside: Path | None


def backup(url: str, target: Path, *, progress: Progress) -> Backup:
    """Copy the memory to a file, beside a daemon that may be running; the copy is checked, then put in place.

    It is of one moment, however long the copying takes; writers are not kept waiting. A file of the same
    name is replaced where it is a database and not the one in use. StoreError says why it cannot be.
    """
    source = _file(url)
    if not source.exists():
        raise StoreError(f"nothing is stored at {source} yet; start the daemon first: monitor run")
    if target.exists():
        if target.samefile(source):
            raise StoreError(f"{target} is the database in use; name another file")
        if not _is_database(target):
            raise StoreError(f"{target} exists and is no database; it is left as it is")
    part = target.with_name(f"{target.name}.part")
    try:
        found = _copied(source, part, progress)
        part.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return Backup(path=target, size=target.stat().st_size, **found)


def restore(url: str, source: Path, *, told_until: datetime, now: datetime, progress: Progress) -> Restored:
    """Put a backup in the place of the memory; what was there is kept beside it. No daemon may run.

    Held are messages under way, entries not yet read, and what each source's first good poll brings that
    was published up to `told_until`, or without a date: their rows open as expired, to be sent by hand.
    """
    place = _file(url)
    if not source.exists():
        raise StoreError(f"{source} does not exist")
    if not _is_database(source):
        raise StoreError(f"{source} is no backup: it is no SQLite database")
    if place.exists() and place.samefile(source):
        raise StoreError(f"{source} is the database in use; name a backup")
    part = place.with_name(f"{place.name}.part")
    with closing(Holding.take(place)) as holding:
        if not holding.receipts.hold():
            raise StoreError(
                "mail of a daemon that was killed is with its servers right now; try again in half a minute"
            )
        try:
            found = _copied(source, part, progress)
            held = _hold(part, told_until)
            aside = _put(part, place, now)
            holding.receipts.clear()  # they are about the messages of the memory that is gone
        except OSError as error:
            raise StoreError(f"{place} cannot be written: {error.strerror}") from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    size = source.stat().st_size
    return Restored(backup=Backup(path=source, size=size, **found), held=held, aside=aside)


def _file(url: str) -> Path:
    path = database_file(url)
    if path is None:
        raise StoreError("storage is in memory; there is nothing to back up or restore")
    return path


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error


def _copied(source: Path, part: Path, progress: Progress) -> dict[str, Any]:
    """Copy a database into a file of its own, check the copy, tell what it holds."""
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)  # it holds mails: as closed as the database should be
    with connection.explained(str(source)), closing(connection.look(source)) as looking:
        connection.check_ours(looking, source)
        words = f"copying {source} to {part}"
        with connection.explained(words), closing(connection.alone(part)) as copy:
            looking.execute("begin")  # one snapshot, so that a writer does not make it start again
            looking.execute("select 1 from sqlite_schema").fetchone()
            looking.backup(
                copy, pages=STEP, progress=lambda _, left, all_: progress(all_ - left, all_), sleep=0
            )
            looking.execute("rollback")
            copy.execute("pragma journal_mode = delete")  # one file, without a log beside it
            connection.check_whole(copy, source)
            found = dict(copy.execute(CONTENTS).fetchone())
    _sync(part)
    newest = found.pop("newest")
    return {**found, "newest": moment_or_none(newest or None)}


def _hold(part: Path, told_until: datetime) -> int:
    """Bring the copy to our version and hold what may have been told; how many messages."""
    place = str(part)
    with connection.explained(place), closing(connection.alone(part)) as database:
        migrate(database, place)
        database.execute("begin immediate")
        held = hold(database, until=told_until)
        database.execute("commit")
        # A file that an early version made learns to give space back.
        database.execute("pragma auto_vacuum = incremental")
        database.execute("vacuum")
    _sync(part)
    return held


def hold(db: Connection, *, until: datetime) -> int:
    """Mark what may have been told since the backup."""
    db.execute(HOLD_ENTRIES)
    db.execute(HOLD_NEWS, {"until": micros(until)})
    db.execute(REMEMBER, {"until": micros(until)})
    return db.execute(HOLD_ROWS, {"until": micros(until), "words": HELD}).rowcount


def _put(part: Path, place: Path, now: datetime) -> Path | None:
    """Put the file in place; a crash at any point leaves a sound database there.

    The old one's log (it has one where its daemon was killed) goes aside first: beside the new file it
    would be taken for its own.
    """
    aside = _unused(place.with_name(f"{place.name}.before-{now:%Y%m%dT%H%M%S}")) if place.exists() else None
    if aside is not None:
        for suffix in ("-wal", "-shm"):
            beside = place.with_name(place.name + suffix)
            if beside.exists():
                beside.replace(aside.with_name(aside.name + suffix))
        os.link(place, aside)
    part.replace(place)
    _sync(place.parent)
    return aside


def _unused(path: Path) -> Path:
    """The path, or one with a number after it where there is such a file."""
    numbered = (path.with_name(f"{path.name}.{number}") for number in count(2))
    return path if not path.exists() else next(each for each in numbered if not each.exists())


def _sync(path: Path) -> None:
    """Let what was written to a file or folder survive a power cut."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
