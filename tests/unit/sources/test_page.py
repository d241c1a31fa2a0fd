"""List pages: the links that are headlines."""

import pytest
from pydantic import ValidationError

from monitor.model import Failed, Fetched, Listing
from monitor.sources import PageSource

URL = "https://example.org/world/"
PAGE = """<html><head><base href="https://example.org/x/"></head><body>
<nav><a href="/2026/11/24/menu-entry-that-is-long-enough">A menu entry that is long enough</a></nav>
<main>
<a href="../2026/11/24/kursk">North Korean troops are seen in Kursk</a>
<a href="https://www.example.org/north-korea-sends-more-men"><img alt="x">North Korea sends more men, says Seoul</a>
<a href="/2026/11/24/kursk#comments">7</a>
<a href="/2026/11/24/kursk">Kursk</a>
<h2><a class="headline" href="/20261124001">북한군 쿠르스크 배치 확인됐다</a></h2>
<a href="https://other.example.net/2026/11/24/a-story-of-another-site">A story of another site altogether</a>
<a href="/about">About this newspaper and its long history</a>
<a href="javascript:alert(20261124)">A script that looks like a headline</a>
</main></body></html>"""


def read(source: PageSource, body: str = PAGE) -> Listing | Failed:
    return source.read(Fetched(url=URL, status=200, body=body.encode(), content_type="text/html"))


def page(**settings: str) -> PageSource:
    return PageSource.model_validate({"kind": "page", "id": "a", "url": URL, **settings})


def test_without_a_selector_the_links_that_look_like_headlines_are_entries() -> None:
    listing = read(page())
    assert isinstance(listing, Listing)
    assert [(entry.url, entry.title) for entry in listing.entries] == [
        ("https://example.org/2026/11/24/kursk", "North Korean troops are seen in Kursk"),
        ("https://www.example.org/north-korea-sends-more-men", "North Korea sends more men, says Seoul"),
        ("https://example.org/20261124001", "북한군 쿠르스크 배치 확인됐다"),
    ]


@pytest.mark.parametrize("selector", ["a.headline", "h2", "main h2 > a"])
def test_a_selector_names_the_links_or_what_holds_them(selector: str) -> None:
    listing = read(page(links=selector))
    assert isinstance(listing, Listing)
    assert [entry.url for entry in listing.entries] == ["https://example.org/20261124001"]


def test_another_site_under_the_same_country_is_another_site() -> None:
    headline = "<a href='https://{}/2026/11/24/x'>North Korean troops are seen in Kursk</a>"
    body = headline.format("news.daily.co.kr") + headline.format("www.other.co.kr")
    source = PageSource(kind="page", id="a", url="https://www.daily.co.kr/")
    listing = source.read(Fetched(url=source.url, status=200, body=body.encode(), content_type="text/html"))
    assert isinstance(listing, Listing)
    assert [entry.url for entry in listing.entries] == ["https://news.daily.co.kr/2026/11/24/x"]


def test_a_selector_that_finds_nothing_is_said() -> None:
    failed = read(page(links="a.gone"))
    assert failed == Failed(
        reason="nothing matches 'a.gone'; name the links by a CSS selector, like links: \"a.headline\""
    )


@pytest.mark.parametrize("body", ["", "{}", "<p>nothing here</p>", "\x00\x01"])
def test_a_page_without_headlines_is_a_failure(body: str) -> None:
    assert isinstance(read(page(), body), Failed)


def test_a_broken_selector_is_a_configuration_error() -> None:
    with pytest.raises(ValidationError, match="is no CSS selector"):
        page(links="a[")
