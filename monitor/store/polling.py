"""What is remembered of sources, and what their polls bring."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.model import FeedEntry, SourceClaim, SourceState
from monitor.store.base import Polled
from monitor.store.baseline import NEW_ALL_OVER, silent_ones, was_away
from monitor.store.learning import note_headlines
from monitor.store.rows import ENTRY, STATE, Connection, Row, micros, moment, texts

__all__ = [
    "Listed",
    "claim_sources",
    "finish",
    "finish_quiet",
    "register",
    "saved",
    "states",
    "take_back",
]

REVISIONS = 24  # changes of one entry that are read; whoever changes more often is a ticker
OF_ONE_HOST = 4  # sources in hand at once: twice what is asked at once, so that no moment is lost
CLOCK_JUMP = timedelta(days=8)  # nothing is ever due later: the clock was set back
_DAY = 86_400_000_000

# ---------------------------------------------------------------------------- sources

RETIRE_SOURCES = """
update sources
set configured = 0
where id not in (select value from json_each(:ids))
"""

SOURCE_URL = "select url from sources where id = :id"

KEEP_SOURCE = "update sources set configured = 1 where id = :id"

# After a restore a source that is new to us need not be new to people.
NEW_SOURCE = """
insert into sources (id, url, host, configured, baseline, due, state, told_until)
values (:id, :url, :host, 1, 1, :due, :state,
        (select told_until from restored where told_until > :due - 604800000000))
on conflict (id) do update
set url = :url,
    host = :host,
    configured = 1,
    baseline = 1,
    due = :due,
    state = :state,
    told_until = excluded.told_until,
    lease_until = null,
    fence = fence + 1
"""

# In the order of their due times, which the index gives: no more is read than is taken. Those whose taker
# is late are few, and sorted.
DUE_SOURCES = """
select id, host, due
from sources indexed by sources_due
where configured
  and lease_until is null
  and due <= :now
union all
select id, host, due
from sources indexed by sources_due
where configured
  and lease_until is null
  and due > :jump
union all
select id, host, due
from sources indexed by sources_in_hand
where configured
  and lease_until <= :now
  and (due <= :now or due > :jump)
order by due, host, id
"""

OF_HOST_IN_HAND = """
select count(*) as number
from sources indexed by sources_in_hand
where configured
  and host = :host
  and lease_until > :now
"""

LEASE_SOURCES = """
update sources
set lease_until = :until,
    fence = fence + 1
where id in (select value from json_each(:ids))
returning id, state, due, fence
"""

SOURCE_IN_HAND = """
select baseline, told_until
from sources
where id = :id
  and fence = :fence
  and lease_until is not null
"""

SAVE_SOURCE = """
update sources
set state = :state,
    due = :due,
    baseline = baseline and not :good,
    told_until = case when :good then null else told_until end,
    lease_until = null
where id = :id
  and fence = :fence
  and lease_until is not null
"""

SOURCE_STATES = "select state, due from sources where configured order by id"

RELEASE_SOURCES = "update sources set lease_until = null where lease_until is not null"


def register(db: Connection, *, urls: Mapping[str, str], now: datetime) -> None:
    """Make the configured sources known, and only them claimable."""
    db.execute(RETIRE_SOURCES, {"ids": texts(tuple(urls))})
    for source, url in urls.items():
        known = db.execute(SOURCE_URL, {"id": source}).fetchone()
        if known and known["url"] == url:
            db.execute(KEEP_SOURCE, {"id": source})
            continue
        state = STATE.dump_json(SourceState(source=source, url=url, due=now)).decode()
        host = urlsplit(url).netloc.lower()
        db.execute(NEW_SOURCE, {"id": source, "url": url, "host": host, "due": micros(now), "state": state})


def claim_sources(db: Connection, *, now: datetime, limit: int, lease: timedelta) -> list[SourceClaim]:
    """Take sources that are due, longest overdue first; one due impossibly late is due too.

    Of one host only a few are taken: they would wait for each other with places that others need.
    """
    times = {"now": micros(now), "jump": micros(now + CLOCK_JUMP)}
    hosts: dict[str, int] = {}
    taken: list[str] = []
    for row in db.execute(DUE_SOURCES, times):
        if len(taken) == limit:
            break
        host = row["host"]
        if host not in hosts:
            hosts[host] = db.execute(OF_HOST_IN_HAND, {"host": host, **times}).fetchone()["number"]
        if hosts[host] < OF_ONE_HOST:
            hosts[host] += 1
            taken.append(row["id"])
    asked = {"ids": texts(taken), "until": micros(now + lease)}
    leased = {row["id"]: row for row in db.execute(LEASE_SOURCES, asked).fetchall()} if taken else {}
    return [SourceClaim(state=_state(leased[source]), fence=leased[source]["fence"]) for source in taken]


def states(db: Connection) -> list[SourceState]:
    """Every configured source."""
    return [_state(row) for row in db.execute(SOURCE_STATES)]


def _state(row: Row) -> SourceState:
    state, due = STATE.validate_json(row["state"]), moment(row["due"])
    return state if state.due == due else replace(state, due=due)


def take_back(db: Connection) -> None:
    """Free the sources that a daemon that is gone had in hand."""
    db.execute(RELEASE_SOURCES)


# ---------------------------------------------------------------------------- entries

KNOWN_ENTRIES = """
select id, fingerprint, revision, listed
from entries
where source = :source
  and id in (select value from json_each(:ids))
