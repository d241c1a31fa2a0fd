"""Mute a story, a rule, a source …: add a silence, list those there are, end one.

A running daemon obeys at once. What a silence holds is recorded and stays searchable:
`monitor alerts --verdict silenced`.
"""

import argparse
import asyncio
import getpass
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from monitor.alerting import AlertingSettings, Known, Policy, SilencePick, dangling, facts, fits
from monitor.alerting.prose import plural
from monitor.alerting.settings import Silence as Written
from monitor.cli.shell import Shell
from monitor.cli.storage import opened, since
from monitor.cli.telling import row_number
from monitor.clock import SystemClock
from monitor.config.problems import did_you_mean
from monitor.errors import ConfigError, Place, Problem
from monitor.model import Severity, Silence
from monitor.settings import read_duration
from monitor.store.base import Question, Store

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor silence add --story st-4c81d20e6a9b7f35 --for 24h --why "told enough"
  monitor silence add --rule background --source tier3 --until 2026-12-01 --why "summit week"
  monitor silence list
  monitor silence end 3"""

KEYS = tuple(SilencePick.model_fields)
LOOKED_AT = 1000
"""So many of the newest alerts show what a silence would have held."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `silence` takes."""
    actions = ["add", "list", "end"]
    parser.add_argument(
        "action", nargs="?", choices=actions, default="list", help="what to do (default: list)"
    )
    parser.add_argument("number", nargs="*", type=row_number, metavar="NUMBER", help="silences to end")
    for key in KEYS:
        help_ = f"add: only what has this {key}; may be given several times"
        parser.add_argument(f"--{key}", action="append", default=[], metavar="NAME", help=help_)
    end = parser.add_mutually_exclusive_group()
    end.add_argument("--until", metavar="WHEN", help="add: a day (2026-12-01) or a moment (2026-12-01T18:00)")
    end.add_argument("--for", dest="length", metavar="LONG", help="add: how long, like 90m, 24h or 7d")
    parser.add_argument("--why", default="", help="add: the reason, for those who ask later")
    parser.add_argument("--by", default="", help="add: who says so (default: you)")
    parser.add_argument("--all", action="store_true", help="list: also those that are over")
    parser.add_argument("--json", action="store_true", help="list: one object a silence")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """Add, list or end."""
    found = shell.configuration(arguments.config)
    policy = Policy(settings=found.alerting, recipients={})
    match arguments.action:
        case "add":
            silence = _asked(arguments, policy, found.known)
            return asyncio.run(_add(arguments.config, silence, policy, shell))
        case "end":
            return asyncio.run(_end(arguments, shell))
        case _:
            return asyncio.run(_list(arguments, policy, shell))


# ---------------------------------------------------------------------------- add


def _asked(arguments: argparse.Namespace, policy: Policy, known: Known) -> Silence:
    """The silence that the options ask for; ConfigError says what is wrong with them."""
    now = SystemClock().now()
    match = {key: getattr(arguments, key) for key in KEYS if getattr(arguments, key)}
    problems = list(_lacking(arguments, match))
    if problems:
        raise ConfigError(problems)
    try:
        until = arguments.until or now + read_duration(arguments.length)
        by = arguments.by or getpass.getuser()
        written = Written.model_validate({"match": match, "until": until, "why": arguments.why, "by": by})
    except ValidationError as error:
        raise ConfigError(
            [
                _problem(_option(each["loc"]), each["msg"].removeprefix("Value error, "))
                for each in error.errors()
            ]
        ) from None
    except ValueError as error:
        raise ConfigError([_problem("--for", str(error))]) from None
    silence = policy.read_silence(written)
    problems = list(_unknown(written, known))
    if silence.until <= now:
        option, end = ("--until", arguments.until) if arguments.until else ("--for", arguments.length)
        problems.append(_problem(option, f"{end} is over already", "name a later end"))
    if problems:
        raise ConfigError(problems)
    return silence


def _lacking(arguments: argparse.Namespace, match: Mapping[str, object]) -> Iterator[Problem]:
    if not match:
        remedy = f"name it: {', '.join(f'--{key}' for key in KEYS)}"
        yield _problem("silence add", "it is not said what is to be silent", remedy)
    if arguments.until is None and arguments.length is None:
        yield _problem("silence add", "a silence needs an end", "add --for 24h, or --until 2026-12-01")
    if not arguments.why.strip():
        yield _problem("silence add", "a silence needs a reason", 'add --why "…"')
    for name in arguments.severity:
        if name not in set(Severity):
            yield _problem("--severity", f"severity is {name!r}", did_you_mean(name, map(str, Severity)))


