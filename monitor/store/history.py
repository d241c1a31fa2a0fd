"""What the store remembers that could concern an article, looked up for the judge."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from monitor.model import (
    Article,
    History,
    Inquiry,
    Mail,
    Raised,
    Relative,
    Severity,
    Silence,
    Span,
    Story,
    Tally,
    Trace,
)
from monitor.store import rows, silencing
from monitor.store.rows import Connection, Row, micros, moment, moment_or_none, texts

__all__ = ["look_up", "relatives"]

OWN = "select id from articles where url = :url"

COMMON = 1000
"""A hash that more articles share says nothing."""

COPIES = """
with asked as (
    select value as hash
    from json_each(:hashes)
),
telling as (
    select hash
    from asked
    where (select count(*) from (
        select 1 from trace_hashes where trace_hashes.hash = asked.hash limit :common
    )) < :common
)
select trace_hashes.article, json_group_array(trace_hashes.hash) as shared
from telling
join trace_hashes using (hash)
join articles on articles.id = trace_hashes.article
where articles.fetched >= :since
group by trace_hashes.article
order by count(*) desc
limit 16
"""

# The index gives the newest first, however many met the rule in these days.
EVENTS = """
select raised, article
from alerts
where watchlist = :watchlist
  and rule = :rule
  and raised >= :since
order by raised desc
limit :most
"""

MOST = 240
"""So many of the newest articles that met the same rules may be reports of the same event."""

RELATIVES = """
select articles.id, articles.url, articles.story, articles.fetched, articles.language,
       case when articles.id in (select value from json_each(:copies)) then traces.sketch end as sketch,
       traces.gist, traces.entities
from articles
left join traces on traces.article = articles.id
where articles.id in (select value from json_each(:articles))
order by articles.fetched desc
"""

# By these most are told apart, and nothing else is read of them.
GISTS = """
select article, gist
from traces
where article in (select value from json_each(:articles))
"""

STORIES = """
select id as story_id, title as story_title, opened as story_opened, touched as story_touched,
       articles as story_articles, sources as story_sources
from stories
where id in (select value from json_each(:stories))
order by opened, id
"""

ALIASES = """
select id
from stories
where merged in (select value from json_each(:stories))
order by id
"""

# However many reports a story has: a line a rule, severity and whose alert it is. A hundred readers of a
# digest make a hundred rows an alert: only their numbers are told apart before they are looked up.
RAISED = """
select watchlist, rule, severity, own, (
           select json_group_array(key)
           from outbox
           where id in (select row from json_each(alerts) join outbox_alerts on alert = value)
       ) as mails
from (
    select watchlist, rule, severity, article in (select id from articles where url = :article) as own,
           json_group_array(id) as alerts
    from alerts
    where story in (select value from json_each(:stories))
    group by watchlist, rule, severity, own
)
order by watchlist, rule, severity, own
"""

MAILS = """
select key, thread, channel, recipient, kind, state, frozen, due, sent
from outbox
where thread in (select value from json_each(:threads))
   or id in (
       select outbox_alerts.row
       from alerts
       join outbox_alerts on outbox_alerts.alert = alerts.id
       where alerts.story in (select value from json_each(:stories))
   )
order by id
"""

# A row that was sent is due when it was.
RECENT = """
select key, thread, channel, recipient, kind, state, frozen, due, sent
from outbox
where due >= :since
  and state not in ('dead', 'expired')
  and kind != 'health'
order by due, id
"""

# Years of digests lie in these threads; what can be joined waits.
WAITING = """
select key, thread, channel, recipient, kind, state, frozen, due, sent
from outbox
where state in ('pending', 'sending')
  and thread in (select value from json_each(:trays))
