"""`monitor backtest` as its users meet it."""

import asyncio
import json
import shutil
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from newsroom import write_folder
from shelf import index, shelve

from monitor.archive.backtest import Plan, backtest
from monitor.cli import main
from monitor.cli.backtest import matchers, policy_of
from monitor.clock import SystemClock
from monitor.config.folder import load
from monitor.model import Article, Origin
from monitor.store.sqlite import SqliteStore

SOURCES = "sources: [{id: daily, url: https://example.org/rss.xml, outlet: The Daily}]\n"
WATCHLIST = """
    watchlist: w
    entities: {dprk: {names: [North Korea], demonyms: [North Korean]}}
    rules:
      - {id: troops, severity: high, match: '@dprk /s troops'}
      - {id: film, severity: low, match: film}
    """
OLD = WATCHLIST.replace("@dprk /s troops", "@dprk AND (troops OR tanks)")
ALERTING = """
    timezone: UTC
    channels: {desk: {type: email, to: [a@example.org, b@example.org]}}
    routes: [{when: {severity: [high]}, to: [desk]}, {when: {severity: [low]}, to: [desk], send: digest}]
    """
FILLER = "The {0} spokesman number {0} said that talk {0} of the {0} capital would go on for {0} weeks more. "


def told(number: int, title: str, body: str, *, age: timedelta) -> Article:
    return Article(
        url=f"https://example.org/{number}",
        origin=Origin(source="daily", outlet="The Daily", language="en"),
        title=title,
        body=f"{body} {FILLER.format(f'w{number}') * 3}",
        fetched=SystemClock().now() - age,
        language="en",
    )


def news() -> list[Article]:
    day = timedelta(days=1)
    return [
        told(1, "Long ago", "North Korean troops marched.", age=60 * day),
        told(2, "Before", "North Korean troops sang in the square.", age=11 * day),
        told(3, "Troops", "North Korean troops left by ferry.", age=5 * day),
        told(4, "Tanks", "North Korea has tanks.", age=4 * day),
        told(5, "A film", "A film of the year.", age=3 * day),
        told(6, "Rain", "It rained.", age=2 * day),
    ]


async def fill(url: str, articles: list[Article]) -> None:
    store = SqliteStore.open(url)
    await shelve(store, articles, now=SystemClock().now())
    await index(store)
    await store.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the news: what each test has a copy of."""
    file = tmp_path_factory.mktemp("news") / "monitor.db"
    asyncio.run(fill(f"sqlite:///{file}", news()))
    return file


@pytest.fixture
def config(tmp_path: Path, archive: Path) -> Path:
    monitor = f"storage: sqlite:///{tmp_path}/monitor.db\n"
    made = write_folder(
        tmp_path / "config", sources=SOURCES, watchlist=WATCHLIST, monitor=monitor, alerting=ALERTING
    )
    write_folder(tmp_path / "old", sources=SOURCES, watchlist=OLD, monitor=monitor, alerting=ALERTING)
    shutil.copy(archive, tmp_path)
    return made


def records(capsys, *words: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main(["backtest", *words, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_alerts_and_mails_are_counted_by_rule_and_day(config, capsys):
    found = records(capsys, "--since", "10d", "--config", str(config))
    assert [(each["rule"], each["alerts"], each["verdicts"]) for each in found if each["alerts"]] == [
        ("film", 1, {"first_mention": 1}),
        ("troops", 1, {"first_mention": 1}),
    ]
    mails = Counter()
    for each in found:
        mails[each["rule"]] += each["mails"]
    assert mails == {"troops": 2, "film": 2}  # one a recipient


def test_what_came_before_is_not_counted_though_it_was_judged(config, capsys):
    assert [each["rule"] for each in records(capsys, "--since", "30d", "--config", str(config)) if each["alerts"]] == ["film", "troops", "troops"]  # fmt: skip
    found = records(capsys, "--since", "10d", "--watchlist", "w", "--config", str(config))
    assert sum(each["alerts"] for each in found) == 2


def test_people_get_a_table_of_rules_and_one_of_days(config, capsys):
    assert main(["backtest", "--since", "10d", "--config", str(config)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    first, _, head, *rest = said.out.splitlines()
    assert ": 4 articles, 2 matched, 2 alerts, 4 mails, 0.4 a day" in first
    assert head.split()[:4] == ["RULE", "ALERTS", "A", "DAY"]
    assert [line.split()[0] for line in rest[:2]] == ["w/film", "w/troops"]
    assert sum(line.split()[2] == "1" for line in rest if line.startswith("20")) == 2


def test_lost_and_gained_articles_are_told_by_title_with_what_decided(config, capsys, tmp_path):
    words = ["backtest", "--since", "10d", "--config", str(config), "--against", str(tmp_path / "old")]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "4 mails (against 6)" in said
    lost = said[said.index("lost: 1 articles") : said.index("gained: 0 articles")]
    assert "Tanks  (The Daily)" in lost
    assert "w/troops: troops: not found" in lost
    back = ["--since", "10d", "--config", str(tmp_path / "old"), "--against", str(config)]
    (gained,) = [each for each in records(capsys, *back) if "change" in each]
    assert (gained["change"], gained["title"], gained["decided_by"]) == (
        "gained",
        "Tanks",
        "troops: not found",
    )


def test_digests_go_at_their_times_also_where_nothing_came(config, capsys):
    write_folder(
        config,
        alerting=f"{ALERTING.rstrip()}\n    digests: {{morning: {{to: [desk], at: '08:00', empty: say-so}}}}\n",
    )
    assert main(["backtest", "--since", "10d", "--config", str(config)]) == 0
    said = capsys.readouterr().out
    assert ", 22 mails, 2.2 a day" in said  # ten mornings and the alert, for two recipients


def test_articles_that_lost_their_text_are_told_of(config, capsys):
    main(["backtest", "--since", "100d", "--config", str(config)])
    assert capsys.readouterr().err == (
        "articles lose their text after 90 days (retention.articles); older ones match nothing\n"
    )


def test_no_such_watchlist(config, capsys):
    assert main(["backtest", "--watchlist", "v", "--config", str(config)]) == 2
    assert capsys.readouterr().err == "'v' is no watchlist; there are w\n"


def test_an_archive_without_a_match_exits_1(config, capsys):
    assert main(["backtest", "--since", "1d", "--config", str(config)]) == 1


def test_several_processes_find_what_one_does(config, tmp_path, capsys):
    day = timedelta(days=1)
    many = [
        told(
            100 + n,
            f"Title {n}",
            f"{'North Korean troops' if n % 50 == 0 else 'Nobody'} came on day {n}.",
            age=day,
        )
        for n in range(550)
    ]
    url = f"sqlite:///{tmp_path}/monitor.db"
    asyncio.run(fill(url, many))
    found = load(config, {})
    now = SystemClock().now()
    plan = Plan(policies=(policy_of(found),), since=now - 10 * day, until=now)

    async def outcome(processes: int):
        store = SqliteStore.open(url, mode="read")
        asked, (one,), _ = await backtest(
            store.archive, url, partial(matchers, [config], {}), plan, processes=processes
        )
        await store.close()
        return asked, one.verdicts, one.mails, one.matched_by_day

    alone = asyncio.run(outcome(1))
    assert alone[0] == 554
    assert alone[3].total() == 13
    assert asyncio.run(outcome(2)) == alone
