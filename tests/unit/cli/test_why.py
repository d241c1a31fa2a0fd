"""`monitor why`: the whole way of an article, found by whatever its user has in hand."""

import asyncio
import json
import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsroom import StillClock, write_folder

from monitor import extraction
from monitor.alerting import Policy, compose
from monitor.cli import main
from monitor.config.folder import load
from monitor.fetching.urls import canonical
from monitor.metrics import Metrics
from monitor.model import Article, Delivered, Failed, FeedEntry, Fetched, Gone, NotModified, Origin, RowState
from monitor.pipeline import Pipeline, Rules
from monitor.store import Ending
from monitor.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=10)
FEED = "https://daily.example/rss.xml"
WATCHLIST = """
    watchlist: w
    entities: {dprk: {names: [North Korea], demonyms: [North Korean]}}
    rules:
      - {id: troops, severity: high, match: '@dprk /s troops', unless: film}
      - {id: treaty, match: '@dprk AND treaty AND NOT draft'}
    """
ITEM = "<item><guid>{number}</guid><link>{link}</link><title>{title}</title><pubDate>Tue, 24 Nov 2026 08:0{minute}:00 GMT</pubDate></item>"
PAGE = "<html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>"
FILLER = "The spokesman said on Tuesday that the talks would go on for another week in the capital. "


@dataclass(kw_only=True)
class Desk:
    """The daemon's own pipeline on a dict as the network, at a standing clock."""

    config: Path
    network: dict[str, Fetched | Failed] = field(default_factory=dict)
    clock: StillClock = field(default_factory=lambda: StillClock(NOW))

    async def fetch(self, url: str, **_asked: object) -> Fetched | NotModified | Gone | Failed:
        return self.network.get(url, Failed(reason="HTTP 503 Service Unavailable", code=503))

    async def read(
        self, page: Fetched, entry: FeedEntry, origin: Origin, *, url: str, seen: datetime
    ) -> Article:
        return extraction.article_from_page(page.body, page.content_type, entry, origin, url=url, seen=seen)

    def list(self, *items: tuple[str, str]) -> None:
        """The feed has these links and titles."""
        listed = "".join(
            ITEM.format(number=number, link=link.replace("&", "&amp;"), title=title, minute=number % 10)
            for number, (link, title) in enumerate(items)
        )
        body = f"<rss version='2.0'><channel><title>Daily</title>{listed}</channel></rss>".encode()
        self.network[FEED] = Fetched(url=FEED, status=200, body=body, content_type="application/rss+xml")

    def page(self, asked: str, title: str, text: str, *, landed: str = "") -> None:
        """An address answers with a page."""
        paragraphs = "".join(f"<p>{FILLER if n else ''}{text if not n else FILLER}</p>" for n in range(3))
        body = PAGE.format(title=title, text=paragraphs).encode()
        self.network[asked] = Fetched(
            url=landed or asked, status=200, body=body, content_type="text/html; charset=utf-8"
        )

    async def cycle(self, *, reply: str = "250 2.0.0 Ok: queued") -> None:
        """Poll, read what waits, send what is due."""
        found = load(self.config, {})
        store = SqliteStore.open(found.settings.storage)
        policy = Policy(settings=found.alerting, recipients={"desk": ("desk@example.org",)})
        pipeline = Pipeline(
            Rules(
                sources=found.sources,
                fetching=found.settings.fetching,
                matcher=found.compiled.matcher,
                policy=policy,
            ),
            store=store,
            fetcher=self,
            extractor=self,
            clock=self.clock,
            metrics=Metrics(),
        )
        now = self.clock.now()
        await store.register_sources({source.id: source.url for source in found.sources.values()}, now=now)
        for source in await store.claim_sources(now, limit=9, lease=LEASE):
            await pipeline.poll(source)
        for entry in await store.claim_entries(now, limit=999, lease=LEASE):
            await pipeline.read(entry)
        await store.hasten(now)
        for row in await store.claim_outbox(now, limit=999, lease=LEASE):
            mail = compose(row, policy=policy, now=now)
            await store.freeze(row, parcel=b"x", subject=mail.subject, message_id=f"<{row.key}@x>", now=now)
            await store.settle(row, Ending(state=RowState.SENT, words=Delivered(reply=reply).reply), now=now)
        await store.close()

    def run(self) -> None:
        asyncio.run(self.cycle())
        self.clock.pass_by(timedelta(hours=1))


