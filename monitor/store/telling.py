"""What was raised, what stayed silent and why, and which messages carry it."""

from collections.abc import Iterator

from monitor.model import Alert, Mail
from monitor.store import rows
from monitor.store.base import Question, Told
from monitor.store.rows import Connection, micros, texts

__all__ = ["alerts", "told"]

TOLD = """
select alerts.id as alert, alerts.watchlist, alerts.rule, alerts.verdict, alerts.reason, alerts.raised,
       alerts.earlier, alerts.match, articles.*, stories.id as story_id, stories.title as story_title,
       stories.opened as story_opened, stories.touched as story_touched,
       stories.articles as story_articles, stories.sources as story_sources
from alerts
join articles on articles.id = alerts.article
join stories on stories.id = alerts.story
where alerts.raised >= :since
  and (:verdicts = '[]' or alerts.verdict in (select value from json_each(:verdicts)))
  and (:story = '' or alerts.story in (
      select coalesce(merged, id)
      from stories
      where id = :story
  ))
order by alerts.raised desc, alerts.id desc
limit :limit
"""

CARRIERS = """
select outbox_alerts.alert, key, thread, channel, recipient, kind, state, frozen, due, sent
from outbox_alerts
join outbox on outbox.id = outbox_alerts.row
where outbox_alerts.alert in (select value from json_each(:alerts))
order by outbox.id
"""


def alerts(db: Connection, *, limit: int) -> list[Alert]:
    """Alerts, newest first."""
    return [alert for _, alert in _alerts(db, Question(), limit)]


def told(db: Connection, *, question: Question, limit: int) -> list[Told]:
    """The alerts that a question asks for, newest first, each with the rows that carry it."""
    found = list(_alerts(db, question, limit))
    mails: dict[int, list[Mail]] = {}
    asked = {"alerts": rows.NUMBERS.dump_json(tuple(number for number, _ in found)).decode()}
    for row in db.execute(CARRIERS, asked):
        mails.setdefault(row["alert"], []).append(rows.mail(row))
    return [Told(alert=alert, mails=tuple(mails.get(number, ()))) for number, alert in found]


def _alerts(db: Connection, question: Question, limit: int) -> Iterator[tuple[int, Alert]]:
    asked = {
        "since": micros(question.since) if question.since else 0,
        "verdicts": texts(question.verdicts),
        "story": question.story,
        "limit": limit,
    }
    for row in db.execute(TOLD, asked):
        yield row["alert"], rows.alert(row)
