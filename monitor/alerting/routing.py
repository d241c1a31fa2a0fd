"""When and how news goes to an address: now, after quiet hours, in a digest, or over the ceiling."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.alerting.digest import next_hour
from monitor.alerting.news import Past, Ruling
from monitor.alerting.policy import Address, Policy, Way, row_key
from monitor.model import Kind, Mail, RowState, Severity, Verdict

__all__ = ["THREADS", "Slot", "Tray", "closed", "first_run", "placed", "slot", "tray"]

MAILS = frozenset({Kind.ALERT, Kind.UPDATE, Kind.CORRECTION})
LOST = frozenset({RowState.DEAD, RowState.EXPIRED})
GATHER_FIRST_RUN = timedelta(minutes=5)


def closed(mail: Mail) -> bool:
    """Whether nothing can join a row any more: it is on its way, or over."""
    return mail.frozen or mail.state is not RowState.PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in the outbox: the next row of the story's own conversation (`key` empty), or a digest.

    `verdict` says why it is a digest (None: the route asked for it), `reason` does so in words.
    """

    kind: Kind
    thread: str
    due: datetime
    key: str = ""
    verdict: Verdict | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tray:
    """The recent and the waiting rows of one address."""

    policy: Policy
    address: Address
    now: datetime
    mails: tuple[Mail, ...]

    def free(self, key: str) -> str | None:
        """The key of a row that can still be joined or opened; None where it is on its way or over."""
        return None if any(mail.key == key and closed(mail) for mail in self.mails) else key

    def full(self) -> bool:
        """Whether the address has had all the mails that its limit allows."""
        rate = self.policy.settings.defaults.limit.per_recipient
        since = self.now - rate.per
        counted = [mail for mail in self.mails if mail.kind in MAILS and mail.state not in LOST]
        return sum((mail.sent or mail.due) > since for mail in counted) >= rate.number


def tray(past: Past, address: Address) -> Tray:
    """The tray of an address, as the store remembers it."""
    wanted = address.channel, address.recipient
    every = {mail.key: mail for mail in (*past.history.recent, *past.history.mails)}
    mine = tuple(mail for mail in every.values() if (mail.channel, mail.recipient) == wanted)
    return Tray(policy=past.policy, address=address, now=past.sighting.now, mails=mine)


def placed(ruling: Ruling, places: Sequence[Slot]) -> Ruling:
    """A ruling once it is known where its news goes: held everywhere, it says why."""
    held = [place for place in places if place.verdict]
    if places and len(held) == len(places) and held[0].verdict:
        return replace(ruling, verdict=held[0].verdict, reason=f"{held[0].reason} ({ruling.reason})")
    asked = next((place.reason for place in places if place.reason), "")
    return replace(ruling, reason=f"{ruling.reason} ({asked})") if asked else ruling


THREADS = ("overflow", "first-run")


def slot(tray: Tray, way: Way, severity: Severity, *, thread: str, ready: datetime) -> Slot:
    """Where news that may go at `ready` goes; critical news is stopped by no limit."""
    if way.route.send == "digest":
        return _scheduled(tray, way)
    quiet = _quiet(tray, way, ready)
    if quiet is not None:
        return quiet
    if severity is not Severity.CRITICAL and tray.full():
        return _overflow(tray)
    return Slot(kind=Kind.ALERT, thread=thread, due=ready)


def _scheduled(tray: Tray, way: Way) -> Slot:
    due = tray.now
    while True:
        name, due = tray.policy.next_digest(tray.address.channel, due)
        key = tray.free(row_key(tray.address, f"digest:{name}", tray.policy.date(due)))
        if key is not None:
            reason = f"{way.line}: in digest {name}"
            return Slot(kind=Kind.DIGEST, thread=f"digest:{name}", due=due, key=key, reason=reason)


def _quiet(tray: Tray, way: Way, ready: datetime) -> Slot | None:
    end = tray.policy.quiet_until(way, ready)
    if end is None or way.route.quiet == "never":
        return None
    thread = f"quiet:{way.route.quiet.during}"
    key = row_key(tray.address, thread, end.isoformat())
    until = f"{end.astimezone(tray.policy.zone):%H:%M}"
    reason = f"{way.line}: quiet during {way.route.quiet.during}, until {until}"
    return Slot(kind=Kind.DIGEST, thread=thread, due=end, key=key, verdict=Verdict.QUIET_HOURS, reason=reason)


def _overflow(tray: Tray) -> Slot:
    rate = tray.policy.settings.defaults.limit.per_recipient
    waiting = next((mail for mail in tray.mails if mail.story == "overflow" and not closed(mail)), None)
    due = waiting.due if waiting else tray.now + rate.per
    return Slot(
        kind=Kind.DIGEST,
        thread="overflow",
        due=due,
        key=waiting.key if waiting else row_key(tray.address, "overflow", due.isoformat()),
        verdict=Verdict.OVER_LIMIT,
        reason=f"limit: more than {rate.number} mails in {rate.per.total_seconds() / 3600:g} h",
    )


def first_run(tray: Tray) -> Slot:
    """Where what stood in a source at the first look goes: one digest, at the next full hour."""
    due = next_hour(tray.now + GATHER_FIRST_RUN)
    key = row_key(tray.address, "first-run", due.isoformat())
    reason = "first_run: it stood there when we first looked"
    return Slot(
        kind=Kind.DIGEST, thread="first-run", due=due, key=key, verdict=Verdict.BASELINE, reason=reason
    )
