"""Articles put into a store as the daemon puts them: listed, claimed, committed, with a judge of the test's choice."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model import (
    Article,
    Decision,
    FeedEntry,
    History,
    Inquiry,
    Relative,
    Story,
)
from monitor.store.sqlite import SqliteStore

LEASE = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """A judge that makes a story of each article and tells nobody."""

    article: Article

    @property
    def inquiry(self) -> Inquiry:
        return Inquiry(article=self.article.url)

    def likely(self, gists: Sequence[bytes]) -> Sequence[int]:
        return range(len(gists))

    def kin(self, _relatives: Sequence[Relative]) -> tuple[str, ...]:
        return ()

    def __call__(self, _history: History) -> Decision:
        article = self.article
        story = Story(
            id=f"st-{article.url}", title=article.title, opened=article.fetched, touched=article.fetched
        )
        return Decision(story=story)


async def shelve(store: SqliteStore, articles: Sequence[Article], *, now: datetime) -> None:
    """Record articles that match nothing; one that is there already is read again."""
    await store.register_sources({"shelf": "https://shelf.example/feed"}, now=now)
    (source,) = await store.claim_sources(now, limit=1, lease=LEASE)
    entries = [
        FeedEntry(id=f"{now.isoformat()} {number:06}", url=article.url, title=article.title)
        for number, article in enumerate(articles)
    ]
    await store.finish_poll(source, replace(source.state, due=now), entries, now=now)
    claims = await store.claim_entries(now, limit=len(articles), lease=LEASE)
    told = [(claim, articles[int(claim.entry.id.rpartition(" ")[2])]) for claim in claims]
    commits = (store.commit(claim, each, (), Quiet(article=each), now=now) for claim, each in told)
    assert None not in await asyncio.gather(*commits)  # in this order, many to a transaction


async def index(store: SqliteStore) -> None:
    """Let the archive's index catch up."""
    while await store.archive.catch_up():
        pass
