"""Between rows and nouns: times as microseconds, nouns as JSON, and what a database connection offers."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from pydantic import TypeAdapter

from monitor.model import (
    Alert,
    Article,
    FeedEntry,
    Kind,
    Mail,
    Match,
    Origin,
    RowState,
    SourceState,
    Story,
    Verdict,
)

__all__ = [
    "ABOUT",
    "ENTRY",
    "MATCH",
    "NUMBERS",
    "ORIGIN",
    "STATE",
    "TEXTS",
    "Connection",
    "Row",
    "alert",
    "article",
    "mail",
    "micros",
    "moment",
    "moment_or_none",
    "numbers",
    "story",
    "texts",
]

Row = Mapping[str, Any]


class Cursor(Protocol):
    """The outcome of a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    @property
    def lastrowid(self) -> int | None:
        """The id of the row it made."""

    def fetchone(self) -> Any:
        """The next row or None."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """What statements are put to; the writer's is inside a transaction."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Cursor:
        """Run one statement."""

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Cursor:
        """Run one statement for every set of parameters."""


ABOUT = TypeAdapter(dict[str, tuple[str, ...]])
STATE = TypeAdapter(SourceState)
ENTRY = TypeAdapter(FeedEntry)
ORIGIN = TypeAdapter(Origin)
MATCH = TypeAdapter(Match)
TEXTS = TypeAdapter(tuple[str, ...])
NUMBERS = TypeAdapter(tuple[int, ...])

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """A moment as it is stored.

    >>> micros(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    return (moment - _EPOCH) // _TICK


def moment(micros: int) -> datetime:
    """A stored moment.

    >>> moment(86400000000)
    datetime.datetime(1970, 1, 2, 0, 0, tzinfo=datetime.timezone.utc)
    """
    return _EPOCH + timedelta(microseconds=micros)


def moment_or_none(micros: int | None) -> datetime | None:
    """A stored moment that may be lacking."""
    return None if micros is None else moment(micros)


def texts(values: Sequence[str]) -> str:
    """Texts as a JSON list, which statements read through json_each."""
    return TEXTS.dump_json(tuple(values)).decode()


def numbers(values: Collection[int]) -> str:
    """Numbers as a JSON list, which statements read through json_each."""
    return NUMBERS.dump_json(tuple(values)).decode()


def story(row: Row) -> Story:
    """A row of stories, or of a join in which their columns begin with story_."""
    return Story(
        id=row["story_id"],
        title=row["story_title"],
        opened=moment(row["story_opened"]),
        touched=moment(row["story_touched"]),
        articles=row["story_articles"],
        sources=TEXTS.validate_json(row["story_sources"]),
    )


def article(row: Row) -> Article:
    """A row of articles."""
    return Article(
        url=row["url"],
        link=row["link"],
        origin=ORIGIN.validate_json(row["origin"]),
        title=row["title"],
        fetched=moment(row["fetched"]),
        lead=row["lead"],
        body=row["body"],
        caption=row["caption"],
        byline=row["byline"],
        section=row["section"],
        language=row["language"],
        published=moment_or_none(row["published"]),
        partial=row["partial"],
        furniture=row["furniture"],
    )


def alert(row: Row) -> Alert:
    """A row of alerts joined with its article and its story."""
    return Alert(
        article=article(row),
        match=MATCH.validate_json(row["match"]),
        story=story(row),
        verdict=Verdict(row["verdict"]),
        raised=moment(row["raised"]),
        reason=row["reason"],
        earlier=row["earlier"],
    )


def mail(row: Row) -> Mail:
    """A row of the outbox, as much as deciding needs; one that is being sent cannot be joined either."""
    state = RowState(row["state"])
    return Mail(
        key=row["key"],
        story=row["thread"],
        channel=row["channel"],
        recipient=row["recipient"],
        kind=Kind(row["kind"]),
        state=state,
        frozen=row["frozen"] is not None or state is not RowState.PENDING,
        due=moment(row["due"]),
        sent=moment_or_none(row["sent"]),
    )
