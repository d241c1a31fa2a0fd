"""The YAML folder → a Configuration: every file read, every problem found in one go."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field

from monitor.alerting import AlertingSettings, Known, dangling, unheard, unreached
from monitor.channels import AnyChannel
from monitor.config.addresses import nobodys
from monitor.config.document import Document, read_file
from monitor.config.files import Fingerprint, fingerprint, yaml_files
from monitor.config.lost import Lost
from monitor.config.problems import did_you_mean, sound, validated
from monitor.config.selections import unknown_sources
from monitor.config.settings import (
    MonitorSettings,
    files_named,
    lack_of,
    no_folder,
    read_settings,
    written_at,
)
from monitor.config.strays import strays
from monitor.errors import ConfigError, Level, Place, Problem
from monitor.fetching.settings import FLOOR
from monitor.matching import (
    Compiled,
    Entity,
    EntityFile,
    QueryProblem,
    Watchlist,
    compile_watchlists,
    run_tests,
)
from monitor.model import Article
from monitor.settings import written_duration
from monitor.sources import Source, SourcesFile

__all__ = ["SHAPES", "AlertingFile", "Configuration", "failed_tests", "load", "missing_files"]

Model = TypeVar("Model", bound=BaseModel)


class AlertingFile(AlertingSettings):
    """alerting.yaml: the policy, and the channels it speaks through."""

    channels: Annotated[dict[str, AnyChannel], Field(description="ways to reach people, by name")] = Field(
        default_factory=dict
    )


SHAPES: Mapping[str, type[BaseModel]] = {
    "monitor": MonitorSettings,
    "sources": SourcesFile,
    "watchlist": Watchlist,
    "entities": EntityFile,
    "alerting": AlertingFile,
}
"""The five kinds of file, for JSON Schemas and for reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A folder that was found right; `warnings` are what its admin should look at all the same."""

    folder: Path
    settings: MonitorSettings
    sources: Mapping[str, Source]
    compiled: Compiled
    alerting: AlertingFile
    channels: Mapping[str, AnyChannel]
    documents: Mapping[str, Document]
    known: Known
    files: Fingerprint = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()


def load(
    folder: Path, environment: Mapping[str, str], *, frequencies: Mapping[str, float] | None = None
) -> Configuration:
    """Read and check a configuration folder; ConfigError carries every problem of every file.

    `frequencies` are shares of articles by word, where the archive has told them.
    """
    return _Folder(folder, environment, frequencies).load()


def failed_tests(found: Configuration, read: Callable[[str], Article]) -> tuple[Problem, ...]:
    """The rules' own tests that fail, each at its place; `read` gives the article in a named file."""
    return tuple(_placed(found.documents, problem) for problem in run_tests(found.compiled, read))


def missing_files(found: Configuration) -> Iterator[Problem]:
    """Warnings of files that the settings name and that lack here; another machine may have them."""
    named = [("monitor.yaml", path, file) for path, file in files_named(found.settings)]
    for name, channel in found.channels.items():
        below = files_named(channel, ("channels", name))
        named += [("alerting.yaml", path, file) for path, file in below]
    for owner, path, file in named:
        if not (lack := lack_of(file)):
            continue
        place = written_at(found.folder / owner, path)
        problem = f"{path[-1]} names {file}, which {lack}; the daemon needs it where it runs"
        beside = found.folder / file  # where who writes the one often puts the other
        remedy = f"paths begin where it starts: write {beside}" if beside != file and beside.is_file() else ""
        yield Problem(place=place, problem=problem, remedy=remedy, level=Level.WARNING)


def known_names(sources: SourcesFile | None, channels: Mapping[str, AnyChannel], compiled: Compiled) -> Known:
    """What alerting.yaml and silences may name."""
    rules: dict[str, list[str]] = {}
    labels: set[str] = set()
    for watchlist in compiled.watchlists.values():
        rules.setdefault(watchlist.watchlist, []).extend(rule.id for rule in watchlist.rules)
        labels.update(label for rule in watchlist.rules for label in rule.labels)
    listed = None if sources is None else [n for s in sources.sources for n in (s.id, *s.tags)]
    return Known(
        channels=tuple(channels),
        rules={watchlist: tuple(ids) for watchlist, ids in rules.items()},
        labels=sorted(labels),
        sources=None if listed is None else sorted(set(listed)),
    )


