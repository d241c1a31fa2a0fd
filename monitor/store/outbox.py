"""The outbox: rows are opened with what they carry, claimed, frozen, and settled to a known state."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import Alert, Census, Dispatch, Kind, OutboxClaim, RowState
from monitor.store import rows
from monitor.store.base import Ending, OutboxRow
from monitor.store.rows import Connection, Row, micros, moment, moment_or_none, texts

__all__ = [
    "Frozen",
    "Term",
    "claim",
    "freeze",
    "hasten",
    "listing",
    "open_row",
    "open_rows",
    "retry",
    "settle",
    "take_back",
]

_RANK = {kind: rank for rank, kind in enumerate((Kind.DIGEST, Kind.UPDATE, Kind.CORRECTION, Kind.ALERT))}

# ---------------------------------------------------------------------------- opening

ROW_OF_KEY = "select id, state, kind, due, note, frozen from outbox where key = :key"

NEW_ROW = """
insert into outbox (key, channel, recipient, kind, thread, note, state, created, due)
values (:key, :channel, :recipient, :kind, :thread, :note, 'pending', :now, :due)
"""

JOIN_ROW = "update outbox set due = :due, kind = :kind, note = :note where id = :id"

CARRY = "insert into outbox_alerts (row, alert) values (:row, :alert) on conflict do nothing"


def open_row(
    db: Connection, dispatch: Dispatch, *, thread: str, alerts: Sequence[int], now: datetime
) -> None:
    """Open a row, or join the one of the same key while it waits; one on its way gets a successor."""
    key = dispatch.key
    row = db.execute(ROW_OF_KEY, {"key": key}).fetchone()
    while row is not None and (row["frozen"] is not None or row["state"] != RowState.PENDING):
        key = f"{key}+1"
        row = db.execute(ROW_OF_KEY, {"key": key}).fetchone()
    if row is None:
        number = _new_row(db, dispatch, key=key, thread=thread, now=now)
    else:
        number = int(row["id"])
        _join(db, row, dispatch)
    db.executemany(CARRY, [{"row": number, "alert": alert} for alert in alerts])


def _new_row(db: Connection, dispatch: Dispatch, *, key: str, thread: str, now: datetime) -> int:
    made = db.execute(
        NEW_ROW,
        {
            "key": key,
            "channel": dispatch.channel,
            "recipient": dispatch.recipient,
            "kind": dispatch.kind,
            "thread": dispatch.thread or thread,
            "note": dispatch.note,
            "now": micros(now),
            "due": micros(dispatch.due),
        },
    )
    return made.lastrowid or 0


def _join(db: Connection, row: Row, dispatch: Dispatch) -> None:
    """The earlier time holds, the stronger kind, and every line of the notes once."""
    kinds = Kind(row["kind"]), dispatch.kind
    lines = dict.fromkeys(line for note in (row["note"], dispatch.note) for line in note.splitlines() if line)
    db.execute(
        JOIN_ROW,
        {
            "id": row["id"],
            "due": min(row["due"], micros(dispatch.due)),
            "kind": max(kinds, key=lambda kind: _RANK.get(kind, 0)),
            "note": "\n".join(lines),
        },
    )


def open_rows(db: Connection, *, dispatches: Sequence[Dispatch], now: datetime) -> int:
    """Open rows that no article asks for; how many were not there yet."""
    fresh = [one for one in dispatches if db.execute(ROW_OF_KEY, {"key": one.key}).fetchone() is None]
    for dispatch in fresh:
        _new_row(db, dispatch, key=dispatch.key, thread=dispatch.key, now=now)
    return len(fresh)


# ---------------------------------------------------------------------------- claiming

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

CARRIED = """
select alerts.watchlist, alerts.rule, alerts.verdict, alerts.reason, alerts.raised, alerts.earlier,
       alerts.match, articles.*, stories.id as story_id, stories.title as story_title,
       stories.opened as story_opened, stories.touched as story_touched,
       stories.articles as story_articles, stories.sources as story_sources
