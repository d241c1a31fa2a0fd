"""Servers that lie, dawdle and lure: each ends in words, and nothing reaches where it must not."""

import asyncio
import shutil
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from waiting import pace
from webserver import Names, Site, gzipped, moved, reply, serving

from monitor.fetching import FetchingSettings
from monitor.fetching.client import Client
from monitor.model import Failed, Fetched, Validators

FEED = b"<rss version='2.0'><channel/></rss>"


@pytest.fixture
async def cellar() -> AsyncIterator[Site]:
    """A server inside, at an address that no admin allowed; whoever gets there is remembered."""
    async with serving("127.0.0.2") as site:
        site.put("/secret", reply(body=FEED))
        yield site


@pytest.fixture
async def client(clock: Any, cellar: Site) -> AsyncIterator[Client]:
    """A client that may go to 127.0.0.1 alone."""
    settings = FetchingSettings.model_validate({"deadline": "0.2s", "allow_private": ["127.0.0.1/32"]})
    names = Names({"inside.example": ["127.0.0.2"], "turncoat.example": ["127.0.0.1", "127.0.0.2"]})
    made = Client(settings, clock=clock, version="1", pause=clock.pause, resolver=names)
    yield made
    await made.close()


# ---------------------------------------------------------------------------- where we do not go

REFUSED = "127.0.0.2 is not a public address; fetching.allow_private could allow it"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_leads_inside(site: Site, cellar: Site, client: Client, status: int) -> None:
    url = site.put("/a", moved(status, cellar.url("/secret")))
    assert await client.fetch(url, configured=True) == Failed(reason=REFUSED)
    assert cellar.asked == []


@pytest.mark.parametrize("host", ["127.0.0.2", "127.2", "0x7f.2", "2130706434", "[::ffff:127.0.0.2]"])
async def test_no_spelling_of_an_address_leads_inside(
    site: Site, cellar: Site, client: Client, host: str
) -> None:
    url = site.put("/a", moved(302, cellar.url("/secret", host=host)))
    assert isinstance(await client.fetch(url, configured=True), Failed)
    assert cellar.asked == []


async def test_a_name_for_an_address_inside_leads_nowhere(cellar: Site, client: Client) -> None:
    answer = await client.fetch(cellar.url("/secret", host="inside.example"), configured=True)
    assert answer == Failed(reason=REFUSED)
    assert cellar.asked == []


async def test_a_name_that_changes_its_address_after_a_good_answer_leads_nowhere(
    site: Site, clock: Any, client: Client
) -> None:
    async with serving("127.0.0.2", site.port) as cellar:
        site.put("/a", reply(body=FEED))
        url = site.url("/a", host="turncoat.example")
        assert isinstance(await client.fetch(url, configured=True), Fetched)
        client._opened.connector.clear_dns_cache()  # type: ignore[union-attr]
        assert await client.fetch(url, configured=True) == Failed(reason=REFUSED)
        assert cellar.asked == []


async def test_robots_txt_and_pages_lead_inside_as_little_as_feeds(
    site: Site, cellar: Site, client: Client
) -> None:
    site.put("/robots.txt", moved(302, cellar.url("/secret")))
    url = site.put("/page", moved(302, cellar.url("/secret")))
    assert isinstance(await client.fetch(url), Failed)
    assert cellar.asked == []


# ---------------------------------------------------------------------------- time


async def test_a_drip_meets_the_deadline(site: Site, client: Client) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await pace(0.02)

    answer = await client.fetch(site.put("/feed", drip), configured=True)
    assert answer == Failed(reason="no full answer within 0.2 s")


async def test_all_hops_of_a_fetch_share_one_deadline(site: Site, client: Client, clock: Any) -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        clock.seconds += 0.11
        writer.write(moved(302, "/on"))

    url = site.put("/feed", slowly)
    site.put("/on", slowly)
    assert await client.fetch(url, configured=True) == Failed(reason="no full answer within 0.2 s")
    assert site.asked == ["/feed", "/on"]


# ---------------------------------------------------------------------------- bodies and lies


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_packed_body_that_is_damaged_is_said(site: Site, client: Client, encoding: str) -> None:
    damaged = gzipped(FEED)[:10] + b"\xff" * 40 if encoding == "gzip" else b"\x78\x9c" + b"\xff" * 40
    answer = await client.fetch(
        site.put("/feed", reply(body=damaged, Content_Encoding=encoding)), configured=True
    )
    assert isinstance(answer, Failed)
    assert answer.reason.startswith("the packed body is broken")


async def test_a_body_longer_than_announced_is_no_http_and_said_in_one_line(
    site: Site, client: Client
) -> None:
    url = site.put("/feed", reply(body=FEED + b"more", Content_Length=str(len(FEED))))
    answer = await client.fetch(url, configured=True)
    assert answer == Failed(reason="the server does not speak proper HTTP (Data after `Connection: close`)")


async def test_validators_meet_again_the_address_that_gave_them_behind_a_redirect(
    site: Site, client: Client
) -> None:
    url = site.put("/old", moved(301, "/new"))
    new = site.put("/new", reply(body=FEED, ETag='"a"'), reply("304 Not Modified"))
    first = await client.fetch(url, configured=True)
    assert isinstance(first, Fetched)
    assert first.validators == Validators(etag='"a"', url=new)
    await client.fetch(url, validators=first.validators, configured=True)
    assert [headers.get("If-None-Match") for headers in site.headers] == [None, None, None, '"a"']


# ---------------------------------------------------------------------------- TLS


async def test_a_certificate_that_nobody_vouches_for_is_refused_in_words(
    client: Client, tmp_path: Path
) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x -keyout {key} -out {certificate}"
    made = await asyncio.create_subprocess_exec(openssl, *command.split(), stderr=asyncio.subprocess.DEVNULL)
    assert await made.wait() == 0
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    site = Site()
    server = await asyncio.start_server(site.answer, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    answer = await client.fetch(f"https://127.0.0.1:{port}/feed", configured=True)
    server.close()
    assert isinstance(answer, Failed)
    assert answer.reason.startswith("the certificate of 127.0.0.1 is not trusted")
    assert site.asked == []
