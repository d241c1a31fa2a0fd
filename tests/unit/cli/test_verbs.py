"""What holds for every verb, those to come too: help, pipes, colours, --config, exits."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.cli import VERBS, main

ROOT = Path(__file__).resolve().parents[3]
ANSWERS = [  # verbs that answer at once, without a daemon, a network or an archive
    ["check"],
    ["schema"],
    ["sources", "export"],
    ["match", str(ROOT / "LICENSE"), "--explain"],
]

READER_LEFT = """
import os, sys
from monitor.cli import VERBS, main, module_of

for verb in VERBS:  # once, not once a child
    module_of(verb)
calls = [[verb, "--help"] for verb in VERBS] + [["--help"], ["--version"]] + eval(sys.argv[1])
for words in calls:
    read, write = os.pipe()
    os.close(read)
    child = os.fork()
    if not child:
        os.dup2(write, 1)
        if words[-1] != "--help":
            sys.exit(main(words))  # with all that Python does at its end
        try:
            os._exit(main(words))
        except SystemExit as end:
            os._exit(end.code)  # the end is the same for all, and takes a fifth of a second
    os.close(write)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(code, *words)
"""

WHAT_IS_LOADED = """
import sys
from monitor.cli import main

for verb in sys.argv[2:]:
    main([verb, "--config", sys.argv[1]])
print(*sys.modules, file=sys.stderr)
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "sources.yaml").write_text("sources: [{id: daily, url: https://example.org/rss.xml}]\n")
    (tmp_path / "watchlists" / "w.yaml").write_text("watchlist: w\nrules: [troops]\n")
    return tmp_path


def help_of(verb: str, capsys) -> str:
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("verb", VERBS)
def test_a_verbs_help_shows_an_example_of_itself_that_its_options_allow(verb, capsys):
    said = help_of(verb, capsys)
    assert re.search(rf"examples?:\n(?:  .*\n)*?  .*\bmonitor {verb}\b", said)
    examples = said[said.index("example") :]
    for option in set(re.findall(r"(?<=\s)--[a-z-]+", examples)):
        assert option in said[: said.index("example")]


@pytest.mark.parametrize("verb", VERBS)
def test_help_verb_is_verb_help(verb, capsys):
    said = help_of(verb, capsys)
    with pytest.raises(SystemExit) as ended:
        main(["help", verb])
    assert ended.value.code == 0
    assert capsys.readouterr().out == said


@pytest.mark.parametrize("verb", VERBS)
def test_an_option_that_no_verb_has_is_an_error_of_usage(verb, capsys):
    with pytest.raises(SystemExit) as ended:
        main([verb, "--colour-of-the-moon"])
    assert ended.value.code == 2
    assert f"usage: monitor {verb}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--config", "DIR", "check"], ["--config=DIR", "check"], ["check", "--config", "DIR"]]
)
def test_config_may_stand_before_or_after_the_verb(words, config, capsys):
    assert main([word.replace("DIR", str(config)) for word in words]) == 0
    assert capsys.readouterr().out.startswith(f"{config}: 1 source,")


def test_another_option_before_the_verb_is_told_its_place(capsys):
    assert main(["--json", "check"]) == 2
    assert capsys.readouterr().err.startswith("monitor: --json goes after the verb: monitor VERB --json")


LATIN = os.fsdecode("Süd".encode("latin-1"))


@pytest.mark.parametrize(
    "words",
    [["search", LATIN], ["why", LATIN], ["alerts", "--story", LATIN], ["silence", "add", "--rule", LATIN]],
    ids=lambda words: words[0],
)
def test_a_word_in_another_encoding_is_told_as_that(words, config, capsys):
    assert main([*words, "--config", str(config)]) == 2
    assert capsys.readouterr() == ("", "b'S\\xfcd' is not UTF-8; write it in that\n")


