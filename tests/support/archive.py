"""What tests of the store as a whole stand on: articles polled, read and alerted through the real parts."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.alerting import AlertingSettings, Case, Policy, Sighting
from monitor.model import (
    Article,
    Decision,
    EntryClaim,
    FeedEntry,
    Field,
    Match,
    Mention,
    Origin,
    OutboxClaim,
    RowState,
    Severity,
)
from monitor.store import Ending
from monitor.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEASE = timedelta(minutes=10)
FEEDS = {"daily": "https://example.org/rss"}
POLICY = Policy(
    settings=AlertingSettings.model_validate(
        {"defaults": {"first_run": "alert", "wait": "0s", "group": "article"}}
    ),
    recipients={"desk": ("desk@example.org",)},
)
MATCH = Match(
    watchlist="korea",
    rule="troops",
    title="Troops",
    severity=Severity.HIGH,
    mentions=(Mention(term="troops", field=Field.TITLE, start=0, end=6, text="Troops"),),
)


def entry(name: str, published: datetime | None, **changes: object) -> FeedEntry:
    """What a feed lists; every name is a story of its own."""
    url = f"https://example.org/{name}"
    made = FeedEntry(
        id=name, url=url, title=f"Troops {name} {name[::-1]}", published=published, fingerprint="1"
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def poll(store: SqliteStore, *entries: FeedEntry, at: datetime) -> None:
    """Poll the one source: it lists these."""
    await store.register_sources(FEEDS, now=at)
    (claim,) = await store.claim_sources(at + DAY, limit=1, lease=timedelta(0))
    state = replace(claim.state, polled=at, due=at, length=len(entries))
    await store.finish_poll(claim, state, entries, now=at)


async def read(store: SqliteStore, *, at: datetime, matches: tuple[Match, ...] = (MATCH,)) -> None:
    """Read all that waits; every article matches."""
    claims = await store.claim_entries(at, limit=999, lease=LEASE)
    assert None not in await asyncio.gather(*(_commit(store, claim, matches, at) for claim in claims))


def _commit(
    store: SqliteStore, claim: EntryClaim, matches: tuple[Match, ...], at: datetime
) -> Awaitable[Decision | None]:
    article = Article(
        url=claim.entry.url,
        origin=Origin(source="daily", outlet="Daily"),
        title=claim.entry.title,
        fetched=at,
        body=f"{claim.entry.title} and nothing else. " * 40,
        published=claim.entry.published,
    )
    sighting = Sighting(article=article, matches=matches, baseline=claim.baseline, now=at)
    return store.commit(claim, article, matches, Case(sighting=sighting, policy=POLICY), now=at)


async def send(store: SqliteStore, *, at: datetime) -> list[OutboxClaim]:
    """Send all that may go; what went."""
    claims = await store.claim_outbox(at, limit=999, lease=LEASE)
    for claim in claims:
        message = f"<{claim.key}@example.org>"
        await store.freeze(claim, parcel=b"mail", subject="Troops", message_id=message, now=at)
        assert await store.settle(claim, Ending(state=RowState.SENT, words="250"), now=at)
    return claims


def titles(claims: list[OutboxClaim]) -> list[str]:
    """The names of the articles that messages carry."""
    return sorted(alert.article.title.split()[1] for claim in claims for alert in claim.alerts)
