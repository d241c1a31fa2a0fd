"""The way of one article as the store remembers it: listed, visited, read, in a story, raised, told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.model import Alert, Article, FeedEntry, Origin, Story, Trace
from monitor.store import outbox, rows, visits
from monitor.store.base import OutboxRow
from monitor.store.rows import Connection, moment, texts
from monitor.store.visits import Visited

__all__ = [
    "Kin",
    "Listed",
    "Way",
    "articles_named",
    "articles_of",
    "beside",
    "entries_named",
    "unread",
    "way",
]

NAMED = """
select id as article from articles where url in (select value from json_each(:names))
union
select id from articles where link in (select value from json_each(:names))
union
select article from visits where name in (select value from json_each(:names)) and article is not null
union
select article_sources.article
from entries
join article_sources on article_sources.source = entries.source and article_sources.entry = entries.id
where entries.url in (select value from json_each(:names))
order by 1
"""

LISTED_AS = """
select source, id from entries where url in (select value from json_each(:names))
union
select source, entry from visits where name in (select value from json_each(:names))
"""

WAITING = "select source, id, url from entries where entry is not null"

OF_STORY = """
select id as article
from articles
where story in (select coalesce(merged, id) from stories where id = :name)
order by id
"""

OF_ALERT = "select article from alerts where id = :name"

OF_ROW = """
select distinct alerts.article
from outbox
join outbox_alerts on outbox_alerts.row = outbox.id
join alerts on alerts.id = outbox_alerts.alert
where outbox.id = :name
   or outbox.key = :name
   or outbox.message_id in (:name, '<' || :name || '>')
order by 1
"""

ROW_KNOWN = """
select 1
from outbox
where id = :name
   or key = :name
   or message_id in (:name, '<' || :name || '>')
"""

# Addresses of one host, the newest first: `low` … `high` embrace them.
BESIDE = """
select url from (select id, url from articles where url >= :low and url < :high order by id desc limit 2000)
union
select url
from (select seen, url from entries where url >= :low and url < :high order by seen desc limit 2000)
"""

ARTICLE = "select * from articles where id = :article"

STORY = """
select stories.id as story_id, stories.title as story_title, stories.opened as story_opened,
       stories.touched as story_touched, stories.articles as story_articles,
       stories.sources as story_sources
from articles
join stories on stories.id = articles.story
where articles.id = :article
"""

ENTRIES = """
select article_sources.source, article_sources.entry, article_sources.seen, entries.url, entries.baseline,
       entries.revision, entries.entry as waiting, entries.due, entries.attempts, entries.lease_until
from article_sources
left join entries on entries.source = article_sources.source and entries.id = article_sources.entry
where article_sources.article = :article
order by article_sources.seen, article_sources.source
"""

ENTRY = """
select source, id as entry, seen, url, baseline, revision, entry as waiting, due, attempts, lease_until
from entries
where source = :source
  and id = :entry
"""

KIN = """
select articles.id, articles.url, articles.title, articles.origin, articles.fetched, traces.sketch
from articles
left join traces on traces.article = articles.id
where articles.story = (select story from articles where id = :article)
order by articles.fetched, articles.id
limit 200
"""

ALERTS = """
select alerts.id as number, alerts.watchlist, alerts.rule, alerts.verdict, alerts.reason, alerts.raised,
       alerts.earlier, alerts.match, articles.*, stories.id as story_id, stories.title as story_title,
       stories.opened as story_opened, stories.touched as story_touched,
       stories.articles as story_articles, stories.sources as story_sources,
       (select json_group_array(row) from outbox_alerts where alert = alerts.id) as told_by
