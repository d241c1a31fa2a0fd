"""The pool against real reading processes: slow, huge and breaking pages, and its end."""

import asyncio
import os
import resource
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kin import fork_server, forks
from waiting import turns, until

from monitor.children import launch
from monitor.extraction.limits import MAX_LETTERS
from monitor.extraction.pool import Pool
from monitor.extraction.wire import Request, framed
from monitor.model import Article, FeedEntry, Fetched, Field, Origin

SEEN = datetime(2024, 10, 24, tzinfo=UTC)
ORIGIN = Origin(source="ledger", outlet="Ledger", language="en")
ENTRY = FeedEntry(
    id="1", url="https://ledger.example/1", title="The ferry is late", summary="Nobody knows why."
)
PAGE = b"""<html lang="en"><head><link rel="canonical" href="/ferry"></head><body><main><article><h1>The ferry is late</h1>
<p>The ferry left the pier two hours after its time on Tuesday, and nobody told the passengers why.</p>
<p>The harbour master spoke of fog. The passengers, who had seen the sun rise, spoke of the captain.</p>
<p>A second ferry, which had been promised for the evening, was cancelled without a word on the board.</p>
</article></main></body></html>"""
SLOW = b"<html><body>" + b"<p>word</p>" * 19_000 + b"</body></html>"
FROM_THE_FEED = Article(
    url=ENTRY.url, origin=ORIGIN, title=ENTRY.title, fetched=SEEN, lead=ENTRY.summary, language="en"
)


@pytest.fixture
def others() -> set[int]:
    """The processes of other tests that still end."""
    return forks()


@pytest.fixture
async def pool(others: set[int]) -> AsyncIterator[Pool]:
    pool = Pool(timeout=timedelta(seconds=2), settle="{}{}".format)
    yield pool
    pool.close()


def needed_by(process: int) -> int:
    """The bytes of address space that a process has needed so far."""
    status = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmPeak"))


async def read(pool: Pool, body: bytes, content_type: str = "text/html") -> Article:
    page = Fetched(url=ENTRY.url, status=200, body=body, content_type=content_type)
    return await pool.read(page, ENTRY, ORIGIN, url=ENTRY.url, seen=SEEN)


async def test_a_page_is_read_by_a_process_and_its_address_settled(pool: Pool) -> None:
    article = await read(pool, PAGE)

    assert article.url == "https://ledger.example/1/ferry"
    assert article.lead.startswith("Nobody knows why.\nThe ferry left the pier two hours")
    assert article.body.endswith("was cancelled without a word on the board.")
    assert article.partial == ""


async def test_a_process_that_dies_takes_one_page_with_it_at_most(pool: Pool, others: set[int]) -> None:
    assert (await read(pool, PAGE)).partial == ""
    (process,) = forks() - others
    reading = asyncio.create_task(read(pool, SLOW))
    await turns()
    os.kill(process, signal.SIGKILL)

    assert await reading == replace(FROM_THE_FEED, partial="the page broke the reading process")
    assert (await read(pool, PAGE)).partial == ""


async def test_a_process_out_of_memory_loses_its_page_and_the_next_is_fine(
    pool: Pool, others: set[int]
) -> None:
    assert (await read(pool, PAGE)).partial == ""
    (process,) = forks() - others
    small = Pool(memory=needed_by(process) + (4 << 20))
    try:
        big = b"<html><body>" + b"<p title='%s'>text</p>" % (b"x" * 1000) * 5_000
        assert (await read(small, big)).partial == "the page broke the reading process"
        assert (await read(small, PAGE)).partial == ""
    finally:
        small.close()


async def test_a_page_that_takes_too_long_is_given_up_and_those_that_wait_behind_it_are_fine(
    pool: Pool,
) -> None:
    hasty = Pool(timeout=timedelta(milliseconds=300), settle="{}{}".format)
    try:
        first, slow, last = await asyncio.gather(*(read(hasty, body) for body in (PAGE, SLOW, PAGE)))
        assert slow == replace(FROM_THE_FEED, partial="the page took longer than 0.3 s to read")
        assert first == last == await read(pool, PAGE)
    finally:
        hasty.close()


