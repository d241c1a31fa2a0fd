"""One conditional GET against a real server that behaves, misbehaves, moves and attacks."""

import asyncio
import threading
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address
from typing import Any

import pytest
from webserver import Site, gzipped, moved, reply

from monitor.fetching.client import FEED_TYPES, Client
from monitor.model import Failed, Fetched, Gone, NotModified, Validators

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FEED = b"<rss version='2.0'><channel/></rss>"


# ---------------------------------------------------------------------------- good answers


async def test_a_feed_comes_whole_with_all_that_later_polls_need(site: Site, client: Client) -> None:
    url = site.put(
        "/feed",
        reply(
            body=FEED,
            Content_Type="text/xml; charset=utf-8",
            ETag='W/"a"',
            Last_Modified="Mon, 23 Nov 2026 10:00:00 GMT",
            Cache_Control="public, max-age=600",
        ),
    )
    assert await client.fetch(url, configured=True) == Fetched(
        url=url,
        status=200,
        body=FEED,
        content_type="text/xml; charset=utf-8",
        received=NOW,
        validators=Validators(etag='W/"a"', modified="Mon, 23 Nov 2026 10:00:00 GMT", url=url),
        fresh_for=timedelta(seconds=600),
    )
    assert site.headers == [
        {
            "Host": f"127.0.0.1:{site.port}",
            "User-Agent": "media-monitor/1.2 (+ops@example.org)",
            "Accept-Encoding": "gzip, deflate",
            "Accept": FEED_TYPES,
            "Connection": "close",
        }
    ]


async def test_validators_go_back_as_they_came_and_304_may_bring_new_ones(site: Site, client: Client) -> None:
    url = site.put("/feed", reply("304 Not Modified", ETag='"b"'))
    known = Validators(etag='W/"a"', modified="Mon, 23 Nov 2026 10:00:00 GMT", url=url)
    answer = await client.fetch(url, validators=known, configured=True)
    assert answer == NotModified(validators=replace(known, etag='"b"'))
    assert site.headers[0]["If-None-Match"] == 'W/"a"'
    assert site.headers[0]["If-Modified-Since"] == "Mon, 23 Nov 2026 10:00:00 GMT"


async def test_validators_are_not_shown_to_another_address(site: Site, client: Client) -> None:
    url = site.put("/feed", reply(body=FEED))
    await client.fetch(url, validators=Validators(etag='"a"', url=site.url("/other")), configured=True)
    assert "If-None-Match" not in site.headers[0]


async def test_304_to_a_first_request_is_a_failure(site: Site, client: Client) -> None:
    url = site.put("/feed", reply("304 Not Modified"))
    assert await client.fetch(url, configured=True) == Failed(
        reason="the server says 'not modified' to a first request", code=304
    )


async def test_cookies_are_not_kept(site: Site, client: Client) -> None:
    url = site.put("/feed", reply(body=FEED, Set_Cookie="a=b"))
    await client.fetch(url, configured=True)
    await client.fetch(url, configured=True)
    assert "Cookie" not in site.headers[1]


# ---------------------------------------------------------------------------- refusals and trouble


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply("404 Not Found"), Failed(reason="HTTP 404 Not Found", code=404)),
        (reply("403 Forbidden"), Failed(reason="HTTP 403 Forbidden", code=403)),
        (reply("500 Oops"), Failed(reason="HTTP 500 Oops", code=500)),
        (reply("410 Gone"), Gone(reason="HTTP 410: the server says it is gone for good")),
        (
            reply("429 Slow Down", Retry_After="3600"),
            Failed(reason="HTTP 429 Slow Down", code=429, retry_after=timedelta(hours=1)),
        ),
        (
            reply("429 Slow Down", Retry_After="Tue, 24 Nov 2026 14:00:00 GMT"),
            Failed(reason="HTTP 429 Slow Down", code=429, retry_after=timedelta(hours=2)),
        ),
        (reply("429 Slow Down", Retry_After="soon"), Failed(reason="HTTP 429 Slow Down", code=429)),
        (reply("429 Slow Down", Retry_After="-5"), Failed(reason="HTTP 429 Slow Down", code=429)),
        (
            reply("429 Slow Down", Retry_After="315360000"),
            Failed(reason="HTTP 429 Slow Down", code=429, retry_after=timedelta(days=3650)),
        ),
        (
            reply("503 Busy", Retry_After="120"),
            Failed(reason="HTTP 503 Busy", code=503, retry_after=timedelta(seconds=120)),
        ),
        (reply(body=FEED, Content_Length="4000"), Failed(reason="the answer was cut short or garbled")),
        (
            reply(body=FEED, Content_Encoding="br"),
            Failed(reason="the server packs its answer as 'br', which was not asked for"),
        ),
        (
            reply(body=gzipped(FEED)[:-12], Content_Encoding="gzip"),
            Failed(reason="the body was cut short"),
        ),
    ],
)
async def test_what_a_server_says_is_a_value(
    site: Site, client: Client, answer: bytes, expected: object
) -> None:
    assert await client.fetch(site.put("/feed", answer), configured=True) == expected


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 200 OK\r\nBroken", b"\x00" * 50]
)
async def test_what_is_no_http_is_a_failure(site: Site, client: Client, answer: bytes) -> None:
    assert isinstance(await client.fetch(site.put("/feed", answer), configured=True), Failed)


