"""The store's contract: claims with a lease and a fence, so that several daemons may share one store.

A claim that was lost (its lease ran out and another took it) makes the finishing call change nothing and
return None or False; the caller drops its work.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from monitor.model import (
    Alert,
    Article,
    Decision,
    Dispatch,
    Echoes,
    EntryClaim,
    FeedEntry,
    History,
    Inquiry,
    Kind,
    Mail,
    Match,
    OutboxClaim,
    Relative,
    Revision,
    RowState,
    Silence,
    SourceClaim,
    SourceState,
    Standing,
    Verdict,
    Visit,
    Vitals,
)
from monitor.receipts import Receipts

if TYPE_CHECKING:
    from monitor.store.asking import Archive  # it tells of rows, whose nouns stand here

__all__ = ["Ending", "Judge", "OutboxRow", "Polled", "Pruned", "Question", "Store", "Told"]


class Judge(Protocol):
    """Decides, purely, inside the transaction that records the article.

    The store looks up the relatives that `inquiry` asks for, `kin` says whose past matters (ids of
    stories), the store loads that past, and the call decides. Of many articles that met the same rules only
    those are relatives whose gist is `likely` to be a report of the same event.
    """

    @property
    def inquiry(self) -> Inquiry:
        """What is to be looked up."""

    def likely(self, gists: Sequence[bytes]) -> Sequence[int]:
        """The places of the gists that may be of reports of what the article tells."""

    def kin(self, relatives: Sequence[Relative]) -> tuple[str, ...]:
        """The ids of the stories that the article belongs to or proves to be one."""

    def __call__(self, history: History) -> Decision:
        """The decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a poll brought: entries never seen, and entries that changed.

    `held` of the new ones are old news of a feed that is new all over (its ids changed): they are marked
    as baseline, and the admin should be told.
    """

    new: int
    changed: int
    held: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """Rows that retention removed; `more`: there may be others, so ask again."""

    articles: int
    deliveries: int
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """An outbox row as people look at it; `uncertain`: the server may have taken it without a word."""

    id: int
    key: str
    channel: str
    recipient: str
    kind: Kind
    state: RowState
    subject: str
    message_id: str
    attempts: int
    created: datetime
    due: datetime
    sent: datetime | None
    last_code: int
    last_error: str
    reply: str
    uncertain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an attempt ended: sent, dead, expired, or pending again at `due`; `words` are the server's."""

    state: RowState
    due: datetime | None = None
    code: int = 0
    words: str = ""
    uncertain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which alerts somebody asks for: raised since, of these verdicts, of this story; empty asks for all."""

    since: datetime | None = None
    verdicts: tuple[Verdict, ...] = ()
    story: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert, and the outbox rows that carry it to people."""

    alert: Alert
    mails: tuple[Mail, ...]


