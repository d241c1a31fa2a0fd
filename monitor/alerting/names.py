"""Names in alerting.yaml that name nothing: no such channel, calendar, watchlist, rule, label or source."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from monitor.alerting.settings import RULE, AlertingSettings, Pick

__all__ = ["Dangling", "Known", "dangling", "unheard", "unreached"]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What there is to name: `rules` is watchlist → its rules' ids, `sources` are ids and tags.

    Where `sources` is None they could not be read, and every name of one passes.
    """

    channels: Collection[str] = ()
    rules: Mapping[str, tuple[str, ...]]
    labels: Collection[str] = ()
    sources: Collection[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dangling:
    """A name that names nothing: where it stands, what it should name, what there is."""

    path: Path
    what: str
    written: str
    known: tuple[str, ...]


def dangling(settings: AlertingSettings, known: Known) -> Iterator[Dangling]:
    """The names that name nothing, in reading order."""
    rules = tuple(rule for listed in known.rules.values() for rule in listed)
    there = {
        "channel": tuple(known.channels),
        "calendar": tuple(settings.calendars),
        "watchlist": tuple(known.rules),
        "rule": (*rules, RULE, *(f"{RULE}:{rule}" for rule in rules)),
        "label": tuple(known.labels),
        "source": None if known.sources is None else tuple(known.sources),
    }
    for path, what, name in _named(settings):
        names = there[what]
        if names is not None and name not in names:
            yield Dangling(path=path, what=what, written=name, known=names)


def unreached(settings: AlertingSettings) -> Iterator[tuple[Path, str]]:
    """The routes that no alert comes to, since an earlier one takes all that would fit; and which one."""
    for number, route in enumerate(settings.routes):
        for earlier, taker in enumerate(settings.routes[:number], 1):
            wanted, taken = route.when.about, taker.when.about
            if not taker.and_on and all(wanted.get(key) and {*wanted[key]} <= {*taken[key]} for key in taken):
                yield ("routes", number), f"route {earlier}"
                break


def unheard(settings: AlertingSettings, channels: Collection[str]) -> Iterator[str]:
    """The channels that hear nothing: no route, digest or health mail names them."""
    named = {name for _, what, name in _named(settings) if what == "channel"}
    yield from (name for name in channels if settings.routes and name not in named)


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
    for what in ("watchlist", "rule", "label", "source"):
        yield from _listed((*path, what), what, pick.about.get(what, ()))


def _listed(path: Path, what: str, names: tuple[str, ...]) -> Iterator[tuple[Path, str, str]]:
    for place, name in enumerate(names):
        yield (*path, place), what, name
