"""`monitor sources` as its admin uses it."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from newsroom import ROOT, write_folder

from monitor.cli import main
from monitor.clock import SystemClock
from monitor.config.folder import load
from monitor.store.sqlite import SqliteStore
from monitor.web.site import SampleSite

SOURCES = """\
    version: 1
    sources:
      - {id: well, url: "https://example.org/rss", outlet: The Well, tags: [world, tier1]}
      - {id: broken, url: "https://broken.example.org/rss"}
    """
WATCHLIST = """\
    version: 1
    watchlist: korea
    rules: [{id: troops, severity: high, match: '"North Korean" /s troops', tests: {hit: [North Korean troops], miss: [no]}}]
    """


@pytest.fixture
def config(tmp_path: Path) -> Path:
    monitor = f"storage: 'sqlite:///{tmp_path / 'm.db'}'\nfetching: {{allow_private: [127.0.0.0/8], per_host: {{gap: 0s}}}}\n"
    return write_folder(tmp_path / "config", sources=SOURCES, watchlist=WATCHLIST, monitor=monitor)


async def remember(config: Path, now: datetime, **states: dict[str, object]) -> None:
    """Put states of sources into the store."""
    store = SqliteStore.open(load(config, {}).settings.storage)
    await store.register_sources({name: f"https://{name}.example/" for name in states}, now=now)
    for claim in await store.claim_sources(now, limit=9, lease=timedelta(minutes=1)):
        changes = states[claim.state.source]
        await store.finish_poll(claim, replace(claim.state, **changes), (), now=now)  # type: ignore[arg-type]
    await store.close()


WELL: dict[str, object] = {
    "every": timedelta(minutes=10),
    "remark": "lists more than 1,000 entries",
    "length": 1000,
}
BROKEN: dict[str, object] = {"failures": 9, "error": "HTTP 404 Not Found", "every": timedelta(hours=1)}


@pytest.fixture
def told(config: Path) -> Path:
    now = SystemClock().now()
    well = WELL | {
        "polled": now,
        "due": now + timedelta(minutes=9, seconds=30),
        "newest": now - timedelta(hours=3),
    }
    broken = BROKEN | {"failing_since": now - timedelta(days=4), "due": now + timedelta(hours=23)}
    asyncio.run(remember(config, now, well=well, broken=broken))
    return config


def test_each_source_has_its_rhythm_its_trouble_and_what_to_do(told, capsys):
    assert main(["sources", "--config", str(told)]) == 0
    head, broken, well = capsys.readouterr().out.splitlines()
    assert head.split() == ["SOURCE", "STATE", "EVERY", "POLLED", "NEWEST", "NEXT", "IN", "WORDS"]
    assert broken.split("  ")[0] == "broken"
    assert "1 hour" in broken
    assert broken.endswith(
        "HTTP 404 Not Found (9 times, for 4d); has failed for 4 days; look for its new address, or remove it"
    )
    assert "10 minutes" in well
    assert well.endswith("lists more than 1,000 entries")


def test_the_status_says_that_there_is_advice(told, capsys):
    main(["status", "--config", str(told)])
    assert (
        "advice on 1 of 2 sources, like a new address or a longer interval: monitor sources"
        in capsys.readouterr().out
    )
    main(["status", "--json", "--config", str(told)])
    assert json.loads(capsys.readouterr().out)["sources_advised"] == ["broken"]


def test_only_those_that_fail_are_shown_when_asked(told, capsys):
    assert main(["sources", "--failing", "--config", str(told)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_scripts_get_an_object_a_source(told, capsys):
    assert main(["sources", "--json", "--config", str(told)]) == 0
    broken, well = sorted(
        map(json.loads, capsys.readouterr().out.splitlines()), key=lambda said: said["source"]
    )
    assert (well["state"], well["every"], well["entries"], well["failures"]) == ("ok", 600, 1000, 0)
    assert (broken["state"], broken["error"]) == ("failing", "HTTP 404 Not Found")
    assert broken["advice"] == ["has failed for 4 days; look for its new address, or remove it"]


def test_imported_lines_fit_the_file_and_what_is_known_is_left_out(config, tmp_path, capsys):
    opml = tmp_path / "feeds.opml"
    opml.write_text(
        "<opml><body><outline text='Asia'><outline text='New' xmlUrl='https://new.example/rss'/></outline>"
        "<outline text='Well' xmlUrl='https://example.org/rss'/><outline text='Bad' xmlUrl='nothing'/></body></opml>"
    )
    assert main(["sources", "import", str(opml), "--config", str(config)]) == 0
    said = capsys.readouterr()
    assert said.out == '  - {id: "new", url: "https://new.example/rss", outlet: "New", tags: ["asia"]}\n'
    assert said.err.splitlines()[-2:] == [
        "1 feed of it is in sources.yaml already",
        "Bad: 'nothing' is no web address; write it in full, like https://example.org/rss.xml",
    ]
    with (config / "sources.yaml").open("a") as file:
        file.write(said.out)
    assert set(load(config, {}).sources) == {"well", "broken", "new"}


def test_what_is_exported_is_imported_again(config, tmp_path, capsys):
    assert main(["sources", "export", "--config", str(config)]) == 0
    (tmp_path / "all.opml").write_text(capsys.readouterr().out)
    (config / "sources.yaml").write_text("sources: [{id: other, url: https://other.example/}]\n")
    assert main(["sources", "import", str(tmp_path / "all.opml"), "--config", str(config)]) == 0
    (config / "sources.yaml").write_text("sources:\n" + capsys.readouterr().out)
    found = load(config, {}).sources
    assert [(source.outlet, source.url, source.tags) for source in found.values()] == [
        ("The Well", "https://example.org/rss", ("world", "tier1")),
        ("broken", "https://broken.example.org/rss", ()),
    ]


async def test_a_probe_shows_entries_matches_an_article_and_a_line_to_paste(config, capsys):
    site = SampleSite(ROOT / "seeds", now=SystemClock().now())
    address = await site.start()
    code = await asyncio.to_thread(main, ["sources", "probe", f"{address}/feed.xml", "--config", str(config)])
    await site.stop()
    said = capsys.readouterr().out
    assert code == 0
    assert f"{address}/feed.xml (" in said
    assert "→ korea/troops" in said
    assert " words: " in said
    lines = [line for line in said.splitlines() if line.startswith("  - {")]
    assert len(lines) == 1
    (config / "sources.yaml").write_text("sources:\n" + lines[0] + "\n")
    assert [source.url for source in load(config, {}).sources.values()] == [f"{address}/feed.xml"]


def test_an_address_that_does_not_answer_is_said_and_exits_1(config, capsys):
    assert main(["sources", "probe", "127.0.0.1:1", "--config", str(config)]) == 1
    assert "https://127.0.0.1:1: cannot connect to 127.0.0.1" in capsys.readouterr().err


def test_an_action_without_its_object_says_what_is_missing(config, capsys):
    assert main(["sources", "import", "--config", str(config)]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "monitor sources import: name the file or address"


def test_a_source_never_polled_is_new(config, capsys):
    asyncio.run(remember(config, SystemClock().now(), fresh={"due": SystemClock().now()}))
    assert main(["sources", "--json", "--config", str(config)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["state"], said["polled"], said["every"]) == ("new", None, None)
