"""What pool and worker say to each other comes out as it went in, however the socket cuts it."""

import asyncio
import socket
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extraction.wire import Inbox, Line, Request, framed, read_article, write_article
from monitor.model import Article, FeedEntry, Origin

SEEN = datetime(2024, 10, 24, 9, 30, tzinfo=UTC)
ENTRY = FeedEntry(
    id="1",
    url="https://ledger.example/1",
    title="The ferry is late",
    summary="Nobody knows why. \ud800",
    content="All of it.",
    author="A. Nobody",
    language="en-GB",
    published=datetime(2024, 10, 24, 11, tzinfo=timezone(timedelta(hours=2))),
    fingerprint="f",
)
REQUEST = Request(
    body=b"<p>\xff\x00",
    content_type="text/html; charset=x",
    entry=ENTRY,
    origin=Origin(source="ledger", outlet="Ledger", tags=("sea", "local"), language="en"),
    url="https://ledger.example/1?a",
    seen=SEEN,
)
ARTICLE = Article(
    url=REQUEST.url,
    origin=REQUEST.origin,
    title="Паром опаздывает",
    fetched=SEEN,
    lead="One.\nTwo.",
    body="\udfff",
    caption="A ferry",
    byline="A. Nobody",
    section="Local",
    language="ru",
    published=ENTRY.published,
    partial="only the beginning is free to read",
    furniture="Read more",
)


@pytest.mark.parametrize("entry", [ENTRY, FeedEntry(id="2", url="", title="")])
def test_a_request_comes_out_as_it_went_in(entry: FeedEntry) -> None:
    request = replace(REQUEST, entry=entry)

    assert Request.unpacked(request.packed()) == request


@pytest.mark.parametrize(
    "article", [ARTICLE, Article(url=REQUEST.url, origin=REQUEST.origin, title="", fetched=SEEN)]
)
def test_an_article_comes_out_as_it_went_in(article: Article) -> None:
    assert read_article(write_article(article, "/ferry"), REQUEST) == (article, "/ferry")


@pytest.mark.parametrize("words", [b"", b"\xff", b"\0" * 9, b"\0" * 11, b"\0" * 9 + b"yesterday\0"])
def test_what_is_no_article_is_refused(words: bytes) -> None:
    with pytest.raises(ValueError, match=r"not enough values|decode|argument 2 is|Invalid isoformat"):
        read_article(words, REQUEST)


@given(st.lists(st.binary(max_size=40)), st.integers(1, 60))
def test_messages_are_whole_however_the_socket_cuts_them(messages: list[bytes], size: int) -> None:
    inbox, sent = Inbox(), b"".join(map(framed, messages))
    pieces = [sent[place : place + size] for place in range(0, len(sent), size)]

    assert [message for piece in pieces for message in inbox.put(piece)] == messages


def test_a_message_without_end_is_refused_before_it_comes() -> None:
    with pytest.raises(ValueError, match="a message of 1099511627776 bytes"):
        Inbox().put((1 << 40).to_bytes(8, "big"))


@pytest.mark.parametrize("nonsense", [b"", b"\xff" * 8])
async def test_whoever_hangs_up_or_talks_nonsense_is_heard_as_gone(nonsense: bytes) -> None:
    ours, theirs = socket.socketpair()
    heard: asyncio.Queue[bytes | None] = asyncio.Queue()
    with theirs, closing(Line(ours, heard.put_nowait)) as line:
        line.say(b"read this")
        theirs.sendall(framed(b"ready"))
        assert await heard.get() == b"ready"
        theirs.sendall(nonsense)
        theirs.shutdown(socket.SHUT_WR)
        assert await heard.get() is None


async def test_a_message_larger_than_the_socket_takes_waits_for_the_other_side() -> None:
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    inbox, messages = Inbox(), [b"x" * 3_000_000, b"", b"y" * 3_000_000]
    received: list[bytes] = []
    with theirs, closing(Line(ours, lambda _: None)) as line:
        for message in messages:
            line.say(message)
        while len(received) < len(messages):
            received += inbox.put(await asyncio.get_running_loop().sock_recv(theirs, 1 << 20))

    assert received == messages


async def test_saying_something_to_one_who_is_gone_is_no_error() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    heard: asyncio.Queue[bytes | None] = asyncio.Queue()
    with closing(Line(ours, heard.put_nowait)) as line:
        line.say(b"read this")

        assert await heard.get() is None
