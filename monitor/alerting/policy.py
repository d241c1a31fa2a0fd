"""The admin's policy, compiled once: which route, which silence, which wait fits an alert."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.alerting.settings import AlertingSettings, Pick, Silence
from monitor.model import Article, Match, Severity

__all__ = ["Address", "Dangling", "Policy", "dangling", "fits"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Address:
    """One recipient by one channel."""

    channel: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Settings and recipients (channel → whom it reaches); every question has one short answer."""

    settings: AlertingSettings
    recipients: Mapping[str, tuple[str, ...]]

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which people read times."""
        return ZoneInfo(self.settings.timezone)

    def addresses(self, match: Match, article: Article) -> dict[Address, str]:
        """Who hears of a match, and by which line of the policy; without routes everybody does."""
        found: dict[Address, str] = {}
        for line, to in self._lines(match, article):
            for channel in to:
                for recipient in self.recipients.get(channel, ()):
                    found.setdefault(Address(channel=channel, recipient=recipient), line)
        return found

    def _lines(self, match: Match, article: Article) -> Iterator[tuple[str, tuple[str, ...]]]:
        if not self.settings.routes:
            yield "no routes: every channel hears everything", tuple(self.recipients)
        for number, route in enumerate(self.settings.routes, 1):
            if fits(route.when, match, article):
                yield f"route {number}", route.to
                if not route.and_on:
                    return

    def silence(self, match: Match, article: Article, now: datetime) -> Silence | None:
        """The silence in force for a match."""
        for silence in self.settings.silences:
            if now < self._end(silence) and fits(silence.match, match, article):
                return silence
        return None

    def _end(self, silence: Silence) -> datetime:
        """A date ends at its midnight in the policy's zone; so does a time without an offset."""
        until = silence.until
        local = until if isinstance(until, datetime) else datetime.combine(until, time.min)
        return (local if local.tzinfo else local.replace(tzinfo=self.zone)).astimezone(UTC)

    def wait(self, severity: Severity) -> timedelta:
        """How long first reports are gathered."""
        defaults = self.settings.defaults
        return defaults.wait_if.get(severity, defaults.wait)


def fits(pick: Pick, match: Match, article: Article) -> bool:
    """Whether every given key of a pick names the match or its article.

    >>> from monitor.alerting.settings import Pick
    >>> bool(Pick().model_fields_set)
    False
    """
    origin = article.origin
    asked: tuple[tuple[tuple[str, ...], set[str]], ...] = (
        (pick.watchlist, {match.watchlist}),
        (pick.rule, {match.rule}),
        (pick.severity, {match.severity}),
        (pick.label, set(match.labels)),
        (pick.source, {origin.source, *origin.tags}),
        (pick.language, {article.language, article.language.partition("-")[0]}),
    )
    return all(not wanted or not given.isdisjoint(wanted) for wanted, given in asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dangling:
    """A name in alerting.yaml that names nothing: where it stands, what it should name, what there is."""

    path: tuple[str | int, ...]
    what: str
    written: str
    known: tuple[str, ...]


def dangling(
    settings: AlertingSettings, *, channels: Mapping[str, object], rules: Mapping[str, tuple[str, ...]]
) -> Iterator[Dangling]:
    """The names that name nothing, in reading order; `rules` is watchlist → its rules' ids."""
    for number, route in enumerate(settings.routes):
        for place, channel in enumerate(route.to):
            if channel not in channels:
                path = ("routes", number, "to", place)
                yield Dangling(path=path, what="channel", written=channel, known=tuple(channels))
        yield from _unpicked(route.when, ("routes", number, "when"), rules)
    for number, silence in enumerate(settings.silences):
        yield from _unpicked(silence.match, ("silences", number, "match"), rules)


def _unpicked(
    pick: Pick, path: tuple[str | int, ...], rules: Mapping[str, tuple[str, ...]]
) -> Iterator[Dangling]:
    everything = tuple(rule for listed in rules.values() for rule in listed)
    for key, names, known in (("watchlist", pick.watchlist, tuple(rules)), ("rule", pick.rule, everything)):
        for name in names:
            if name not in known:
                yield Dangling(path=(*path, key), what=key, written=name, known=known)
