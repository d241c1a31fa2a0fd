"""A feed read by what is new in it tells the same as the whole of it, and less."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.model import FeedEntry, Fetched, Listing, Seen
from monitor.sources import FeedSource

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCE = FeedSource(id="a", url="https://example.org/rss")
HEAD = "<title>T</title><language>en</language><ttl>20</ttl>"


def read(body: str, seen: Seen | None = None, *, at: datetime = NOW) -> Listing:
    fetched = Fetched(url=SOURCE.url, status=200, body=body.encode(), received=at)
    listing = SOURCE.read(fetched, seen)
    assert isinstance(listing, Listing)
    return listing


def rss(*items: str, spaces: str = "") -> str:
    return f"<rss version='2.0' {spaces}><channel>{HEAD}{''.join(items)}</channel></rss>"


def item(number: int, words: str = "", *, guid: str = "") -> str:
    when = (NOW - timedelta(hours=number)).strftime("%d %b %Y %H:%M:%S GMT")
    return f"<item><title>News {number} {words}</title><guid>{guid or number}</guid><pubDate>{when}</pubDate></item>"


def titles(listing: Listing) -> list[str]:
    return [entry.title for entry in listing.entries]


def told(listing: Listing, before: tuple[FeedEntry, ...]) -> list[FeedEntry]:
    """All that a listing stands for, with what was told before."""
    return [*listing.entries, *before]


def test_only_what_is_new_or_changed_is_read() -> None:
    first = read(rss(item(3), item(2), item(1)))
    second = read(rss(item(4), item(3, "edited"), item(2), item(1)), first.seen)
    assert titles(second) == ["News 3 edited", "News 4"]
    assert len(second.unread) == 2
    assert set(second.unread) == {entry.published for entry in first.entries if "3" not in entry.id}
    assert (second.title, second.language, second.every) == ("T", "en", timedelta(minutes=20))
    third = read(rss(item(4), item(3, "edited"), item(2), item(1), " "), second.seen)
    assert (titles(third), len(third.unread)) == ([], 4)


def test_once_a_day_it_is_read_whole() -> None:
    seen = read(rss(item(1), item(2))).seen
    assert titles(read(rss(item(1), item(2)), seen, at=NOW + timedelta(hours=23))) == []
    assert len(titles(read(rss(item(1), item(2)), seen, at=NOW + timedelta(hours=25)))) == 2
    assert len(titles(read(rss(item(1), item(2)), seen, at=NOW - timedelta(hours=1)))) == 2


def test_what_left_and_comes_back_is_read_again() -> None:
    first = read(rss(item(1), item(2)))
    second = read(rss(item(2)), first.seen)
    assert titles(read(rss(item(1), item(2)), second.seen)) == ["News 1"]


@pytest.mark.parametrize(
    "body",
    [
        rss(item(1), item(2), spaces="xmlns='http://purl.org/rss/1.0/'"),
        rss(item(1), "<generator>between</generator>", item(2)),
        rss(item(1), item(2), item(3, guid="1")),
        rss(item(1), item(2), "<item><title><![CDATA[</item>]]></title></item>"),
    ],
)
def test_where_only_the_whole_can_be_understood_it_is_read_whole(body: str) -> None:
    seen = read(rss(item(1), item(2))).seen
    assert seen is not None
    assert read(body, seen).entries == read(body).entries


PIECES = st.lists(
    st.builds(
        item,
        st.integers(0, 9),
        st.sampled_from(["", "AT&T", "&nbsp;x", "<b>bold</b>", "<![CDATA[<p>y]]>", "북한"]),
        guid=st.sampled_from(["", "", "", "same"]),
    ),
    max_size=6,
)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(PIECES, PIECES)
def test_what_is_new_and_what_was_told_before_are_the_whole(one: list[str], two: list[str]) -> None:
    first, whole = read(rss(*one)), read(rss(*two))
    second = read(rss(*two), first.seen)
    assert len(second.entries) + len(second.unread) == len(whole.entries)
    assert set(second.entries) <= set(whole.entries) <= set(told(second, first.entries))
    dates = [entry.published for entry in whole.entries]
    assert sorted([*(entry.published for entry in second.entries), *second.unread], key=str) == sorted(
        dates, key=str
    )
