"""The store in one SQLite file.

One writer thread owns the writing connection; what is asked of it while it writes joins the next
transaction, so that one fsync serves many. Reading has a thread and a connection of its own.
"""

import asyncio
import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar

from monitor.errors import StoreError
from monitor.model import (
    Alert,
    Article,
    Decision,
    Dispatch,
    Echoes,
    EntryClaim,
    FeedEntry,
    Match,
    OutboxClaim,
    Revision,
    RowState,
    Silence,
    SourceClaim,
    SourceState,
    Standing,
    Visit,
    Vitals,
)
from monitor.receipts import Receipts
from monitor.store import (
    claiming,
    connection,
    health,
    learning,
    outbox,
    polling,
    recording,
    retention,
    sampling,
    silencing,
    telling,
    upkeep,
    waiting,
)
from monitor.store.archive import renew
from monitor.store.asking import Archive
from monitor.store.base import Ending, Judge, OutboxRow, Polled, Pruned, Question, Told
from monitor.store.gathering import Gathering
from monitor.store.holding import Holding
from monitor.store.migrating import check_version, migrate
from monitor.store.rows import Connection
from monitor.store.url import database_file
from monitor.store.worker import Worker

__all__ = ["Mode", "SqliteStore"]

Mode = Literal["daemon", "write", "read"]
T = TypeVar("T")

ANSWER = 8.0  # seconds after which a store that does not answer is not ready


