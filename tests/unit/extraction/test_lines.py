"""Lines by which pages lead away from an article, in many languages, and lines of articles that look alike."""

import pytest

from monitor.extraction.lines import leads_away, speaks_for_page

HEADLINE = "Whale follows a ferry into the fjord"


@pytest.mark.parametrize(
    "line",
    [
        f"READ ALSO: {HEADLINE}",
        f"Check out: {HEADLINE}",
        f"Read this: {HEADLINE}",
        f"Also on Skarvness Post: {HEADLINE}",
        f"Passend dazu: {HEADLINE}",
        f"Mehr aus Skarvness: {HEADLINE}",
        f"Lea además: {HEADLINE}",
        f"Le recomendamos: {HEADLINE}",
        f"LEIA TAMBÉM: {HEADLINE}",
        f"À lire aussi : {HEADLINE}",
        f"Zobacz wideo: {HEADLINE}",
        f"Olvasd el ezt is: {HEADLINE}",
        f"Читайте: {HEADLINE}",
        f"Прочитајте: {HEADLINE}",
        f"ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ: {HEADLINE}",
        f"Διαβάστε: {HEADLINE}",
        f"İlginizi çekebilir: {HEADLINE}",
        f"OKU: {HEADLINE}",
        f"اقرأ أيضًا.. {HEADLINE}",
        f"בנושא זה: {HEADLINE}",
        f"আরও পড়ুন: {HEADLINE}",
        f"यह भी पढ़ें : {HEADLINE}",
        f"ตามอ่าน: {HEADLINE}",
        f"【写真】{HEADLINE}",
        f"▶관련기사 {HEADLINE}",
        f"KARANTA: {HEADLINE}",
        "Copy link",
        "Reading time: 4 minutes",
        "Follow Skarvness Post on WhatsApp",
        "Folgen Sie uns auf Instagram.",
        "Suivez Skarvness Post sur Facebook",
        "Prenumerera på vårt nyhetsbrev.",
        "(c) 2024 Skarvness Post",
        "Accept all cookies",
        "▽関連記事 Whale follows ferry into the fjord of Skarvness",
        "Get the stories of the day in your inbox every morning.",
        "after newsletter promotion",
        "Our partners ask you to enable cookies.",
    ],
)
def test_a_line_of_the_page_is_known(line: str) -> None:
    assert speaks_for_page(line) or leads_away(line)


@pytest.mark.parametrize(
    "line",
    [
        "Read was the first to reach the pier on Tuesday.",
        "Lea: the whale is back, said the harbour master.",
        "Follow the whale, said the captain, and left on the Facebook of the harbour.",
        "Facebook and Telegram were down in Skarvness on Tuesday.",
        "Download speeds fell when the app of the harbour was updated.",
        "Recibe la isla un nuevo faro en octubre.",
        "Les prix du poisson ont augmenté, selon le port.",
        "Lee, 41, was on board: he saw the whale.",
        "The share of whales rose to 30 percent",
        "Commission may earn the ferry a new pier, the mayor said.",
        "Location: the old pier",
        "The browser of the harbour will soon reject the cookies that follow gulls.",
    ],
)
def test_a_line_of_an_article_stays(line: str) -> None:
    assert not speaks_for_page(line)
    assert not leads_away(line)
