"""An article is recorded with its matches, alerts and outbox rows, or not at all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from monitor.model import (
    Alert,
    Article,
    Decision,
    EntryClaim,
    Field,
    Match,
    Revision,
    Story,
    Verdict,
    Visit,
)
from monitor.store import learning, outbox, rows, visits
from monitor.store.base import Judge
from monitor.store.history import look_up, relatives
from monitor.store.rows import Connection, micros, moment, texts

__all__ = ["Reading", "commit", "record", "revisions"]

SPOKEN = frozenset({Verdict.FIRST_MENTION, Verdict.DEVELOPMENT, Verdict.CORRECTION, Verdict.SURGE})

ENTRY_DONE = """
update entries
set entry = null,
    lease_until = null
where source = :source
  and id = :id
  and fence = :fence
  and lease_until is not null
returning held
"""

SAVE_STORY = """
insert into stories (id, title, opened, touched, articles, sources)
values (:id, :title, :opened, :touched, :articles, :sources)
on conflict (id) do update
set title = :title,
    opened = :opened,
    touched = :touched,
    articles = :articles,
    sources = :sources
"""

MERGE_ARTICLES = "update articles set story = :into where story = :story"
MERGE_ALERTS = "update alerts set story = :into where story = :story"
MERGE_ROWS = "update outbox set thread = :into where thread = :story"
MERGE_STORY = "update stories set merged = :into where id = :story or merged = :story"

# A second reading replaces the text, unless it knows less than the first.
SAVE_ARTICLE = """
insert into articles (url, link, story, source, origin, language, title, lead, body, caption, byline,
                      section, published, fetched, partial, furniture)
values (:url, :link, :story, :source, :origin, :language, :title, :lead, :body, :caption, :byline,
        :section, :published, :fetched, :partial, :furniture)
on conflict (url) do update
set title = excluded.title,
    lead = excluded.lead,
    body = excluded.body,
    caption = excluded.caption,
    byline = excluded.byline,
    section = excluded.section,
    language = excluded.language,
    published = coalesce(excluded.published, published),
    partial = excluded.partial,
    furniture = excluded.furniture
where excluded.partial = '' or articles.partial != ''
"""

KEEP_REVISION = """
insert into revisions (article, until, title, lead, body, caption)
select id, :until, title, lead, body, caption
from articles
where url = :url
  and (:partial = '' or partial != '')
  and (title, lead, body, caption) != (:title, :lead, :body, :caption)
  and (lead, body) != ('', '')
"""

REVISIONS = """
select revisions.until, revisions.title, revisions.lead, revisions.body, revisions.caption, articles.*
from revisions
join articles on articles.id = revisions.article
where articles.url = :url
order by revisions.id
"""

ARTICLE = "select id from articles where url = :url"

PLACE_ARTICLE = "update articles set story = :story where id = :article"

SAVE_SOURCE = """
insert into article_sources (article, source, entry, seen)
values (:article, :source, :entry, :seen)
on conflict do nothing
"""

LAST_ALERT = """
select id, verdict
from alerts
where article = :article
  and watchlist = :watchlist
  and rule = :rule
order by id desc
limit 1
"""

NEW_ALERT = """
insert into alerts (article, watchlist, rule, story, severity, verdict, reason, raised, earlier, match)
values (:article, :watchlist, :rule, :story, :severity, :verdict, :reason, :raised, :earlier, :match)
"""

CHANGE_ALERT = """
update alerts
set story = :story,
    severity = :severity,
    verdict = :verdict,
    reason = :reason,
    raised = :raised,
    earlier = :earlier,
    match = :match
where id = :id
"""

SAVE_TRACE = """
insert into traces (article, sketch, gist, entities)
values (:article, :sketch, :gist, :entities)
on conflict (article) do update
set sketch = excluded.sketch,
    gist = excluded.gist,
    entities = excluded.entities
