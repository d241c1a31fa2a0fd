"""The newest texts of the archive, for learning how common words are."""

from monitor.store.rows import Connection

__all__ = ["texts"]

_LONGEST = 20_000  # characters of one article; what is behind them is no rarer

TEXTS = """
select title || char(10) || lead || char(10) || substr(body, 1, :longest) as text
from articles
where lead != '' or body != ''
order by fetched desc
limit :limit
"""


def texts(connection: Connection, *, limit: int) -> list[str]:
    """Title, lead and body of the newest articles that have their text."""
    rows = connection.execute(TEXTS, {"limit": limit, "longest": _LONGEST})
    return [row["text"] for row in rows]
