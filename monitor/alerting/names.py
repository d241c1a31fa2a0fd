"""Names in alerting.yaml that name nothing: no such channel, calendar, watchlist or rule."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from monitor.alerting.settings import AlertingSettings, Pick

__all__ = ["Dangling", "dangling"]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dangling:
    """A name that names nothing: where it stands, what it should name, what there is."""

    path: Path
    what: str
    written: str
    known: tuple[str, ...]


def dangling(
    settings: AlertingSettings, *, channels: Collection[str], rules: Mapping[str, tuple[str, ...]]
) -> Iterator[Dangling]:
    """The names that name nothing, in reading order; `rules` is watchlist → its rules' ids."""
    known = {
        "channel": tuple(channels),
        "calendar": tuple(settings.calendars),
        "watchlist": tuple(rules),
        "rule": tuple(rule for listed in rules.values() for rule in listed),
    }
    for path, what, name in _named(settings):
        if name not in known[what]:
            yield Dangling(path=path, what=what, written=name, known=known[what])


def _named(settings: AlertingSettings) -> Iterator[tuple[Path, str, str]]:
    for number, route in enumerate(settings.routes):
        yield from _picked(("routes", number, "when"), route.when)
        yield from _listed(("routes", number, "to"), "channel", route.to)
        if route.quiet != "never":
            yield ("routes", number, "quiet", "during"), "calendar", route.quiet.during
    for name, digest in settings.digests.items():
        yield from _listed(("digests", name, "to"), "channel", digest.to)
    for number, fold in enumerate(settings.fold):
        yield ("fold", number, "rule"), "rule", fold.rule
        yield from _listed(("fold", number, "under"), "rule", fold.under)
    for number, silence in enumerate(settings.silences):
        yield from _picked(("silences", number, "match"), silence.match)
    for number, surge in enumerate(settings.surge):
        yield ("surge", number, "watchlist"), "watchlist", surge.watchlist
        if surge.rule:
            yield ("surge", number, "rule"), "rule", surge.rule
    if settings.health:
        yield from _listed(("health", "to"), "channel", settings.health.to)


def _picked(path: Path, pick: Pick) -> Iterator[tuple[Path, str, str]]:
    yield from _listed((*path, "watchlist"), "watchlist", pick.watchlist)
    yield from _listed((*path, "rule"), "rule", pick.rule)


def _listed(path: Path, what: str, names: tuple[str, ...]) -> Iterator[tuple[Path, str, str]]:
    for place, name in enumerate(names):
        yield (*path, place), what, name
