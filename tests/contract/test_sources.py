"""What every kind of source promises, whatever bytes it is given."""

import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.model import Failed, Fetched, Listing
from monitor.sources import KINDS, Source

RECEIVED = datetime(2026, 11, 24, 12, tzinfo=UTC)
PIECES = st.sampled_from(
    [
        b"", b"<rss version='2.0'><channel>", b"</channel></rss>", b"<item>", b"</item>", b"<title>", b"</title>",
        b"<urlset>", b"<url><loc>/1</loc></url>", b"</urlset>", b"<a href='/2026/11/24/x'>a long enough headline here</a>",
        b"<html>", b"&nbsp;", b"&", b"<![CDATA[", b"]]>", b"\x00", b"\xff\xfe", b"<!DOCTYPE x [", b"]>", b"<guid>1</guid>",
        b"<link>javascript:1</link>", b"{", b'"version": "https://jsonfeed.org/version/1", "items": [{"id": 1}]', b"}",
        b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>", b"</entry></feed>", "북한".encode("cp949"), b"\xed\xa0\x80",
    ]
)  # fmt: skip
BODIES = st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=12).map(b"".join))


def source_of(kind: str) -> Source:
    return KINDS[kind].model_validate({"id": "a", "kind": kind, "url": "https://example.org/x"})


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_is_the_settings_own_word(kind: str) -> None:
    assert source_of(kind).model_dump()["kind"] == kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_travels_to_another_process(kind: str) -> None:
    assert pickle.loads(pickle.dumps(source_of(kind))) == source_of(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_body_is_a_failure(kind: str) -> None:
    assert isinstance(
        source_of(kind).read(Fetched(url="https://example.org/x", status=200, body=b"")), Failed
    )


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    body=BODIES,
    content_type=st.sampled_from(["", "text/html", "text/xml; charset=euc-kr", "a/b;charset=\x00"]),
)
def test_whatever_comes_is_a_listing_of_sound_entries_or_a_reason(
    kind: str, body: bytes, content_type: str
) -> None:
    fetched = Fetched(
        url="https://example.org/x", status=200, body=body, content_type=content_type, received=RECEIVED
    )
    read = source_of(kind).read(fetched)
    assert source_of(kind).read(fetched) == read
    if isinstance(read, Failed):
        assert read.reason
        return
    assert isinstance(read, Listing)
    ids = [entry.id for entry in read.entries]
    assert len(set(ids)) == len(ids)
    for entry in read.entries:
        assert entry.id
        assert entry.fingerprint
        assert entry.url == "" or entry.url.startswith(("http://", "https://"))
        assert "\n" not in entry.title
        f"{entry}".encode()
        assert entry.published is None or entry.published.tzinfo == UTC
