"""Where a request goes: the quick look at plain addresses says what a close look would say."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from monitor.fetching.guard import url_refusal
from monitor.fetching.place import Place, place

SCHEMES = st.sampled_from(("http://", "https://", "ftp://", "http:", "//", ""))
PLACES = st.sampled_from(("a.example", "127.0.0.1", "[::1]", "A.example", "a@b", "..", ""))
PORTS = st.sampled_from(("", ":8080", ":64999", ":65000", ":65536", ":x", ":"))
REST = st.lists(st.sampled_from(("/", "?", "#", "%20", "%", "@", "é", " ", "\n", "x=1")), max_size=5)


@st.composite
def addresses(draw: st.DrawFn) -> str:
    return "".join((draw(SCHEMES), draw(PLACES), draw(PORTS), *draw(REST)))


@given(st.one_of(addresses(), st.text(max_size=20)))
@example("http://a.example:65536/")
@example("http://a.example:8080/feed?x=%20#part")
@example("https://user@a.example/")
def test_a_quick_look_says_what_a_close_look_says(url: str) -> None:
    seen, why = place(url), url_refusal(url)
    assert (seen.url, seen.refusal) == (url, why)
    assert seen.host == ("" if why else urlsplit(url).hostname)


@pytest.mark.parametrize(
    "url", ["https://a.example/feed?x=%2F&y=1", "http://127.0.0.1:64999/feed", "https://a.example/"]
)
def test_a_plain_address_is_sent_letter_by_letter(url: str) -> None:
    assert place(url) == Place(url, host=urlsplit(url).hostname or "", verbatim=URL(url, encoded=True))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:65000/feed",
        "https://a.example/f#part",
        "https://a.example/é",
        "https://a.example/%zz",
    ],
)
def test_any_other_is_written_properly_first(url: str) -> None:
    assert place(url) == Place(url, host=urlsplit(url).hostname or "")
