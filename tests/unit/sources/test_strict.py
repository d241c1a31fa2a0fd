"""The strict reader and feedparser tell the same, wherever the strict reader does not decline."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitor.model import Fetched, Listing
from monitor.sources.charset import prepared
from monitor.sources.entries import listing
from monitor.sources.feed import read_leniently
from monitor.sources.strict import read_strictly

RECEIVED = datetime(2026, 11, 24, 12, tzinfo=UTC)

TEXTS = st.sampled_from(
    [
        "", " ", "North Korea", "Tom &amp; Jerry", "<![CDATA[<p>Troops &amp; <b>tanks</b></p>]]>",
        "&lt;b&gt;bold&lt;/b&gt;", "&amp;amp;", "Caf\u00c3\u00a9", "\u00a0\u5317\u671d\u9c9c ", "a &lt; b", "&#160;x&#8212;y", "it\u2019s",
        "https://example.org/a?b=1&amp;c=2", "http://www.example.org/1", "/relative/1", "12345",
        "javascript:alert(1)", "tag:example.org,2024:1", "two\nlines", "<i>inline</i> markup", "\u0410\u0411",
        "<!-- comment -->after", "&#x85;&#145;quoted&#146;",
    ]
)  # fmt: skip
DATES = st.sampled_from(
    [
        "Mon, 21 Oct 2024 09:30:00 GMT", "Mon, 21 Oct 2024 09:30:00 -0430", "21 Oct 2024 09:30 EST", "",
        "2024-10-21T09:30:00Z", "2024-10-21T09:30:00.123+09:00", "2024-10-21", "yesterday",
        "Mon, 21 Oct 24 09:30:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 21 Oct 2030 09:30:00 GMT",
        "Пн, 21 окт 2024 09:30:00 +0300", "Mon, 31 Feb 2024 09:30:00 GMT", "Mon, 21 Oct 2024 09:30:00 CEST",
    ]
)  # fmt: skip


def tagged(names: list[str], values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, value: f"<{name}>{value}</{name.split()[0]}>", st.sampled_from(names), values
    )


COMMON = st.one_of(
    tagged(
        ["category", "dc:creator", "dc:subject", "media:credit", "media:keywords", "comments", "slash:comments",
         "source url='https://example.org/'", "author", "dc:language", "content:encoded", "x:unknown a='b'",
         "media:title", "unknown", "itunes:duration", "feedburner:origLink", "dc:title", "media:description",
         "itunes:author", "image", "dc:contributor", "itunes:summary"],
        TEXTS,
    ),
    tagged(["dc:date", "dcterms:modified", "dcterms:issued"], DATES),
    st.just("<media:group><media:content url='x'/><media:title>inner</media:title></media:group>"),
    st.just("<media:thumbnail url='https://example.org/i.jpg'/>"),
    st.just("<enclosure url='https://example.org/a.mp3' length='1' type='audio/mpeg'/>"),
)  # fmt: skip
RSS_CHILD = st.one_of(
    tagged(["title", "link", "description", "guid", "guid isPermaLink='false'"], TEXTS),
    tagged(["title", "description", "link"], TEXTS),
    tagged(["pubDate"], DATES),
    st.just("<atom:link href='https://example.org/other' rel='related'/>"),
    COMMON,
)
ATOM_CHILD = st.one_of(
    tagged(["title", "title type='html'", "summary", "summary type='html'", "content type='html'", "id",
            "content", "content type='application/octet-stream'", "summary type='text'"], TEXTS),
    tagged(["published", "updated"], DATES),
    st.sampled_from(
        [
            "<link href='/a'/>", "<link rel='alternate' type='text/html' href='https://example.org/b?x=1&amp;y=2'/>",
            "<link rel='self' href='https://example.org/s'/>", "<link rel='enclosure' href='/e'/>",
            "<author><name>Ann</name></author>", "<author><name>Bo</name><email>bo@example.org</email></author>",
            "<author><email>c@example.org</email><uri>https://example.org/c</uri></author>",
            "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x <b>y</b></div></title>",
            "<source><title>Else</title><id>urn:else</id></source>", "<rights>none</rights>",
        ]
    ),
    COMMON,
)  # fmt: skip
CHANNEL = st.lists(
    tagged(["title", "language", "ttl", "sy:updatePeriod", "sy:updateFrequency", "description", "dc:language"],
           st.sampled_from(["30", "daily", "ko", "en_US", "The Ledger", "2"])),
    max_size=4,
)  # fmt: skip
SPACES = (
    "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/' "
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:atom='http://www.w3.org/2005/Atom' "
    "xmlns:slash='http://purl.org/rss/1.0/modules/slash/' xmlns:x='urn:x' "
    "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' xmlns:dcterms='http://purl.org/dc/terms/' "
    "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' "
    "xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'"
)


def rss(channel: list[str], items: list[list[str]]) -> str:
    listed = "".join(f"<item>{''.join(item)}</item>" for item in items)
    return f"<rss version='2.0' {SPACES}><channel>{''.join(channel)}{listed}</channel></rss>"


def rdf(channel: list[str], items: list[list[str]]) -> str:
    listed = "".join(
        f"<item rdf:about='https://example.org/{number}'>{''.join(item)}</item>"
        for number, item in enumerate(items)
    )
    return (
        f"<rdf:RDF xmlns='http://purl.org/rss/1.0/' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        f"{SPACES}><channel>{''.join(channel)}</channel>{listed}</rdf:RDF>"
    )


def atom(channel: list[str], entries: list[list[str]]) -> str:
    listed = "".join(f"<entry>{''.join(entry)}</entry>" for entry in entries)
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de' {SPACES}>{''.join(channel)}{listed}</feed>"
    )


FEEDS = st.one_of(
    st.builds(rss, CHANNEL, st.lists(st.lists(RSS_CHILD, max_size=6), max_size=3)),
    st.builds(rdf, CHANNEL, st.lists(st.lists(RSS_CHILD, max_size=5), max_size=2)),
    st.builds(atom, CHANNEL, st.lists(st.lists(ATOM_CHILD, max_size=6), max_size=3)),
)


def both(text: str) -> tuple[Listing, Listing] | None:
    xml = prepared(text)
    strict = read_strictly(xml)
    if strict is None:
        return None
    lenient = read_leniently(xml)
    fetched = Fetched(url="https://example.org/feeds/rss.xml", status=200, body=xml, received=RECEIVED)
    return tuple(
        listing(
            found.entries,
            fetched,
            title=found.channel.get("title", ""),
            language=found.channel.get("language", ""),
        )
        for found in (strict, lenient)
    )  # type: ignore[return-value]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(FEEDS)
@example(rss([], [["<guid>North Korea</guid>", "<link>North Korea</link>"]]))
@example(rss([], [["<link>North Korea</link>", "<guid>North Korea</guid>"]]))
def test_what_the_strict_reader_accepts_it_reads_as_feedparser_does(text: str) -> None:
    found = both(text)
    if found is not None:
        assert found[0] == found[1]


@pytest.mark.parametrize("name", ["feed.xml", "wire.atom"])
def test_the_sample_feeds_are_read_strictly(name: str) -> None:
    text = (Path(__file__).parents[3] / "seeds" / name).read_text(encoding="utf-8")
    found = both(re.sub(r"{{\w+:[^}]*}}", "Tue, 24 Nov 2026 09:00:00 GMT", text))
    assert found is not None
    assert found[0] == found[1]
    assert found[0].entries
