from dataclasses import replace
from datetime import UTC, datetime

from monitor.extraction.repetition import fingerprints, headline_fingerprints, without_repeated
from monitor.model import Article, Echoes, FeedEntry, Origin

ARTICLE = Article(
    url="https://post.example/1",
    origin=Origin(source="post", outlet="Post"),
    title="The ferry is late",
    fetched=datetime(2024, 10, 24, tzinfo=UTC),
    lead="The ferry left the pier two hours after its time on Tuesday.",
    body="Nobody told the passengers why, though many of them had asked.\nHave you seen the ferry? Write to us.",
    caption="The pier",
)
LETTERS = replace(ARTICLE, lead="Have you seen the ferry? Write to us!", body="", caption="")
(CALL,) = fingerprints(LETTERS)


def seen(counts: dict[int, int]) -> Echoes:
    return Echoes(counts=counts)


def test_a_paragraph_is_known_by_how_it_reads() -> None:
    assert CALL in fingerprints(ARTICLE)
    assert len(fingerprints(ARTICLE)) == 4
    assert all(0 <= fingerprint < 2**63 for fingerprint in fingerprints(ARTICLE))


def test_a_short_paragraph_of_two_other_articles_goes_to_the_furniture() -> None:
    assert without_repeated(ARTICLE, seen({CALL: 2})) == replace(
        ARTICLE,
        body="Nobody told the passengers why, though many of them had asked.",
        furniture="Have you seen the ferry? Write to us.",
    )


def test_a_paragraph_seen_once_before_stays() -> None:
    assert without_repeated(ARTICLE, seen({CALL: 1})) == ARTICLE


def test_a_copy_of_another_article_stays_whole() -> None:
    assert without_repeated(ARTICLE, seen(dict.fromkeys(fingerprints(ARTICLE), 3))) == ARTICLE


def test_a_long_background_paragraph_stays_until_it_is_everywhere() -> None:
    background = " ".join(["The strait has been closed since the storm of last year."] * 5)
    article = replace(ARTICLE, body=background, lead="New. " * 200)
    (known,) = fingerprints(replace(LETTERS, lead=background))

    assert without_repeated(article, seen({known: 4})) == article
    assert without_repeated(article, seen({known: 5})).furniture == background


def test_where_the_lead_goes_the_next_paragraph_leads() -> None:
    article = replace(
        ARTICLE, lead="Have you seen the ferry? Write to us.", body="One.\n" + "Two is long. " * 9
    )

    assert without_repeated(article, seen({CALL: 9})).lead == "One."


def test_the_headline_of_another_article_is_a_teaser_at_its_first_sight() -> None:
    other = FeedEntry(id="2", url="", title="Whale follows ferry into the fjord")
    article = replace(ARTICLE, body=f"{ARTICLE.body}\n{other.title}")

    teased = without_repeated(article, Echoes(headlines=headline_fingerprints([other])))
    assert teased == replace(ARTICLE, furniture=other.title)


def test_a_word_that_heads_other_articles_too_and_a_lead_like_a_headline_stay() -> None:
    entries = [FeedEntry(id="2", url="", title=title) for title in ("Analysis", ARTICLE.lead)]
    article = replace(ARTICLE, body=f"Analysis\n{ARTICLE.body}")

    assert without_repeated(article, Echoes(headlines=headline_fingerprints(entries))) == article
