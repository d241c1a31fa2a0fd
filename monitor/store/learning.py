"""What a source says on many of its pages: paragraphs and headlines, counted by hash, not judged."""

from collections.abc import Collection
from datetime import datetime

from monitor.model import Echoes
from monitor.store.rows import NUMBERS, Connection, micros

__all__ = ["echoes", "learn", "note_headlines"]

# An article that is read again does not echo itself.
ECHOES = """
select asked.value as hash, count(*) as number
from json_each(:hashes) as asked
join passages on passages.source = :source and passages.hash = asked.value
join articles on articles.id = passages.article
where articles.url != :url
group by asked.value
"""

TEASERS = """
select asked.value as hash
from json_each(:hashes) as asked
join headlines on headlines.source = :source and headlines.hash = asked.value
"""

FORGET = "delete from passages where article = :article and source = :source"

LEARN = """
insert into passages (source, hash, article)
values (:source, :hash, :article)
on conflict do nothing
"""

NOTE = """
insert into headlines (source, hash, listed)
values (:source, :hash, :listed)
on conflict (source, hash) do update
set listed = :listed
where listed < :stale
"""

_DAY = 86_400_000_000  # microseconds: a headline's listing is noted once a day


def echoes(db: Connection, *, source: str, url: str, hashes: Collection[int]) -> Echoes:
    """Where else the source says what the article at `url` says."""
    asked = {"source": source, "url": url, "hashes": NUMBERS.dump_json(tuple(hashes)).decode()}
    return Echoes(
        counts={row["hash"]: row["number"] for row in db.execute(ECHOES, asked)},
        headlines=frozenset(row["hash"] for row in db.execute(TEASERS, asked)),
    )


def learn(db: Connection, *, source: str, article: int, hashes: Collection[int]) -> None:
    """Count an article's paragraphs, in place of those of its last reading."""
    db.execute(FORGET, {"source": source, "article": article})
    db.executemany(LEARN, [{"source": source, "hash": hash_, "article": article} for hash_ in hashes])


def note_headlines(db: Connection, *, source: str, hashes: Collection[int], now: datetime) -> None:
    """Remember the headlines that a source lists."""
    at = micros(now)
    db.executemany(
        NOTE, [{"source": source, "hash": hash_, "listed": at, "stale": at - _DAY} for hash_ in hashes]
    )