from outbox_alerts
join alerts on alerts.id = outbox_alerts.alert
join articles on articles.id = alerts.article
join stories on stories.id = alerts.story
where outbox_alerts.row = :row
order by alerts.raised, alerts.id
"""

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
    """Who takes rows, when, and until when they are his."""

    now: datetime
    until: datetime
    owner: str


def claim(db: Connection, *, term: Term, limit: int, rooms: Mapping[str, int]) -> list[OutboxClaim]:
    """Take rows that are due, channels in turn, no more of a channel than it has room for."""
    now = micros(term.now)
    due: list[tuple[int, int, int]] = []
    for found in db.execute(WAITING_CHANNELS).fetchall():
        channel = found["channel"]
        asked = {"channel": channel, "now": now, "room": min(limit, rooms.get(channel, limit))}
        due += [(turn, row["due"], row["id"]) for turn, row in enumerate(db.execute(DUE_ROWS, asked))]
    taken = []
    for _, _, number in sorted(due)[:limit]:
        lease = {"id": number, "now": now, "until": micros(term.until), "owner": term.owner}
        taken.append(_claim(db, db.execute(TAKE_ROW, lease).fetchone(), term.now))
    return taken


def _claim(db: Connection, row: Row, now: datetime) -> OutboxClaim:
    whose = {name: row[name] for name in ("id", "thread", "channel", "recipient")}
    root = db.execute(THREAD_ROOT, whose).fetchone()
    return OutboxClaim(
        id=row["id"],
        key=row["key"],
        channel=row["channel"],
        recipient=row["recipient"],
        kind=Kind(row["kind"]),
        alerts=tuple(_carried(db, row["id"])),
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


def _carried(db: Connection, row: int) -> Iterator[Alert]:
    yield from map(rows.alert, db.execute(CARRIED, {"row": row}))


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


# ---------------------------------------------------------------------------- sending

FREEZE = """
update outbox
set parcel = :parcel,
    subject = :subject,
    message_id = :message_id,
    frozen = :now
where id = :id
  and fence = :fence
  and state = 'sending'
  and frozen is null
"""

# The bytes go once they are sent: nothing sends that row again.
SETTLE = """
update outbox
set state = :state,
    due = :due,
    lease_until = null,
    owner = '',
    uncertain = :uncertain and frozen is not null,
    last_code = :code,
    last_error = case when :state = 'sent' then '' else :words end,
    reply = case when :state = 'sent' then :words else reply end,
    sent = case when :state = 'sent' then :now end,
    parcel = case when :state = 'sent' then null else parcel end
where id = :id
  and fence = :fence
  and state = 'sending'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """The bytes of a row as they will be sent, and how people find them."""

    parcel: bytes
    subject: str
    message_id: str
    now: datetime


def freeze(db: Connection, *, claim: OutboxClaim, frozen: Frozen) -> bool:
    """Fix the bytes; False where the claim was lost or they are fixed already."""
    fixed = {
        "id": claim.id,
        "fence": claim.fence,
        "parcel": frozen.parcel,
        "subject": frozen.subject,
        "message_id": frozen.message_id,
        "now": micros(frozen.now),
    }
    return db.execute(FREEZE, fixed).rowcount == 1


def settle(db: Connection, *, claim: OutboxClaim, ending: Ending, now: datetime) -> bool:
    """End an attempt; False where the claim was lost."""
    ended = {
        "id": claim.id,
        "fence": claim.fence,
        "state": ending.state,
        "now": micros(now),
        "due": micros(ending.due or now),
        "code": ending.code,
        "words": ending.words,
        "uncertain": ending.uncertain,
    }
    return db.execute(SETTLE, ended).rowcount == 1


# A lease that ran out at once: the row is claimed as `uncertain` where its bytes may have left.
TAKE_BACK = "update outbox set lease_until = 0 where state = 'sending'"


def take_back(db: Connection) -> None:
    """Free the rows that a daemon that is gone had in hand."""
    db.execute(TAKE_BACK)


# ---------------------------------------------------------------------------- by hand

HASTEN = """
update outbox
set due = :now
where state = 'pending'
  and due > :now
  and attempts = 0
  and kind in ('alert', 'update', 'correction')
"""

RETRY = """
update outbox
set state = 'pending',
    due = :now,
    begun = null,
    attempts = 0
where id = :id
  and state in ('dead', 'expired')
"""

LISTING = """
select *
from outbox
where :states = '[]' or state in (select value from json_each(:states))
order by id desc
limit :limit
"""


def hasten(db: Connection, *, now: datetime) -> int:
    """Make every gathering alert due; one that failed keeps its backoff."""
    return db.execute(HASTEN, {"now": micros(now)}).rowcount


def retry(db: Connection, *, row: int, now: datetime) -> bool:
    """Make a dead or expired row pending again; its patience begins anew."""
    return db.execute(RETRY, {"id": row, "now": micros(now)}).rowcount == 1


def listing(db: Connection, *, states: Collection[RowState], limit: int) -> list[OutboxRow]:
    """Rows as people look at them, newest first."""
    return [_listed(row) for row in db.execute(LISTING, {"states": texts(tuple(states)), "limit": limit})]


def _listed(row: Row) -> OutboxRow:
    return OutboxRow(
        id=row["id"],
        key=row["key"],
        channel=row["channel"],
        recipient=row["recipient"],
        kind=Kind(row["kind"]),
        state=RowState(row["state"]),
        subject=row["subject"],
        message_id=row["message_id"],
        attempts=row["attempts"],
        created=moment(row["created"]),
        due=moment(row["due"]),
        sent=moment_or_none(row["sent"]),
        last_code=row["last_code"],
        last_error=row["last_error"],
        reply=row["reply"],
    )