from alerts
join articles on articles.id = alerts.article
join stories on stories.id = alerts.story
where alerts.article = :article
order by alerts.id
"""

ROWS = """
select *
from outbox
where id in (
    select outbox_alerts.row
    from outbox_alerts
    join alerts on alerts.id = outbox_alerts.alert
    where alerts.article = :article
)
order by id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry as a source listed it; `waiting` is its content until it has been read.

    `due` is when it is read next, `attempts` how often that was begun, `taken` whether somebody has it in
    hand. `url` is empty where the entry itself has been forgotten.
    """

    source: str
    entry: str
    seen: datetime
    url: str = ""
    baseline: bool = False
    revision: int = 0
    waiting: FeedEntry | None = None
    due: datetime | None = None
    attempts: int = 0
    taken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """An article of the same story, with its trace."""

    number: int
    url: str
    title: str
    origin: Origin
    fetched: datetime
    trace: Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """All that is remembered of an article; or, `article` None, of an entry that was not read yet.

    `alerts` have their ids, and those of the outbox rows that carry them.
    """

    number: int = 0
    article: Article | None = None
    entries: tuple[Listed, ...] = ()
    visits: tuple[Visited, ...] = ()
    story: Story | None = None
    kin: tuple[Kin, ...] = ()
    alerts: tuple[tuple[int, Alert, tuple[int, ...]], ...] = ()
    rows: tuple[OutboxRow, ...] = ()


# ---------------------------------------------------------------------------- finding


def articles_named(db: Connection, names: Sequence[str]) -> list[int]:
    """The articles of which one of these is an address: their own, the one to open, an entry's."""
    return [row["article"] for row in db.execute(NAMED, {"names": texts(names)})]


def entries_named(db: Connection, names: Sequence[str]) -> list[tuple[str, str]]:
    """The entries, as (source, id), of which one of these is the address."""
    return [(row["source"], row["id"]) for row in db.execute(LISTED_AS, {"names": texts(names)})]


def unread(db: Connection) -> list[tuple[str, str, str]]:
    """The entries that wait to be read, as (source, id, address)."""
    return [(row["source"], row["id"], row["url"]) for row in db.execute(WAITING)]


def articles_of(db: Connection, kind: str, name: str) -> list[int] | None:
    """The articles of a story, an alert or an outbox row; None where there is no such thing."""
    statement = {"story": OF_STORY, "alert": OF_ALERT, "row": OF_ROW}[kind]
    found = [row["article"] for row in db.execute(statement, {"name": name})]
    if not found and kind == "row" and db.execute(ROW_KNOWN, {"name": name}).fetchone():
        return []
    return found or None


def beside(db: Connection, starts: Sequence[str]) -> list[str]:
    """Known addresses that begin like one of these, which end with a slash."""
    return [
        row["url"] for start in starts for row in db.execute(BESIDE, {"low": start, "high": f"{start[:-1]}0"})
    ]


# ---------------------------------------------------------------------------- telling


def way(db: Connection, *, article: int = 0, entry: tuple[str, str] = ("", "")) -> Way:
    """The way of an article, or of an entry that was not read."""
    if not article:
        asked = {"source": entry[0], "entry": entry[1]}
        return Way(entries=tuple(_entries(db, ENTRY, asked)), visits=tuple(visits.of_entry(db, *entry)))
    number = {"article": article}
    story = db.execute(STORY, number).fetchone()
    return Way(
        number=article,
        article=rows.article(db.execute(ARTICLE, number).fetchone()),
        entries=tuple(_entries(db, ENTRIES, number)),
        visits=tuple(visits.of_article(db, article)),
        story=rows.story(story),
        kin=tuple(_kin(db, number)),
        alerts=tuple(
            (row["number"], rows.alert(row), rows.NUMBERS.validate_json(row["told_by"]))
            for row in db.execute(ALERTS, number)
        ),
        rows=tuple(map(outbox.listed, db.execute(ROWS, number))),
    )


def _entries(db: Connection, statement: str, asked: Mapping[str, object]) -> Iterator[Listed]:
    for row in db.execute(statement, asked):
        if row["url"] is None:
            yield Listed(source=row["source"], entry=row["entry"], seen=moment(row["seen"]))
            continue
        yield Listed(
            source=row["source"],
            entry=row["entry"],
            seen=moment(row["seen"]),
            url=row["url"],
            baseline=bool(row["baseline"]),
            revision=row["revision"],
            waiting=None if row["waiting"] is None else rows.ENTRY.validate_json(row["waiting"]),
            due=moment(row["due"]),
            attempts=row["attempts"],
            taken=row["lease_until"] is not None,
        )


def _kin(db: Connection, number: dict[str, int]) -> Iterator[Kin]:
    for row in db.execute(KIN, number):
        yield Kin(
            number=row["id"],
            url=row["url"],
            title=row["title"],
            origin=rows.ORIGIN.validate_json(row["origin"]),
            fetched=moment(row["fetched"]),
            trace=Trace(sketch=row["sketch"] or b""),
        )