async def test_a_reset_connection_is_tried_once_more(site: Site, client: Client) -> None:
    url = site.put("/feed", b"", reply(body=FEED))
    answer = await client.fetch(url, configured=True)
    assert isinstance(answer, Fetched)
    assert answer.body == FEED


async def test_and_no_more_than_once(site: Site, client: Client) -> None:
    url = site.put("/feed", b"", b"", reply(body=FEED))
    assert await client.fetch(url, configured=True) == Failed(
        reason="the server closed the connection before it answered"
    )
    assert len(site.asked) == 2


async def test_nobody_listening_is_a_failure(client: Client, unused_tcp_port: int) -> None:
    answer = await client.fetch(f"http://127.0.0.1:{unused_tcp_port}/", configured=True)
    assert isinstance(answer, Failed)
    assert answer.reason.startswith("cannot connect to 127.0.0.1")


async def test_names_that_do_not_resolve_take_no_threads_from_the_others(client: Client) -> None:
    names = [f"http://{letter}.invalid/feed" for letter in "abcdefghijklmnop"]
    answers = await asyncio.gather(*(client.fetch(name, configured=True) for name in names))
    assert {answer.reason[-19:] for answer in answers} == {" cannot be resolved"}
    assert not [each for each in threading.enumerate() if each.name.startswith("asyncio_")]


async def test_plain_http_where_tls_is_wanted_is_a_failure(site: Site, hasty: Client) -> None:
    answer = await hasty.fetch(site.url().replace("http:", "https:"), configured=True)
    assert isinstance(answer, Failed)


async def test_a_server_that_never_ends_its_answer_meets_the_deadline(site: Site, hasty: Client) -> None:
    async def begin_and_wait(writer: asyncio.StreamWriter) -> None:
        writer.write(reply(body=FEED, Content_Length="4000"))
        await writer.drain()
        await asyncio.Event().wait()

    url = site.put("/feed", begin_and_wait)
    assert await hasty.fetch(url, configured=True) == Failed(reason="no full answer within 0.2 s")


async def test_an_endless_body_is_left_at_the_limit(site: Site, client: Client) -> None:
    sent = 0

    async def pour(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()
            sent += 65536

    url = site.put("/feed", pour)
    assert await client.fetch(url, configured=True) == Failed(reason="the body is larger than 10 MiB")
    assert sent < 20 * 2**20


# ---------------------------------------------------------------------------- packed bodies


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzipped(FEED), "gzip"),
        (gzipped(FEED), "x-gzip"),
        (zlib.compress(FEED), "deflate"),
        (zlib.compress(FEED)[2:-4], "deflate"),
        (FEED, "gzip"),
        (FEED, "identity"),
        (gzipped(gzipped(FEED)), "gzip"),
        (gzipped(FEED), "identity"),
        (gzipped(FEED) + b"trailing", "gzip"),
        (gzipped(FEED[:9]) + gzipped(FEED[9:]), "gzip"),
    ],
)
async def test_a_packed_body_is_unpacked_also_where_the_server_lies(
    site: Site, client: Client, body: bytes, encoding: str
) -> None:
    answer = await client.fetch(
        site.put("/feed", reply(body=body, Content_Encoding=encoding)), configured=True
    )
    assert isinstance(answer, Fetched)
    assert answer.body == FEED


async def test_a_bomb_is_left_at_the_limit(site: Site, client: Client) -> None:
    packed = zlib.compressobj(6, zlib.DEFLATED, 31)
    bomb = b"".join(packed.compress(b"\0" * 2**20) for _ in range(24)) + packed.flush()
    assert len(bomb) < 100_000
    url = site.put("/feed", reply(body=bomb, Content_Encoding="gzip"))
    assert await client.fetch(url, configured=True) == Failed(reason="the body is larger than 10 MiB")


# ---------------------------------------------------------------------------- redirects


async def test_permanent_redirects_are_told_up_to_the_first_that_is_not(site: Site, client: Client) -> None:
    url = site.put("/a", moved(301, "/b"))
    site.put("/b", moved(308, site.url("/c")))
    site.put("/c", moved(302, "/d"))
    site.put("/d", reply(body=FEED))
    answer = await client.fetch(url, configured=True)
    assert isinstance(answer, Fetched)
    assert (answer.url, answer.moved) == (site.url("/d"), site.url("/c"))


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_temporary_redirect_is_followed_and_not_kept(site: Site, client: Client, status: int) -> None:
    url = site.put("/a", moved(status, "/b"))
    site.put("/b", reply(body=FEED))
    answer = await client.fetch(url, configured=True)
    assert isinstance(answer, Fetched)
    assert (answer.body, answer.moved) == (FEED, "")


