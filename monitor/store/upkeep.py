"""The store as a whole: how much it holds, how long messages wait, whether it can be written to."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from shutil import disk_usage

from monitor.model import RowState
from monitor.store.rows import Connection, micros

__all__ = ["beat", "counts", "sizes", "turn_back", "waited"]

COUNTS = """
select 'sources' as name, count(*) as number from sources where configured
union all
select 'sources_failing', count(*) from sources where configured and state ->> '$.failures' > 0
union all
select 'entries_waiting', count(*) from entries where entry is not null
union all
select 'articles', count(*) from articles
union all
select 'articles_to_index', count(*) from archive_due
union all
select 'stories', count(*) from stories where merged is null
union all
select 'alerts', count(*) from alerts
"""

OUTBOX_COUNTS = "select state, count(*) as number from outbox group by state"

# A message that gathers reports or waits for its digest is not late; one whose attempt failed is.
OLDEST_WAITING = """
select min(coalesce(begun, due)) as since
from outbox
where state in ('pending', 'sending')
  and (begun is not null or due <= :now)
"""

TURN_BACK = (
    "update sources set due = due - :by, lease_until = lease_until - :by",
    "update entries set due = due - :by, lease_until = lease_until - :by where entry is not null",
    """
    update outbox
    set lease_until = lease_until - :by,
        begun = begun - :by,
        due = case when attempts > 0 or kind in ('alert', 'update', 'correction') then due - :by else due end
    where state in ('pending', 'sending')
    """,
)

BEAT = "insert into pulse (id, at) values (1, 1) on conflict (id) do update set at = at + 1"


def counts(db: Connection) -> Mapping[str, int]:
    """Sizes by name."""
    found = {row["name"]: row["number"] for row in db.execute(COUNTS)}
    states = {row["state"]: row["number"] for row in db.execute(OUTBOX_COUNTS)}
    return found | {f"outbox_{state}": states.get(state, 0) for state in RowState}


def beat(db: Connection) -> None:
    """Write something small."""
    db.execute(BEAT)


def waited(db: Connection, *, now: datetime) -> timedelta:
    """Since when the oldest row that could go has not gone."""
    since = db.execute(OLDEST_WAITING, {"now": micros(now)}).fetchone()["since"]
    return timedelta(0) if since is None else max(timedelta(0), timedelta(microseconds=micros(now) - since))


def sizes(db: Connection, *, path: Path | None) -> Mapping[str, int]:
    """Bytes by what they are."""
    page, pages, free = (
        int(db.execute(f"pragma {name}").fetchone()[0])
        for name in ("page_size", "page_count", "freelist_count")
    )
    found = {"used": page * (pages - free), "free": page * free}
    if path is None:
        return found
    log = path.with_name(f"{path.name}-wal")
    return found | {"log": log.stat().st_size if log.exists() else 0, "disk": disk_usage(path.parent).free}


def free_percentage(path: Path) -> float | None:
    """What is free, for us, of the disk that a file is on; None where it cannot be told."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return None
    return 100 * disk.f_bavail / disk.f_blocks if disk.f_blocks else None


def turn_back(db: Connection, *, by: timedelta) -> None:
    """Shift what is due after a wait."""
    for statement in TURN_BACK:
        db.execute(statement, {"by": by // timedelta(microseconds=1)})
