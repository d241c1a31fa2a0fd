"""The admin's policy, compiled once: which route, silence, wait, digest or surge fits an alert."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from hashlib import blake2s
from zoneinfo import ZoneInfo

from monitor.alerting.digest import next_digest
from monitor.alerting.hours import quiet_until
from monitor.alerting.settings import RULE, AlertingSettings, Route
from monitor.alerting.settings import Silence as WrittenSilence
from monitor.model import Article, Match, Severity, Silence

__all__ = ["Address", "Policy", "Way", "facts", "fits", "row_key"]

EVERYONE = Route(to=("every channel",))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Address:
    """One recipient by one channel."""

    channel: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a route sends a match to an address; `line` names the route."""

    route: Route
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Settings and recipients (channel → whom it reaches); every question has one short answer."""

    settings: AlertingSettings
    recipients: Mapping[str, tuple[str, ...]]
    zone: ZoneInfo = field(init=False)
    silences: tuple[Silence, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone", ZoneInfo(self.settings.timezone))
        object.__setattr__(self, "silences", tuple(map(self.read_silence, self.settings.silences)))

    def ways(self, match: Match, article: Article) -> dict[Address, Way]:
        """Who hears of a match, and by which route; without routes everybody does."""
        found: dict[Address, Way] = {}
        for line, route, to in self._routes(match, article):
            for address in self.addresses(to):
                found.setdefault(address, Way(route=route, line=line))
        return found

    def _routes(self, match: Match, article: Article) -> Iterator[tuple[str, Route, tuple[str, ...]]]:
        if not self.settings.routes:
            ops = self.settings.health.to if self.settings.health else ()
            yield "no routes", EVERYONE, tuple(name for name in self.recipients if name not in ops)
        for number, route in enumerate(self.settings.routes, 1):
            if fits(route.when.about, facts(match, article)):
                yield f"route {number}", route, route.to
                if not route.and_on:
                    return

    def addresses(self, channels: tuple[str, ...]) -> Iterator[Address]:
        """Everybody whom these channels reach."""
        for channel in channels:
            for recipient in self.recipients.get(channel, ()):
                yield Address(channel=channel, recipient=recipient)

    def read_silence(self, written: WrittenSilence) -> Silence:
        """A silence as it holds: a date ends it when it begins, in the policy's zone, which is also the zone
        of a time without an offset.
        """
        until = written.until
        local = until if isinstance(until, datetime) else datetime.combine(until, time.min)
        end = (local if local.tzinfo else local.replace(tzinfo=self.zone)).astimezone(UTC)
        return Silence(about=written.match.about, until=end, why=written.why, by=written.by)

    def wait(self, severity: Severity) -> timedelta:
        """How long first reports are gathered."""
        defaults = self.settings.defaults
        return defaults.wait_if.get(severity, defaults.wait)

    def quiet_until(self, way: Way, moment: datetime) -> datetime | None:
        """When the quiet hours of a route that hold at a moment end; None where none hold."""
        quiet = way.route.quiet
        calendar = None if quiet == "never" else self.settings.calendars.get(quiet.during)
        return None if calendar is None else quiet_until(moment, calendar, self.zone)

    def next_digest(self, channel: str, after: datetime) -> tuple[str, datetime]:
        """The name and the moment of the digest that a channel gets next; without one: 08:00, every day."""
        due = [
            (next_digest(after, digest.at, self.zone, digest.days.numbers), name)
            for name, digest in self.settings.digests.items()
            if channel in digest.to
        ]
        moment, name = min(due, default=(next_digest(after, time(8), self.zone), "daily"))
        return name, moment

    def date(self, moment: datetime) -> str:
        """The local date of a moment: what a digest's row is known by, also if its time changes meanwhile."""
        return moment.astimezone(self.zone).date().isoformat()

    def stronger(self, rule: str) -> frozenset[str]:
        """The rules under which a rule is folded."""
        return frozenset(name for fold in self.settings.fold if fold.rule == rule for name in fold.under)


def facts(match: Match, article: Article, stories: Collection[str] = ()) -> dict[str, frozenset[str]]:
    """What routes and silences may ask of a match: its names, key by key; `stories` are its story's ids."""
    origin, language = article.origin, article.language
    return {
        "watchlist": frozenset({match.watchlist}),
        "rule": frozenset({match.rule, RULE} if match.rule.startswith(f"{RULE}:") else {match.rule}),
        "severity": frozenset({str(match.severity)}),
        "label": frozenset(match.labels),
        "source": frozenset({origin.source, *origin.tags}),
        "language": frozenset({language, language.partition("-")[0]}),
        "story": frozenset(stories),
    }


def fits(about: Mapping[str, Collection[str]], known: Mapping[str, frozenset[str]]) -> bool:
    """Whether every key asked for names one of the facts."""
    return all(not known[key].isdisjoint(names) for key, names in about.items())


def row_key(address: Address, thread: str, number: str) -> str:
    """An outbox row's identity for ever."""
    whole = f"{address.channel}\x1f{address.recipient}\x1f{thread}\x1f{number}"
    return blake2s(whole.encode(), digest_size=16).hexdigest()
