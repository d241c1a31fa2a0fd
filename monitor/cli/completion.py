"""Print a script by which a shell completes verbs and options; made from the verbs themselves.

bash:  source <(monitor completion bash)            in ~/.bashrc
zsh:   source <(monitor completion zsh)             in ~/.zshrc, after compinit
fish:  monitor completion fish > ~/.config/fish/completions/monitor.fish
"""

import argparse
from collections.abc import Iterator

from monitor.cli.shell import Shell

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  source <(monitor completion bash)
  monitor completion fish > ~/.config/fish/completions/monitor.fish"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `completion` takes."""
    parser.add_argument("shell", choices=["bash", "zsh", "fish"], help="which shell's script")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """The script."""
    from monitor.cli import VERBS, parser_of  # noqa: PLC0415 - the package that imports this verb when asked

    verbs = {verb: list(_options(parser_of(verb, shell))) for verb in VERBS}
    if arguments.shell == "fish":
        shell.say("\n".join(_fish(VERBS, verbs)))
        return 0
    if arguments.shell == "zsh":
        shell.say("autoload -U +X bashcompinit && bashcompinit")
    shell.say("\n".join(_bash(verbs)))
    return 0


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The long options and the words to choose from that a verb takes."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to be asked
        yield from (option for option in action.option_strings if option.startswith("--"))
        if action.choices and not isinstance(action.choices, range):
            yield from map(str, action.choices)


def _bash(verbs: dict[str, list[str]]) -> Iterator[str]:
    yield "_monitor() {"
    yield '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" verb="" each'
    yield '  for each in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do'
    yield f'    case " {" ".join(verbs)} " in *" $each "*) verb="$each"; break;; esac'
    yield "  done"
    yield '  case "$before" in --config|--write) compopt -o filenames 2>/dev/null'
    yield '    COMPREPLY=($(compgen -d -- "$word")); return;; esac'
    yield '  case "$verb" in'
    yield f'    "") COMPREPLY=($(compgen -W "{" ".join(verbs)} --config --help --version" -- "$word"));;'
    for verb, options in verbs.items():
        yield f'    {verb}) COMPREPLY=($(compgen -W "{" ".join(options)}" -- "$word"));;'
    yield "  esac"
    yield "}"
    yield "complete -o default -F _monitor monitor"


def _fish(meanings: dict[str, str], verbs: dict[str, list[str]]) -> Iterator[str]:
    yield "complete -c monitor -l config -r -a '(__fish_complete_directories)' -d 'the configuration folder'"
    for verb, options in verbs.items():
        meaning = meanings[verb].replace("'", "\\'")
        yield f"complete -c monitor -f -n __fish_use_subcommand -a {verb} -d '{meaning}'"
        for option in options:
            told = f"-l {option[2:]}" if option.startswith("--") else f"-f -a {option}"
            yield f"complete -c monitor -n '__fish_seen_subcommand_from {verb}' {told}"
