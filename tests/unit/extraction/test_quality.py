from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.extraction.quality import falls_short, length
from monitor.model import Article, Origin

ARTICLE = Article(
    url="https://post.example/1",
    origin=Origin(source="post", outlet="Post"),
    title="Late",
    fetched=datetime(2024, 10, 24, tzinfo=UTC),
    lead="The ferry",
    body="is late.",
)


def test_an_articles_length_is_that_of_its_page() -> None:
    assert length(ARTICLE) == 17
    assert length(replace(ARTICLE, partial="the page was gone")) == 0


@pytest.mark.parametrize(
    ("lengths", "reason"),
    [
        ([3000] * 20, ""),
        ([3000] * 15 + [600] * 5, "the last 5 articles have 600 letters; the usual text had 3000"),
        (
            [3000] * 15 + [2900, 0, 0, 0, 2900],
            "3 of the last 5 pages could not be read; the usual text had 3000 letters",
        ),
        ([3000] * 15 + [3000, 500, 3000, 500, 3000], ""),
        ([200] * 15 + [20] * 5, ""),
        ([3000] * 10 + [10] * 5, ""),
    ],
    ids=["as ever", "short", "unread", "now and then", "a source of headlines", "too young to tell"],
)
def test_a_source_that_reads_worse_than_it_used_to_is_named(lengths: list[int], reason: str) -> None:
    assert falls_short(lengths) == reason
