from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.extraction.pool import Pool
from monitor.model import Article, FeedEntry, Fetched, Origin

SEEN = datetime(2024, 10, 24, tzinfo=UTC)
ORIGIN = Origin(source="ledger", outlet="Ledger", language="en")
ENTRY = FeedEntry(
    id="1", url="https://ledger.example/1", title="The ferry is late", summary="Nobody knows why."
)
PAGE = b"""<html lang="en"><body><main><article><h1>The ferry is late</h1>
<p>The ferry left the pier two hours after its time on Tuesday, and nobody told the passengers why.</p>
<p>The harbour master spoke of fog. The passengers, who had seen the sun rise, spoke of the captain.</p>
<p>A second ferry, which had been promised for the evening, was cancelled without a word on the board.</p>
</article></main></body></html>"""
FROM_THE_FEED = Article(
    url=ENTRY.url, origin=ORIGIN, title=ENTRY.title, fetched=SEEN, lead=ENTRY.summary, language="en"
)


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool(timeout=timedelta(seconds=2))
    yield pool
    pool.close()


async def read(pool: Pool, body: bytes, content_type: str = "text/html") -> Article:
    page = Fetched(url=ENTRY.url, status=200, body=body, content_type=content_type)
    return await pool.read(page, ENTRY, ORIGIN, url=ENTRY.url, seen=SEEN)


async def test_a_page_is_read_by_a_process(pool: Pool) -> None:
    article = await read(pool, PAGE)

    assert article.lead.startswith("Nobody knows why.\nThe ferry left the pier two hours")
    assert article.body.endswith("was cancelled without a word on the board.")
    assert article.partial == ""


async def test_a_page_that_takes_too_long_is_killed_and_the_next_page_is_fine(pool: Pool) -> None:
    slow = b"<html><body>" + b"<p>word</p>" * 19_000 + b"</body></html>"

    assert await read(pool, slow) == replace(FROM_THE_FEED, partial="the page took longer than 2 s to read")
    assert (await read(pool, PAGE)).partial == ""


async def test_a_pdf_yields_the_words_of_the_feed(pool: Pool) -> None:
    article = await read(pool, b"%PDF-1.7 ...", "application/pdf")

    assert article == replace(FROM_THE_FEED, partial="not a page but application/pdf")