def _unknown(written: Written, known: Known) -> Iterator[Problem]:
    """Names that name nothing in the configuration: such a silence would silence nothing."""
    for found in dangling(AlertingSettings(silences=(written,)), known):
        problem = f"{found.what} {found.written!r} is not known"
        yield _problem(f"--{found.what}", problem, did_you_mean(found.written, found.known))


def _option(path: Sequence[int | str]) -> str:
    """The option that a part of the silence was given by."""
    named = next((part for part in path if part in KEYS), path[0] if path else "silence add")
    return f"--{named}"


def _problem(option: str, problem: str, remedy: str = "") -> Problem:
    return Problem(place=Place(file=option), problem=problem, remedy=remedy)


async def _add(config: Path, silence: Silence, policy: Policy, shell: Shell) -> int:
    async with opened(config, shell, write=True) as store:
        for story in silence.about.get("story", ()):
            if not await store.told(Question(story=story), limit=1):
                problem = f"story {story!r} is not known"
                raise ConfigError([_problem("--story", problem, "`monitor alerts` shows their names")])
        recent = await store.told(Question(), limit=LOOKED_AT)
        made = await store.add_silence(silence, now=SystemClock().now())
    fitting = sum(
        fits(made.about, facts(told.alert.match, told.alert.article, (told.alert.story.id,)))
        for told in recent
    )
    shell.say(f"silence {made.number} is in force until {_local(made.until, policy)}: {_about(made)}")
    fit = plural(len(recent), "alert fits", "alerts fit")
    shell.say(f"{fitting} of the last {fit} it; `monitor silence end {made.number}` ends it")
    return 0


# ---------------------------------------------------------------------------- end and list


async def _end(arguments: argparse.Namespace, shell: Shell) -> int:
    if not arguments.number:
        shell.complain("monitor silence end: which? Name the numbers that `monitor silence list` shows")
        return 2
    code = 0
    async with opened(arguments.config, shell, write=True) as store:
        for number in arguments.number:
            ended = await store.end_silence(number, now=SystemClock().now())
            shell.say(f"{number}: {'ended' if ended else 'is not in force, left as it is'}")
            code = code if ended else 1
    return code


async def _list(arguments: argparse.Namespace, policy: Policy, shell: Shell) -> int:
    now = SystemClock().now()
    silences = [
        (silence, state)
        for silence in (*policy.silences, *await _stored(arguments.config, shell))
        for state in [_state(silence, now)]
        if arguments.all or state == "in force"
    ]
    if arguments.json:
        for silence, state in silences:
            shell.say_json(_record(silence, state))
        return 0
    if not silences:
        shell.say("no silence is in force; `monitor silence add --help` shows how to add one")
        return 0
    shell.table(["NUMBER", "STATE", "LEFT", "UNTIL", "ABOUT", "BY", "WHY"], _rows(silences, policy, now))
    return 0


async def _stored(config: Path, shell: Shell) -> list[Silence]:
    store: Store
    async with opened(config, shell) as store:
        return await store.silences()


def _rows(silences: Iterable[tuple[Silence, str]], policy: Policy, now: datetime) -> Iterator[list[str]]:
    for silence, state in silences:
        yield [
            str(silence.number or "yaml"),
            state,
            since(silence.until, now).removeprefix("in ") if state == "in force" else "-",
            _local(silence.until, policy),
            _about(silence),
            silence.by or "-",
            silence.why,
        ]


def _state(silence: Silence, now: datetime) -> str:
    if silence.ended is not None:
        return "ended"
    return "in force" if now < silence.until else "over"


def _about(silence: Silence) -> str:
    """What it holds, in words.

    >>> from datetime import datetime, timezone
    >>> end = datetime(2026, 1, 1, tzinfo=timezone.utc)
    >>> _about(Silence(about={"rule": ("a", "b"), "language": ("ko",)}, until=end, why="w"))
    'rule a or b, language ko'
    """
    parts = (f"{key} {' or '.join(names)}" for key, names in silence.about.items())
    return ", ".join(parts) or "everything"


def _local(moment: datetime, policy: Policy) -> str:
    return f"{moment.astimezone(policy.zone):%Y-%m-%d %H:%M} {policy.settings.timezone}"


def _record(silence: Silence, state: str) -> dict[str, object]:
    return {
        "number": silence.number or None,
        "state": state,
        "about": {key: list(names) for key, names in silence.about.items()},
        "until": silence.until.isoformat(),
        "by": silence.by,
        "why": silence.why,
        "made": silence.made.isoformat() if silence.made else None,
        "ended": silence.ended.isoformat() if silence.ended else None,
    }
