"""What health needs to know, and what people were told of it.

The last day, each rule's last match, sources that read worse than usual, dead letters, standing ailments.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby, takewhile
from operator import itemgetter
from statistics import quantiles

from monitor.model import Ailment, Census, DeadLetters, Dispatch, SourceState, Standing, Vitals
from monitor.store.claiming import CENSUS, VERDICTS
from monitor.store.outbox import open_rows
from monitor.store.rows import Connection, micros, moment

__all__ = ["record", "vitals"]

DAY = timedelta(days=1)
LOOK_BACK = timedelta(days=14)
MOURNED = timedelta(days=7)  # for so long a dead letter is wrong; then it is history
HISTORY = 20  # articles by which a source's usual length is known
FAR_SHORTER = 4
UNREAD = 0.5  # share of the last HISTORY pages that could not be read, from which on the source is told
WORTH = 300  # letters; sources of bare headlines have no usual length to fall short of

HITS = """
select watchlist, rule, max(raised) as last, sum(raised >= :since) as today
from alerts
group by watchlist, rule
"""

FIRST_SEEN = "select min(seen) as seen from entries"

LENGTHS = """
select source, letters
from (
    select source, letters, fetched,
           row_number() over (partition by source order by fetched desc) as place
    from articles
    where fetched >= :since
)
where place <= 100
order by source, place
"""


# A row is due no more once it is given up: `due` is when that was.
DEAD = """
select channel, recipient, last_error,
       count(*) over (partition by channel) as number,
       max(iif(kind = 'health', 0, id)) over (partition by channel) as newest
from outbox
where state in ('dead', 'expired')
  and due >= :since
order by id
"""

STANDING = "select * from ailments order by told, name"

FORGET_STANDING = "delete from ailments"

STAND = """
insert into ailments (name, words, mark, told, seen)
values (:name, :words, :mark, :told, :seen)
"""


def vitals(
    db: Connection, *, sources: Iterable[SourceState], rules: Collection[tuple[str, str]], now: datetime
) -> Vitals:
    """The vitals at `now`, for the sources and the (watchlist, rule)s that are configured."""
    since, states = now - DAY, tuple(sources)
    asked = {"since": micros(since)}
    hits = {(row["watchlist"], row["rule"]): row for row in db.execute(HITS, asked)}
    begun = db.execute(FIRST_SEEN).fetchone()["seen"]
    counts = db.execute(CENSUS, asked).fetchone()
    return Vitals(
        census=Census(
            since=since,
            articles=counts["articles"],
            sources=counts["sources"],
            silent=counts["silent"],
            verdicts={row["verdict"]: row["number"] for row in db.execute(VERDICTS, asked)},
        ),
        sources=states,
        gaps={state.source: state.gap for state in states if state.gap is not None},
        short=dict(_short(db, now - LOOK_BACK)),
        last_hits={rule: moment(hits[rule]["last"]) if rule in hits else None for rule in rules},
        hits_today={rule: hits[rule]["today"] for rule in rules if rule in hits},
        watching_since=None if begun is None else moment(begun),
        dead=_dead(db, now - MOURNED),
        standing={one.ailment.name: one for one in _standing(db)},
    )


def record(
    db: Connection, *, standing: Sequence[Standing], dispatches: Sequence[Dispatch], now: datetime
) -> int:
    """Replace what stands and open the rows that tell the change; how many rows are new."""
    db.execute(FORGET_STANDING)
    db.executemany(
        STAND,
        [
            {
                "name": one.ailment.name,
                "words": one.ailment.words,
                "mark": one.ailment.mark,
                "told": micros(one.told),
                "seen": micros(one.seen),
            }
            for one in standing
        ],
    )
    return open_rows(db, dispatches=dispatches, now=now)


def _dead(db: Connection, since: datetime) -> dict[str, DeadLetters]:
    return {
        row["channel"]: DeadLetters(
            number=row["number"], newest=row["newest"], recipient=row["recipient"], words=row["last_error"]
        )
        for row in db.execute(DEAD, {"since": micros(since)})
    }


def _standing(db: Connection) -> Iterator[Standing]:
    for row in db.execute(STANDING):
        ailment = Ailment(name=row["name"], words=row["words"], mark=row["mark"])
        yield Standing(ailment=ailment, told=moment(row["told"]), seen=moment(row["seen"]))


def _short(db: Connection, since: datetime) -> Iterator[tuple[str, int]]:
    """Sources whose newest articles are far shorter than usual, and how many of them.

    Usual is what three of four do not exceed, so that it still stands when most articles read badly.
    Counted are those in a row, or of the last twenty those without any text, where they are half or more.
    """
    rows = ((row["source"], row["letters"]) for row in db.execute(LENGTHS, {"since": micros(since)}))
    for source, group in groupby(rows, key=itemgetter(0)):
        lengths = [letters for _, letters in group]
        if len(lengths) < HISTORY or (usual := quantiles(lengths, n=4)[-1]) < WORTH:
            continue
        in_a_row = sum(1 for _ in takewhile(lambda letters: FAR_SHORTER * letters < usual, lengths))
        unread = lengths[:HISTORY].count(0)
        if count := max(in_a_row, unread if unread >= UNREAD * HISTORY else 0):
            yield source, count
