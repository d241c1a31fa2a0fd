"""The outbox: rows are opened with what they carry, frozen, and settled to a known state.

How they are claimed is told in claiming.py.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.model import Dispatch, Kind, OutboxClaim, RowState
from monitor.receipts import Receipt
from monitor.store.base import Ending, OutboxRow
from monitor.store.rows import Connection, Row, micros, moment, moment_or_none, texts

__all__ = [
    "HELD",
    "Frozen",
    "Opening",
    "freeze",
    "hasten",
    "inherit",
    "listed",
    "listing",
    "open_row",
    "open_rows",
    "retry",
    "settle",
]

HELD = "held: it may have been sent before the restore; send it with `monitor outbox retry ID`"
"""Why a row is not sent by itself after a restore."""

_RANK = {kind: rank for rank, kind in enumerate((Kind.DIGEST, Kind.UPDATE, Kind.CORRECTION, Kind.ALERT))}

# ---------------------------------------------------------------------------- opening

ROW_OF_KEY = "select id, state, kind, due, note, frozen from outbox where key = :key"

NEW_ROW = """
insert into outbox (key, channel, recipient, kind, thread, note, state, created, due)
values (:key, :channel, :recipient, :kind, :thread, :note, 'pending', :now, :due)
"""

JOIN_ROW = "update outbox set due = :due, kind = :kind, note = :note where id = :id"

HOLD_ROW = "update outbox set state = 'expired', last_error = :words where id = :id"

CARRY = "insert into outbox_alerts (row, alert) values (:row, :alert) on conflict do nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a row is opened with; `held` says why it is not to be sent but by hand (empty: it is)."""

    thread: str
    alerts: tuple[int, ...]
    held: str
    now: datetime


def open_row(db: Connection, dispatch: Dispatch, opening: Opening) -> None:
    """Open a row, or join the one of the same key while it waits; one on its way gets a successor.

    What is held joins none, and nothing joins it.
    """
    key = dispatch.key
    row = db.execute(ROW_OF_KEY, {"key": key}).fetchone()
    while row is not None and (opening.held or row["frozen"] is not None or row["state"] != RowState.PENDING):
        key = f"{key}+1"
        row = db.execute(ROW_OF_KEY, {"key": key}).fetchone()
    if row is None:
        number = _new_row(db, dispatch, key=key, thread=opening.thread, now=opening.now)
        if opening.held:
            db.execute(HOLD_ROW, {"id": number, "words": opening.held})
    else:
        number = int(row["id"])
        _join(db, row, dispatch)
    db.executemany(CARRY, [{"row": number, "alert": alert} for alert in opening.alerts])


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


RECEIVED = """
update outbox
set state = 'sent',
    lease_until = null,
    owner = '',
    uncertain = 0,
    last_error = '',
    reply = :words,
    sent = :taken,
    parcel = null
where id = :row
  and key = :key
  and fence = :fence
  and state in ('sending', 'pending')
"""

# A lease that ran out at once: the row is claimed as `uncertain` where its bytes may have left.
TAKE_BACK = "update outbox set lease_until = 0 where state = 'sending'"


def inherit(db: Connection, *, receipts: Iterable[Receipt]) -> None:
    """Settle what a daemon that is gone had a server's word for, and free the rest that it had in hand.

    A row that it gave up while its post room went on is waiting, and the attempt is still the last one.
    """
    for receipt in receipts:
        slip = receipt.slip
        received = {"row": slip.row, "key": slip.key, "fence": slip.fence}
        db.execute(RECEIVED, {**received, "taken": micros(receipt.taken), "words": receipt.words})
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
  and (state in ('dead', 'expired') or state = 'pending' and attempts > 0)
  and (frozen is null or parcel is not null)
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
    """Make a row that failed due now, with patience anew; not once retention took its bytes."""
    return db.execute(RETRY, {"id": row, "now": micros(now)}).rowcount == 1


def listing(db: Connection, *, states: Collection[RowState], limit: int) -> list[OutboxRow]:
    """Rows as people look at them, newest first."""
    return [listed(row) for row in db.execute(LISTING, {"states": texts(tuple(states)), "limit": limit})]


def listed(row: Row) -> OutboxRow:
    """A row of the outbox as people look at it."""
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
        uncertain=bool(row["uncertain"]),
    )
