from dataclasses import replace
from datetime import UTC, datetime

from monitor.extraction.revision import Change, changes
from monitor.model import Article, Field, Origin

BEFORE = Article(
    url="https://post.example/1",
    origin=Origin(source="post", outlet="Post"),
    title="The ferry is late",
    fetched=datetime(2024, 10, 24, tzinfo=UTC),
    lead="The ferry left the pier two hours after its time on Tuesday.",
    body="Nobody told the passengers why.\nThe captain is silent.",
)


def test_the_same_text_has_no_changes() -> None:
    assert changes(BEFORE, replace(BEFORE, url="https://post.example/2")) == ()


def test_an_edited_word_is_shown_with_its_neighbours() -> None:
    after = replace(BEFORE, lead=BEFORE.lead.replace("two", "three"))

    assert changes(BEFORE, after) == (
        Change(field=Field.LEAD, before="the pier two hours after", after="the pier three hours after"),
    )


def test_added_and_removed_paragraphs_are_shown_whole() -> None:
    after = replace(
        BEFORE, title="The ferry is found", body="The captain is silent.\nDivers search the fjord."
    )

    assert changes(BEFORE, after) == (
        Change(field=Field.TITLE, before="ferry is late", after="ferry is found"),
        Change(field=Field.BODY, before="Nobody told the passengers why."),
        Change(field=Field.BODY, after="Divers search the fjord."),
    )


def test_a_paragraph_written_anew_is_shown_before_and_after() -> None:
    after = replace(BEFORE, body="Nobody told the passengers why.\nA spokeswoman blamed fog.")

    assert changes(BEFORE, after) == (
        Change(field=Field.BODY, before="The captain is silent.", after="A spokeswoman blamed fog."),
    )