async def test_five_redirects_are_followed_and_six_are_not(site: Site, client: Client) -> None:
    for step in range(6):
        site.put(f"/{step}", moved(302, f"/{step + 1}"))
    site.put("/6", reply(body=FEED))
    assert isinstance(await client.fetch(site.url("/1"), configured=True), Fetched)
    assert await client.fetch(site.url("/0"), configured=True) == Failed(reason="more than 5 redirects")


async def test_a_loop_ends(site: Site, client: Client) -> None:
    url = site.put("/a", moved(301, "/a"))
    assert await client.fetch(url, configured=True) == Failed(reason="more than 5 redirects")


MAPPED = IPv6Address("::ffff:10.0.0.1")  # Python 3.13 writes it otherwise than those before


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("file:///etc/passwd", "file addresses are not fetched, only http and https"),
        ("ftp://example.org/", "ftp addresses are not fetched, only http and https"),
        ("javascript:alert(1)", "javascript addresses are not fetched, only http and https"),
        ("http://user:pass@example.org/", "addresses with a user name or password are not fetched"),
        ("http://[::1]:1/", "::1 is not a public address; fetching.allow_private could allow it"),
        ("http://10.1.2.3/", "10.1.2.3 is not a public address; fetching.allow_private could allow it"),
        (
            "http://169.254.169.254/latest/",
            "169.254.169.254 is not a public address; fetching.allow_private could allow it",
        ),
        (
            "http://[::ffff:10.0.0.1]/",
            f"{MAPPED} is not a public address; fetching.allow_private could allow it",
        ),
    ],
)
async def test_a_redirect_to_where_we_do_not_go_is_refused(
    site: Site, client: Client, target: str, why: str
) -> None:
    assert await client.fetch(site.put("/a", moved(302, target)), configured=True) == Failed(reason=why)


# ---------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "[::ffff:127.0.0.1]",
    ],
)
async def test_no_spelling_of_a_private_address_reaches_who_listens_there(
    site: Site, wary: Client, host: str
) -> None:
    site.put("/feed", reply(body=FEED))
    answer = await wary.fetch(site.url(host=host), configured=True)
    assert isinstance(answer, Failed)
    assert site.asked == []


async def test_what_the_admin_allows_is_reached(site: Site, client: Client) -> None:
    site.put("/feed", reply(body=FEED))
    assert isinstance(await client.fetch(site.url(host="localhost"), configured=True), Fetched)


# ---------------------------------------------------------------------------- robots.txt


async def test_pages_obey_robots_txt_and_configured_feeds_need_not(site: Site, client: Client) -> None:
    site.put("/robots.txt", reply(body=b"User-agent: *\nDisallow: /private"))
    url = site.put("/private/1", reply(body=b"<p>x</p>"))
    assert await client.fetch(url) == Failed(reason="the robots.txt of 127.0.0.1 forbids it")
    assert isinstance(await client.fetch(url, configured=True), Fetched)
    assert site.asked == ["/robots.txt", "/private/1"]


async def test_robots_txt_is_read_once_a_day(site: Site, client: Client, clock: Any) -> None:
    site.put("/robots.txt", reply(body=b"User-agent: *\nDisallow:"))
    url = site.put("/page", reply(body=b"<p>x</p>"))
    await client.fetch(url)
    await client.fetch(url)
    clock.moment += timedelta(hours=25)
    await client.fetch(url)
    assert site.asked == ["/robots.txt", "/page", "/page", "/robots.txt", "/page"]


async def test_pages_that_come_together_share_one_robots_txt(site: Site, client: Client) -> None:
    pages = [site.put(f"/{number}", reply(body=b"<p>x</p>")) for number in range(5)]
    await asyncio.gather(*map(client.fetch, pages))
    assert site.asked.count("/robots.txt") == 1


async def test_a_missing_robots_txt_allows_all(site: Site, client: Client) -> None:
    assert isinstance(await client.fetch(site.put("/page", reply(body=b"<p>x</p>"))), Fetched)


async def test_a_broken_robots_txt_means_not_now(site: Site, client: Client) -> None:
    site.put("/robots.txt", reply("503 Busy"))
    assert await client.fetch(site.put("/page", reply(body=b"<p>x</p>"))) == Failed(
        reason="its robots.txt cannot be read now (HTTP 503 Busy)"
    )


async def test_a_crawl_delay_is_kept(site: Site, client: Client, clock: Any) -> None:
    site.put("/robots.txt", reply(body=b"User-agent: *\nCrawl-delay: 7"))
    url = site.put("/page", reply(body=b"<p>x</p>"))
    for _ in range(3):
        await client.fetch(url)
    assert clock.seconds == 1 + 7 + 7


async def test_one_bad_site_leaves_the_others_alone(site: Site, client: Client) -> None:
    bad = [
        site.put(f"/{number}", answer)
        for number, answer in enumerate([b"", b"junk\r\n\r\n", reply("500 Oops")])
    ]
    good = site.put("/good", reply(body=FEED))
    answers = await asyncio.gather(*(client.fetch(url, configured=True) for url in [*bad, good]))
    assert [type(answer) for answer in answers] == [Failed, Failed, Failed, Fetched]
