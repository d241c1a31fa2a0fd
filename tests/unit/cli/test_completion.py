import shutil
import subprocess
from pathlib import Path

import pytest

from monitor.cli import VERBS, main

BASH = shutil.which("bash") or ""
needs_bash = pytest.mark.skipif(not BASH, reason="bash is not on this machine")


def script(shell: str, capsys) -> str:
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


def completed(line: str, capsys, folder: Path) -> set[str]:
    """What bash offers for the last word of a line."""
    words = line.split(" ")
    listed = " ".join(f"'{word}'" for word in words)
    asked = (
        f"COMP_WORDS=({listed}); COMP_CWORD={len(words) - 1}; _monitor; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    command = [BASH, "--norc", "-c", f"{script('bash', capsys)}\n{asked}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return set(done.stdout.split())


@needs_bash
def test_bash_completes_verbs_their_options_and_words_to_choose_from(capsys, tmp_path):
    assert completed("monitor che", capsys, tmp_path) == {"check"}
    assert set(VERBS) <= completed("monitor ", capsys, tmp_path)
    assert completed("monitor check --wa", capsys, tmp_path) == {"--watch"}
    assert {"factiva", "lucene", "meltwater", "nexis"} <= completed(
        "monitor import --from ", capsys, tmp_path
    )


@needs_bash
def test_bash_completes_folders_after_config_and_the_verb_after_them(capsys, tmp_path):
    (tmp_path / "desk").mkdir()
    assert completed("monitor --config de", capsys, tmp_path) == {"desk"}
    assert completed("monitor --config desk sta", capsys, tmp_path) == {"status"}


def test_zsh_and_fish_know_every_verb(capsys):
    zsh, fish = script("zsh", capsys), script("fish", capsys)
    assert zsh.startswith("autoload -U +X bashcompinit")
    assert all(f" -a {verb} -d " in fish and f"    {verb}) " in zsh for verb in VERBS)
