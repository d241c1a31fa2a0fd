"""A folder that changes is read once it is still; a wrong one changes nothing and is told."""

from pathlib import Path

import pytest

from monitor.config.changes import Change, changes
from monitor.config.files import fingerprint
from monitor.config.folder import Configuration, load
from monitor.config.reloading import Reloader
from monitor.config.watching import Watch, secret_files
from monitor.errors import StoreError
from monitor.metrics import Metrics

SOURCES = "sources: [{id: a, url: 'https://a.example/rss'}, {id: b, url: 'https://b.example/rss'}]\n"
WATCHLIST = "watchlist: w\nrules: [{id: one, match: Korea}, {id: two, match: Russia}]\n"
ALERTING = "channels: {desk: {type: email, to: [desk@example.org]}}\n"


@pytest.fixture
def config(folder) -> Path:
    return folder(sources=SOURCES, watchlist=WATCHLIST, alerting=ALERTING)


class Daemon:
    """What a reload is put into; `refuses` with the store's words, where it does."""

    def __init__(self) -> None:
        self.inforce: list[Configuration] = []
        self.complaints: list[list[str]] = []
        self.refuses = ""

    async def put(self, found: Configuration) -> None:
        if self.refuses:
            raise StoreError(self.refuses)
        self.inforce.append(found)

    async def complain(self, problems) -> None:
        self.complaints.append(list(problems))


@pytest.fixture
def daemon() -> Daemon:
    return Daemon()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def reloader(config, daemon, metrics, clock) -> Reloader:
    made = Reloader(
        load(config, {}), {}, put=daemon.put, complain=daemon.complain, clock=clock, metrics=metrics
    )
    assert await made.reload()
    daemon.inforce.clear()
    return made


async def test_a_change_is_read_at_the_second_look_and_only_once(reloader, config, daemon):
    assert not await reloader.look()
    (config / "watchlists" / "w.yaml").write_text("watchlist: w\nrules: [Seoul]\n")
    assert not await reloader.look()
    assert await reloader.look()
    assert not await reloader.look()
    (found,) = daemon.inforce
    assert [rule.id for rule in found.compiled.matcher.rules] == ["seoul"]


async def test_a_file_that_is_still_being_written_is_waited_for(reloader, config, daemon):
    for word in ("Seo", "Seou", "Seoul"):
        (config / "watchlists" / "w.yaml").write_text(f"watchlist: w\nrules: [{word}]\n")
        assert not await reloader.look()
    assert await reloader.look()
    assert len(daemon.inforce) == 1


async def test_a_wrong_folder_is_told_once_and_the_next_right_one_is_taken(reloader, config, daemon, metrics):
    watchlist = config / "watchlists" / "w.yaml"
    watchlist.write_text("watchlist: w\nrules: [{id: a, match: 'a AND b OR c'}]\n")
    for _ in range(4):
        assert not await reloader.look()
    assert daemon.inforce == []
    ((problem,),) = daemon.complaints
    assert problem.startswith(f"{watchlist}:2:")
    assert problem in reloader.trouble
    assert metrics.registry.get_sample_value("monitor_config_refused") == 1
    watchlist.write_text(WATCHLIST)
    assert [await reloader.look(), await reloader.look()] == [False, True]
    assert reloader.trouble == ""
    assert metrics.registry.get_sample_value("monitor_config_refused") == 0
    assert metrics.registry.get_sample_value("monitor_config_reloaded_total", {"result": "refused"}) == 1


async def test_where_the_store_refuses_nothing_is_in_force_and_it_is_said(reloader, daemon):
    daemon.refuses = "the disk is full"
    assert not await reloader.reload()
    assert daemon.complaints == [["the disk is full"]]
    assert "the disk is full" in reloader.trouble


async def test_the_link_that_kubernetes_swaps_is_a_change(tmp_path, daemon, metrics, clock):
    """A mounted ConfigMap: ..data leads to a folder of the version, and every name leads through it."""
    for version, name in (("..1", "Korea"), ("..2", "Seoul")):
        (tmp_path / version / "watchlists").mkdir(parents=True)
        (tmp_path / version / "sources.yaml").write_text(SOURCES)
        (tmp_path / version / "watchlists" / "w.yaml").write_text(f"watchlist: w\nrules: [{name}]\n")
    (tmp_path / "..data").symlink_to("..1")
    for name in ("sources.yaml", "watchlists"):
        (tmp_path / name).symlink_to(f"..data/{name}")
    reloader = Reloader(
        load(tmp_path, {}), {}, put=daemon.put, complain=daemon.complain, clock=clock, metrics=metrics
    )
    await reloader.reload()
    (tmp_path / "..new").symlink_to("..2")
    (tmp_path / "..new").replace(tmp_path / "..data")
    assert [await reloader.look(), await reloader.look()] == [False, True]
    assert [rule.id for rule in daemon.inforce[-1].compiled.matcher.rules] == ["seoul"]


