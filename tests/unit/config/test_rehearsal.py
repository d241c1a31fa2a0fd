from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.config.folder import Configuration, load
from monitor.config.rehearsal import Rehearsal
from monitor.model import Article, Origin

WATCHLIST = """\
watchlist: w
entities:
  dprk: {names: [North Korea]}
  narnia: {names: [Narnia]}
rules:
  - {id: noisy, match: budget}
  - {id: rare, match: '@dprk AND (troops OR soldeirs)'}
  - {id: never, match: '@narnia AND 병력'}
  - {id: held, match: budget, unless: page}
"""
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def found(tmp_path: Path) -> Configuration:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "sources.yaml").write_text("sources: [{id: daily, url: https://example.org/rss.xml}]\n")
    (tmp_path / "watchlists" / "w.yaml").write_text(WATCHLIST, encoding="utf-8")
    return load(tmp_path, {})


def article(number: int, text: str, days: float) -> Article:
    fetched = NOON + days * timedelta(days=number / 300)
    origin = Origin(source="daily", outlet="")
    return Article(
        url=f"https://example.org/{number}", origin=origin, title="A title", body=text, fetched=fetched
    )


def warnings(found: Configuration, articles: int, days: float) -> list[str]:
    rehearsal = Rehearsal(found)
    for number in range(articles):
        text = "The budget on a page." if number % 6 else "North Korean troops of North Korea."
        rehearsal.read(article(number, text, days))
    where = found.folder / "watchlists" / "w.yaml"
    return [str(problem).removeprefix(f"{where}:") for problem in rehearsal.problems()]


def test_rules_that_would_be_noisy_or_never_match_and_terms_that_never_occur_are_warned_of(found):
    assert warnings(found, 300, days=2) == [
        "6:24: warning: noisy would match 125 articles a day, and more than 50 is noise; narrow it, or send it as a digest",
        "8:25: warning: never matches none of the archive's 300 articles; see what is near: monitor match FILE --rule never",
        "9:23: warning: held matches none of the archive's 300 articles; see what is near: monitor match FILE --rule held",
        "7:45: warning: soldeirs occurs in none of the archive's 300 articles; look for a slip in the spelling",
        "8:25: warning: @narnia occurs in none of the archive's 300 articles; look for a slip in the spelling",
    ]


def test_the_same_articles_over_a_month_are_no_noise(found):
    assert not any("noise" in line for line in warnings(found, 300, days=30))


def test_a_small_archive_says_nothing(found):
    assert warnings(found, 199, days=1) == []