@dataclass(slots=True)
class _Folder:
    """One reading of a folder; problems gather in `problems`."""

    folder: Path
    environment: Mapping[str, str]
    frequencies: Mapping[str, float] | None
    problems: list[Problem] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    mistaken: set[str] = field(default_factory=set)
    """Files of which what is sound is looked at, and not warned of: what it lacks may be what was cut."""

    def load(self) -> Configuration:
        if not self.folder.is_dir():
            raise ConfigError([no_folder(self.folder)])
        if says := _closed(self.folder):
            raise ConfigError([_at(self.folder, *says)])
        files = fingerprint(self.folder)
        settings = self.monitor()
        sources = self.needed("sources.yaml", SourcesFile)
        alerting = self.one(self.folder / "alerting.yaml", AlertingFile) or AlertingFile()
        compiled = self.rules()
        channels = self.channels(alerting, settings)
        known = known_names(sources, channels, compiled)
        self.dangling(alerting, known)
        for file, path, name in unknown_sources(compiled.watchlists, known.sources):
            problem, remedy = f"no source has the id or tag {name!r}", did_you_mean(name, known.sources or ())
            self.warn(self.documents[file].place(path), problem, remedy)
        self.unread()
        self.rhythms(sources)
        for file, path, problem, remedy in nobodys(settings, alerting.channels):
            self.warn(written_at(self.folder / file, path), problem, remedy)
        ordered = tuple(sorted(self.problems, key=lambda problem: problem.place))
        if sources is None or any(problem.level is Level.ERROR for problem in ordered):
            raise ConfigError(list(ordered))
        return Configuration(
            folder=self.folder,
            settings=settings,
            sources={source.id: source for source in sources.sources},
            compiled=compiled,
            alerting=alerting,
            channels=channels,
            documents=self.documents,
            files=files,
            known=known,
            warnings=ordered,
        )

    # ------------------------------------------------------------------ what the files say together

    def rules(self) -> Compiled:
        """All watchlists and entities, compiled."""
        watchlists = self.all("watchlists", Watchlist)
        if not yaml_files(place := self.folder / "watchlists"):
            says = _closed(place) or ("holds no watchlist", "write one, like words.yaml")
            self.problems.append(_at(place, *says))
        self.twice({file: watchlist.watchlist for file, watchlist in watchlists.items()})
        entities, files = self.entities()
        compiled = compile_watchlists(watchlists, entities, entity_files=files, frequencies=self.frequencies)
        lost = Lost(self.folder, self.problems)
        self.problems += [
            _placed(self.documents, problem)
            for problem in compiled.problems
            if problem.level is Level.ERROR
            or problem.file not in self.mistaken  # what is warned of may be cut
            if not lost.explains(problem)
        ]
        return compiled

    def channels(self, alerting: AlertingFile, settings: MonitorSettings) -> dict[str, AnyChannel]:
        """The configured channels; without any, one that mails to `mail.to`."""
        return dict(alerting.channels) or {"mail": settings.mail.channel()}

    def dangling(self, alerting: AlertingFile, known: Known) -> None:
        """Names in alerting.yaml that name nothing."""
        document = self.documents.get(str(self.folder / "alerting.yaml"))
        if document is None:
            return
        lost = Lost(self.folder, self.problems)
        for found in dangling(alerting, known):
            if lost.mentions(found.written):
                continue
            place = document.place(found.path)
            problem = f"{found.what} {found.written!r} is not known"
            remedy = did_you_mean(found.written, found.known)
            self.problems.append(Problem(place=place, problem=problem, remedy=remedy))
        for path, taker in unreached(alerting):
            problem = f"no alert comes to this route: {taker} takes all that fits"
            self.warn(document.place(path), problem, "give that and_on: true")
        if any(found.what == "channel" for found in dangling(alerting, known)):
            return  # it may be the one that another is mistyped for
        for name in unheard(alerting, alerting.channels):
            problem = f"{name} hears nothing: no route, digest or health mail names it"
            self.warn(document.key_place(("channels", name)), problem, "name it in the to: of a route")

    def warn(self, place: Place, problem: str, remedy: str) -> None:
        self.problems.append(Problem(place=place, problem=problem, remedy=remedy, level=Level.WARNING))

    def rhythms(self, sources: SourcesFile | None) -> None:
        """Sources that ask for a rhythm that nobody gets, or for what another asks for already."""
        document = self.documents.get(str(self.folder / "sources.yaml"))
        if sources is None or document is None:
            return
        first: dict[str, str] = {}
        for number, source in enumerate(sources.sources):
            told: list[tuple[str, str, str]] = []
            if source.every is not None and source.every < FLOOR:
                says = (
                    f"every is {written_duration(source.every)}, and a source is polled once a minute at most"
                )
                told.append(("every", says, "write 60s or more"))
            if (other := first.setdefault(source.url, source.id)) != source.id:
                told.append(("url", f"{source.id} asks at the same address as {other}", "remove one of them"))
            for key, problem, remedy in told:
                self.warn(document.place(("sources", number, key)), problem, remedy)

    # ------------------------------------------------------------------ the five kinds of file

    def monitor(self) -> MonitorSettings:
        try:
            return read_settings(self.folder, self.environment)
        except ConfigError as error:
            self.problems += error.problems
            return MonitorSettings()

    def needed(self, name: str, root: type[Model]) -> Model | None:
        path = self.folder / name
        if path.exists():
            return self.one(path, root)
        there = ", ".join(each.name for each in yaml_files(self.folder, "*.y*ml")) or "no YAML file"
        self.problems.append(_at(path, "is missing", f"the folder holds {there}"))
        return None

    def one(self, path: Path, root: type[Model]) -> Model | None:
        document = self.document(path) if path.exists() else None
        return self.parsed(document, root, document.value) if document else None

    def all(self, folder: str, root: type[Model]) -> dict[str, Model]:
        """Every file of a folder that could be read, by the name its problems are told under.

        Of one with mistakes what is sound, for in that there may be more, and others may rest on it.
        """
        read: dict[str, Model] = {}
        for path in yaml_files(self.folder / folder):
            document, file = self.document(path), str(path)
            if document is None:
                continue
            if (model := self.parsed(document, root, document.value)) is not None:
                read[file] = model
            elif (left := sound(document, root)) is not None:
                self.mistaken.add(file)
                self.documents[file], read[file] = left
        return read

    def entities(self) -> tuple[dict[str, Entity], dict[str, str]]:
        """The shared entities of all files, and the file of each; a name defined twice is a problem."""
        found: dict[str, Entity] = {}
        files: dict[str, str] = {}
        for file, pack in self.all("entities", EntityFile).items():
            for name, entity in pack.entities.items():
                if name in found:
                    place = self.documents[file].key_place(("entities", name))
                    first = self.documents[files[name]].key_place(("entities", name))
                    problem, remedy = f"@{name} is defined twice", f"the first is at {first}"
                    self.problems.append(Problem(place=place, problem=problem, remedy=remedy))
                found[name], files[name] = entity, file
        return found, files

    def twice(self, names: Mapping[str, str]) -> None:
        seen: dict[str, str] = {}
        for file, name in names.items():
            if name in seen:
                place = self.documents[file].place(("watchlist",))
                problem = f"watchlist {name!r} is defined twice"
                self.problems.append(
                    Problem(place=place, problem=problem, remedy=f"the first is {seen[name]}")
                )
            seen.setdefault(name, file)

    def unread(self) -> None:
        """Files that look like configuration and are not."""
        for path, remedy in strays(self.folder):
            self.problems.append(_at(path, "is not read", remedy, Level.WARNING))

    # ------------------------------------------------------------------ reading

    def document(self, path: Path) -> Document | None:
        try:
            document = read_file(path)
        except ConfigError as error:
            self.problems += error.problems
            return None
        self.documents[str(path)] = document
        return document

    def parsed(self, document: Document, root: type[Model], written: object) -> Model | None:
        try:
            return validated(document, root, written)
        except ConfigError as error:
            self.problems += error.problems
            return None


def _closed(folder: Path) -> tuple[str, str] | None:
    """Why nobody may look into a folder, and what to do."""
    try:
        with os.scandir(folder):
            return None if os.access(folder, os.X_OK) else ("cannot be entered", "mend its permissions")
    except PermissionError as error:
        return f"cannot be read ({error.strerror})", "mend its permissions"
    except OSError:
        return None


def _at(path: Path, problem: str, remedy: str, level: Level = Level.ERROR) -> Problem:
    return Problem(place=Place(file=str(path)), problem=problem, remedy=remedy, level=level)


def _placed(documents: Mapping[str, Document], found: QueryProblem) -> Problem:
    place = documents[found.file].place_in(found.path, found.offset)
    return Problem(place=place, problem=found.problem, remedy=found.remedy, level=found.level)
