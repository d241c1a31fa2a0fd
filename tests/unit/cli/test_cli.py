import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli import VERBS, main

ROOT = Path(__file__).resolve().parents[3]
SOURCES = "sources: [{id: daily, url: https://example.org/rss.xml}]\n"
WATCHLIST = """\
watchlist: w
rules:
  - {id: troops, severity: high, match: '"North Korean" /s troops', tests: {hit: [North Korean troops], miss: [no]}}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "sources.yaml").write_text(SOURCES)
    (tmp_path / "watchlists" / "w.yaml").write_text(WATCHLIST)
    storage = f"storage: sqlite:///{tmp_path / 'monitor.db'}\nhttp: {{bind: '127.0.0.1:1'}}\n"
    (tmp_path / "monitor.yaml").write_text(storage)
    return tmp_path


def test_without_a_verb_the_overview_is_shown(capsys):
    assert main([]) == 2
    said = capsys.readouterr().out
    assert all(f"  {verb} " in said for verb in VERBS)


def test_a_mistyped_verb_is_guessed(capsys):
    assert main(["chek"]) == 2
    assert capsys.readouterr().err == "monitor: unknown verb 'chek'; did you mean 'check'?\n"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example_and_takes_config(verb, capsys):
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert "example" in said
    assert f"monitor {verb}" in said
    assert "--config DIR" in said


def test_check_of_a_right_folder_says_what_is_in_it(config, capsys):
    assert main(["check", "--config", str(config)]) == 0
    assert capsys.readouterr().out == f"{config}: 1 source, 1 watchlist, 1 rule, 2 tests: right\n"


def test_check_prints_a_line_an_error_all_at_once_and_exits_2(config, capsys):
    (config / "sources.yaml").write_text("sources:\n  - {id: daily, ulr: https://example.org}\n")
    (config / "watchlists" / "w.yaml").write_text(WATCHLIST.replace("severity: high", "severity: hgih"))
    assert main(["check", "--config", str(config)]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"{config}/sources.yaml:2:17: unknown key 'ulr'; did you mean 'url'?",
        f"{config}/watchlists/w.yaml:3:28: severity is 'hgih', expected one of info, low, medium, high, critical; did you mean 'high'?",
        "2 errors, 0 warnings",
    ]


def test_a_rule_whose_day_has_passed_is_a_warning_at_its_day(config, capsys):
    dated = "watchlist: w\nrules: [{id: a, match: troops, until: %s, tests: {hit: [troops]}}]\n"
    (config / "watchlists" / "w.yaml").write_text(dated % "9999-12-31")
    assert main(["check", "--config", str(config)]) == 0
    assert "warning" not in capsys.readouterr().out
    (config / "watchlists" / "w.yaml").write_text(dated % "2020-02-01")
    assert main(["check", "--config", str(config)]) == 0
    place = f"{config}/watchlists/w.yaml:2:39"
    remedy = "remove the rule, or name a later day"
    told = capsys.readouterr().out.splitlines()[0]
    assert told == f"{place}: warning: a ended on 2020-02-01 and finds nothing; {remedy}"


def test_a_rules_own_test_that_fails_is_an_error_at_its_place(config, capsys):
    (config / "watchlists" / "w.yaml").write_text(
        WATCHLIST.replace("miss: [no]", "miss: [North Korean troops again]")
    )
    assert main(["check", "--config", str(config)]) == 2
    assert f"{config}/watchlists/w.yaml:3:" in capsys.readouterr().out


def test_a_test_that_names_no_file_is_told_as_that_at_its_place(config, capsys):
    tests = "{hit: [{file: none.html}], miss: [{file: none.txt}]}"
    (config / "watchlists" / "w.yaml").write_text(
        f"watchlist: w\nrules:\n  - {{id: a, match: b, tests: {tests}}}\n"
    )
    assert main(["check", "--config", str(config)]) == 2
    remedy = "name it from the folder that holds the configuration, like seeds/articles/troops.html"
    assert capsys.readouterr().out.splitlines() == [
        f"{config}/watchlists/w.yaml:3:37: there is no file {config.parent}/none.html; {remedy}",
        f"{config}/watchlists/w.yaml:3:64: there is no file {config.parent}/none.txt; {remedy}",
        "2 errors, 0 warnings",
    ]


HEARING = """
import signal, sys
from monitor.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
"""


@pytest.fixture
def watching(config: Path) -> Iterator[subprocess.Popen[str]]:
    """`monitor check --watch`, which hears Ctrl-C even where the tests run in the background."""
    command = [sys.executable, "-c", HEARING, "check", "--watch", "--config", str(config)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_watching_checks_again_after_a_save_until_it_is_interrupted(config, watching):
    assert watching.stdout.readline() == f"{config}: 1 source, 1 watchlist, 1 rule, 2 tests: right\n"
    save(config / "sources.yaml", "sources: [")
    assert watching.stdout.readline().startswith(f"{config}/sources.yaml:1:")
    assert watching.stdout.readline() == "1 error, 0 warnings\n"
    save(config / "sources.yaml", SOURCES)
    assert watching.stdout.readline() == f"{config}: 1 source, 1 watchlist, 1 rule, 2 tests: right\n"
    watching.send_signal(signal.SIGINT)
    assert watching.wait() == 130


def save(path: Path, text: str) -> None:
    """As editors save: at once."""
    path.with_suffix(".new").write_text(text)
    path.with_suffix(".new").replace(path)


def test_a_syntax_error_ends_any_verb_with_one_line_and_exit_2(config, capsys):
    (config / "sources.yaml").write_text("sources: [")
    assert main(["sources", "export", "--config", str(config)]) == 2
    assert capsys.readouterr().err.startswith(f"{config}/sources.yaml:1:")


def test_match_as_json_gives_offsets_into_the_original_field(config, tmp_path, capsys):
    text = "A short title\n\nNorth Korean troops arrived. The second sentence says nothing of note at all.\n"
    (tmp_path / "a.txt").write_text(text)
    assert main(["match", str(tmp_path / "a.txt"), "--json", "--config", str(config)]) == 0
    (match,) = json.loads(capsys.readouterr().out)["matches"]
    assert (match["watchlist"], match["rule"], match["severity"]) == ("w", "troops", "high")
    assert [(m["field"], m["start"], m["end"], m["text"]) for m in match["mentions"]] == [
        ("lead", 0, 12, "North Korean"),
        ("lead", 13, 19, "troops"),
    ]


def test_match_that_finds_nothing_exits_1(config, tmp_path, capsys):
    (tmp_path / "a.txt").write_text("Nothing\n\nNothing happened.\n")
    assert main(["match", str(tmp_path / "a.txt"), "--config", str(config)]) == 1
    assert "no rule matches" in capsys.readouterr().out


def test_match_marks_the_words(config, tmp_path, capsys):
    (tmp_path / "a.txt").write_text("Title\n\nNorth Korean troops arrived.\n")
    main(["match", str(tmp_path / "a.txt"), "--config", str(config)])
    assert "«North Korean» «troops» arrived." in capsys.readouterr().out


def test_an_unreadable_file_is_said_in_one_line(config, capsys):
    assert main(["match", str(config / "none.txt"), "--config", str(config)]) == 2
    assert capsys.readouterr().err == f"{config}/none.txt: cannot be read (No such file or directory)\n"


def test_status_without_a_daemon_says_so_and_exits_1(config, capsys):
    assert main(["status", "--config", str(config)]) == 1
    assert "no daemon answers at 127.0.0.1:1" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["sources", "alerts", "outbox"])
def test_looking_before_the_first_run_says_how_to_begin(verb, config, capsys):
    assert main([verb, "--config", str(config)]) == 2
    assert "start the daemon first: monitor run" in capsys.readouterr().err


def test_schemas_are_written_for_all_five_kinds(tmp_path, capsys):
    assert main(["schema", "--write", str(tmp_path)]) == 0
    kinds = sorted(path.name.partition(".")[0] for path in tmp_path.glob("*.json"))
    assert kinds == ["alerting", "entities", "monitor", "sources", "watchlist"]
    assert capsys.readouterr().out.count("\n") == 5
    for path in tmp_path.glob("*.json"):
        assert json.loads(path.read_text())["type"] == "object"


def test_the_shipped_configuration_is_right(capsys):
    assert main(["check", "--config", str(ROOT / "config")]) == 0
    assert "right" in capsys.readouterr().out


def test_the_demo_answers_every_trap_and_shows_the_mail(capsys):
    assert main(["demo", "--config", str(ROOT / "config")]) == 0
    said = capsys.readouterr().out
    assert "✗" not in said
    assert "Subject: " in said


@pytest.mark.parametrize("words", [("match", "-"), ("why", "https://example.org/1.html")])
@pytest.mark.parametrize(
    ("option", "written", "meant"),
    [("--rule", "trops", "did you mean 'troops'?"), ("--watchlist", "v", "expected one of w")],
)
def test_a_rule_or_a_watchlist_that_is_not_there_is_told_of(words, option, written, meant, config, capsys):
    (config / "watchlists" / "w.yaml").write_text("watchlist: w\nrules: [{id: troops, match: troops}]\n")
    assert main([*words, option, written, "--config", str(config)]) == 2
    what = option.removeprefix("--")
    assert capsys.readouterr().err.splitlines()[-1] == f"{option}: {what} '{written}' is not known; {meant}"
