"""An article's path over several polls: a real store and matcher, pages from a dict, read on the spot."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from newsroom import StillClock

from monitor.alerting import Policy
from monitor.config.folder import load
from monitor.extraction import article_from_page, changes
from monitor.matching import Matcher, compile_watchlists
from monitor.metrics import Metrics
from monitor.model import Alert, Article, FeedEntry, Fetched, Field, Gone, Match, Origin
from monitor.pipeline import Pipeline, Rules
from monitor.store.sqlite import SqliteStore

FEED = "https://post.example/feed"
LEASE = timedelta(minutes=5)
SOURCES = f"version: 1\nsources: [{{id: post, url: '{FEED}', outlet: Post}}]\n"
WATCHLIST = "version: 1\nwatchlist: w\nrules: [{id: whales, severity: high, match: whale}]\n"
CALL = "Seen a whale? Write to the desk."


class Network:
    """Pages and feeds by address."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}

    async def fetch(self, url: str, **_: object) -> Fetched | Gone:
        if url not in self.pages:
            return Gone(reason="no such page")
        return Fetched(url=url, status=200, body=self.pages[url].encode(), content_type="text/html")

    def tell(self, summary: str = "", **titles: str) -> None:
        """The feed lists these articles, by name."""
        items = "".join(
            f"<item><guid>{name}</guid><title>{title}</title><description>{summary}</description>"
            f"<link>https://post.example/{name}</link></item>"
            for name, title in titles.items()
        )
        self.pages[FEED] = f"<rss version='2.0'><channel><title>Post</title>{items}</channel></rss>"

    def write(self, name: str, *paragraphs: str) -> None:
        told = "".join(f"<p>{text}</p>" for text in paragraphs)
        self.pages[f"https://post.example/{name}"] = (
            f"<html lang='en'><body><article><h1>T</h1>{told}</article>"
        )


class Reader:
    """Reads pages here and now: the pool without its processes."""

    async def read(
        self, page: Fetched, entry: FeedEntry, origin: Origin, *, url: str, seen: object
    ) -> Article:
        return article_from_page(page.body, page.content_type, entry, origin, url=url, seen=seen)  # type: ignore[arg-type]


class Desk:
    """A pipeline and what it stands on; `cycle` polls the feed and reads all that waits."""

    def __init__(self, config: Path, clock: StillClock) -> None:
        found = load(config, {})
        rules = Rules(
            sources=found.sources,
            fetching=found.settings.fetching,
            matcher=found.compiled.matcher,
            policy=Policy(settings=found.alerting, recipients={}),
        )
        self.network, self.clock, self.store = Network(), clock, SqliteStore.open("sqlite://:memory:")
        self.pipeline = Pipeline(
            rules,
            store=self.store,
            fetcher=self.network,
            extractor=Reader(),
            clock=clock,
            metrics=Metrics(),
        )

    async def cycle(self) -> None:
        self.clock.pass_by(timedelta(days=1))
        await self.store.register_sources({"post": FEED}, now=self.clock.now())
        for source in await self.store.claim_sources(self.clock.now(), limit=9, lease=LEASE):
            await self.pipeline.poll(source)
        while entries := await self.store.claim_entries(self.clock.now(), limit=1, lease=LEASE):
            await self.pipeline.read(entries[0])

    async def alerts(self) -> Mapping[str, Alert]:
        return {alert.article.url.rsplit("/", 1)[1]: alert for alert in await self.store.alerts()}


@pytest.fixture
async def desk(folder: Callable[..., Path], clock: StillClock) -> AsyncIterator[Desk]:
    made = Desk(folder(sources=SOURCES, watchlist=WATCHLIST), clock)
    yield made
    await made.store.close()


def story(name: str) -> tuple[str, ...]:
    """Two paragraphs that no other article has."""
    return (
        f"Ferry {name} left the pier two hours after its time, and nobody told the passengers why.",
        f"The captain of {name}, who lives above the bakery, did not open his door on Tuesday evening.",
    )


async def test_a_call_under_every_article_alerts_from_the_third_article_on_no_more(desk: Desk) -> None:
    for number, name in enumerate(("one", "two", "three", "four"), start=1):
        desk.network.write(name, story(name)[0], CALL, story(name)[1])
        desk.network.tell(**{name: f"Ferry {number} is late"})
        await desk.cycle()

    assert set(await desk.alerts()) == {"one", "two"}


async def test_a_headline_that_the_feed_lists_is_a_teaser_on_the_page_of_another_article(desk: Desk) -> None:
    desk.network.write("one", story("one")[0], "Whale follows ferry into the fjord", story("one")[1])
    desk.network.write("two", *story("two"))
    desk.network.tell(one="The ferry is late", two="Whale follows ferry into the fjord")
    await desk.cycle()

    assert set(await desk.alerts()) == {"two"}


async def test_a_changed_article_is_matched_anew_and_keeps_how_it_read(desk: Desk) -> None:
    desk.network.write("one", *story("one"))
    desk.network.tell(one="The ferry is late")
    await desk.cycle()
    assert await desk.alerts() == {}

    corrected = (story("one")[0], story("one")[1].replace("the bakery", "the whale museum"))
    desk.network.write("one", *corrected)
    desk.network.tell(one="The ferry is late (corrected)")
    await desk.cycle()

    now = (await desk.alerts())["one"].article
    (before,) = await desk.store.revisions(now.url)
    assert before.until == desk.clock.now()
    assert [(change.field, change.before, change.after) for change in changes(before.article, now)] == [
        (Field.TITLE, "is late", "is late (corrected)"),
        (Field.BODY, "above the bakery, did not", "above the whale museum, did not"),
    ]


async def test_an_article_read_again_unchanged_has_no_revision_and_does_not_echo_itself(desk: Desk) -> None:
    desk.network.write("one", *story("one"), CALL)
    for summary in ("", "The ferry is late!", "The ferry is late …"):
        desk.network.tell(one="The ferry is late", summary=summary)
        await desk.cycle()

    (alert,) = (await desk.alerts()).values()
    assert CALL in alert.article.body
    assert await desk.store.revisions(alert.article.url) == []


class Slow:
    """A matcher that takes as long as it is let, whatever rules it stands for."""

    def __init__(self, matcher: Matcher) -> None:
        self.rules, self._matcher = matcher.rules, matcher
        self.begun, self.may_end = threading.Event(), threading.Event()

    def match(self, article: Article) -> tuple[Match, ...]:
        self.begun.set()
        assert self.may_end.wait(60)
        return self._matcher.match(article)


async def test_matching_that_takes_long_leaves_the_loop_free_and_a_reload_waits_for_the_next_article(
    desk: Desk,
) -> None:
    rules = desk.pipeline.rules
    slow = Slow(rules.matcher)
    desk.network.write("one", *story("one"), "A whale was seen.")
    desk.network.tell(one="The ferry is late")
    desk.pipeline.rules = replace(rules, matcher=slow)  # type: ignore[arg-type]
    reading = asyncio.create_task(desk.cycle())
    assert await asyncio.to_thread(slow.begun.wait, 60)
    desk.pipeline.rules = replace(rules, matcher=compile_watchlists({}, {}).matcher)
    assert not reading.done()
    slow.may_end.set()
    await reading

    assert set(await desk.alerts()) == {"one"}