def test_a_file_may_have_a_name_in_another_encoding(config, tmp_path, capsys):
    file = tmp_path / f"{LATIN}.txt"
    file.write_text("North Korean troops in Russia")
    assert main(["match", str(file), "--config", str(config)]) == 0
    assert "w/troops" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [["match", str(ROOT / "LICENSE")], ["sources"], ["silence"], ["preview", "alert", "--sample"]]
)
def test_warnings_of_the_configuration_are_left_to_check_and_run(words, config, capsys):
    nobody = "watchlist: w\nsources: {include: [teir1]}\nrules: [troops]\n"
    (config / "watchlists" / "w.yaml").write_text(nobody)
    main([*words, "--config", str(config)])
    assert "teir1" not in capsys.readouterr().err
    main(["check", "--config", str(config)])
    assert "warning: no source has the id or tag 'teir1'" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["check", "alerts", "outbox", "sources", "status"])
def test_a_mistyped_folder_is_never_a_default_one(verb, tmp_path, capsys):
    assert main([verb, "--config", str(tmp_path / "confg")]) == 2
    said = capsys.readouterr()
    assert f"{tmp_path / 'confg'}: is no folder; name the configuration with --config" in said.out + said.err


async def test_the_environment_names_the_folder_where_no_option_does(config, nursery):
    answer, output = os.pipe()
    asked = await nursery.start(
        "monitor", "check", environment={"MONITOR_CONFIG": str(config)}, streams={1: output}
    )
    os.close(output)
    with os.fdopen(answer) as said:
        assert (await asked.wait(), said.read()) == (
            0,
            f"{config}: 1 source, 1 watchlist, 1 rule, 0 tests: right\n",
        )


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
async def test_colours_are_for_terminals_that_want_them(environment, coloured, config, nursery):
    (config / "watchlists" / "w.yaml").write_text("watchlist: w\nrules: []\n")
    answer, terminal = pty.openpty()
    streams, environment = {1: terminal, 2: terminal}, {"TERM": "xterm"} | environment
    words = ("check", "--config", config)
    await (await nursery.start("monitor", *words, environment=environment, streams=streams)).wait()
    os.close(terminal)
    said = os.read(answer, 10_000).decode()
    os.close(answer)
    assert "a watchlist without rules" in said
    assert ("\x1b[" in said) is coloured


def test_who_looks_at_the_store_waits_neither_for_the_matcher_nor_for_logs(told):
    command = [sys.executable, "-c", WHAT_IS_LOADED, str(told), "status", "outbox", "alerts"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.count("desk@example.org") == 4  # two rows, two alerts
    matcher = {
        f"monitor.matching.{room}" for room in ("compiler", "document", "matcher", "nodes", "watchlist")
    }
    kept_out = matcher | {"aiohttp", "apscheduler", "jinja2", "lxml", "numpy", "structlog", "trafilatura"}
    assert kept_out & {*done.stderr.split()} == set()


def test_only_the_shell_knows_colours():
    spoken = [path.name for path in (ROOT / "monitor" / "cli").glob("*.py") if "x1b[" in path.read_text()]
    assert spoken == ["shell.py"]


def test_no_verb_minds_a_reader_that_left(config):
    calls = repr([[*words, "--config", str(config)] for words in ANSWERS])
    command = [sys.executable, "-c", READER_LEFT, calls]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) == len(VERBS) + 2 + len(ANSWERS)
    assert [line for line in lines if not line.startswith("0 ")] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["alerts", "--limit", "9" * 20], "is no number of rows; write 0 (all there are) or more"),
        (["alerts", "--limit", "-5"], "'-5' is no number of rows; write 0 (all there are) or more"),
        (["outbox", "--limit", "x"], "'x' is no number of rows; write 0 (all there are) or more"),
        (["outbox", "retry", "9" * 20], "is no number of a row"),
        (["silence", "end", "x"], "'x' is no number of a row"),
    ],
)
def test_a_number_that_is_none_is_told_as_that(words, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(f"{said}\n")
