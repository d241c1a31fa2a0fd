"""Silences that people add while the daemon runs; the judge sees them in the transaction it decides in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from monitor.model import Silence
from monitor.store import rows
from monitor.store.rows import Connection, Row, micros, moment, moment_or_none

__all__ = ["add", "end", "everything", "in_force"]

ADD = """
insert into silences (about, until, why, by, made)
values (:about, :until, :why, :by, :made)
"""

IN_FORCE = """
select *
from silences
where until > :now
  and ended is null
order by id
"""

EVERYTHING = "select * from silences order by id"

END = """
update silences
set ended = :now
where id = :number
  and until > :now
  and ended is null
"""


def add(db: Connection, *, silence: Silence, now: datetime) -> Silence:
    """Put a silence in force from now on; the same with its number."""
    made = db.execute(
        ADD,
        {
            "about": rows.ABOUT.dump_json(dict(silence.about)).decode(),
            "until": micros(silence.until),
            "why": silence.why,
            "by": silence.by,
            "made": micros(now),
        },
    )
    return replace(silence, number=made.lastrowid or 0, made=now)


def end(db: Connection, *, number: int, now: datetime) -> bool:
    """End a silence before its time; False where none of this number is in force."""
    return db.execute(END, {"number": number, "now": micros(now)}).rowcount == 1


def in_force(db: Connection, now: datetime) -> Iterator[Silence]:
    """The silences that hold at a moment, oldest first."""
    yield from map(_silence, db.execute(IN_FORCE, {"now": micros(now)}))


def everything(db: Connection) -> list[Silence]:
    """Every silence there ever was, oldest first."""
    return [_silence(row) for row in db.execute(EVERYTHING)]


def _silence(row: Row) -> Silence:
    return Silence(
        number=row["id"],
        about=rows.ABOUT.validate_json(row["about"]),
        until=moment(row["until"]),
        why=row["why"],
        by=row["by"],
        made=moment(row["made"]),
        ended=moment_or_none(row["ended"]),
    )
