"""Sitemaps, plain and for news, and indexes of them."""

from datetime import UTC, datetime

import pytest

from monitor.model import Failed, Fetched, Listing
from monitor.sources import SitemapSource

URL = "https://example.org/sitemap.xml"
SOURCE = SitemapSource(kind="sitemap", id="a", url=URL)
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def read(body: str) -> Listing | Failed:
    received = datetime(2026, 11, 24, 12, tzinfo=UTC)
    return SOURCE.read(Fetched(url=URL, status=200, body=body.encode(), received=received))


def test_a_news_sitemap_gives_titles_languages_and_dates() -> None:
    listing = read(
        f"<urlset {SPACES}><url><loc>https://example.org/1</loc><news:news><news:publication><news:name>N</news:name>"
        "<news:language>ko</news:language></news:publication><news:publication_date>2026-11-24T09:00:00+09:00"
        "</news:publication_date><news:title>Tom &amp; Jerry</news:title></news:news></url></urlset>"
    )
    assert isinstance(listing, Listing)
    (entry,) = listing.entries
    assert (entry.id, entry.url, entry.title, entry.language, entry.published) == (
        "example.org/1",
        "https://example.org/1",
        "Tom & Jerry",
        "ko",
        datetime(2026, 11, 24, tzinfo=UTC),
    )


def test_lastmod_orders_and_is_no_publication_date() -> None:
    listing = read(
        f"<urlset {SPACES}><url><loc>/old</loc><lastmod>2020-01-01</lastmod></url>"
        "<url><loc>/new</loc><lastmod>2026-11-01</lastmod></url><url><loc></loc></url></urlset>"
    )
    assert isinstance(listing, Listing)
    assert [(entry.url, entry.published) for entry in listing.entries] == [
        ("https://example.org/new", None),
        ("https://example.org/old", None),
    ]


def test_an_index_says_where_to_read_further_news_and_newest_first() -> None:
    maps = [("a.xml", "2020-01-01"), ("b.xml", "2026-01-01"), ("news.xml", ""), ("c.xml.gz", "2021-01-01")]
    maps += [(f"{number}.xml", "2019-01-01") for number in range(9)]
    listed = "".join(f"<sitemap><loc>/{name}</loc><lastmod>{day}</lastmod></sitemap>" for name, day in maps)
    listing = read(f"<sitemapindex {SPACES}>{listed}</sitemapindex>")
    assert isinstance(listing, Listing)
    assert listing.further[:4] == tuple(
        f"https://example.org/{name}" for name in ("news.xml", "b.xml", "c.xml.gz", "a.xml")
    )
    assert len(listing.further) == 5


@pytest.mark.parametrize(
    "body",
    [
        f"<urlset {SPACES}><url><loc>https://example.org/?a=1&b=2</loc></url></urlset>",
        f"<urlset {SPACES}><url><loc>https://example.org/?a=1&amp;b=2</loc></url><url><loc>cut",
    ],
)
def test_a_broken_sitemap_is_read_as_far_as_it_goes(body: str) -> None:
    listing = read(body)
    assert isinstance(listing, Listing)
    assert listing.entries[0].url == "https://example.org/?a=1&b=2"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "the server sent an empty body"),
        ("<rss version='2.0'><channel/></rss>", "this is a feed, not a sitemap; write kind: feed"),
        ("<!DOCTYPE html><html></html>", "this is a web page, not a sitemap"),
        ("not xml", "this is no sitemap that we can read"),
    ],
)
def test_what_is_no_sitemap_is_said(body: str, words: str) -> None:
    failed = read(body)
    assert isinstance(failed, Failed)
    assert words in failed.reason
