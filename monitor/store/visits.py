"""Every try to read an entry's page, and how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from monitor.model import EntryClaim, Visit
from monitor.store.rows import Connection, micros, moment_or_none

__all__ = ["Visited", "of_article", "of_entry", "save"]

VISIT = TypeAdapter(Visit)

SAVE = """
insert into visits (source, entry, at, attempt, name, visit, put_off, article)
values (:source, :entry, :at, :attempt, :name, :visit, :put_off, :article)
"""

OF_ARTICLE = """
select source, attempt, visit, put_off
from visits
where (source, entry) in (select source, entry from article_sources where article = :article)
order by id
"""

OF_ENTRY = """
select source, attempt, visit, put_off
from visits
where source = :source
  and entry = :entry
order by id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """A visit for a source's entry; `put_off` is when the next try was due (None: it was the last)."""

    source: str
    attempt: int
    visit: Visit
    put_off: datetime | None


def save(
    db: Connection,
    claim: EntryClaim,
    visit: Visit,
    *,
    put_off: datetime | None = None,
    article: int | None = None,
) -> None:
    """Remember a visit."""
    db.execute(
        SAVE,
        {
            "source": claim.source,
            "entry": claim.entry.id,
            "at": micros(visit.at),
            "attempt": claim.attempts,
            "name": visit.name,
            "visit": VISIT.dump_json(visit).decode(),
            "put_off": None if put_off is None else micros(put_off),
            "article": article,
        },
    )


def of_article(db: Connection, article: int) -> Iterator[Visited]:
    """The visits that led to an article, by whichever sources, in order."""
    yield from _visited(db, OF_ARTICLE, {"article": article})


def of_entry(db: Connection, source: str, entry: str) -> Iterator[Visited]:
    """The visits for one entry, in order."""
    yield from _visited(db, OF_ENTRY, {"source": source, "entry": entry})


def _visited(db: Connection, statement: str, asked: dict[str, object]) -> Iterator[Visited]:
    for row in db.execute(statement, asked):
        yield Visited(
            source=row["source"],
            attempt=row["attempt"],
            visit=VISIT.validate_json(row["visit"]),
            put_off=moment_or_none(row["put_off"]),
        )