class Store(Protocol):
    """What is remembered. Every method is one transaction."""

    # -- sources
    async def register_sources(self, urls: Mapping[str, str], *, now: datetime) -> None:
        """Make the configured sources (id → url) known: new ones are due at once; a changed url forgets
        the validators and is a new baseline; those no longer configured are not claimed.
        """

    async def claim_sources(self, now: datetime, *, limit: int, lease: timedelta) -> list[SourceClaim]:
        """Take up to `limit` sources that are due, longest overdue first."""

    async def finish_poll(
        self,
        claim: SourceClaim,
        state: SourceState,
        entries: Sequence[FeedEntry],
        *,
        now: datetime,
        headlines: Collection[int] = (),
    ) -> Polled | None:
        """Save the new state and the entries not seen before, or changed since, in one transaction.

        Entries of the first good poll of a source are marked as its baseline. `headlines` are the hashes
        of what it lists, for `echoes`.
        """

    async def sources(self) -> list[SourceState]:
        """The state of every configured source."""

    # -- entries
    async def claim_entries(
        self, now: datetime, *, limit: int, lease: timedelta, of_one_host: int | None = None
    ) -> list[EntryClaim]:
        """Take up to `limit` entries that wait to be read, each source's oldest first, sources in turn.

        With those in hand they are at most so many of one host's pages.
        """

    async def release_entry(self, claim: EntryClaim, *, due: datetime, visit: Visit | None = None) -> bool:
        """Give an entry back, to be read no earlier than `due`; `visit` says why."""

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
        """Record an article with its matches, alerts and outbox rows in ONE transaction, or not at all.

        `passages` are the hashes of its paragraphs, repeated ones included, for `echoes`. A text that
        takes another one's place leaves it among the `revisions`.
        """

    async def echoes(self, source: str, url: str, hashes: Collection[int]) -> Echoes:
        """Where else the source says what the article at `url` says; hashes that nothing answers are left
        out.
        """

    async def revisions(self, url: str) -> list[Revision]:
        """How the article at `url` read before it was changed, oldest first."""

    # -- outbox
    async def open_rows(self, dispatches: Sequence[Dispatch], *, now: datetime) -> int:
        """Open rows that no article asks for; a key that was ever used changes nothing. How many are new."""

    async def claim_outbox(
        self,
        now: datetime,
        *,
        limit: int,
        lease: timedelta,
        rooms: Mapping[str, int] | None = None,
        held: Collection[int] = (),
    ) -> list[OutboxClaim]:
        """Take up to `limit` rows that are due, channels in turn, of a channel no more than its room.

        None of `held` is given, whatever the clock says of its lease: who asks is still at it.
        Rows whose lease ran out after their bytes were fixed come back as `uncertain`.
        """

    async def freeze(
        self, claim: OutboxClaim, *, parcel: bytes, subject: str, message_id: str, now: datetime
    ) -> bool:
        """Fix the bytes of a row before the first attempt; from now on nothing joins it."""

    @property
    def receipts(self) -> Receipts | None:
        """Where to note that a server took a row, before `settle`; what is noted outlives a killed daemon."""

    async def inherit(self) -> bool:
        """Settle what a killed daemon had a server's word for, and take back the rest it was sending.

        False while what it left behind is still at it: then no row can be claimed.
        """

    async def settle(self, claim: OutboxClaim, ending: Ending, *, now: datetime) -> bool:
        """End an attempt; False where the claim was lost."""

    async def hasten(self, now: datetime) -> int:
        """Make every gathering alert due now (for a single cycle); digests keep their time."""

    async def outbox(self, states: Collection[RowState] = (), *, limit: int = 100) -> list[OutboxRow]:
        """Rows as people look at them, newest first; no states: all."""

    async def retry(self, row: int, *, now: datetime) -> bool:
        """Make a row that failed, is dead or expired due now, with the same bytes and Message-ID."""

    # -- silences
    async def add_silence(self, silence: Silence, *, now: datetime) -> Silence:
        """Put a silence in force from now on, beside those of alerting.yaml; the same with its number."""

    async def end_silence(self, number: int, *, now: datetime) -> bool:
        """End a silence before its time; False where none of this number is in force."""

    async def silences(self) -> list[Silence]:
        """Every silence that was ever added, oldest first."""

    # -- the whole
    @property
    def archive(self) -> "Archive":
        """What was read, to be searched."""

    async def alerts(self, *, limit: int = 100) -> list[Alert]:
        """Alerts, spoken and silent, newest first."""

    async def told(self, question: Question, *, limit: int = 100) -> list[Told]:
        """The alerts that a question asks for, newest first, each with the rows that carry it."""

    async def vitals(self, *, rules: Collection[tuple[str, str]], now: datetime) -> Vitals:
        """What health needs to know of the last day, and when each of the configured rules last matched."""

    async def record_health(
        self, standing: Sequence[Standing], dispatches: Sequence[Dispatch], *, now: datetime
    ) -> int:
        """Remember what people know of, in place of what it was, and open the rows that tell them.

        One transaction; how many rows are new.
        """

    async def texts(self, *, limit: int) -> list[str]:
        """Title, lead and body of the newest articles, each as one text."""

    async def counts(self) -> Mapping[str, int]:
        """Sizes by name: sources, entries_waiting, articles, alerts, outbox_<state> …"""

    async def waited(self, now: datetime) -> timedelta:
        """How long the oldest row that could go has not gone: since its first attempt, or since it is due."""

    async def sizes(self) -> Mapping[str, int]:
        """Bytes: `used` and `free` inside the database, its `log`, and `disk`, the free space around it."""

    async def turn_back(self, by: timedelta) -> None:
        """The wall clock was set back so far: what is due after a wait is due as much earlier, so that
        nothing waits longer than it was meant to. Digests keep their time of day.
        """

    async def prune(self, *, articles_before: datetime, deliveries_before: datetime) -> Pruned:
        """Remove some of what is older: a step that makes nobody wait.

        Never what is undelivered or may be sent again by hand, never the memory of what was seen or told.
        """

    async def give_back(self) -> bool:
        """Give some of the space that is free to the disk; whether there is more."""

    async def ready(self) -> str:
        """An empty string, or why the store cannot be written to."""

    async def close(self) -> None:
        """Finish what is queued, then let go of the file and its lock."""