class SqliteStore:
    """monitor.store.base.Store on SQLite (WAL, synchronous=FULL)."""

    def __init__(self, writer: Worker, reader: Worker, *, path: Path | None, held: Holding | None) -> None:
        self._path = path
        self._writer = writer
        self._reader = reader
        self._quiet = Gathering(writer, polling.finish_quiet)
        self._after = ""
        self._archive = Archive(writer, reader)
        self._owner = f"{os.uname().nodename}:{os.getpid()}"
        self._held = held

    @classmethod
    def open(cls, url: str, mode: Mode = "daemon", *, patience: float = connection.BUSY) -> "SqliteStore":
        """The store at `url`.

        daemon: takes the file's lock, makes folder, file and schema, takes back what a killed daemon had
        in hand. write: for one short change beside a running daemon. read: to look only. `patience`: seconds
        to wait for another process's transaction.
        """
        try:
            path = database_file(url)
        except ValueError as error:
            raise StoreError(str(error)) from error
        place = str(path) if path else ":memory:"
        if path and mode != "daemon" and not path.exists():
            raise StoreError(f"nothing is stored at {path} yet; start the daemon first: monitor run")
        with ExitStack() as undoing:
            held = Holding.take(path) if path and mode == "daemon" else None
            if held:
                undoing.callback(held.close)
            try:
                writer, reader = _workers(place, path, mode, patience, undoing)
            except (connection.DatabaseError, StoreError) as error:
                raise connection.explain(place, error) from None
            undoing.pop_all()
        return cls(writer, reader, path=path, held=held)

    # -- sources

    async def register_sources(self, urls: Mapping[str, str], *, now: datetime) -> None:
        """See Store."""
        await self._writer.run(partial(polling.register, urls=urls, now=now))

    async def claim_sources(self, now: datetime, *, limit: int, lease: timedelta) -> list[SourceClaim]:
        """See Store."""
        return await self._writer.run(partial(polling.claim_sources, now=now, limit=limit, lease=lease))

    async def finish_poll(
        self,
        claim: SourceClaim,
        state: SourceState,
        entries: Sequence[FeedEntry],
        *,
        now: datetime,
        headlines: Collection[int] = (),
    ) -> Polled | None:
        """See Store."""
        if not entries:
            return await self._quiet.ask(polling.saved(claim, state))
        listing = polling.Listed(state=state, entries=entries, headlines=headlines)
        return await self._writer.run(partial(polling.finish, claim=claim, listing=listing, now=now))

    async def sources(self) -> list[SourceState]:
        """See Store."""
        return await self._reader.run(polling.states)

    # -- entries

    async def claim_entries(
        self, now: datetime, *, limit: int, lease: timedelta, of_one_host: int | None = None
    ) -> list[EntryClaim]:
        """See Store."""
        turn = waiting.Turn(now=now, lease=lease, limit=limit, of_one_host=of_one_host, after=self._after)
        claims = await self._writer.run(partial(waiting.claim, turn=turn))
        if claims:
            self._after = claims[-1].source
        return claims

    async def release_entry(self, claim: EntryClaim, *, due: datetime, visit: Visit | None = None) -> bool:
        """See Store."""
        return await self._writer.run(partial(waiting.release, claim=claim, due=due, visit=visit))

    async def commit(  # noqa: PLR0913 - all that one transaction records
        self,
        claim: EntryClaim,
        article: Article,
        matches: Sequence[Match],
        judge: Judge,
        *,
        now: datetime,
        passages: Collection[int] = (),
        visit: Visit | None = None,
    ) -> Decision | None:
        """See Store."""
        reading = recording.Reading(
            claim=claim, article=article, matches=tuple(matches), now=now, passages=passages, visit=visit
        )
        return await self._writer.run(partial(recording.commit, reading=reading, judge=judge))

    async def echoes(self, source: str, url: str, hashes: Collection[int]) -> Echoes:
        """See Store."""
        return await self._reader.run(partial(learning.echoes, source=source, url=url, hashes=hashes))

    async def revisions(self, url: str) -> list[Revision]:
        """See Store."""
        return await self._reader.run(partial(recording.revisions, url=url))

    # -- outbox

    async def open_rows(self, dispatches: Sequence[Dispatch], *, now: datetime) -> int:
        """See Store."""
        return await self._writer.run(partial(outbox.open_rows, dispatches=dispatches, now=now))

    async def claim_outbox(
        self,
        now: datetime,
        *,
        limit: int,
        lease: timedelta,
        rooms: Mapping[str, int] | None = None,
        held: Collection[int] = (),
    ) -> list[OutboxClaim]:
        """See Store."""
        if not await self.inherit():
            return []
        term = claiming.Term(now=now, until=now + lease, owner=self._owner, held=tuple(held))
        return await self._writer.run(partial(claiming.claim, term=term, limit=limit, rooms=rooms or {}))

    async def freeze(
        self, claim: OutboxClaim, *, parcel: bytes, subject: str, message_id: str, now: datetime
    ) -> bool:
        """See Store."""
        bytes_ = outbox.Frozen(parcel=parcel, subject=subject, message_id=message_id, now=now)
        return await self._writer.run(partial(outbox.freeze, claim=claim, frozen=bytes_))

    @property
    def receipts(self) -> Receipts | None:
        """See Store."""
        return self._held.receipts if self._held else None

    async def inherit(self) -> bool:
        """See Store."""
        held = self._held
        if held is None or held.inherited:
            return True
        if not held.alone():
            return False
        await self._writer.run(partial(outbox.inherit, receipts=tuple(held.receipts.read())))
        held.took_over()
        return True

    async def settle(self, claim: OutboxClaim, ending: Ending, *, now: datetime) -> bool:
        """See Store."""
        ours = await self._writer.run(partial(outbox.settle, claim=claim, ending=ending, now=now))
        if self._held:
            self._held.receipts.settled(claim.id)
        return ours

    async def hasten(self, now: datetime) -> int:
        """See Store."""
        return await self._writer.run(partial(outbox.hasten, now=now))

    async def outbox(self, states: Collection[RowState] = (), *, limit: int = 100) -> list[OutboxRow]:
        """See Store."""
        return await self._reader.run(partial(outbox.listing, states=states, limit=limit))

    async def retry(self, row: int, *, now: datetime) -> bool:
        """See Store."""
        return await self._writer.run(partial(outbox.retry, row=row, now=now))

    # -- silences

    async def add_silence(self, silence: Silence, *, now: datetime) -> Silence:
        """See Store."""
        return await self._writer.run(partial(silencing.add, silence=silence, now=now))

    async def end_silence(self, number: int, *, now: datetime) -> bool:
        """See Store."""
        return await self._writer.run(partial(silencing.end, number=number, now=now))

    async def silences(self) -> list[Silence]:
        """See Store."""
        return await self._reader.run(silencing.everything)

    # -- the whole

    @property
    def archive(self) -> Archive:
        """See Store."""
        return self._archive

    async def alerts(self, *, limit: int = 100) -> list[Alert]:
        """See Store."""
        return await self._reader.run(partial(telling.alerts, limit=limit))

    async def told(self, question: Question, *, limit: int = 100) -> list[Told]:
        """See Store."""
        return await self._reader.run(partial(telling.told, question=question, limit=limit))

    async def vitals(self, *, rules: Collection[tuple[str, str]], now: datetime) -> Vitals:
        """See Store."""
        sources = await self.sources()
        found = await self._reader.run(partial(health.vitals, sources=sources, rules=rules, now=now))
        return replace(found, disk=upkeep.free_percentage(self._path) if self._path else None)

    async def record_health(
        self, standing: Sequence[Standing], dispatches: Sequence[Dispatch], *, now: datetime
    ) -> int:
        """See Store."""
        return await self._writer.run(
            partial(health.record, standing=standing, dispatches=dispatches, now=now)
        )

    async def texts(self, *, limit: int) -> list[str]:
        """See Store."""
        return await self._reader.run(partial(sampling.texts, limit=limit))

    async def counts(self) -> Mapping[str, int]:
        """See Store."""
        return await self._reader.run(upkeep.counts)

    async def waited(self, now: datetime) -> timedelta:
        """See Store."""
        return await self._reader.run(partial(upkeep.waited, now=now))

    async def sizes(self) -> Mapping[str, int]:
        """See Store."""
        return await self._reader.run(partial(upkeep.sizes, path=self._path))

    async def turn_back(self, by: timedelta) -> None:
        """See Store."""
        await self._writer.run(partial(upkeep.turn_back, by=by))

    async def prune(self, *, articles_before: datetime, deliveries_before: datetime) -> Pruned:
        """See Store."""
        before = retention.Before(articles=articles_before, deliveries=deliveries_before)
        old = await self._reader.run(partial(retention.look, before=before))
        return await self._writer.run(partial(retention.prune, old=old, before=before))

    async def give_back(self) -> bool:
        """See Store."""
        return await self._writer.run(retention.give_back)

    async def ready(self) -> str:
        """See Store."""
        try:
            await asyncio.wait_for(self._writer.run(upkeep.beat), ANSWER)
        except StoreError as error:
            return str(error)
        except TimeoutError:
            return f"the store did not answer within {ANSWER:g} s"
        return ""

    async def close(self) -> None:
        """See Store."""
        self._quiet.flush()
        if self._reader is not self._writer:
            await self._reader.close()
        await self._writer.close()  # the last to leave brings the log into the file, and only it may write
        if self._held:
            self._held.close()


def _workers(
    place: str, path: Path | None, mode: Mode, patience: float, undoing: ExitStack
) -> tuple[Worker, Worker]:
    """Who writes and who reads, on connections that `undoing` closes."""
    explain = partial(connection.explain, place)
    database = connection.connect(place, read_only=mode == "read", patience=patience)
    undoing.callback(database.close)
    if mode == "daemon":
        migrate(database, place)
        renew(database)
        _take_back(database)
    else:
        check_version(database, place)
    if path and mode == "daemon":
        looking = connection.connect(place, read_only=True, patience=patience)
        writer = Worker(database, translate=explain, writes=True)
        return writer, Worker(looking, translate=explain, writes=False)
    writer = Worker(database, translate=explain, writes=mode != "read")
    return writer, writer


def _take_back(db: Connection) -> None:
    """Take back the polls and readings that the daemon before us had in hand; deliveries see `inherit`."""
    db.execute("begin immediate")
    polling.take_back(db)
    waiting.take_back(db)
    db.execute("commit")
