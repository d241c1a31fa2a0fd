"""What was read, to be searched: the index is filled in the background, and finds candidates for the matcher.

An article that came, changed or went is `due` until the index knows it; meanwhile it is a candidate of every
query. So nothing is missed, however far behind the index is.
"""

import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor import matching  # it opens when an article is indexed or looked for, not with the store
from monitor.matching.wanted import Wanted, rights_of
from monitor.model import Article
from monitor.store import rows
from monitor.store.fts import fts_query
from monitor.store.rows import Connection, Row, micros

__all__ = ["NEWEST", "Page", "Sighted", "Slips", "candidates", "catch_up", "numbers", "renew", "sightings"]

BATCH = 25  # articles a transaction: a writer that waits does so for some 20 ms
LETTERS = 200_000  # and so many letters: one article may have more than all those

FORM_OF = "select form from archive_form"

RENEW_FORM = """
insert into archive_form (id, form)
values (1, :form)
on conflict (id) do update
set form = :form
"""

ALL_DUE = """
insert into archive_due (article)
select id from articles where id not in (select article from archive_due)
"""

DUE = """
select due.article as due, archive_texts.texts, articles.*
from (select article from archive_due order by article limit :limit) as due
left join archive_texts on archive_texts.article = due.article
left join articles on articles.id = due.article
"""

TAKE_BACK = """
insert into archive (archive, rowid, title, lead, body, caption, author, section, source, language)
values ('delete', :article, :title, :lead, :body, :caption, :author, :section, :source, :language)
"""

INDEX = """
insert into archive (rowid, title, lead, body, caption, author, section, source, language)
values (:article, :title, :lead, :body, :caption, :author, :section, :source, :language)
"""

KEEP_TEXTS = """
insert into archive_texts (article, texts)
values (:article, :texts)
on conflict (article) do update
set texts = :texts
"""

FORGET_TEXTS = "delete from archive_texts where article = :article"

DONE = "delete from archive_due where article = :article"

COLUMNS = ("title", "lead", "body", "caption", "author", "section", "source", "language")

# ---------------------------------------------------------------------------- asking

# Articles are numbered as they came in, so the newest have the highest numbers.
OLDEST = "select min(id) as id from articles where fetched >= :since"

FOUND = """
select articles.*
from archive
join articles on articles.id = archive.rowid
where archive match :query
  and archive.rowid < :before
  and archive.rowid >= :oldest
  and archive.rowid not in (select article from archive_due)
  and articles.fetched >= :since
order by archive.rowid desc
limit :limit
"""

UNKNOWN = """
select articles.*
from archive_due
join articles on articles.id = archive_due.article
where archive_due.article < :before
  and archive_due.article >= :oldest
  and articles.fetched >= :since
order by archive_due.article desc
limit :limit
"""

EVERYTHING = """
select *
from articles
where id < :before
  and id >= :oldest
  and fetched >= :since
order by id desc
limit :limit
"""

WORDS = """
select term
from archive_words
where term >= :low
  and term < :high
  and length(term) between :shortest and :longest
"""


NUMBERS = "select id from articles where fetched >= :since order by fetched, id"

SIGHTED = """
select articles.*,
       exists (
           select 1
           from article_sources
           join entries on entries.source = article_sources.source and entries.id = article_sources.entry
           where article_sources.article = articles.id
             and article_sources.seen = articles.fetched
             and entries.baseline
       ) as baseline
from articles
where id in (select value from json_each(:wanted))
order by fetched, id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """An article as it came in; `baseline`: it stood in its source at the first look."""

    article: Article
    baseline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Candidates, newest first; `rest` continues after them (0: there are no more)."""

    articles: tuple[Article, ...]
    rest: int


Slips = Callable[[set[bytes]], Mapping[str, Sequence[str]]]
"""Which of these words are misspellings of which right words (matching's own judgement)."""

NEWEST = sys.maxsize
"""The number before which the first page begins."""


def renew(db: Connection) -> None:
    """Make all articles due where the index is made of another normal form than this program's."""
    row = db.execute(FORM_OF).fetchone()
    if row is None or row["form"] != matching.INDEX_FORM:
        db.execute(ALL_DUE)
        db.execute(RENEW_FORM, {"form": matching.INDEX_FORM})


def catch_up(db: Connection, limit: int = BATCH) -> int:
    """Index some of the articles that are due: take back what was indexed, index what there is.

    How many are done; of long ones few, for whoever writes meanwhile waits.
    """
    due, letters = db.execute(DUE, {"limit": limit}).fetchall(), 0
    for done, row in enumerate(due):
        if letters > LETTERS:
            return done
        number = row["due"]
        if row["texts"] is not None:
            before = zlib.decompress(row["texts"]).decode().split("\n")
            db.execute(TAKE_BACK, {"article": number, **dict(zip(COLUMNS, before, strict=True))})
            db.execute(FORGET_TEXTS, {"article": number})
        if row["url"] is not None:
            texts = matching.indexed(rows.article(row))
            db.execute(INDEX, {"article": number, **dict(zip(COLUMNS, texts, strict=True))})
            letters += sum(map(len, texts))
            kept = zlib.compress("\n".join(texts).encode(), 1)
            db.execute(KEEP_TEXTS, {"article": number, "texts": kept})
        db.execute(DONE, {"article": number})
    return len(due)


def candidates(
    db: Connection, *, wanted: Wanted | None, slips: Slips, since: datetime, before: int, limit: int
) -> Page:
    """A page of candidates: those that the index finds, and those that it does not know yet."""
    oldest = db.execute(OLDEST, {"since": micros(since)}).fetchone()["id"]
    asked = {"since": micros(since), "oldest": oldest or 0, "before": before, "limit": limit}
    found = sorted(_found(db, wanted, slips, asked), key=lambda row: -row["id"])[:limit]
    rest = int(found[-1]["id"]) if len(found) == limit else 0
    return Page(articles=tuple(map(rows.article, found)), rest=rest)


def numbers(db: Connection, *, since: datetime) -> list[int]:
    """The numbers of the articles that came in since then, in the order of time."""
    return [row["id"] for row in db.execute(NUMBERS, {"since": micros(since)})]


def sightings(db: Connection, *, wanted: Sequence[int]) -> list[Sighted]:
    """The articles of these numbers, in the order of time."""
    asked = {"wanted": rows.NUMBERS.dump_json(tuple(wanted)).decode()}
    return [
        Sighted(article=rows.article(row), baseline=bool(row["baseline"]))
        for row in db.execute(SIGHTED, asked)
    ]


def _found(db: Connection, wanted: Wanted | None, slips: Slips, asked: Mapping[str, object]) -> Iterator[Row]:
    row = db.execute(FORM_OF).fetchone()
    if wanted is None or row is None or row["form"] != matching.INDEX_FORM:
        yield from db.execute(EVERYTHING, asked)
        return
    if query := fts_query(wanted, slips(set(_like(db, set(rights_of(wanted)))))):
        yield from db.execute(FOUND, {**asked, "query": query})
    yield from db.execute(UNKNOWN, asked)


def _like(db: Connection, rights: set[str]) -> Iterator[bytes]:
    """The archive's words that begin like these and are about as long."""
    for right in rights:
        first, size = right[0], len(right)
        asked = {"low": first, "high": chr(ord(first) + 1), "shortest": size - 1, "longest": size + 1}
        for found in db.execute(WORDS, asked):
            yield found["term"].encode()
