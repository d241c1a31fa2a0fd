import json
from datetime import UTC, datetime

import pytest

from monitor.extraction.metadata import Metadata, read_date, read_metadata
from monitor.extraction.tree import parse


def said(head: str) -> Metadata:
    tree = parse(f"<html><head>{head}</head><body><p>x</p></body></html>")
    assert tree is not None
    return read_metadata(tree)


def linked(**article: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **article})}</script>'


def test_linked_data_is_read_before_open_graph() -> None:
    metadata = said(
        linked(
            headline="From JSON-LD",
            author=[{"@type": "Person", "name": "Ida Berg"}, {"name": "Arne Lofthus"}],
            datePublished="2024-10-23T14:00:00+02:00",
            articleSection=["Coast", "News"],
            inLanguage="nb-NO",
            isAccessibleForFree="False",
            articleBody="One &amp; <b>two</b>.",
        )
        + '<meta property="og:title" content="From OpenGraph">'
        + '<link rel="canonical" href="/a">'
    )

    assert metadata == Metadata(
        title="From JSON-LD",
        byline="Ida Berg, Arne Lofthus",
        section="Coast",
        language="nb-NO",
        canonical="/a",
        published=datetime(2024, 10, 23, 12, tzinfo=UTC),
        free=False,
        body="One &  two .",
    )


def test_of_several_articles_that_a_page_describes_its_own_is_the_one_its_title_names() -> None:
    teaser, own = linked(headline="Whale follows ferry"), linked(headline="Ferry late, captain silent")

    assert (
        said(teaser + own + "<title>Ferry late, captain silent | Post</title>").title
        == "Ferry late, captain silent"
    )
    assert said(own + teaser + "<title>Skarvness Post</title>").title == "Ferry late, captain silent"


@pytest.mark.parametrize(
    "wrapped",
    [
        {"@graph": [{"@type": "WebSite"}, {"@type": ["Article", "NewsArticle"], "headline": "H"}]},
        [{"@type": "BreadcrumbList"}, {"@type": "ReportageNewsArticle", "headline": "H"}],
        {"@type": "WebPage", "mainEntity": {"@type": "LiveBlogPosting", "headline": "H"}},
    ],
)
def test_the_article_is_found_wherever_linked_data_hides_it(wrapped: object) -> None:
    assert said(f'<script type="application/ld+json">{json.dumps(wrapped)}</script>').title == "H"


@pytest.mark.parametrize(
    "broken", ["{", "", "null", "[]", '{"@type": 5}', '{"@type": "Article", "author": null}', "[" * 5000]
)
def test_broken_linked_data_leaves_the_meta_tags(broken: str) -> None:
    head = f'<script type="application/ld+json">{broken}</script><meta property="og:title" content="T">'

    assert said(head) == Metadata(title="T")


def test_meta_tags_tell_what_linked_data_does_not() -> None:
    head = (
        '<meta name="author" content="https://example.org/ida"><meta name="dc.creator" content="Ida Berg">'
        '<meta property="article:published_time" content="Wed, 23 Oct 2024 12:00:00 GMT">'
        '<meta property="article:section" content="Coast"><meta property="og:locale" content="de_DE">'
    )

    assert said(head) == Metadata(
        byline="Ida Berg", section="Coast", language="de-DE", published=datetime(2024, 10, 23, 12, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    "written", ["yesterday", "", "2024-13-45", "0000-00-00T00:00:00Z", "0001-01-01T00:00+14:00"]
)
def test_no_date_is_made_of_what_is_none(written: str) -> None:
    assert read_date(written) is None
