"""Entries that wait to be read: which come next, and how one is given back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import EntryClaim, Visit
from monitor.store import visits
from monitor.store.rows import ENTRY, Connection, micros, moment

__all__ = ["Turn", "claim", "release", "take_back"]

LOOK = 16
"""So many entries of a source are looked at for one whose host has room."""

NEXT_SOURCE = """
select min(source) as source
from entries indexed by entries_waiting
where entry is not null
  and source > :after
"""

WAITING = """
select id, host
from entries indexed by entries_waiting
where entry is not null
  and source = :source
  and due <= :now
  and (lease_until is null or lease_until <= :now)
order by seen, id
limit :look
"""

OF_HOST_IN_HAND = """
select count(*) as number
from entries indexed by entries_in_hand
where host = :host
  and lease_until > :now
"""

LEASE = """
update entries
set lease_until = :until,
    attempts = attempts + 1,
    fence = fence + 1
where source = :source
  and id = :id
returning entry, seen, baseline, attempts, fence
"""

RELEASE = """
update entries
set lease_until = null,
    due = :due
where source = :source
  and id = :id
  and fence = :fence
  and lease_until is not null
"""

RELEASE_ALL = "update entries set lease_until = null where lease_until is not null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Who may take entries: how many in all and, with those in hand, of one host (None: any number).

    `after` is the source that was the last to have a turn.
    """

    now: datetime
    lease: timedelta
    limit: int
    of_one_host: int | None = None
    after: str = ""


def claim(db: Connection, *, turn: Turn) -> list[EntryClaim]:
    """Take entries that wait: the oldest of each source, sources in turn, and again while there is room.

    The pages of one host are read one after another, so no more of it is taken than keeps that going: the
    rest would wait with places that others need.
    """
    taking = _Taking(db, turn)
    claims: list[EntryClaim] = []
    sources: Iterator[str] = _in_turn(db, turn.after)
    while len(claims) < turn.limit:
        served = []
        for source in sources:
            if (taken := taking.one_of(source)) is not None:
                claims.append(taken)
                served.append(source)
            if len(claims) == turn.limit:
                break
        if not served:
            break
        sources = iter(served)
    return claims


def _in_turn(db: Connection, after: str) -> Iterator[str]:
    """Every source that has entries waiting, beginning with the one after the last that had a turn."""
    for begin, end in ((after, None), ("", after)):
        source = begin
        while source := db.execute(NEXT_SOURCE, {"after": source}).fetchone()["source"]:
            if end is not None and source > end:
                break
            yield source


class _Taking:
    """Takes entries while their hosts have room."""

    def __init__(self, db: Connection, turn: Turn) -> None:
        self._db = db
        self._turn = turn
        self._now = micros(turn.now)
        self._until = micros(turn.now + turn.lease)
        self._in_hand: dict[str, int] = {}

    def one_of(self, source: str) -> EntryClaim | None:
        """The oldest entry of a source that may be taken, and is then."""
        asked = {"source": source, "now": self._now, "look": LOOK}
        for row in self._db.execute(WAITING, asked).fetchall():
            if self._has_room(row["host"]):
                return self._take(source, row["id"])
        return None

    def _has_room(self, host: str) -> bool:
        """Whether one more of a host may be in hand, which it then is."""
        if self._turn.of_one_host is None or not host:
            return True
        if host not in self._in_hand:
            asked = {"host": host, "now": self._now}
            self._in_hand[host] = self._db.execute(OF_HOST_IN_HAND, asked).fetchone()["number"]
        if self._in_hand[host] >= self._turn.of_one_host:
            return False
        self._in_hand[host] += 1
        return True

    def _take(self, source: str, entry: str) -> EntryClaim:
        lease = {"source": source, "id": entry, "until": self._until}
        (row,) = self._db.execute(LEASE, lease).fetchall()
        return EntryClaim(
            source=source,
            entry=ENTRY.validate_json(row["entry"]),
            seen=moment(row["seen"]),
            baseline=bool(row["baseline"]),
            attempts=row["attempts"],
            fence=row["fence"],
        )


def release(db: Connection, *, claim: EntryClaim, due: datetime, visit: Visit | None = None) -> bool:
    """Give an entry back; False where the claim was lost."""
    given = {"source": claim.source, "id": claim.entry.id, "fence": claim.fence, "due": micros(due)}
    if db.execute(RELEASE, given).rowcount == 0:
        return False
    if visit is not None:
        visits.save(db, claim, visit, put_off=due)
    return True


def take_back(db: Connection) -> None:
    """Free the entries that a daemon that is gone had in hand."""
    db.execute(RELEASE_ALL)