def opened(folder: Path) -> Desk:
    config = write_folder(
        folder / "config",
        sources=f"sources: [{{id: daily, url: '{FEED}', outlet: The Daily}}]\n",
        watchlist=WATCHLIST,
        monitor=f"storage: sqlite:///{folder}/monitor.db\n",
        alerting="defaults: {wait: 0s, first_run: silent}\nchannels: {desk: {type: console}}\n",
    )
    return Desk(config=config)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk that has looked once, when there was nothing."""
    made = opened(tmp_path)
    made.list()
    made.run()
    return made


@pytest.fixture(scope="session")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An alert, its copy elsewhere, and an article that came near: what `told` is a copy of."""
    desk = opened(tmp_path_factory.mktemp("why"))
    desk.list()
    desk.run()
    story = "North Korean troops have arrived in the east, officials said. "
    desk.page(
        "https://daily.example/go/1?utm_source=rss",
        "Troops arrive",
        story,
        landed="https://www.daily.example/1.html",
    )
    desk.page(
        "https://daily.example/2",
        "Talks",
        "The draft of a treaty with North Korea is ready, officials said. ",
    )
    desk.list(
        ("https://daily.example/go/1?utm_source=rss", "Troops arrive"), ("https://daily.example/2", "Talks")
    )
    desk.run()
    return desk


@pytest.fixture
def told(tmp_path: Path, telling: Desk) -> Desk:
    """An alert, its copy elsewhere, and an article that came near."""
    made = replace(opened(tmp_path), network={**telling.network}, clock=StillClock(telling.clock.now()))
    shutil.copy(telling.config.parent / "monitor.db", tmp_path)
    return made


def why(desk: Desk, what: str, *options: str) -> int:
    return main(["why", what, *options, "--config", str(desk.config)])


def record(desk: Desk, capsys, what: str, *options: str) -> Mapping[str, object]:
    capsys.readouterr()
    assert why(desk, what, *options, "--json") == 0
    (line,) = capsys.readouterr().out.splitlines()
    return json.loads(line)


def test_the_whole_way_is_told_in_order(told, capsys):
    assert why(told, "https://www.daily.example/1.html") == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[0] for line in lines if line[:1].strip() and "  " in line]
    assert names == ["source", "fetched", "extracted", "story", "rules", "verdict", "mails"]
    said = "\n".join(lines)
    assert "daily listed it 2026-11-24 10:00:00 UTC, 2 h after it was published" in said
    assert "200 " in said
    assert "bytes text/html from https://www.daily.example/1.html" in said
    assert "w/troops (high): first_mention, first report of this story" in said
    assert "desk@example.org by desk: sent 2026-11-24 10:00:00 UTC: 250 2.0.0 Ok: queued" in said
    assert "«North Korean» «troops»" in said or "lead: «North Korean» troops have arrived" in said


@pytest.mark.parametrize(
    "form",
    [
        "https://www.daily.example/1.html",
        "http://m.daily.example/1.html?utm_campaign=x#top",
        "https://daily.example/go/1?utm_source=rss",
        "https://daily.example/go/1?utm_medium=mail",
    ],
)
def test_any_form_of_its_address_finds_it(told, form, capsys):
    assert record(told, capsys, form)["title"] == "Troops arrive"


def test_the_ids_of_its_story_alert_and_message_find_it(told, capsys):
    way = record(told, capsys, "https://www.daily.example/1.html")
    (alert,) = way["alerts"]
    (row,) = way["outbox"]
    for what in (
        way["story"],
        f"alert:{alert['id']}",
        str(row["id"]),
        row["key"],
        row["message_id"],
        row["message_id"].strip("<>"),
    ):
        assert record(told, capsys, str(what))["url"] == way["url"]


def test_an_article_that_alerted_nobody_says_what_it_came_near(told, capsys):
    assert why(told, "https://daily.example/2") == 0
    said = capsys.readouterr().out
    assert "no rule matched when it was read, so nobody was to be told" in said
    assert "came near: w/treaty: does not match" in said
    assert "decided by: forbidden by draft" in said


def test_a_veto_and_its_policy_line_are_told(desk, capsys):
    desk.page("https://daily.example/3", "A film", "North Korean troops march in this film of the year. ")
    desk.list(("https://daily.example/3", "A film"))
    desk.run()
    assert why(desk, "https://daily.example/3") == 0
    said = capsys.readouterr().out
    assert "decided by: held by unless: film" in said
    assert "w/troops (high): silenced, held by unless: film" in said


