"""A past that did not happen: readings judged one after another, each row sent at the moment it is due."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from monitor.model import Decision, Dispatch, Kind
from monitor.store import outbox
from monitor.store.base import Judge
from monitor.store.recording import Reading, record
from monitor.store.rows import Connection, micros, moment

__all__ = ["Posted", "Schedule", "play", "posted"]

RULES = TypeAdapter(tuple[tuple[str, str], ...])

HOUR = timedelta(hours=1)

Schedule = Callable[[datetime], Sequence[Dispatch]]
"""The rows that go out at set times, as they are known at a moment."""

SEND_DUE = """
update outbox
set state = 'sent',
    frozen = due,
    sent = due
where state in ('pending', 'sending')
  and due <= :now
"""

POSTED = """
select outbox.channel, outbox.recipient, outbox.kind, outbox.sent,
       (
           select json_group_array(json_array(alerts.watchlist, alerts.rule))
           from outbox_alerts
           join alerts on alerts.id = outbox_alerts.alert
           where outbox_alerts.row = outbox.id
       ) as rules
from outbox
where outbox.sent is not null
order by outbox.sent, outbox.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message that would have gone out, and the (watchlist, rule)s that it tells of, each once."""

    channel: str
    recipient: str
    kind: Kind
    sent: datetime
    rules: tuple[tuple[str, str], ...]


def play(
    db: Connection, *, readings: Sequence[tuple[Reading, Judge]], since: datetime, schedule: Schedule
) -> list[Decision]:
    """Judge readings in the order of time, the clock going on from `since`."""
    decisions = []
    for reading, judge in readings:
        _pass_time(db, since, reading.now, schedule)
        since = reading.now
        decisions.append(record(db, reading=reading, judge=judge))
    return decisions


def posted(db: Connection, *, since: datetime, until: datetime, schedule: Schedule) -> list[Posted]:
    """All that has been sent, in order, once the clock has gone on from `since`; what waits then is not."""
    _pass_time(db, since, until, schedule)
    return list(_posted(db))


def _pass_time(db: Connection, since: datetime, until: datetime, schedule: Schedule) -> None:
    """Open what goes out at set times at every full hour, and send what is due."""
    hour = since.replace(minute=0, second=0, microsecond=0) + HOUR
    while hour <= until:
        outbox.open_rows(db, dispatches=schedule(hour), now=hour)
        hour += HOUR
    db.execute(SEND_DUE, {"now": micros(until)})


def _posted(db: Connection) -> Iterator[Posted]:
    for row in db.execute(POSTED):
        rules = RULES.validate_json(row["rules"])
        yield Posted(
            channel=row["channel"],
            recipient=row["recipient"],
            kind=Kind(row["kind"]),
            sent=moment(row["sent"]),
            rules=tuple(dict.fromkeys(rules)),
        )
