"""`monitor check --archive`: what the archive says of the rules."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from newsroom import write_folder
from shelf import shelve

from monitor.cli import main
from monitor.clock import SystemClock
from monitor.model import Article, Origin
from monitor.store.sqlite import SqliteStore

WATCHLIST = """\
    watchlist: w
    rules:
      - {id: budget, match: budget, tests: {hit: [budget]}}
      - {id: troops, match: troops OR soldeirs, tests: {hit: [troops]}}
    """
SOURCES = "sources: [{id: daily, url: https://example.org/rss.xml}]\n"
NOW = SystemClock().now()


def told(number: int) -> Article:
    return Article(
        url=f"https://example.org/{number}",
        origin=Origin(source="daily", outlet="The Daily"),
        title=f"Article {number}",
        body="The troops left." if number % 4 == 0 else f"A budget of {number}.",
        fetched=NOW - timedelta(minutes=number + 1),
    )


@pytest.fixture
def config(tmp_path: Path) -> Path:
    monitor = f"storage: sqlite:///{tmp_path}/monitor.db\n"
    return write_folder(tmp_path / "config", sources=SOURCES, watchlist=WATCHLIST, monitor=monitor)


def fill(config: Path, articles: int) -> None:
    async def shelved() -> None:
        store = SqliteStore.open(f"sqlite:///{config.parent}/monitor.db")
        await shelve(store, [told(number) for number in range(articles)], now=NOW)
        await store.close()

    asyncio.run(shelved())


def test_rules_that_would_be_noisy_and_terms_that_never_occur_are_warnings(config, capsys):
    fill(config, 240)
    assert main(["check", "--archive", "--config", str(config)]) == 0
    where = f"{config}/watchlists/w.yaml"
    assert capsys.readouterr().out.splitlines() == [
        f"{where}:3:25: warning: budget would match 180 articles a day, and more than 50 is noise; narrow it, or send it as a digest",
        f"{where}:4:25: warning: troops would match 60 articles a day, and more than 50 is noise; narrow it, or send it as a digest",
        f"{where}:4:35: warning: soldeirs occurs in none of the archive's 240 articles; look for a slip in the spelling",
        f"{config}: 1 source, 1 watchlist, 2 rules, 2 tests: right, 3 warnings",
    ]


def test_too_few_articles_say_nothing_and_that_is_said(config, capsys):
    fill(config, 3)
    assert main(["check", "--archive", "--since", "7d", "--config", str(config)]) == 0
    said = capsys.readouterr()
    assert said.out.endswith("right\n")
    assert said.err == "the archive holds 3 articles of that time; 200 are the fewest to go by\n"


def test_without_an_archive_check_says_how_to_begin(config, capsys):
    assert main(["check", "--archive", "--config", str(config)]) == 2
    assert "start the daemon first: monitor run" in capsys.readouterr().err