order by id
"""

PREVIOUS = "select * from articles where url = :url"

PAIR = "select 1 from pairs where watchlist = :watchlist and one = :one and two = :two"

TALLY = """
select count(distinct article) as number, min(raised) as first
from (
    select article, raised
    from alerts
    where watchlist = :watchlist
      and raised >= :since
      and raised < :until
      and (rule = :rule or :rule = '' and verdict != 'surge')
      and verdict not in ('baseline', 'too_old')
    limit :most
)
"""


def relatives(
    db: Connection, inquiry: Inquiry, likely: Callable[[Sequence[bytes]], Sequence[int]]
) -> tuple[Relative, ...]:
    """The article itself where it is known, its likely copies, and likely reports of what it tells.

    Only copies carry their sketch: it is long, and nothing else is compared by it.
    """
    own = [row["id"] for row in db.execute(OWN, {"url": inquiry.article})]
    copies, met = _copies(db, inquiry), _met(db, inquiry)
    gists = db.execute(GISTS, {"articles": _numbers(_newest(met))}).fetchall()
    reports = (gists[place]["article"] for place in likely([gist for _, gist in gists])) if gists else ()
    articles = tuple(dict.fromkeys((*own, *copies, *reports)))
    asked = {"articles": _numbers(articles), "copies": _numbers(tuple(copies))}
    return tuple(
        Relative(
            article=row["url"],
            story=row["story"],
            seen=moment(row["fetched"]),
            language=row["language"],
            trace=_trace(row, copies.get(row["id"], ())),
            rules=tuple(rule for rule, those in met.items() if row["id"] in those),
        )
        for row in db.execute(RELATIVES, asked)
    )


def _copies(db: Connection, inquiry: Inquiry) -> dict[int, tuple[int, ...]]:
    """Articles that share hashes, and which."""
    if inquiry.copies_since is None or not inquiry.trace.index:
        return {}
    asked = {
        "hashes": _numbers(inquiry.trace.index),
        "since": micros(inquiry.copies_since),
        "common": COMMON,
    }
    return {row["article"]: rows.NUMBERS.validate_json(row["shared"]) for row in db.execute(COPIES, asked)}


def _met(db: Connection, inquiry: Inquiry) -> dict[tuple[str, str], dict[int, int]]:
    """The newest articles that met each of the rules, and when they last did."""
    if inquiry.events_since is None:
        return {}
    asked = {"since": micros(inquiry.events_since), "most": MOST}
    found = {
        rule: db.execute(EVENTS, {"watchlist": rule[0], "rule": rule[1], **asked}).fetchall()
        for rule in inquiry.rules
    }
    return {rule: {article: at for at, article in reversed(those)} for rule, those in found.items()}


def _newest(met: Mapping[tuple[str, str], dict[int, int]]) -> list[int]:
    """The newest articles that met one of the rules."""
    newest: dict[int, int] = {}
    for those in met.values():
        earlier = newest
        newest = those | {article: max(at, those.get(article, 0)) for article, at in earlier.items()}
    return sorted(newest, key=newest.__getitem__, reverse=True)[:MOST]


def _trace(row: Row, shared: tuple[int, ...]) -> Trace:
    if row["gist"] is None:
        return Trace()
    entities = _names(row["entities"])
    return Trace(index=shared, sketch=row["sketch"] or b"", gist=row["gist"], entities=entities)


@lru_cache(maxsize=10_000)
def _names(written: str) -> tuple[str, ...]:
    """The entities of an article; the same few are together again and again."""
    return rows.TEXTS.validate_json(written)


def look_up(db: Connection, inquiry: Inquiry, found: tuple[Relative, ...], kin: Sequence[str]) -> History:
    """The past of the stories that matter, and the answers to the inquiry."""
    stories = texts(kin)
    return History(
        stories=tuple(_stories(db, stories)),
        alerts=tuple(_raised(db, stories, inquiry.article)),
        mails=tuple(_mails(db, MAILS, threads=texts((*kin, *inquiry.threads)), stories=stories)),
        previous=_previous(db, inquiry.article),
        relatives=found,
        recent=tuple(_recent(db, inquiry)),
        pairs=tuple(pair for pair in inquiry.pairs if _known(db, pair)),
        tallies=tuple(_tally(db, span) for span in inquiry.spans),
        silences=tuple(_silences(db, inquiry.silences_at)),
        aliases=tuple(row["id"] for row in db.execute(ALIASES, {"stories": stories})),
    )


def _silences(db: Connection, at: datetime | None) -> Iterator[Silence]:
    if at is not None:
        yield from silencing.in_force(db, at)


def _stories(db: Connection, stories: str) -> Iterator[Story]:
    yield from map(rows.story, db.execute(STORIES, {"stories": stories}))


def _raised(db: Connection, stories: str, article: str) -> Iterator[Raised]:
    for row in db.execute(RAISED, {"stories": stories, "article": article}):
        if mails := rows.TEXTS.validate_json(row["mails"]):  # else nobody was told
            yield Raised(
                watchlist=row["watchlist"],
                rule=row["rule"],
                severity=Severity(row["severity"]),
                own=bool(row["own"]),
                mails=mails,
            )


def _mails(db: Connection, statement: str, **asked: object) -> Iterator[Mail]:
    yield from map(rows.mail, db.execute(statement, asked))


def _recent(db: Connection, inquiry: Inquiry) -> Iterator[Mail]:
    if inquiry.trays:
        yield from _mails(db, WAITING, trays=texts(inquiry.trays))
    if inquiry.rows_since is not None:
        yield from _mails(db, RECENT, since=micros(inquiry.rows_since))


def _previous(db: Connection, url: str) -> Article | None:
    row = db.execute(PREVIOUS, {"url": url}).fetchone()
    return None if row is None else rows.article(row)


def _known(db: Connection, pair: tuple[str, str, str]) -> bool:
    watchlist, one, two = pair
    return db.execute(PAIR, {"watchlist": watchlist, "one": one, "two": two}).fetchone() is not None


def _tally(db: Connection, span: Span) -> Tally:
    asked = {
        "watchlist": span.watchlist,
        "rule": span.rule,
        "since": micros(span.since),
        "until": micros(span.until),
        "most": -1 if span.most is None else span.most,
    }
    row = db.execute(TALLY, asked).fetchone()
    return Tally(count=row["number"], first=moment_or_none(row["first"]))


def _numbers(values: Sequence[int]) -> str:
    return rows.NUMBERS.dump_json(tuple(values)).decode()
