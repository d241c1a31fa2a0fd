"""What the store may forget: looked up beside the work, done in short steps between it.

Looking takes as long as it takes, on the reader; a step touches few rows, so that no article and no mail
waits for it. A step asks again whether each row may go: what changed since the look is left alone.
"""

from dataclasses import dataclass
from datetime import datetime

from monitor.store.base import Pruned
from monitor.store.rows import Connection, micros

__all__ = ["Before", "Old", "give_back", "look", "prune"]

STEP = 500  # rows of a kind in one step
MANY = 5000  # entries are small, and looking for them takes longest
RESERVE = 16 << 20  # bytes of free space in the file that are left for what comes
SLACK = 20  # and a twentieth of the file, so that it does not shrink and grow all day
PAGES = 500  # given back in one step

# What was told is not forgotten: an article that raised an alert keeps its address and title. What may
# still be sent, also by hand, keeps the text it is made of.
STILL_TO_SEND = """
select 1
from alerts
join outbox_alerts on outbox_alerts.alert = alerts.id
join outbox on outbox.id = outbox_alerts.row
where alerts.article = articles.id
  and (outbox.state in ('pending', 'sending')
       or outbox.state in ('dead', 'expired') and outbox.created >= :deliveries)
"""

TEXTS = f"""
select id
from articles
where fetched < :articles
  and (lead != '' or body != '' or caption != '' or furniture != '')
  and exists (select 1 from alerts where article = articles.id)
  and not exists ({STILL_TO_SEND})
limit :step
"""  # noqa: S608 - our own words

ARTICLES = """
select id
from articles
where fetched < :articles
  and not exists (select 1 from alerts where article = articles.id)
limit :step
"""

TRACES = """
select traces.article as id
from traces
join articles on articles.id = traces.article
where articles.fetched < :articles
limit :step
"""

REVISIONS = "select id from revisions where until < :articles limit :step"

VISITS = "select id from visits where article is null and at < :articles limit :step"

HEADLINES = "select source, hash from headlines where listed < :articles limit :many"

STORIES = """
select id
from stories
where touched < :articles
  and not exists (select 1 from articles where story = stories.id)
  and not exists (select 1 from alerts where story = stories.id)
limit :step
"""

# An entry comes back as long as its feed lists it: the newest two lengths of a feed stay, whatever their age,
# and all that was listed in the last 90 days of polling, however briefly articles are kept.
ENTRIES = """
select source, id
from (
    select entries.source, entries.id, entries.entry, entries.listed,
           row_number() over (partition by entries.source order by entries.listed desc) as place,
           2 * coalesce(sources.state ->> '$.length', 0) as kept
    from entries
    left join sources on sources.id = entries.source
)
where place > kept
  and entry is null
  and listed < min(:articles, (select max(listed) from entries) - 7776000000000)
limit :many
"""

ROWS = """
select id
from outbox
where created < :deliveries
  and state in ('sent', 'dead', 'expired')
  and (subject != '' or parcel is not null)
limit :step
"""

BLANK_TEXT = f"""
update articles
set lead = '', body = '', caption = '', furniture = '', byline = '', section = ''
where id = :id
  and not exists ({STILL_TO_SEND})
"""  # noqa: S608 - our own words

FORGET_ARTICLE = """
delete from articles
where id = :id
  and not exists (select 1 from alerts where article = articles.id)
"""

FORGET_TRACE = "delete from traces where article = :id"

FORGET_REVISION = "delete from revisions where id = :id"

FORGET_VISIT = "delete from visits where id = :id and article is null"

FORGET_HEADLINE = "delete from headlines where source = :source and hash = :hash and listed < :articles"

FORGET_STORY = """
delete from stories
where id = :id
  and not exists (select 1 from articles where story = stories.id)
  and not exists (select 1 from alerts where story = stories.id)
"""

FORGET_ENTRY = """
delete from entries
where source = :source
  and id = :id
  and entry is null
  and listed < :articles
"""

BLANK_ROW = """
update outbox
set subject = '', reply = '', last_error = '', note = '', parcel = null
where id = :id
  and state in ('sent', 'dead', 'expired')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is older may go."""

    articles: datetime
    deliveries: datetime

    def micros(self) -> dict[str, int]:
        """Both, as the statements ask for them."""
        return {"articles": micros(self.articles), "deliveries": micros(self.deliveries)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """Rows that may go, no more of a kind than fit a step; entries as (source, id)."""

    texts: tuple[int, ...]
    articles: tuple[int, ...]
    traces: tuple[int, ...]
    revisions: tuple[int, ...]
    visits: tuple[int, ...]
    headlines: tuple[tuple[str, int], ...]
    stories: tuple[str, ...]
    entries: tuple[tuple[str, str], ...]
    rows: tuple[int, ...]


def look(db: Connection, *, before: Before) -> Old:
    """What may go first."""
    asked = {**before.micros(), "step": STEP, "many": MANY}
    texts, articles, traces, revisions, visits, stories, rows = (
        tuple(row["id"] for row in db.execute(statement, asked))
        for statement in (TEXTS, ARTICLES, TRACES, REVISIONS, VISITS, STORIES, ROWS)
    )
    return Old(
        texts=texts,
        articles=articles,
        traces=traces,
        revisions=revisions,
        visits=visits,
        headlines=tuple((row["source"], row["hash"]) for row in db.execute(HEADLINES, asked)),
        stories=stories,
        entries=tuple((row["source"], row["id"]) for row in db.execute(ENTRIES, asked)),
        rows=rows,
    )


def prune(db: Connection, *, old: Old, before: Before) -> Pruned:
    """Forget these; never what is undelivered, never that it was seen or told."""
    moments = before.micros()

    def each(statement: str, ids: tuple[int, ...] | tuple[str, ...]) -> int:
        return sum(db.execute(statement, {"id": id_, **moments}).rowcount for id_ in ids)

    articles = each(BLANK_TEXT, old.texts) + each(FORGET_ARTICLE, old.articles)
    others = each(FORGET_TRACE, old.traces) + each(FORGET_STORY, old.stories)
    others += each(FORGET_REVISION, old.revisions) + each(FORGET_VISIT, old.visits)
    for source, hash_ in old.headlines:
        others += db.execute(FORGET_HEADLINE, {"source": source, "hash": hash_, **moments}).rowcount
    for source, id_ in old.entries:
        others += db.execute(FORGET_ENTRY, {"source": source, "id": id_, **moments}).rowcount
    deliveries = each(BLANK_ROW, old.rows)
    return Pruned(articles=articles, deliveries=deliveries, more=articles + others + deliveries > 0)


def give_back(db: Connection) -> bool:
    """Give some of the file's free pages back to the disk; whether there are more to give."""
    size, pages, free = (
        int(db.execute(f"pragma {name}").fetchone()[0])
        for name in ("page_size", "page_count", "freelist_count")
    )
    spare = free - max(RESERVE // size, pages // SLACK)
    if spare <= 0 or db.execute("pragma auto_vacuum").fetchone()[0] != 2:
        return False
    for _ in range(min(spare, PAGES)):  # the driver steps the pragma once, and a step gives one page
        db.execute("pragma incremental_vacuum(1)")
    return spare > PAGES