def test_what_a_correction_changed_is_told_as_a_small_diff(desk, capsys):
    address = "https://daily.example/5"
    desk.page(address, "Count", "North Korean troops number 3,000 in the east, officials said. ")
    desk.list((address, "Count"))
    desk.run()
    desk.page(address, "Count", "North Korean troops number 8,000 in the east, officials said. ")
    desk.list((address, "Count (corrected)"))
    desk.run()
    assert why(desk, address) == 0
    said = capsys.readouterr().out
    assert "read otherwise until 2026-11-24" in said
    assert "- lead: troops number 3,000 in the" in said
    assert "+ lead: troops number 8,000 in the" in said


def test_a_page_that_fails_and_is_tried_again_is_told_until_it_is_read(desk, capsys):
    desk.list(("https://daily.example/4", "Later"))
    desk.run()
    assert why(desk, "https://daily.example/4?utm_source=x") == 0
    said = capsys.readouterr().out
    assert "503 HTTP 503 Service Unavailable; put off until 2026-11-24 10:01:00 UTC" in said
    assert "waits to be read, no earlier than 2026-11-24 10:01:00 UTC, after 1 tries" in said
    desk.page("https://daily.example/4", "Later", "North Korean troops came later than was expected. ")
    desk.run()
    way = record(desk, capsys, "https://daily.example/4")
    assert [(visit["status"], visit["try"]) for visit in way["visits"]] == [(503, 1), (200, 2)]


def test_an_unknown_address_tells_the_nearest_and_the_sources_of_its_site(told, capsys):
    assert why(told, "https://www.daily.example/11.html") == 1
    first, nearest, *_, last = capsys.readouterr().err.splitlines()
    assert first == "https://www.daily.example/11.html: no source has listed it"
    assert nearest == "  nearest: https://www.daily.example/1.html"
    assert last == (
        "  source daily (https://daily.example/rss.xml): last read 2026-11-24 10:00 UTC, 2 entries listed"
    )


def test_a_site_without_a_source_is_told(told, capsys):
    assert why(told, "https://elsewhere.example/a") == 1
    assert "no source of elsewhere.example is configured; `monitor sources probe" in capsys.readouterr().err


def test_an_unknown_id_is_told(told, capsys):
    assert why(told, "st-0000") == 1
    assert "'st-0000' is no story, outbox row or alert" in capsys.readouterr().err


def test_a_rule_that_changed_since_is_told(told, capsys):
    watchlist = told.config / "watchlists" / "w.yaml"
    watchlist.write_text(watchlist.read_text().replace("@dprk /s troops", "@dprk /s tanks"))
    assert why(told, "https://www.daily.example/1.html") == 0
    assert "it matched when it was read; the rule or the text has changed since" in capsys.readouterr().out


WORDS = ["troops", "soldiers", "North Korean", "Russia", "Kursk", "treaty", "film", "rain", "market", "said"]


def some_rules(chance: random.Random) -> str:
    def query() -> str:
        a, b, c = chance.sample(["troops", "soldier*", "@dprk", "Russia", "Kursk", "treaty", "film"], 3)
        return chance.choice(
            [
                f"{a} AND {b} AND NOT {c}",
                f"{a} NEAR/4 {b}",
                f"({a} OR {b}) AND {c}",
                f"title:{a} OR {b}",
                f"{a} /s {b}",
                f"first9({a})",
                f"atleast2({a})",
            ]
        )

    rules = "".join(f"      - {{id: r{n}, severity: info, match: '{query()}'}}\n" for n in range(10))
    return f"    watchlist: w\n    entities: {{dprk: {{names: [North Korea], demonyms: [North Korean]}}}}\n    rules:\n{rules}"


def test_on_two_hundred_pairs_why_agrees_with_the_matcher_and_names_what_decided(desk, capsys):
    chance = random.Random(8)
    write_folder(desk.config, watchlist=some_rules(chance))
    links = [
        (f"https://daily.example/n{number}", " ".join(chance.choices(WORDS, k=4))) for number in range(20)
    ]
    for link, title in links:
        desk.page(link, title, " ".join(chance.choices([*WORDS, "rose.", "fell."], k=12)) + ". ")
    desk.list(*links)
    desk.run()
    held = 0
    for link, _ in links:
        way = record(desk, capsys, link, "--all")
        raised = {alert["rule"] for alert in way["alerts"]}
        rules = {rule["rule"]: rule for rule in way["rules"]}
        assert len(rules) == 10
        assert {name for name, rule in rules.items() if rule["matches"]} == raised
        assert all(rule["decided_by"] for rule in rules.values())
        held += len(raised)
    assert 40 < held < 160
    assert canonical(links[0][0]) == links[0][0]
