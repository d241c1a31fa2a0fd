"""`monitor search` as its users meet it."""

import asyncio
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsroom import write_folder
from shelf import index, shelve

from monitor.cli import main
from monitor.clock import SystemClock
from monitor.model import Article, Origin
from monitor.store.sqlite import SqliteStore

WATCHLIST = """\
    watchlist: w
    lists: {forces: [troop!, soldier$1]}
    entities: {dprk: {names: [North Korea], demonyms: [North Korean]}}
    rules: [{id: troops, match: '@dprk /s @forces'}]
    """
SOURCES = "sources: [{id: daily, url: https://example.org/rss.xml}]\n"


def told(number: int, title: str, body: str, *, age: timedelta, written: timedelta | None = None) -> Article:
    now = SystemClock().now()
    return Article(
        url=f"https://example.org/{number}",
        origin=Origin(source="daily", outlet="The Daily", language="en"),
        title=title,
        body=body,
        published=None if written is None else now - written,
        fetched=now - age,
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the news: what each test has a copy of."""
    file = tmp_path_factory.mktemp("news") / "monitor.db"
    articles = [
        told(
            1, "Old news", "North Korean troops marched.", age=timedelta(days=40), written=timedelta(days=41)
        ),
        told(2, "Weather", "It rained on soldiers.", age=timedelta(days=2)),
        told(
            3,
            "New news",
            "Soldiers of North Korea sang. Later it rained.",
            age=timedelta(days=1),
            written=timedelta(days=60),
        ),
    ]

    async def fill() -> None:
        store = SqliteStore.open(f"sqlite:///{file}")
        await shelve(store, articles[:2], now=datetime(2026, 11, 24, tzinfo=UTC))
        await index(store)
        await shelve(store, articles[2:], now=datetime(2026, 11, 25, tzinfo=UTC))
        await store.close()

    asyncio.run(fill())
    return file


@pytest.fixture
def config(tmp_path: Path, archive: Path) -> Path:
    shutil.copy(archive, tmp_path)
    monitor = f"storage: sqlite:///{tmp_path}/monitor.db\n"
    return write_folder(tmp_path / "config", sources=SOURCES, watchlist=WATCHLIST, monitor=monitor)


def test_the_newest_come_first_with_their_sentence_marked(config, capsys):
    assert main(["search", "north korea* AND (troops OR soldiers)", "--config", str(config)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if "news" in line] == [
        "  24h  New news  The Daily, published 60d ago",
        "  40d  Old news  The Daily, published 41d ago",
    ]
    assert "       body: «Soldiers» of «North Korea» sang." in said


def test_the_order_is_that_of_the_times_which_are_shown(config, capsys):
    """The last to come in was published first, as after a first look at a source."""
    assert main(["search", "rained OR troops", "--config", str(config)]) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if "The Daily" in line]
    assert said == [
        "  24h  New news  The Daily, published 60d ago",
        "   2d  Weather  The Daily",
        "  40d  Old news  The Daily, published 41d ago",
    ]


def test_a_watchlists_own_names_are_asked_for_by_its_name(config, capsys):
    words = ["search", "@dprk /s @forces", "--watchlist", "w", "--since", "30d", "--json"]
    assert main([*words, "--config", str(config)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert (found["url"], found["title"]) == ("https://example.org/3", "New news")
    assert [mention["text"] for mention in found["mentions"]] == ["Soldiers", "North Korea"]


def test_where_a_name_belongs_is_told(config, capsys):
    assert main(["search", "@forces", "--config", str(config)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "@forces is watchlist w's own name; add --watchlist w",
        "query:1:1: @forces is no entity and no list; define it under entities or lists",
    ]


def test_no_such_watchlist(config, capsys):
    assert main(["search", "x", "--watchlist", "v", "--config", str(config)]) == 2
    assert capsys.readouterr().err == "--watchlist: 'v' is no watchlist; expected one of w\n"


def test_nothing_found_exits_1(config, capsys):
    assert main(["search", "zebra", "--config", str(config)]) == 1
    assert capsys.readouterr() == ("", "nothing in the archive matches\n")


def test_more_than_the_limit_is_told(config, capsys):
    assert main(["search", "rained OR troops", "--limit", "1", "--config", str(config)]) == 0
    said = capsys.readouterr()
    assert "New news" in said.out
    assert "Old news" not in said.out
    assert said.err == "these are the last 1 that came in; --limit 5 shows more\n"


def test_a_query_with_two_readings_is_refused_at_its_place(config, capsys):
    assert main(["search", "a AND b OR c", "--config", str(config)]) == 2
    assert capsys.readouterr().err.startswith("query:1:9: AND and OR side by side have two readings; write ")
