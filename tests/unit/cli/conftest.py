"""A configuration folder whose daemon has told of one story, and holds another for the morning."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.alerting import AlertingSettings, Case, Policy, Sighting
from monitor.clock import SystemClock
from monitor.model import Article, Excerpt, FeedEntry, Field, Match, Mention, Origin, RowState, Severity
from monitor.store import Ending
from monitor.store.sqlite import SqliteStore

WATCHLIST = """\
watchlist: w
title: Words
rules:
  - {id: troops, severity: high, labels: [force], match: '"North Korean" /s troops', tests: {hit: [North Korean troops], miss: [no]}}
  - {id: treaty, severity: low, match: 'treaty', tests: {hit: [treaty], miss: [no]}}
"""
ALERTING = """\
timezone: Asia/Seoul
channels: {desk: {type: email, to: [desk@example.org]}}
routes:
  - {when: {severity: [high]}, to: [desk]}
  - {when: {severity: [low]}, to: [desk], send: digest}
digests: {morning: {to: [desk], at: "07:30"}}
health: {to: [desk], heartbeat: daily}
silences: [{match: {label: force, language: ko}, until: 2099-01-01, why: no reader, by: kim}]
"""
LEASE = timedelta(minutes=10)


def matched(number: int, rule: str, severity: Severity, now: datetime) -> tuple[Article, Match]:
    """An article of its own, and its match."""
    lead = f"North Korean troops signed treaty number {number}."
    article = Article(
        url=f"https://daily.example/{number}",
        origin=Origin(source="daily", outlet="The Daily", tags=("tier1",)),
        title=f"{'Troops' if rule == 'troops' else 'Treaty'} report {number}",
        fetched=now,
        published=now - timedelta(minutes=3),
        language="en",
        lead=lead,
        body=" ".join(f"word{number}x{place}" for place in range(80)),
    )
    match = Match(
        watchlist="w",
        rule=rule,
        title=rule.capitalize(),
        severity=severity,
        mentions=(Mention(term="troops", field=Field.LEAD, start=13, end=19, text="troops"),),
        excerpts=(Excerpt(field=Field.LEAD, text=lead, marks=((13, 19),)),),
    )
    return article, match


def written(folder: Path) -> Path:
    """Two rules, one recipient, a store of its own."""
    (folder / "watchlists").mkdir()
    sources = "sources: [{id: daily, url: https://daily.example/rss.xml, tags: [tier1]}]\n"
    (folder / "sources.yaml").write_text(sources)
    (folder / "watchlists" / "w.yaml").write_text(WATCHLIST)
    (folder / "alerting.yaml").write_text(ALERTING)
    (folder / "monitor.yaml").write_text(f"storage: sqlite:///{folder / 'monitor.db'}\n")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration whose store does not exist yet."""
    return written(tmp_path)


Read = Callable[[int, str, Severity], None]


@pytest.fixture
def read(folder: Path) -> Read:
    """Reads an article that matches a rule into the store, as the daemon does, and sends what is due."""

    def read(number: int, rule: str, severity: Severity) -> None:
        asyncio.run(_read(folder, number, rule, severity))

    return read


async def _read(folder: Path, number: int, rule: str, severity: Severity) -> None:
    now = SystemClock().now()
    store = SqliteStore.open(f"sqlite:///{folder / 'monitor.db'}")
    article, match = matched(number, rule, severity, now)
    policy = Policy(
        settings=AlertingSettings.model_validate(
            {
                "timezone": "Asia/Seoul",
                "defaults": {"wait": "0s"},
                "routes": [
                    {"when": {"severity": ["high"]}, "to": ["desk"]},
                    {"when": {"severity": ["low"]}, "to": ["desk"], "send": "digest"},
                ],
                "digests": {"morning": {"to": ["desk"], "at": "07:30"}},
            }
        ),
        recipients={"desk": ("desk@example.org",)},
    )
    await store.register_sources({"daily": "https://daily.example/rss.xml"}, now=now)
    for entries in ((), (FeedEntry(id=f"{number} {rule}", url=article.url, title=article.title),)):
        [claim] = await store.claim_sources(now, limit=1, lease=LEASE)
        await store.finish_poll(claim, replace(claim.state, due=now, polled=now), entries, now=now)
    [claim] = await store.claim_entries(now, limit=1, lease=LEASE)
    case = Case(sighting=Sighting(article=article, matches=(match,), baseline=False, now=now), policy=policy)
    await store.commit(claim, article, (match,), case, now=now)
    for row in await store.claim_outbox(now, limit=9, lease=LEASE):
        await store.settle(row, Ending(state=RowState.SENT, words="250"), now=now)
    await store.close()


@pytest.fixture(scope="session")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One story told, one that waits for the digest: what `told` is a copy of."""
    folder = written(tmp_path_factory.mktemp("told"))
    asyncio.run(_read(folder, 1, "troops", Severity.HIGH))
    asyncio.run(_read(folder, 2, "treaty", Severity.LOW))
    return folder


@pytest.fixture
def told(folder: Path, telling: Path) -> Path:
    """One story told, one that waits for the digest."""
    shutil.copy(telling / "monitor.db", folder)
    return folder