async def test_a_worn_process_is_replaced_and_no_page_is_lost(others: set[int]) -> None:
    before = forks()
    frail = Pool(pages=3)
    try:
        article = await read(frail, PAGE)
        (first,) = forks() - before
        assert await asyncio.gather(*(read(frail, PAGE) for _ in range(4))) == [article] * 4
        await until(lambda: first not in forks())
    finally:
        frail.close()


async def test_a_page_that_nobody_waits_for_any_more_does_not_answer_for_the_next(pool: Pool) -> None:
    reading = asyncio.create_task(read(pool, PAGE.replace(b"The ferry is late", b"The captain is gone")))
    await turns()
    reading.cancel()

    assert "captain is gone" not in (await read(pool, PAGE)).lead
    assert reading.cancelled()


async def test_a_page_of_megabytes_comes_and_goes_in_pieces(pool: Pool) -> None:
    sentence = "Пассажиры ждали парома до вечера, и никто не сказал им, когда он придёт. "
    paragraphs = "".join(f"<p>{number}. {sentence * 10}</p>" for number in range(1_500))
    article = await read(pool, f"<html><body><article>{paragraphs}</article></body></html>".encode())

    assert article.partial == "the text is cut: it is too long"
    assert article.body.startswith(f"1. {sentence}")
    assert sum(len(article.text(field)) for field in Field) == MAX_LETTERS


async def test_a_process_that_does_not_start_costs_the_page_its_text_but_not_its_alert() -> None:
    server = fork_server()
    os.kill(server, signal.SIGSTOP)
    pool = Pool()
    try:
        reading = asyncio.gather(read(pool, PAGE), read(pool, PAGE))
        await turns()
        os.kill(server, signal.SIGKILL)
        lost = replace(FROM_THE_FEED, partial="not read: the reading process does not start")
        assert await reading == [lost] * 2
        assert (await read(pool, PAGE)).partial == ""
    finally:
        pool.close()


async def test_where_not_even_a_socket_is_to_be_had_pages_lose_their_text_until_there_is_one() -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, most[1]))
    try:
        pool = Pool()
        lost = await read(pool, PAGE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, most)
    assert lost == replace(FROM_THE_FEED, partial="not read: the reading process does not start")
    assert (await read(pool, PAGE)).partial == ""
    pool.close()


async def test_a_process_that_nobody_is_left_to_kill_ends_itself() -> None:
    child, connection = launch("monitor.extraction.worker", 1 << 30, 1, environment=os.environ)
    request = Request(
        body=SLOW, content_type="text/html", entry=ENTRY, origin=ORIGIN, url=ENTRY.url, seen=SEEN
    )
    with connection:
        connection.sendall(framed(request.packed()))
        await asyncio.to_thread(child.wait)
        assert connection.recv(99) == framed(b"")  # ready, and no answer


async def test_closing_cancels_what_is_being_read_so_that_it_is_read_again() -> None:
    pool = Pool()
    assert (await read(pool, PAGE)).partial == ""
    readings = [asyncio.create_task(read(pool, SLOW)) for _ in range(3)]
    await turns()
    pool.close()

    ends = await asyncio.gather(*readings, return_exceptions=True)
    assert [type(end) for end in ends] == [asyncio.CancelledError] * 3
    pool.close()  # once more does no harm
    with pytest.raises(asyncio.CancelledError):
        await read(pool, PAGE)


async def test_a_pdf_yields_the_words_of_the_feed(pool: Pool) -> None:
    article = await read(pool, b"%PDF-1.7 ...", "application/pdf")

    assert article == replace(FROM_THE_FEED, partial="not a page but application/pdf")
