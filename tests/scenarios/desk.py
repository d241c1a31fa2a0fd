"""A desk that reads articles and gets mail, on the real store and the real policy; its clock jumps from event to event."""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2s

from monitor.alerting import Case, Policy, Sighting, compose, scheduled
from monitor.model import (
    Alert,
    Article,
    Decision,
    FeedEntry,
    Match,
    Notification,
    OutboxClaim,
    RowState,
)
from monitor.store.base import Ending
from monitor.store.sqlite import SqliteStore

LEASE = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """An article with its matches, when it comes in; `first_look`: it stood in the source before."""

    at: datetime
    article: Article
    matches: tuple[Match, ...]
    first_look: bool = False


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What somebody does meanwhile, and when."""

    at: datetime
    do: Callable[["Desk"], Awaitable[object]]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A mail that went out, with the alerts it carried."""

    at: datetime
    claim: OutboxClaim
    notification: Notification

    @property
    def carried(self) -> tuple[Alert, ...]:
        return self.claim.alerts


@dataclass(kw_only=True)
class Desk:
    """Everything between an article's matches and the mails, without the network."""

    store: SqliteStore
    policy: Policy
    sent: list[Sent] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)
    number: int = 0

    @classmethod
    def open(cls, policy: Policy, url: str = "sqlite://:memory:") -> "Desk":
        return cls(store=SqliteStore.open(url), policy=policy)

    async def restart(self, url: str) -> None:
        """What a daemon that starts again does: all it knows is what was stored."""
        await self.store.close()
        self.store = SqliteStore.open(url)

    async def run(self, events: Sequence[Arrival | Deed], *, until: datetime) -> None:
        """Let the articles come in and the mails go out, in the order of time."""
        coming = sorted(events, key=lambda event: event.at)
        while True:
            now = coming[0].at if coming else until
            due = await self.next_due()
            if due is not None and due < now:
                await self.deliver(due)
            elif coming:
                event = coming.pop(0)
                await (self.read(event) if isinstance(event, Arrival) else event.do(self))
            else:
                await self.deliver(until)
                return

    async def next_due(self) -> datetime | None:
        return min(
            (row.due for row in await self.store.outbox([RowState.PENDING], limit=10_000)), default=None
        )

    async def read(self, arrival: Arrival) -> Decision:
        """One article's way into the store."""
        now, source = arrival.at, arrival.article.origin.source
        await self.store.open_rows(scheduled(self.policy, now), now=now)
        await self.store.register_sources({source: f"https://{source}.example/feed"}, now=now)
        if source not in self.sources and not arrival.first_look:
            await self._poll(now)
        self.sources.add(source)
        self.number += 1
        entry = FeedEntry(id=f"{self.number}", url=arrival.article.url, title=arrival.article.title)
        await self._poll(now, entry)
        [claim] = await self.store.claim_entries(now, limit=9, lease=LEASE)
        sighting = Sighting(
            article=arrival.article, matches=arrival.matches, baseline=claim.baseline, now=now
        )
        case = Case(sighting=sighting, policy=self.policy)
        decision = await self.store.commit(claim, arrival.article, arrival.matches, case, now=now)
        assert decision is not None
        self.decisions.append(decision)
        return decision

    async def _poll(self, now: datetime, *entries: FeedEntry) -> None:
        """Take what a source lists now; what it answered all the while is taken as nothing new."""
        [claim] = await self.store.claim_sources(now, limit=1, lease=LEASE)
        if claim.state.polled is not None:
            claim = replace(claim, state=replace(claim.state, polled=now))
        await self.store.finish_poll(claim, replace(claim.state, due=now, polled=now), entries, now=now)

    async def deliver(self, now: datetime) -> None:
        """Send what is due."""
        while claims := await self.store.claim_outbox(now, limit=100, lease=LEASE):
            for claim in claims:
                mail = compose(claim, policy=self.policy, now=now)
                await self.store.freeze(
                    claim, parcel=mail.text.encode(), subject=mail.subject, message_id=mail.key, now=now
                )
                await self.store.settle(claim, Ending(state=RowState.SENT), now=now)
                self.sent.append(Sent(at=now, claim=claim, notification=mail))
        await self.store.open_rows(scheduled(self.policy, now), now=now)

    @property
    def alerts(self) -> list[Alert]:
        return [alert for decision in self.decisions for alert in decision.alerts]


def words(seed: str, number: int) -> list[str]:
    """So many made-up words, the same for the same seed; every fourteenth ends a sentence."""
    dice = random.Random(int.from_bytes(blake2s(seed.encode()).digest()[:8], "big"))
    syllables = (
        "ba",
        "ko",
        "ri",
        "ten",
        "mo",
        "sal",
        "ve",
        "du",
        "pir",
        "ga",
        "lum",
        "no",
        "ket",
        "shi",
        "fa",
    )
    made = ["".join(dice.choices(syllables, k=dice.randint(2, 4))) for _ in range(number)]
    return [f"{word}." if place % 14 == 13 else word for place, word in enumerate(made)]