"""

FORGET_HASHES = "delete from trace_hashes where article = :article"

SAVE_HASH = "insert into trace_hashes (hash, article) values (:hash, :article) on conflict do nothing"

SAVE_PAIR = """
insert into pairs (watchlist, one, two, seen)
values (:watchlist, :one, :two, :seen)
on conflict do nothing
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An entry that was read: what is to be recorded."""

    claim: EntryClaim
    article: Article
    matches: tuple[Match, ...]
    now: datetime
    passages: Collection[int] = ()
    visit: Visit | None = None


def commit(db: Connection, *, reading: Reading, judge: Judge) -> Decision | None:
    """Mark the entry read, ask the judge, record what it decides; None where the claim was lost."""
    claim = reading.claim
    done = {"source": claim.source, "id": claim.entry.id, "fence": claim.fence}
    entry = db.execute(ENTRY_DONE, done).fetchone()
    if entry is None:
        return None
    return record(db, reading=reading, judge=judge, held=outbox.HELD if entry["held"] else "")


def record(db: Connection, *, reading: Reading, judge: Judge, held: str = "") -> Decision:
    """Ask the judge about what was read, and record what it decides; `held` as in outbox.Opening."""
    inquiry = judge.inquiry
    found = relatives(db, inquiry, judge.likely)
    decision = judge(look_up(db, inquiry, found, judge.kin(found)))
    _save_story(db, decision.story)
    _merge(db, decision)
    _keep_revision(db, reading)
    article = _save_article(db, reading, decision.story)
    learning.learn(db, source=reading.claim.source, article=article, hashes=reading.passages)
    _remember(db, article, decision, reading.now)
    if reading.visit is not None:
        visits.save(db, reading.claim, reading.visit, article=article)
    numbers = {
        (alert.match.watchlist, alert.match.rule): _save_alert(db, article, alert)
        for alert in decision.alerts
    }
    for dispatch in decision.dispatches:
        carried = [numbers[rule] for rule in dispatch.alerts if rule in numbers]
        opening = outbox.Opening(
            thread=decision.story.id,
            alerts=tuple(carried),
            held=held,
            now=reading.now,
        )
        outbox.open_row(db, dispatch, opening)
    return decision


def _save_story(db: Connection, story: Story) -> None:
    db.execute(
        SAVE_STORY,
        {
            "id": story.id,
            "title": story.title,
            "opened": micros(story.opened),
            "touched": micros(story.touched),
            "articles": story.articles,
            "sources": texts(story.sources),
        },
    )


def _merge(db: Connection, decision: Decision) -> None:
    """The stories that prove to be this one hand over all they have; their ids still lead to it."""
    for story in decision.merged:
        for statement in (MERGE_ARTICLES, MERGE_ALERTS, MERGE_ROWS, MERGE_STORY):
            db.execute(statement, {"story": story, "into": decision.story.id})


def _keep_revision(db: Connection, reading: Reading) -> None:
    """Keep the text that this reading is about to replace, if it reads differently."""
    article = reading.article
    text = {field: article.text(field) for field in Field}
    db.execute(
        KEEP_REVISION,
        {**text, "url": article.url, "partial": article.partial, "until": micros(reading.now)},
    )


def revisions(db: Connection, *, url: str) -> list[Revision]:
    """The article's earlier texts, oldest first."""
    found = db.execute(REVISIONS, {"url": url})  # of two columns of one name the first is meant
    return [Revision(until=moment(row["until"]), article=rows.article(row)) for row in found]


def _save_article(db: Connection, reading: Reading, story: Story) -> int:
    article, claim = reading.article, reading.claim
    db.execute(
        SAVE_ARTICLE,
        {
            "url": article.url,
            "link": article.link,
            "story": story.id,
            "source": article.origin.source,
            "origin": rows.ORIGIN.dump_json(article.origin).decode(),
            "language": article.language,
            "title": article.title,
            "lead": article.lead,
            "body": article.body,
            "caption": article.caption,
            "byline": article.byline,
            "section": article.section,
            "published": None if article.published is None else micros(article.published),
            "fetched": micros(article.fetched),
            "partial": article.partial,
            "furniture": article.furniture,
        },
    )
    number = int(db.execute(ARTICLE, {"url": article.url}).fetchone()["id"])
    db.execute(PLACE_ARTICLE, {"article": number, "story": story.id})
    seen = micros(claim.seen)
    db.execute(
        SAVE_SOURCE, {"article": number, "source": claim.source, "entry": claim.entry.id, "seen": seen}
    )
    return number


def _remember(db: Connection, article: int, decision: Decision, now: datetime) -> None:
    """Keep the article's trace and the pairs of entities it brought together."""
    for watchlist, one, two in decision.pairs:
        db.execute(SAVE_PAIR, {"watchlist": watchlist, "one": one, "two": two, "seen": micros(now)})
    trace = decision.trace
    if trace is None:
        return
    db.execute(
        SAVE_TRACE,
        {
            "article": article,
            "sketch": trace.sketch,
            "gist": trace.gist,
            "entities": texts(trace.entities),
        },
    )
    db.execute(FORGET_HASHES, {"article": article})
    db.executemany(SAVE_HASH, [{"hash": hash_, "article": article} for hash_ in trace.index])


def _save_alert(db: Connection, article: int, alert: Alert) -> int:
    """The alert's id: a new one where it is the first of its rule, or news after news; a silent one is
    replaced by what is said later; what was said is not replaced by a silence.
    """
    match = alert.match
    whose = {"article": article, "watchlist": match.watchlist, "rule": match.rule}
    content = {
        "story": alert.story.id,
        "severity": match.severity,
        "verdict": alert.verdict,
        "reason": alert.reason,
        "raised": micros(alert.raised),
        "earlier": alert.earlier,
        "match": rows.MATCH.dump_json(match).decode(),
    }
    last = db.execute(LAST_ALERT, whose).fetchone()
    said = last is not None and last["verdict"] in SPOKEN
    if last is None or (said and alert.verdict in SPOKEN):
        return db.execute(NEW_ALERT, {**whose, **content}).lastrowid or 0
    if not said:
        db.execute(CHANGE_ALERT, {**content, "id": last["id"]})
    return int(last["id"])
