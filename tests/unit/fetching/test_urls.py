"""One article, one address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetching.urls import canonical, claimed, untracked, walled
from monitor.hosts import registrable


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://Example.ORG/Path", "https://example.org/Path"),
        ("http://example.org/a", "https://example.org/a"),
        ("http://example.org:80/a", "https://example.org/a"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("http://127.0.0.1:8080/a/", "http://127.0.0.1:8080/a"),
        ("http://127.0.0.1/a", "http://127.0.0.1/a"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("http://[2001:db8::1]/a", "http://[2001:db8::1]/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/", "https://example.org/"),
        ("https://example.org/a/", "https://example.org/a"),
        ("https://example.org/a#part", "https://example.org/a"),
        ("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2"),
        ("https://example.org/a?utm_source=x&utm_Medium=y", "https://example.org/a"),
        ("https://example.org/a?fbclid=1&gclid=2&id=3", "https://example.org/a?id=3"),
        ("https://www.bbc.co.uk/news/1?at_medium=RSS&at_campaign=KARANGA", "https://www.bbc.co.uk/news/1"),
        ("https://example.org/a?CMPID=x&ns_mchannel=rss&mc_cid=9", "https://example.org/a"),
        ("https://example.org/a?source=rss&id=1", "https://example.org/a?id=1"),
        ("https://example.org/a?source=reuters", "https://example.org/a?source=reuters"),
        ("https://example.org/a?cid=81&oid=2", "https://example.org/a?cid=81&oid=2"),
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org/%7ejoe/%d0%90", "https://example.org/~joe/%D0%90"),
        ("https://example.org/а", "https://example.org/%D0%B0"),
        ("https://пример.рф/а", "https://xn--e1afmkfd.xn--p1ai/%D0%B0"),
        ("https://example.org/a%2Fb", "https://example.org/a%2Fb"),
        ("https://m.example.org/a", "https://www.example.org/a"),
        ("https://mobile.example.co.uk/a", "https://www.example.co.uk/a"),
        ("https://en.m.wikipedia.org/wiki/Kursk", "https://en.wikipedia.org/wiki/Kursk"),
        ("https://m.example", "https://m.example/"),
        ("https://amp.example.com/a", "https://www.example.com/a"),
        ("https://www.example.com/amp/news/1", "https://www.example.com/news/1"),
        ("https://www.example.com/news/1/amp/", "https://www.example.com/news/1"),
        ("https://www.example.com/news/1.amp.html", "https://www.example.com/news/1.html"),
        ("https://www.example.com/news/1?outputType=amp", "https://www.example.com/news/1"),
        ("https://www.example.com/news/amplifier", "https://www.example.com/news/amplifier"),
        ("https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1&ved=x", "https://example.org/a?b=1"),
        ("https://www.google.co.kr/url?q=http://example.org/a", "https://example.org/a"),
        ("https://www.google.com/amp/s/www.example.org/a/amp", "https://www.example.org/a"),
        ("https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a", "https://www.example.org/a"),
        ("https://www.google.com/search?q=kursk", "https://www.google.com/search?q=kursk"),
        (" https://example.org/a ", "https://example.org/a"),
        ("javascript:alert(1)", ""),
        ("mailto:a@example.org", ""),
        ("/relative", ""),
        ("", ""),
        ("https://", ""),
        ("http://[::1", ""),
        ("https://example.org:99999/", ""),
        ("https://" + "a" * 70 + "é.org/", ""),
    ],
)  # fmt: skip
def test_an_address_has_one_form(written: str, expected: str) -> None:
    assert canonical(written) == expected


def test_a_relative_address_is_read_against_its_base() -> None:
    assert canonical("../b?x=1", base="https://example.org/a/c/d") == "https://example.org/a/b?x=1"


def test_one_story_in_five_feeds_has_one_address() -> None:
    written = [
        "https://www.example.org/world/kursk-1?utm_source=rss",
        "https://www.example.org/world/kursk-1/amp",
        "https://m.example.org/world/kursk-1",
        "http://www.example.org/world/kursk-1",
        "https://www.example.org/world/kursk-1/",
    ]
    assert {canonical(url) for url in written} == {"https://www.example.org/world/kursk-1"}


URLS = st.one_of(
    st.text(max_size=60),
    st.builds(
        lambda scheme, host, rest: f"{scheme}://{host}/{rest}",
        st.sampled_from(["http", "https"]),
        st.sampled_from(["example.org", "m.example.org", "www.google.com", "a.cdn.ampproject.org", "é.org"]),
        st.text(alphabet="ab/?&=%2F.#: +üu_tm", max_size=40),
    ),
)


@given(URLS)
def test_the_one_form_is_its_own_form(written: str) -> None:
    once = canonical(written)
    assert canonical(once) == once


@pytest.mark.parametrize(
    ("url", "claim", "expected"),
    [
        ("https://example.org/a?x=1", "https://www.example.org/a", "https://www.example.org/a"),
        ("https://news.example.org/a?x=1", "https://example.org/a", "https://example.org/a"),
        ("https://example.org/a", "https://evil.org/a", "https://example.org/a"),
        ("https://a.co.uk/x", "https://b.co.uk/x", "https://a.co.uk/x"),
        ("https://example.org/a", "https://example.org/", "https://example.org/a"),
        ("https://example.org/a", "", "https://example.org/a"),
        ("https://example.org/a", "/b", "https://example.org/b"),
        ("https://example.org/a", "javascript:1", "https://example.org/a"),
    ],
)
def test_a_page_may_claim_an_address_of_its_own_site_only(url: str, claim: str, expected: str) -> None:
    assert claimed(url, claim) == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.yna.co.kr", "yna.co.kr"),
        ("a.b.example.com", "example.com"),
        ("example.com", "example.com"),
        ("localhost", "localhost"),
        ("10.0.0.1", "10.0.0.1"),
        ("co.uk", "co.uk"),
    ],
)
def test_what_somebody_registered(host: str, expected: str) -> None:
    assert registrable(host) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://www.example.org/a/?id=1#x", "http://www.example.org/a/?id=1"),
        ("https://example.org/a?utm_source=x", "https://example.org/a"),
        ("https://m.example.org/a?b=1&a=2", "https://m.example.org/a?b=1&a=2"),
        ("javascript:alert(1)", ""),
        ("http://[::1", ""),
        ("", ""),
    ],
)
def test_an_address_to_open_loses_only_its_tracking(url: str, expected: str) -> None:
    assert untracked(url) == expected


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (
            "https://news.google.com/rss/articles/CBMiX?oc=5",
            "Google News does not tell the article's address",
        ),
        ("https://news.google.com/read/CBMiX", "Google News does not tell the article's address"),
        ("https://news.google.com/", ""),
        ("https://consent.google.com/m?continue=x", "consent.google.com asks for consent instead"),
        ("https://guce.yahoo.com/consent", "guce.yahoo.com asks for consent instead"),
        ("https://privacy-mgmt.example.de/", "privacy-mgmt.example.de asks for consent instead"),
        ("https://consent.org/a", ""),
        ("https://example.org/consent/", ""),
        ("https://www.consentful.example.org/", ""),
    ],
)
def test_where_no_article_can_be_read(url: str, why: str) -> None:
    assert walled(url) == why
