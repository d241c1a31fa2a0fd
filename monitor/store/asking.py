"""The archive as the daemon fills it and verbs ask it, on the store's threads."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from monitor.matching.wanted import Wanted
from monitor.model import Decision
from monitor.store import archive, rehearsal, ways
from monitor.store.base import Judge
from monitor.store.recording import Reading
from monitor.store.worker import Worker

__all__ = ["Archive"]


class Archive:
    """What was read, and how; each method is one question, or one transaction."""

    def __init__(self, writer: Worker, reader: Worker) -> None:
        self._writer = writer
        self._reader = reader

    async def catch_up(self) -> int:
        """Index some articles that are due; how many are done, 0 when none are left."""
        return await self._writer.run(archive.catch_up)

    async def candidates(
        self, wanted: Wanted | None, slips: archive.Slips, *, since: datetime, before: int, limit: int
    ) -> archive.Page:
        """Articles that came in since then and may have what is wanted, numbered below `before`."""
        asked = partial(
            archive.candidates, wanted=wanted, slips=slips, since=since, before=before, limit=limit
        )
        return await self._reader.run(asked)

    async def articles_named(self, names: Sequence[str]) -> list[int]:
        """See monitor.store.ways, as the methods below."""
        return await self._reader.run(partial(ways.articles_named, names=names))

    async def articles_of(self, kind: str, name: str) -> list[int] | None:
        """The articles of a story, an alert or an outbox row."""
        return await self._reader.run(partial(ways.articles_of, kind=kind, name=name))

    async def entries_named(self, names: Sequence[str]) -> list[tuple[str, str]]:
        """The entries of which one of these is the address."""
        return await self._reader.run(partial(ways.entries_named, names=names))

    async def unread(self) -> list[tuple[str, str, str]]:
        """The entries that wait to be read."""
        return await self._reader.run(ways.unread)

    async def beside(self, starts: Sequence[str]) -> list[str]:
        """Known addresses that begin like one of these."""
        return await self._reader.run(partial(ways.beside, starts=starts))

    async def way(self, *, article: int = 0, entry: tuple[str, str] = ("", "")) -> ways.Way:
        """The way of an article, or of an entry that was not read."""
        return await self._reader.run(partial(ways.way, article=article, entry=entry))

    async def numbers(self, since: datetime) -> list[int]:
        """The numbers of the articles that came in since then, in the order of time."""
        return await self._reader.run(partial(archive.numbers, since=since))

    async def sightings(self, wanted: Sequence[int]) -> list[archive.Sighted]:
        """The articles of these numbers, in the order of time."""
        return await self._reader.run(partial(archive.sightings, wanted=wanted))

    async def play(
        self, readings: Sequence[tuple[Reading, Judge]], *, since: datetime, schedule: rehearsal.Schedule
    ) -> list[Decision]:
        """Judge readings as if it were their time; only for a store made for that (see rehearsal)."""
        return await self._writer.run(
            partial(rehearsal.play, readings=readings, since=since, schedule=schedule)
        )

    async def posted(
        self, *, since: datetime, until: datetime, schedule: rehearsal.Schedule
    ) -> list[rehearsal.Posted]:
        """What would have been sent by then of what was played."""
        return await self._writer.run(partial(rehearsal.posted, since=since, until=until, schedule=schedule))
