"""The store as a whole: how much it holds, what it may forget, whether it can be written to."""

from collections.abc import Mapping
from datetime import datetime

from monitor.model import RowState
from monitor.store.base import Pruned
from monitor.store.rows import Connection, micros

__all__ = ["beat", "counts", "prune"]

COUNTS = """
select 'sources' as name, count(*) as number from sources where configured
union all
select 'sources_failing', count(*) from sources where configured and state ->> '$.failures' > 0
union all
select 'entries_waiting', count(*) from entries where entry is not null
union all
select 'articles', count(*) from articles
union all
select 'stories', count(*) from stories where merged is null
union all
select 'alerts', count(*) from alerts
"""

OUTBOX_COUNTS = "select state, count(*) as number from outbox group by state"

BEAT = "insert into pulse (id, at) values (1, 1) on conflict (id) do update set at = at + 1"

# What was told is not forgotten: an article that raised an alert keeps its address and title.
BLANK_ARTICLES = """
update articles
set lead = '', body = '', caption = '', furniture = '', byline = '', section = ''
where fetched < :before
  and (lead != '' or body != '' or caption != '' or furniture != '')
  and id in (select article from alerts)
  and id not in (
      select alerts.article
      from outbox
      join outbox_alerts on outbox_alerts.row = outbox.id
      join alerts on alerts.id = outbox_alerts.alert
      where outbox.state in ('pending', 'sending')
  )
"""

FORGET_ARTICLES = """
delete from articles
where fetched < :before
  and id not in (select article from alerts)
"""

FORGET_TRACES = "delete from traces where article in (select id from articles where fetched < :before)"

FORGET_STORIES = """
delete from stories
where touched < :before
  and id not in (select story from articles)
  and id not in (select story from alerts)
"""

# An entry comes back as long as its feed lists it: the newest two lengths of a feed stay, whatever their age.
FORGET_ENTRIES = """
delete from entries
where entry is null
  and listed < :before
  and (source, id) in (
      select source, id
      from (
          select entries.source, entries.id,
                 row_number() over (partition by entries.source order by listed desc) as place,
                 2 * coalesce(sources.state ->> '$.length', 0) as kept
          from entries
          left join sources on sources.id = entries.source
      )
      where place > kept
  )
"""

BLANK_ROWS = """
update outbox
set subject = '', reply = '', last_error = '', note = '', parcel = null
where created < :before
  and state in ('sent', 'dead', 'expired')
  and (subject != '' or parcel is not null)
"""


def counts(db: Connection) -> Mapping[str, int]:
    """Sizes by name."""
    found = {row["name"]: row["number"] for row in db.execute(COUNTS)}
    states = {row["state"]: row["number"] for row in db.execute(OUTBOX_COUNTS)}
    return found | {f"outbox_{state}": states.get(state, 0) for state in RowState}


def beat(db: Connection) -> None:
    """Write something small."""
    db.execute(BEAT)


def prune(db: Connection, *, articles_before: datetime, deliveries_before: datetime) -> Pruned:
    """Forget text that is old, and what was sent long ago; never that it was seen or told."""
    before = {"before": micros(articles_before)}
    articles = sum(db.execute(statement, before).rowcount for statement in (BLANK_ARTICLES, FORGET_ARTICLES))
    for statement in (FORGET_TRACES, FORGET_STORIES, FORGET_ENTRIES):
        db.execute(statement, before)
    deliveries = db.execute(BLANK_ROWS, {"before": micros(deliveries_before)}).rowcount
    return Pruned(articles=articles, deliveries=deliveries)
