"""What sources fetch beyond their own address, on a network that is a dict."""

from dataclasses import dataclass, field

import pytest

from monitor.model import Failed, Fetched, Listing
from monitor.sources import FeedSource, PageSource, SitemapSource
from monitor.sources.walk import probe, read_whole

RSS = b"<rss version='2.0'><channel><title>The Ledger</title><language>en</language><item><title>x</title></item></channel></rss>"
HEADLINES = b"<html><body><a href='/2026/11/24/one'>North Korean troops are in Kursk</a></body></html>"
ROOT = "https://example.org/"


@dataclass
class Network:
    pages: dict[str, bytes]
    asked: list[str] = field(default_factory=list)
    named: int = 0
    code: int = 404

    @property
    def no(self) -> Failed:
        return Failed(
            reason="HTTP 404 Not Found" if self.code == 404 else f"HTTP {self.code}", code=self.code
        )

    async def fetch(self, url: str, *, configured: bool = False) -> Fetched | Failed:
        self.asked.append(url)
        self.named += configured
        if url not in self.pages:
            return self.no
        return Fetched(url=url, status=200, body=self.pages[url], content_type="")


def urlset(*paths: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{path}</loc></url>' for path in paths)}</urlset>".encode()


def index(*paths: str) -> bytes:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{path}</loc></sitemap>' for path in paths)}</sitemapindex>".encode()


async def whole(network: Network) -> Listing | Failed:
    source = SitemapSource(kind="sitemap", id="a", url=f"{ROOT}sitemap.xml")
    start = await network.fetch(source.url)
    assert isinstance(start, Fetched)
    return await read_whole(source, start, network)


async def test_an_index_is_read_through_and_what_fails_is_remarked() -> None:
    network = Network(
        {f"{ROOT}sitemap.xml": index("/a.xml", "/gone.xml", "/b.xml"), f"{ROOT}a.xml": urlset("/1", "/2"),
         f"{ROOT}b.xml": urlset("/2", "/3")}
    )  # fmt: skip
    listing = await whole(network)
    assert isinstance(listing, Listing)
    assert sorted(entry.url for entry in listing.entries) == [f"{ROOT}{number}" for number in (1, 2, 3)]
    assert listing.remarks == (f"{ROOT}gone.xml: HTTP 404 Not Found",)


async def test_an_index_of_nothing_readable_is_a_failure() -> None:
    assert await whole(Network({f"{ROOT}sitemap.xml": index("/gone.xml")})) == Failed(
        reason=f"{ROOT}gone.xml: HTTP 404 Not Found"
    )


async def test_an_index_of_indexes_ends() -> None:
    network = Network({f"{ROOT}sitemap.xml": index("/sitemap.xml")})
    assert await whole(network) == Listing(entries=())
    assert (len(network.asked), network.named) == (2, 0)


async def test_a_feed_probed_is_itself() -> None:
    found = await probe(f"{ROOT}rss", Network({f"{ROOT}rss": RSS}))
    assert [source for source, _ in found.found] == [
        FeedSource(id="example.org", url=f"{ROOT}rss", outlet="The Ledger", language="en")
    ]


async def test_a_site_announces_its_feeds() -> None:
    home = (
        b"<html><head><link rel='alternate' type='application/rss+xml' href='/world.xml' title='World'>"
        b"<link rel='alternate' type='application/rss+xml' href='/c.xml' title='Comments'>"
        b"<link rel='alternate' type='application/rss+xml' href='/dead.xml'></head></html>"
    )
    found = await probe(ROOT, Network({ROOT: home, f"{ROOT}world.xml": RSS, f"{ROOT}c.xml": RSS}))
    assert [(source.url, source.outlet) for source, _ in found.found] == [(f"{ROOT}world.xml", "World")]
    assert found.tried[0] == (f"{ROOT}dead.xml", "HTTP 404 Not Found")


async def test_the_usual_places_are_tried_next() -> None:
    found = await probe(ROOT, Network({ROOT: b"<html></html>", f"{ROOT}rss.xml": RSS}))
    assert [source.url for source, _ in found.found] == [f"{ROOT}rss.xml"]


async def test_then_the_sitemaps_of_robots_txt_and_the_page_itself() -> None:
    pages = {
        ROOT: HEADLINES,
        f"{ROOT}robots.txt": b"Sitemap: /maps/news.xml",
        f"{ROOT}maps/news.xml": urlset("/1"),
    }
    found = await probe(ROOT, Network(pages))
    assert [type(source) for source, _ in found.found] == [SitemapSource, PageSource]
    assert found.found[0][0].url == f"{ROOT}maps/news.xml"


async def test_a_page_that_is_not_there_is_looked_for_in_the_usual_places() -> None:
    network = Network({f"{ROOT}atom.xml": RSS})
    found = await probe(f"{ROOT}old/feed", network)
    assert [source.url for source, _ in found.found] == [f"{ROOT}atom.xml"]
    assert found.tried[0] == (f"{ROOT}old/feed", "HTTP 404 Not Found")


async def test_and_so_is_one_that_is_kept_from_us_on_the_home_page() -> None:
    home = b"<html><link rel='alternate' type='application/rss+xml' href='/world.xml'></html>"
    network = Network({ROOT: home, f"{ROOT}world.xml": RSS}, code=403)
    found = await probe(f"{ROOT}world/", network)
    assert [source.url for source, _ in found.found] == [f"{ROOT}world.xml"]
    assert network.asked == [f"{ROOT}world/", ROOT, f"{ROOT}world.xml"]


async def test_and_in_the_sitemaps_of_robots_txt_but_a_site_that_says_no_is_not_asked_for_ever() -> None:
    pages = {f"{ROOT}robots.txt": b"Sitemap: /maps/news.xml", f"{ROOT}maps/news.xml": urlset("/1")}
    assert [source.url for source, _ in (await probe(ROOT, Network(pages))).found] == [f"{ROOT}maps/news.xml"]
    nothing = Network({})
    assert (await probe(ROOT, nothing)).found == ()
    assert len(nothing.asked) == len(set(nothing.asked)) == 8


@pytest.mark.parametrize("code", [0, 429, 503])
async def test_a_site_that_does_not_answer_is_said_and_left_alone(code: int) -> None:
    network = Network({}, code=code)
    assert (await probe(ROOT, network)).tried == ((ROOT, network.no.reason),)
    assert network.asked == [ROOT]
