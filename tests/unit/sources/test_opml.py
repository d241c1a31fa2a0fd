"""OPML there and back, and sources.yaml."""

import pytest
from pydantic import ValidationError

from monitor.sources import FeedSource, PageSource, SitemapSource, SourcesFile
from monitor.sources.opml import Imported, as_yaml, read_opml, write_opml

OPML = """<?xml version="1.0"?><opml version="1.0"><head><title>x</title></head><body>
<outline text="Asia"><outline text="North Korea"><outline type="rss" text="NK News" xmlUrl="https://nk.example/rss"/>
</outline><outline title="聯合報" xmlUrl="https://udn.example/rss?a=1&amp;b=2"/></outline>
<outline text="NK News" xmlUrl="https://other.example/rss"/><outline text="again" xmlUrl="https://nk.example/rss"/>
<outline text="bad" xmlUrl="feed:nothing"/></body></opml>"""


def test_folders_become_tags_and_titles_outlets() -> None:
    assert read_opml(OPML.encode(), taken={"udn-example"}) == Imported(
        (
            FeedSource(
                id="nk-news", url="https://nk.example/rss", outlet="NK News", tags=("asia", "north-korea")
            ),
            FeedSource(
                id="udn-example-2", url="https://udn.example/rss?a=1&b=2", outlet="聯合報", tags=("asia",)
            ),
            FeedSource(id="nk-news-2", url="https://other.example/rss", outlet="NK News"),
        ),
        ("bad: 'feed:nothing' is no web address; write it in full, like https://example.org/rss.xml",),
    )


@pytest.mark.parametrize("body", [b"", b"<html/>", b"junk", b"<!DOCTYPE o [<!ENTITY a 'b'>]><o>&a;</o>"])
def test_what_is_no_opml_is_said(body: bytes) -> None:
    assert read_opml(body) == Imported((), ("this is no OPML file",))


def test_what_is_written_is_read_back() -> None:
    sources = read_opml(OPML.encode()).sources
    assert (
        read_opml(write_opml([*sources, PageSource(kind="page", id="p", url="https://p.example/")])).sources
        == sources
    )


def test_a_source_is_a_line_to_paste() -> None:
    source = SitemapSource(
        kind="sitemap", id="a", url="https://example.org/s.xml", outlet='The "A"', full_text=False
    )
    assert as_yaml(source) == (
        '  - {id: "a", kind: "sitemap", url: "https://example.org/s.xml", outlet: "The \\"A\\"", full_text: false}'
    )


def test_a_source_is_a_feed_unless_its_kind_says_otherwise() -> None:
    file = SourcesFile.model_validate(
        {
            "version": "1",
            "sources": [
                {"id": "a", "url": "https://example.org/a", "every": "10m", "full_text": "false"},
                {"id": "b", "kind": "page", "url": "https://example.org/b", "links": "a.x"},
                {"id": "c", "kind": "sitemap", "url": "https://example.org/c"},
            ],
        }
    )
    assert [type(source) for source in file.sources] == [FeedSource, PageSource, SitemapSource]


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (
            [{"id": "a", "url": "https://e.org/"}, {"id": "a", "url": "https://e.org/2"}],
            "the id 'a' is taken; source 1",
        ),
        ([{"id": "a", "url": "https://e.org/", "kind": "fed"}], "fed"),
        ([{"id": "a", "url": "e.org"}], "is no web address"),
        ([{"id": "a", "url": "https://u:p@e.org/"}], "must not carry a user name"),
        ([{"id": "a", "url": "https://e.org/", "links": "a"}], "Extra inputs"),
        ([{"id": "A b", "url": "https://e.org/"}], "match pattern"),
    ],
)
def test_a_wrong_source_is_refused_in_words(sources: list[dict[str, str]], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        SourcesFile.model_validate({"sources": sources})
