import os
from pathlib import Path

import pytest

from monitor.config.folder import load, missing_files
from monitor.errors import ConfigError, Level

BAD = Path(__file__).resolve().parents[2] / "data" / "config" / "bad"
GOOD = {
    "sources.yaml": "sources: [{id: daily, url: https://example.org/rss.xml}]\n",
    "watchlists/words.yaml": "watchlist: words\nrules: [{id: troops, match: troops, tests: {hit: [troops]}}]\n",
}
PLACES = {
    "watchlist": "watchlists/w.yaml",
    "sources": "sources.yaml",
    "monitor": "monitor.yaml",
    "alerting": "alerting.yaml",
    "entities": "entities/e.yaml",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    """Everything that is told of a folder, warnings too."""
    try:
        found = load(folder, {})
        return list(map(str, (*found.warnings, *missing_files(found))))
    except ConfigError as error:
        return list(map(str, error.problems))


def errors(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        load(folder, {})
    return [str(problem) for problem in raised.value.problems if problem.level is Level.ERROR]


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_bad_file_is_told_of_in_the_lines_that_it_begins_with(path, tmp_path):
    text = path.read_text(encoding="utf-8")
    expected = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ")]
    place = PLACES[path.stem.partition("-")[0]]
    folder = write(tmp_path, GOOD | {place: text})
    told = [line for line in problems(folder) if "no tests" not in line]
    assert told == [f"{folder / place}:{line}" for line in expected]


def test_eighty_kinds_of_mistakes_at_least_have_their_message():
    assert len({path.read_text(encoding="utf-8").split("\n")[0] for path in BAD.glob("*.yaml")}) >= 80


def test_a_folder_with_sources_and_one_watchlist_is_enough(tmp_path):
    found = load(write(tmp_path, GOOD), {})
    assert list(found.sources) == ["daily"]
    assert [(rule.watchlist, rule.id) for rule in found.compiled.matcher.rules] == [("words", "troops")]
    assert found.warnings == ()


def test_the_errors_of_all_files_come_at_once(tmp_path):
    bad = {"monitor.yaml": "storag: x\n", "sources.yaml": "sources: [{id: A}]\n", "alerting.yaml": "x: y\n"}
    assert {Path(line.partition(":")[0]).name for line in errors(write(tmp_path, GOOD | bad))} == set(bad)


def test_a_mistake_hides_no_other_in_its_file_and_none_follows_from_it(tmp_path):
    rules = """version: 1
watchlist: x
rules:
  - {id: a, severty: high, match: "troops AND"}
  - {id: b, mtach: troops}
  - {id: c, severity: hgih, match: "(troops"}
  - {id: d, match: "@nobody OR @dprk"}
"""
    entities = """entities:
  rok: {knid: place, names: [South Korea]}
  dprk: {kind: place, names: [North Korea], colour: red}
"""
    found = errors(write(tmp_path, GOOD | {"watchlists/x.yaml": rules, "entities/a.yaml": entities}))
    told = [line.removeprefix(f"{tmp_path}/").partition("; ")[0] for line in found]
    assert [line for line in told if "rok" not in line and "a.yaml:2" not in line] == [
        "entities/a.yaml:3:45: unknown key 'colour'",
        "watchlists/x.yaml:4:13: unknown key 'severty'",
        "watchlists/x.yaml:4:46: the query ends where a term should stand",
        "watchlists/x.yaml:5:13: unknown key 'mtach'",
        "watchlists/x.yaml:6:23: severity is 'hgih', expected one of info, low, medium, high, critical",
        "watchlists/x.yaml:6:37: this parenthesis is never closed",
        "watchlists/x.yaml:7:21: @nobody is no entity and no list",
    ]


@pytest.mark.parametrize(
    "entities",
    [
        "entities:\n  - {id: dprk, kind: place, names: [North Korea]}\n",
        "entities:\n  dprk: {kind: place, names: {en: North Korea}}\n",
        "entites:\n  dprk: {kind: place, names: [North Korea]}\n",
        "entities:\n  dprk: {kind: place, names: [North Korea}\n",
        "entities:\n  dprk: {kind: place, names: [North Korea]}\n  dprk: {kind: place, names: [DPRK]}\n",
    ],
)
def test_a_name_that_stands_in_a_file_with_a_mistake_is_not_told_as_unknown(entities, tmp_path):
    rules = "watchlist: x\nrules: [{id: a, match: '@dprk AND @nobody'}, {id: b, match: '@nobody'}]\n"
    found = errors(write(tmp_path, GOOD | {"watchlists/x.yaml": rules, "entities/a.yaml": entities}))
    told = [line.removeprefix(f"{tmp_path}/").partition(";")[0] for line in found]
    assert [line.partition(":")[0] for line in told] == ["entities/a.yaml", "watchlists/x.yaml"]
    assert told[-1] == "watchlists/x.yaml:2:62: @nobody is no entity and no list"


@pytest.mark.parametrize(
    ("watchlist", "at"),
    [
        ("watchlist: w\nrules: [{id: arms, labels: [shells], match: '(shells'}]\n", ":2:46"),
        ("watchlist: w\nrules: [{id: arms, labels: [shells], match: shells}\n", ":2:52"),
    ],
)
def test_a_rule_with_a_mistake_is_known_to_the_policy_all_the_same(watchlist, at, tmp_path):
    policy = "channels: {desk: {type: email, to: [a@example.org]}}\nroutes:\n"
    policy += "  - {when: {watchlist: [w], rule: [w/arms], label: [shells]}, to: [desk]}\n"
    policy += "  - {when: {rule: [amrs]}, to: [desk]}\n"
    folder = write(tmp_path, GOOD | {"watchlists/w.yaml": watchlist, "alerting.yaml": policy})
    told = [line.removeprefix(f"{folder}/").partition(" ")[0] for line in errors(folder)]
    assert told == ["alerting.yaml:4:20:", f"watchlists/w.yaml{at}:"]


def test_where_a_file_cannot_be_read_as_text_no_name_is_told_as_unknown(tmp_path):
    rules = "watchlist: x\nrules: [{id: a, match: '@dprk'}]\n"
    folder = write(tmp_path, GOOD | {"watchlists/x.yaml": rules, "entities/a.yaml": ""})
    (folder / "entities/a.yaml").write_bytes("entities: {}\n".encode("utf-16"))
    assert errors(folder) == [f"{folder / 'entities/a.yaml'}:1:1: the file is UTF-16; save it as UTF-8"]


def test_a_folder_that_is_none_and_one_without_files_say_what_to_do(tmp_path):
    assert errors(tmp_path / "none") == [
        f"{tmp_path / 'none'}: is no folder; name the configuration with --config"
    ]
    assert errors(tmp_path) == [
        f"{tmp_path / 'sources.yaml'}: is missing; the folder holds no YAML file",
        f"{tmp_path / 'watchlists'}: holds no watchlist; write one, like words.yaml",
    ]


def test_a_mistyped_file_name_is_warned_of(tmp_path):
    folder = write(tmp_path, GOOD | {"alertin.yaml": "x: y\n", "watchlists/more.yml": "x: y\n"})
    assert [str(problem) for problem in load(folder, {}).warnings] == [
        f"{folder / 'alertin.yaml'}: warning: is not read; did you mean 'alerting.yaml'?",
        f"{folder / 'watchlists/more.yml'}: warning: is not read; name it .yaml",
    ]


def test_a_file_in_the_wrong_place_is_warned_of_and_told_where_to_go(tmp_path):
    misplaced = (
        "entities.yaml",
        "watchlist.yaml",
        "watchlist/w.yaml",
        "watchlists/old/w.yaml",
        "notes/n.yaml",
    )
    folder = write(tmp_path, GOOD | dict.fromkeys(misplaced, "x: y\n"))
    assert [str(problem).removeprefix(f"{folder}/") for problem in load(folder, {}).warnings] == [
        f"entities.yaml: warning: is not read; move it into {folder / 'entities'}",
        f"watchlist.yaml: warning: is not read; move it into {folder / 'watchlists'}",
        f"watchlist/w.yaml: warning: is not read; move it into {folder / 'watchlists'}",
        f"watchlists/old/w.yaml: warning: is not read; move it into {folder / 'watchlists'}",
    ]


def test_what_editors_and_finders_leave_beside_a_file_is_not_read(tmp_path):
    folder = write(tmp_path, GOOD | {"watchlists/._words.yaml": "\0", ".sources.yaml": "x: y\n"})
    (folder / "watchlists/.#words.yaml").symlink_to("admin@desk.1234:1764270000")
    assert load(folder, {}).warnings == ()


def test_what_is_no_readable_file_is_told_as_that(tmp_path):
    folder = write(tmp_path, GOOD)
    os.mkfifo(folder / "watchlists/pipe.yaml")
    (folder / "watchlists/folder.yaml").mkdir()
    (folder / "watchlists/gone.yaml").symlink_to("nowhere.yaml")
    (folder / "watchlists/loop.yaml").symlink_to("loop.yaml")
    assert [line.removeprefix(f"{folder}/watchlists/") for line in errors(folder)] == [
        "folder.yaml: is no file; take it away, or name it otherwise",
        "gone.yaml: leads to nowhere.yaml, which is not there; mend the link",
        "loop.yaml: cannot be read (Too many levels of symbolic links)",
        "pipe.yaml: is no file; take it away, or name it otherwise",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may look into any folder")
@pytest.mark.parametrize("name", [".", "watchlists"])
def test_a_folder_that_nobody_may_look_into_is_told_as_that(name, tmp_path):
    folder = write(tmp_path, GOOD)
    (folder / name).chmod(0)
    told = errors(folder)
    (folder / name).chmod(0o700)
    assert told == [f"{folder / name}: cannot be read (Permission denied); mend its permissions"]


def test_what_is_defined_twice_names_both_places(tmp_path):
    entity = "entities: {dprk: {kind: place, names: [North Korea]}}\n"
    twice = {
        "entities/a.yaml": entity,
        "entities/b.yaml": entity,
        "watchlists/x.yaml": GOOD["watchlists/words.yaml"],
    }
    folder = write(tmp_path, GOOD | twice)
    assert errors(folder) == [
        f"{folder / 'entities/b.yaml'}:1:12: @dprk is defined twice; the first is at {folder / 'entities/a.yaml'}:1:12",
        f"{folder / 'watchlists/x.yaml'}:1:12: watchlist 'words' is defined twice; the first is {folder / 'watchlists/words.yaml'}",
    ]


def test_a_value_from_the_environment_that_is_wrong_names_the_variable(tmp_path):
    with pytest.raises(ConfigError) as raised:
        load(write(tmp_path, GOOD), {"MONITOR_HTTP__BIND": "nowhere"})
    assert str(raised.value).startswith("environment MONITOR_HTTP__BIND: 'nowhere' is no address")


def test_a_secret_that_is_lacking_here_is_a_warning(tmp_path):
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "folder").mkdir()
    policy = "channels: {a: {type: webhook, url: 'https://x.eu/', secret_file: %s/%s}}\n"
    told = []
    for name in ("empty", "folder", "nowhere"):
        folder = write(tmp_path / "config", GOOD | {"alerting.yaml": policy % (tmp_path, name)})
        told += problems(folder)
    place = f"{folder}/alerting.yaml:1:66: warning: secret_file names {tmp_path}"
    assert told == [
        f"{place}/empty, which is empty; the daemon needs it where it runs",
        f"{place}/folder, which is a folder; the daemon needs it where it runs",
        f"{place}/nowhere, which is not here; the daemon needs it where it runs",
    ]


def test_a_secret_beside_the_settings_is_told_its_path(tmp_path):
    settings = "mail: {from: a@x.eu, smtp: {host: mail.x.eu, username: a, password_file: no-such-secret}}\n"
    folder = write(tmp_path, GOOD | {"monitor.yaml": settings})
    (folder / "no-such-secret").write_text("sesame")
    warning = (
        "warning: password_file names no-such-secret, which is not here; the daemon needs it where it runs"
    )
    remedy = f"paths begin where it starts: write {folder}/no-such-secret"
    assert problems(folder) == [f"{folder}/monitor.yaml:1:74: {warning}; {remedy}"]


def test_an_examples_address_is_warned_of_where_mail_leaves_and_one_that_tells_nobody(tmp_path):
    mail = "mail:\n  from: Media Monitor <alerts@example.org>\n  to: me@corp.eu\n"
    policy = "channels: {desk: {type: email, to: [me@corp.eu, desk@example.org]}}\n"
    folder = write(tmp_path, GOOD | {"monitor.yaml": mail, "alerting.yaml": policy})
    nobody = f"{folder}/monitor.yaml:3:7: warning: mail.to tells nobody: alerting.yaml has channels of its own; write the address into one of them"
    assert problems(folder) == [nobody]
    write(tmp_path, {"monitor.yaml": f"{mail}  smtp: {{host: mail.corp.eu}}\n"})
    assert problems(folder) == [
        f"{folder}/alerting.yaml:1:49: warning: desk@example.org is an example's address; write your own",
        f"{folder}/monitor.yaml:2:9: warning: Media Monitor <alerts@example.org> is an example's address; write your own",
        nobody,
    ]


def test_a_route_that_no_alert_comes_to_is_a_warning_at_its_place(tmp_path: Path) -> None:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists" / "words.yaml").write_text("watchlist: words\nrules: [troops]\n")
    (tmp_path / "sources.yaml").write_text("sources: [{id: daily, url: https://example.org/rss.xml}]\n")
    (tmp_path / "alerting.yaml").write_text(
        "channels: {desk: {type: email, to: [a@example.org]}}\n"
        "routes:\n  - {to: [desk]}\n  - {when: {severity: [high]}, to: [desk]}\n"
    )
    (warning,) = load(tmp_path, {}).warnings
    assert str(warning) == (
        f"{tmp_path}/alerting.yaml:4:5: warning: no alert comes to this route: route 1 takes all that fits;"
        " give that and_on: true"
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MONITOR_MAIL_SMTP_HOST", "x", "sets nothing that exists; two underscores stand between keys: MONITOR_MAIL__SMTP__HOST"),
        ("MONITOR_MAIL__SMTPHOST", "x", "sets nothing that exists; two underscores stand between keys: MONITOR_MAIL__SMTP__HOST"),
        ("MONITOR_MAIL__SMTP__HOTS", "x", "sets nothing that exists; did you mean MONITOR_MAIL__SMTP__HOST?"),
        ("MONITOR_MIAL__SMTP__HOST", "x", "sets nothing that exists; did you mean MONITOR_MAIL__SMTP__HOST?"),
        ("MONITOR_CONFIGG", "x", "sets nothing that exists; did you mean MONITOR_CONFIG?"),
        ("MONITOR_SOURCES", "x", "sets nothing that exists; expected one of fetching, http, mail, retention, storage, version"),
        ("MONITOR_MAIL__SMTP", "mail.example.org", "smtp is 'mail.example.org'; write its keys below it: host, port, tls, ca_file, username, password, …"),
        ("MONITOR_FETCHING__EVERY", "5", "'5' is not a duration; write a number and a unit, like 30s, 15m, 2h or 90d"),
        ("MONITOR_FETCHING__TOTAL", "many", "total is 'many'; write a whole number"),
        ("MONITOR_HTTP__BIND", "", "'' is no address to listen at; write host:port, like 127.0.0.1:8080"),
        ("MONITOR_STORAGE_FILE", "/nonexistent/url", "names /nonexistent/url, which cannot be read (No such file or directory); mend the path or the file's permissions"),
        ("MONITOR_STORAGE", "postgres://db", "'postgres://db' is no storage this program knows; write sqlite:///var/monitor.db (relative to where the daemon starts) or sqlite:////var/lib/monitor.db (absolute)"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_environment_names_the_variable_and_what_was_meant(name, value, said, tmp_path):
    with pytest.raises(ConfigError) as raised:
        load(write(tmp_path, GOOD), {name: value})
    assert str(raised.value) == f"environment {name}: {said}"


def test_a_list_in_the_environment_that_is_not_closed_names_the_variable(tmp_path):
    with pytest.raises(ConfigError) as raised:
        load(write(tmp_path, GOOD), {"MONITOR_MAIL__TO": "[a@example.org"})
    assert str(raised.value).startswith("environment MONITOR_MAIL__TO:1:15: a [ is open here")


def test_a_chain_of_proximities_without_end_is_told_at_its_place(tmp_path):
    chain = "a " + "NEAR/5 b " * 5000
    folder = write(tmp_path, GOOD | {"watchlists/w.yaml": f"watchlist: w\nrules: ['{chain}']\n"})
    column = len("rules: ['a ") + 40 * len("NEAR/5 b ") + 1
    place = f"{folder / 'watchlists/w.yaml'}:2:{column}"
    assert errors(folder) == [f"{place}: more than 40 proximities in a chain; use a list"]
