"""Settings from the environment: MONITOR_MAIL__SMTP__HOST is mail.smtp.host of monitor.yaml.

`…_FILE` names a file that holds the value, for secrets. Written here rather than with pydantic-settings, so
that the environment is an argument, and so that an error names the variable it comes from.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from monitor.config.document import read_document
from monitor.config.problems import did_you_mean, fields_of, model_at
from monitor.errors import ConfigError, Place, Problem

__all__ = ["PREFIX", "overlay", "variables"]

PREFIX = "MONITOR_"
_OURS = {"MONITOR_CONFIG"}  # read by the command itself


def variables(environment: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Our variables and the path of keys each one sets."""
    return {
        name: tuple(name.removeprefix(PREFIX).lower().split("__"))
        for name in sorted(environment)
        if name.startswith(PREFIX) and name not in _OURS
    }


def overlay(written: Any, environment: Mapping[str, str], root: type[BaseModel]) -> Any:
    """What monitor.yaml says, with the environment's word over it; ConfigError for an unknown variable.

    A file that is no mapping is left as it is: whatever else is said, it has to be mended.
    """
    if written is not None and not isinstance(written, Mapping):
        return written
    merged = dict(written or {})
    problems: list[Problem] = []
    for name, path in variables(environment).items():
        try:
            keys, value = _value(name, path, environment[name], root)
        except ConfigError as error:
            problems += error.problems
            continue
        target = merged
        for key in keys[:-1]:
            below = target.get(key)
            target[key] = dict(below) if isinstance(below, Mapping) else {}
            target = target[key]
        target[keys[-1]] = value
    if problems:
        raise ConfigError(problems)
    return merged


def _value(
    name: str, path: tuple[str, ...], value: str, root: type[BaseModel]
) -> tuple[tuple[str, ...], Any]:
    owner = model_at(root, path[:-1]) if len(path) > 1 else root
    known = fields_of(owner) if owner is not None else []
    key = path[-1]
    if key not in known and key.removesuffix("_file") in known:
        return (*path[:-1], key.removesuffix("_file")), _content(name, value)
    if key not in known:
        raise ConfigError([_problem(name, "sets nothing that exists", _meant(name, key, known, root))])
    if value[:1] not in {"[", "{"}:
        return path, value
    return path, read_document(f"environment {name}", value.encode()).value


def _meant(name: str, key: str, known: list[str], root: type[BaseModel]) -> str:
    """The variable that was meant, where one is spelt like it; else the keys there are at its place."""
    names = {spelt.replace("_", ""): spelt for spelt in _names(root, PREFIX)}
    if (spelt := names.get(name.replace("_", ""))) and spelt != name:
        return f"two underscores stand between keys: {spelt}"
    if near := get_close_matches(name, [*names.values(), *_OURS], n=1, cutoff=0.9):
        return f"did you mean {near[0]}?"
    return did_you_mean(key, known) if known else "see `monitor schema monitor`"


def _names(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """The variables that set the model's keys, and those below them."""
    for key in fields_of(model):
        yield f"{prefix}{key.upper()}"
        below = model_at(model, (key,))
        if below is not None and below is not model:
            yield from _names(below, f"{prefix}{key.upper()}__")


def _content(name: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        problem = f"names {file}, which cannot be read ({error.strerror})"
        raise ConfigError([_problem(name, problem, "mend the path or the file's permissions")]) from None
    except UnicodeDecodeError:
        raise ConfigError([_problem(name, f"names {file}, which is no text", "save it as UTF-8")]) from None


def _problem(name: str, problem: str, remedy: str) -> Problem:
    return Problem(place=Place(file=f"environment {name}"), problem=problem, remedy=remedy)
