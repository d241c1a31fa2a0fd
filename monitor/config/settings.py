"""monitor.yaml, with the environment's word over it: all that looking at the store needs to know."""

import pathlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, ValidationError

from monitor.channels.settings import MailSettings
from monitor.config.document import Path, read_file
from monitor.config.environment import overlay, variables
from monitor.config.faults import own_errors
from monitor.config.problems import problem_of
from monitor.errors import ConfigError, Place, Problem
from monitor.fetching.settings import FetchingSettings
from monitor.settings import Duration, Settings, Version, written_duration
from monitor.store.url import StorageUrl
from monitor.web.settings import HttpSettings

__all__ = [
    "MonitorSettings",
    "Retention",
    "files_named",
    "lack_of",
    "no_folder",
    "read_settings",
    "written_at",
]


def _kept(duration: timedelta) -> timedelta:
    """Elsewhere 0 keeps for ever; here it would keep nothing."""
    if duration < timedelta(days=1):
        raise ValueError(
            f"{written_duration(duration)} would keep nothing; write 1d or more, 36500d for all there is"
        )
    return duration


Kept = Annotated[Duration, AfterValidator(_kept)]


class Retention(Settings):
    """How long the store keeps what."""

    articles: Annotated[Kept, Field(description="texts of articles; what was told keeps its title")] = (
        timedelta(days=90)
    )
    deliveries: Annotated[
        Kept, Field(description="sent, dead and expired messages; what is pending stays")
    ] = timedelta(days=365)


class MonitorSettings(Settings):
    """monitor.yaml; every key has a working default."""

    version: Version = 1
    storage: Annotated[StorageUrl, Field(description="where the memory is")] = "sqlite:///var/monitor.db"
    mail: Annotated[MailSettings, Field(description="how mail leaves")] = MailSettings.by_default()
    http: Annotated[HttpSettings, Field(description="where the daemon answers operators")] = (
        HttpSettings.by_default()
    )
    fetching: Annotated[FetchingSettings, Field(description="how sources and pages are fetched")] = (
        FetchingSettings.by_default()
    )
    retention: Annotated[Retention, Field(description="how long what is kept")] = Retention.by_default()


def read_settings(folder: pathlib.Path, environment: Mapping[str, str]) -> MonitorSettings:
    """The settings of a configuration folder; ConfigError carries every problem."""
    if not folder.is_dir():
        raise ConfigError([no_folder(folder)])
    document = read_file(folder / "monitor.yaml")
    written = overlay(document.value, environment, MonitorSettings)
    try:
        return MonitorSettings.model_validate(written)
    except ValidationError as error:
        found = (
            (each["loc"], problem_of(document, MonitorSettings, each)) for each in own_errors(error, document)
        )
        raise ConfigError([_blamed(path, problem, environment) for path, problem in found]) from None


def files_named(model: BaseModel, path: Path = ()) -> Iterator[tuple[Path, pathlib.Path]]:
    """The files that settings name (passwords, keys, certificates), by the path of keys to them."""
    for name, value in model:
        if isinstance(value, BaseModel):
            yield from files_named(value, (*path, name))
        elif isinstance(value, pathlib.Path) and name.endswith("_file"):
            yield (*path, name), value


def lack_of(file: pathlib.Path) -> str:
    """What is wrong with a file that a setting names, as far as we may look at it; empty where nothing is."""
    if not file.is_file():
        return "is a folder" if file.is_dir() else "is not here"
    try:
        return "" if file.read_bytes().strip() else "is empty"
    except OSError:
        return ""


def written_at(file: pathlib.Path, path: Path) -> Place:
    """Where a setting stands: in its file, or in the environment."""
    document = read_file(file)
    return document.place(path) if document.stray(path) == len(path) else Place(file="environment")


def no_folder(folder: pathlib.Path) -> Problem:
    """What is wrong where --config names no folder: a default store must not be shown for a mistyped one."""
    problem, remedy = "is no folder", "name the configuration with --config"
    return Problem(place=Place(file=str(folder)), problem=problem, remedy=remedy)


def _blamed(path: Path, problem: Problem, environment: Mapping[str, str]) -> Problem:
    """The problem, said of the variable where it was the environment that set the value."""
    for name, keys in variables(environment).items():
        if path[: len(keys)] == keys:
            return replace(problem, place=Place(file=f"environment {name}"))
    return problem