async def test_what_changed_while_the_daemon_started_is_read(config, daemon, metrics, clock):
    found = load(config, {})
    reloader = Reloader(found, {}, put=daemon.put, complain=daemon.complain, clock=clock, metrics=metrics)
    (config / "watchlists" / "w.yaml").write_text("watchlist: w\nrules: [Seoul]\n")
    await reloader.begin()
    assert await reloader.look()
    assert [rule.id for rule in daemon.inforce[-1].compiled.matcher.rules] == ["seoul"]


async def test_a_start_without_a_change_reads_nothing_twice(config, daemon, metrics, clock):
    found = load(config, {})
    reloader = Reloader(found, {}, put=daemon.put, complain=daemon.complain, clock=clock, metrics=metrics)
    await reloader.begin()
    assert [await reloader.look(), await reloader.look()] == [False, False]


def test_a_new_password_file_is_a_change(config, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("one")
    (config / "monitor.yaml").write_text(
        f"mail: {{smtp: {{host: smtp.example.org, username: u, password_file: '{secret}'}}}}\n"
    )
    environment = {"MONITOR_MAIL__FROM_FILE": str(tmp_path / "from")}
    (tmp_path / "from").write_text("a@example.org")
    files = secret_files(load(config, environment), environment)
    assert files == (tmp_path / "from", secret)
    before = fingerprint(config, files)
    secret.write_text("other")
    assert fingerprint(config, files) != before


@pytest.mark.parametrize(
    ("read", "seen", "now", "due"),
    [
        ("a", "a", "a", False),
        ("a", "a", "b", False),
        ("a", "b", "b", True),
        ("a", "b", "c", False),
        ("a", "b", "a", False),
    ],
)
def test_a_folder_is_due_when_it_differs_and_is_still(read, seen, now, due):
    def state(name: str) -> dict[str, tuple[int, ...]]:
        return {"sources.yaml": (ord(name),)}

    assert Watch(read=state(read), seen=state(seen)).due(state(now)) is due


def test_what_changed_is_told_by_kind_and_name(config):
    before = load(config, {})
    (config / "sources.yaml").write_text(
        "sources: [{id: a, url: 'https://a.example/new'}, {id: c, url: 'https://c.example/rss'}]\n"
    )
    (config / "watchlists" / "w.yaml").write_text(
        "watchlist: w\ntitle: W\nrules: [{id: one, match: Korea}, {id: two, match: Moscow}, Seoul]\n"
    )
    (config / "monitor.yaml").write_text("retention: {articles: 30d}\n")
    (config / "alerting.yaml").write_text(
        "channels: {desk: {type: email, to: [d@example.org]}, ops: {type: console}}\ntimezone: Asia/Seoul\n"
    )
    (config / "entities").mkdir()
    (config / "entities" / "e.yaml").write_text("entities: {un: {names: [United Nations]}}\n")
    assert changes(before, load(config, {})) == {
        "settings": Change(changed=("retention",)),
        "sources": Change(added=("c",), removed=("b",), changed=("a",)),
        "watchlists": Change(changed=("w",)),
        "rules": Change(added=("w/seoul",), changed=("w/two",)),
        "entities": Change(added=("un",)),
        "channels": Change(added=("ops",), changed=("desk",)),
        "alerting": Change(changed=("timezone",)),
    }


def test_nothing_changed_is_nothing_to_tell(config):
    assert changes(load(config, {}), load(config, {})) == {}


def test_of_many_names_some_are_told_and_how_many_more():
    words = Change(added=tuple(f"s{n}" for n in range(23))).words()
    assert list(words) == ["added"]
    assert words["added"][-2:] == ["s19", "and 3 more"]


async def test_rules_are_weighed_anew_and_reloads_keep_to_it(reloader, config, daemon):
    weighed = await reloader.reweigh({"": 100.0, "korea": 0.9})
    assert [rule.id for rule in weighed.compiled.matcher.rules] == ["one", "two"]
    (config / "watchlists" / "w.yaml").write_text(
        "watchlist: w\nrules: [{id: a, match: Seoul AND NOT Korea, tests: {hit: [Seoul]}}]\n"
    )
    assert await reloader.reload()
    (found,) = daemon.inforce
    assert [problem.problem for problem in found.warnings if "Korea" in problem.problem] == [
        "NOT Korea drops every article that has it anywhere, and many do"
    ]