"""

NEW_ENTRY = """
insert into entries (source, id, url, host, fingerprint, seen, listed, baseline, held, entry, due)
values (:source, :id, :url, :host, :fingerprint, :now, :now, :baseline, :held, :entry, :now)
"""

CHANGED_ENTRY = """
update entries
set url = :url,
    host = :host,
    fingerprint = :fingerprint,
    listed = :now,
    revision = revision + 1,
    held = :held,
    entry = :entry,
    due = :now,
    attempts = 0,
    lease_until = null,
    fence = fence + 1
where source = :source
  and id = :id
"""

LISTED_ENTRY = "update entries set listed = :now where source = :source and id = :id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a poll brought: the source's new state, its entries and the hashes of their headlines."""

    state: SourceState
    entries: Sequence[FeedEntry]
    headlines: Collection[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sorted:
    """What a poll listed, told apart."""

    new: tuple[FeedEntry, ...]
    changed: tuple[FeedEntry, ...]
    still: tuple[str, ...]


def finish(db: Connection, *, claim: SourceClaim, listing: Listed, now: datetime) -> Polled | None:
    """Save a poll; None where the claim was lost."""
    state, entries = listing.state, listing.entries
    hand = db.execute(SOURCE_IN_HAND, {"id": state.source, "fence": claim.fence}).fetchone()
    if hand is None:
        return None
    listed = _sort(db, state.source, entries, now)
    anew = bool(hand["baseline"]) or was_away(claim.state, now)
    silent = silent_ones(listed.new, max(state.length, len(entries)), baseline=anew, before=claim.state)
    common: dict[str, object] = {"source": state.source, "now": micros(now)}
    told = None if hand["told_until"] is None else moment(hand["told_until"])
    db.executemany(
        NEW_ENTRY,
        [{**common, **_entry(entry, told), "baseline": entry.id in silent} for entry in listed.new],
    )
    db.executemany(CHANGED_ENTRY, [{**common, **_entry(entry, told)} for entry in listed.changed])
    db.executemany(LISTED_ENTRY, [{**common, "id": entry} for entry in listed.still])
    note_headlines(db, source=state.source, hashes=listing.headlines, now=now)
    held = 0 if anew else len(silent)
    if held:
        state = replace(state, remark=NEW_ALL_OVER.format(held=held))
    db.execute(SAVE_SOURCE, saved(claim, state))
    return Polled(new=len(listed.new), changed=len(listed.changed), held=held)


def finish_quiet(db: Connection, asked: Sequence[Mapping[str, object]]) -> list[Polled | None]:
    """Save polls that brought nothing, as `saved` writes them; None for those whose claim was lost."""
    ours = [db.execute(SAVE_SOURCE, each).rowcount == 1 for each in asked]
    return [Polled(new=0, changed=0) if each else None for each in ours]


def saved(claim: SourceClaim, state: SourceState) -> Mapping[str, object]:
    """What keeps a source's state and gives the source back."""
    return {
        "id": state.source,
        "fence": claim.fence,
        "state": STATE.dump_json(state).decode(),
        "due": micros(state.due),
        "good": state.failures == 0,
    }


def _sort(db: Connection, source: str, entries: Sequence[FeedEntry], now: datetime) -> _Sorted:
    """New entries oldest first, changed ones, and those whose listing should be noted again."""
    asked = {"source": source, "ids": texts(tuple(entry.id for entry in entries))}
    known = {row["id"]: row for row in db.execute(KNOWN_ENTRIES, asked)}
    unique = {entry.id: entry for entry in reversed(entries)}
    new = tuple(entry for entry in unique.values() if entry.id not in known)
    changed = tuple(
        entry
        for entry in unique.values()
        if entry.id in known
        and entry.fingerprint != known[entry.id]["fingerprint"]
        and known[entry.id]["revision"] < REVISIONS
    )
    stale = micros(now) - _DAY
    still = tuple(id_ for id_, row in known.items() if row["listed"] < stale)
    return _Sorted(new=new, changed=changed, still=still)


def _entry(entry: FeedEntry, told: datetime | None) -> dict[str, object]:
    """An entry's columns; what may have been `told` before a restore is held."""
    return {
        "held": told is not None and (entry.published is None or entry.published <= told),
        "id": entry.id,
        "url": entry.url,
        "host": _host(entry.url),
        "fingerprint": entry.fingerprint,
        "entry": ENTRY.dump_json(entry).decode(),
    }


def _host(url: str) -> str:
    """The host of an address, with its port; empty where it has none.

    >>> _host("https://News.example.org:8443/world"), _host("mailto:desk@example.org"), _host("http://[::1")
    ('news.example.org:8443', '', '')
    """
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
