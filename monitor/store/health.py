"""What health needs to know: the last day, each rule's last match, sources that read worse than usual."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby, takewhile
from operator import itemgetter
from statistics import median

from monitor.model import Census, SourceState, Vitals
from monitor.store.outbox import CENSUS, VERDICTS
from monitor.store.rows import Connection, micros, moment

__all__ = ["vitals"]

DAY = timedelta(days=1)
LOOK_BACK = timedelta(days=14)
HISTORY = 20  # articles by which a source's usual length is known
FAR_SHORTER = 4
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
where place <= 40
order by source, place
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
    )


def _short(db: Connection, since: datetime) -> Iterator[tuple[str, int]]:
    """Sources whose newest articles are far shorter than usual, and how many of them in a row."""
    rows = ((row["source"], row["letters"]) for row in db.execute(LENGTHS, {"since": micros(since)}))
    for source, group in groupby(rows, key=itemgetter(0)):
        lengths = [letters for _, letters in group]
        if len(lengths) < HISTORY or (usual := median(lengths)) < WORTH:
            continue
        if count := sum(1 for _ in takewhile(lambda letters: FAR_SHORTER * letters < usual, lengths)):
            yield source, count
