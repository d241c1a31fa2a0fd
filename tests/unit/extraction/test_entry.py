from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extraction import article_from_entry, article_from_text
from monitor.extraction.limits import CUT, MAX_LETTERS
from monitor.matching.document import LONGEST
from monitor.model import Article, FeedEntry, Field, Origin

SEEN = datetime(2024, 10, 24, tzinfo=UTC)
ORIGIN = Origin(source="post", outlet="Post", language="en")
URL = "https://post.example/1"


def told(summary: str, content: str = "", title: str = "The ferry is late", partial: str = "why") -> Article:
    entry = FeedEntry(id="1", url=URL, title=title, summary=summary, content=content, author="Ida Berg")
    return article_from_entry(entry, ORIGIN, url=URL, seen=SEEN, partial=partial)


def test_an_entry_with_a_summary_only_is_an_article_with_a_lead() -> None:
    assert told("Nobody knows why. The fog was gone.") == Article(
        url=URL,
        origin=ORIGIN,
        title="The ferry is late",
        fetched=SEEN,
        lead="Nobody knows why. The fog was gone.",
        byline="Ida Berg",
        language="en",
        partial="why",
    )


LONG = "\n".join(
    f"Ferry {number} left late, with all who had waited on the pier since noon."
    for number in range(MAX_LETTERS // 64)
)
TOO_LONG = {
    "summary": lambda: told(LONG, partial=""),
    "content": lambda: told("Late.", LONG, partial=""),
    "both": lambda: told(LONG[: MAX_LETTERS // 2], LONG[: -MAX_LETTERS // 2 : -1], partial=""),
    "text": lambda: article_from_text(LONG, ORIGIN, url=URL, seen=SEEN),
}


@pytest.mark.parametrize("read", TOO_LONG.values(), ids=TOO_LONG.keys())
def test_a_text_longer_than_rules_read_is_cut_and_says_so(read: Callable[[], Article]) -> None:
    article = read()
    assert article.partial == CUT
    assert MAX_LETTERS * 0.9 < sum(len(article.text(field)) for field in Field) <= MAX_LETTERS <= LONGEST


def test_a_feeds_full_text_is_lead_and_body_and_its_summary_is_not_repeated() -> None:
    article = told("It left late.", "It left late.\nNobody knows why.\nThe captain is silent.")

    assert (article.lead, article.body) == ("It left late.", "Nobody knows why.\nThe captain is silent.")


def test_what_only_the_summary_says_leads() -> None:
    article = told("Two are missing.", "It left late.\nNobody knows why.")

    assert (article.lead, article.body) == ("Two are missing.\nIt left late.", "Nobody knows why.")


@pytest.mark.parametrize(
    "tail",
    ["The post The ferry is late appeared first on Post.", "Continue reading…", "Read more: Other story"],
)
def test_what_blogging_software_appends_to_summaries_is_not_news(tail: str) -> None:
    assert told(f"Nobody knows why. {tail}").lead == "Nobody knows why."


TEXT = """The ferry is late

Passengers wait on the pier of Skarvness (Flickr)

The ferry left the pier two hours after its time on Tuesday.

Nobody told the passengers why; the fog was gone by noon.

Previous
Previous

Council sells its snow ploughs

Next
Next

Whale follows a boat
"""


def test_a_plain_text_has_a_title_a_caption_a_lead_and_no_pager() -> None:
    assert article_from_text(TEXT, ORIGIN, url="", seen=SEEN) == Article(
        url="",
        origin=ORIGIN,
        title="The ferry is late",
        fetched=SEEN,
        lead="The ferry left the pier two hours after its time on Tuesday.",
        body="Nobody told the passengers why; the fog was gone by noon.",
        caption="Passengers wait on the pier of Skarvness (Flickr)",
        language="en",
        furniture="Previous\nCouncil sells its snow ploughs\nNext\nWhale follows a boat",
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_that_were_broken_at_a_width_are_one_paragraph(end: str) -> None:
    lines = [
        "The ferry is late",
        "",
        "The ferry left the pier two hours after its time",
        "on Tuesday, and nobody told the passengers why,",
        "for the fog was gone.",
        "",
        "Passengers wait on the pier of Skarvness (Flickr)",
        "The next one left in time, and all of those who had waited for the first were on it.",
    ]
    article = article_from_text(end.join(lines), ORIGIN, url="", seen=SEEN)
    assert article.lead == " ".join(lines[2:5])
    assert (article.caption, article.body) == (lines[6], lines[7])


@given(st.text())
def test_any_text_is_an_article(text: str) -> None:
    article = article_from_text(text, ORIGIN, url="", seen=SEEN)

    assert "\x00" not in article.title + article.lead + article.body + article.caption + article.furniture
