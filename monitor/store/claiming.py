"""The outbox's claims: which rows are due, and everything that composing and sending one needs."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import Alert, Census, Kind, OutboxClaim
from monitor.store import rows
from monitor.store.rows import Connection, Row, micros, moment, numbers

__all__ = ["CENSUS", "VERDICTS", "Term", "claim"]

WAITING_CHANNELS = """
select distinct channel
from outbox
where state in ('pending', 'sending')
"""

DUE_ROWS = """
select id, due
from outbox
where channel = :channel
  and state in ('pending', 'sending')
  and (state = 'pending' and due <= :now or state = 'sending' and lease_until <= :now)
  and id not in (select value from json_each(:held))
order by due, id
limit :room
"""

TAKE_ROW = """
update outbox
set state = 'sending',
    lease_until = :until,
    owner = :owner,
    fence = fence + 1,
    attempts = attempts + 1,
    begun = coalesce(begun, :now),
    uncertain = uncertain or (state = 'sending' and frozen is not null)
where id = :id
returning *
"""

CARRIED_BY_ROW = """
select alerts.id
from outbox_alerts
join alerts on alerts.id = outbox_alerts.alert
where outbox_alerts.row = :row
order by alerts.raised, alerts.id
"""

CARRIED = """
select alerts.watchlist, alerts.rule, alerts.verdict, alerts.reason, alerts.raised, alerts.earlier,
       alerts.match, articles.*, stories.id as story_id, stories.title as story_title,
       stories.opened as story_opened, stories.touched as story_touched,
       stories.articles as story_articles, stories.sources as story_sources
from alerts
join articles on articles.id = alerts.article
join stories on stories.id = alerts.story
where alerts.id = :alert
"""

TALKS = frozenset({Kind.ALERT, Kind.UPDATE, Kind.CORRECTION})
"""Mails that belong to a conversation; a digest or a health mail answers none before it."""

THREAD_ROOT = """
select key
from outbox
where thread = :thread
  and channel = :channel
  and recipient = :recipient
  and frozen is not null
  and id != :id
order by frozen, id
limit 1
"""

DIGEST_BEFORE = """
select max(frozen) as frozen
from outbox
where thread = :thread
  and channel = :channel
  and recipient = :recipient
  and id != :id
"""

CENSUS = """
select (select count(*) from articles where fetched >= :since) as articles,
       (select count(*) from sources where configured) as sources,
       (select count(*) from sources where configured and state ->> '$.failures' > 0) as silent
"""

VERDICTS = "select verdict, count(*) as number from alerts where raised >= :since group by verdict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Who takes rows, when, and until when they are his; `held` are those he is not to be given again."""

    now: datetime
    until: datetime
    owner: str
    held: Collection[int] = ()


def claim(db: Connection, *, term: Term, limit: int, rooms: Mapping[str, int]) -> list[OutboxClaim]:
    """Take rows that are due, channels in turn, no more of a channel than it has room for."""
    now, held = micros(term.now), numbers(term.held)
    due: list[tuple[int, int, int]] = []
    for found in db.execute(WAITING_CHANNELS).fetchall():
        channel = found["channel"]
        room = min(limit, rooms.get(channel, limit))
        asked = {"channel": channel, "now": now, "room": room, "held": held}
        due += [(turn, row["due"], row["id"]) for turn, row in enumerate(db.execute(DUE_ROWS, asked))]
    taken, known = [], dict[int, Alert]()
    for _, _, number in sorted(due)[:limit]:
        lease = {"id": number, "now": now, "until": micros(term.until), "owner": term.owner}
        taken.append(_claim(db, db.execute(TAKE_ROW, lease).fetchone(), term.now, known))
    return taken


def _claim(db: Connection, row: Row, now: datetime, known: dict[int, Alert]) -> OutboxClaim:
    whose = {name: row[name] for name in ("id", "thread", "channel", "recipient")}
    root = db.execute(THREAD_ROOT, whose).fetchone() if row["kind"] in TALKS else None
    return OutboxClaim(
        id=row["id"],
        key=row["key"],
        channel=row["channel"],
        recipient=row["recipient"],
        kind=Kind(row["kind"]),
        alerts=tuple(_carried(db, row["id"], known)),
        frozen=row["parcel"],
        message_id=row["message_id"],
        attempts=row["attempts"],
        created=moment(row["created"]),
        begun=moment(row["begun"]),
        fence=row["fence"],
        thread=root["key"] if root else "",
        uncertain=bool(row["uncertain"]),
        note=row["note"],
        about=row["thread"],
        census=_census(db, row, whose, now) if row["kind"] == Kind.DIGEST else None,
    )


def _carried(db: Connection, row: int, known: dict[int, Alert]) -> Iterator[Alert]:
    """The alerts of a row; each is read once, for the digests of all readers carry the same."""
    for found in db.execute(CARRIED_BY_ROW, {"row": row}).fetchall():
        number = found["id"]
        if number not in known:
            known[number] = rows.alert(db.execute(CARRIED, {"alert": number}).fetchone())
        yield known[number]


def _census(db: Connection, row: Row, whose: Mapping[str, object], now: datetime) -> Census:
    """What happened since the digest before, or in the day before this one was opened."""
    before = db.execute(DIGEST_BEFORE, whose).fetchone()["frozen"]
    since = moment(before) if before is not None else moment(row["created"]) - timedelta(days=1)
    asked = {"since": micros(min(since, now))}
    counts = db.execute(CENSUS, asked).fetchone()
    return Census(
        since=since,
        articles=counts["articles"],
        sources=counts["sources"],
        silent=counts["silent"],
        verdicts={found["verdict"]: found["number"] for found in db.execute(VERDICTS, asked)},
    )
