"""Surges: many more reports than usual are news in themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.alerting.news import Past, Ruling, asked_settled
from monitor.alerting.policy import Address, Policy, Way, row_key
from monitor.alerting.routing import Slot, placed, slot, tray
from monitor.alerting.settings import RULE, Surge
from monitor.alerting.silencing import silent
from monitor.model import Dispatch, Match, Span, Tally, Verdict

__all__ = ["Surged", "spans", "surges"]

SETTLED = timedelta(days=7)
UNCOUNTED = frozenset({Verdict.TOO_OLD, Verdict.BASELINE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Surged:
    """A surge, as a match of its own: the ruling on it, and the rows that tell it."""

    match: Match
    ruling: Ruling
    dispatches: tuple[Dispatch, ...]


def spans(policy: Policy, matches: tuple[Match, ...], now: datetime) -> tuple[Span, ...]:
    """The counts to look up: one a watchlist, whether it is settled, where that is asked; then three a surge.

    A surge's three are: the time watched, the baseline before it, its own alerts within the cooldown.
    """
    long_ago = now - timedelta(days=365)
    settled = (
        Span(watchlist=watchlist, rule="", since=long_ago, until=now - SETTLED, most=1)
        for watchlist in asked_settled(policy, matches)
    )
    return (*settled, *(span for surge in _concerned(policy, matches) for span in _three(surge, now)))


def _three(surge: Surge, now: datetime) -> Iterator[Span]:
    begin = now - surge.over
    yield Span(watchlist=surge.watchlist, rule=surge.rule, since=begin, until=now)
    yield Span(watchlist=surge.watchlist, rule=surge.rule, since=begin - surge.baseline, until=begin)
    yield Span(watchlist=surge.watchlist, rule=_name(surge), since=now - surge.cooldown, until=now)


def _name(surge: Surge) -> str:
    """The rule's name in the surge's own alert."""
    return f"{RULE}:{surge.rule}" if surge.rule else RULE


def _concerned(policy: Policy, matches: tuple[Match, ...]) -> Iterator[Surge]:
    for surge in policy.settings.surge:
        if any(m.watchlist == surge.watchlist and surge.rule in {"", m.rule} and not m.held for m in matches):
            yield surge


def surges(past: Past) -> Iterator[Surged]:
    """The surges that this article completes; one that is old, or stood there at the first look, does not."""
    matches, now = past.sighting.matches, past.sighting.now
    again = past.history.previous is not None
    tallies = past.history.tallies[len(asked_settled(past.policy, matches)) :]
    for number, surge in enumerate(_concerned(past.policy, matches)):
        mine = tallies[3 * number : 3 * number + 3]
        usual = _usual(surge, mine, now) if len(mine) == 3 and not mine[2].count else None
        count = (mine[0].count if mine else 0) + (not again)
        if usual is not None and count >= surge.at_least and count >= surge.ratio * usual:
            words = f"{count} reports in {_hours(surge.over)}, usually {usual:.0f}"
            surged = _surged(past, surge, words)
            if surged.ruling.verdict not in UNCOUNTED:
                yield surged


def _usual(surge: Surge, mine: tuple[Tally, ...], now: datetime) -> float | None:
    """Reports in a stretch as long as the surge's, over the baseline; None while little is known."""
    first = mine[1].first
    if first is None:
        return None
    known = now - surge.over - first
    return mine[1].count * (surge.over / known) if known >= min(surge.baseline, 3 * surge.over) else None


def _hours(length: timedelta) -> str:
    return f"{length.total_seconds() / 3600:g} h"


def _surged(past: Past, surge: Surge, words: str) -> Surged:
    """The surge as the policy treats it: silences, quiet hours and limits hold for it as for a story."""
    matches, first_run = past.sighting.matches, past.policy.settings.defaults.first_run
    kind = next(
        m for m in matches if m.watchlist == surge.watchlist and surge.rule in {"", m.rule} and not m.held
    )
    title = f"Surge in {surge.rule or surge.watchlist}: {words}"
    match = replace(kind, rule=_name(surge), title=title, severity=surge.severity)
    held = silent(past, match)
    if past.sighting.baseline and first_run != "alert":
        held = Ruling(verdict=Verdict.BASELINE, reason="first_run: it stood there when we first looked")
    if held:
        return Surged(match=match, ruling=held, dispatches=())
    ways = past.policy.ways(match, past.article)
    thread = f"surge:{surge.watchlist}/{surge.rule}"
    places = {address: _place(past, address, way, match, thread) for address, way in ways.items()}
    ruling = placed(Ruling(verdict=Verdict.SURGE, reason=f"surge: {words}"), tuple(places.values()))
    rows = tuple(_row(past, address, place, match) for address, place in places.items())
    return Surged(match=match, ruling=ruling, dispatches=rows)


def _place(past: Past, address: Address, way: Way, match: Match, thread: str) -> Slot:
    ready = past.sighting.now + past.policy.wait(match.severity)
    return slot(tray(past, address), way, match.severity, thread=thread, ready=ready)


def _row(past: Past, address: Address, place: Slot, match: Match) -> Dispatch:
    return Dispatch(
        key=place.key or row_key(address, place.thread, past.sighting.now.isoformat()),
        channel=address.channel,
        recipient=address.recipient,
        kind=place.kind,
        due=place.due,
        alerts=((match.watchlist, match.rule),),
        thread=place.thread,
    )
