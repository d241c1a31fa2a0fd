"""Surges: many more reports than usual are news in themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.alerting.news import Past, Ruling, watchlists
from monitor.alerting.policy import Policy, row_key
from monitor.alerting.settings import Surge
from monitor.model import Dispatch, Kind, Match, Span, Tally, Verdict

__all__ = ["RULE", "Surged", "spans", "surges"]

RULE = "surge"
"""The rule's name in a surge's own alert."""
SETTLED = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surged:
    """A surge, as a match of its own: the ruling on it, and the rows that tell it."""

    match: Match
    ruling: Ruling
    dispatches: tuple[Dispatch, ...]


def spans(policy: Policy, matches: tuple[Match, ...], now: datetime) -> tuple[Span, ...]:
    """The counts to look up: one a watchlist, whether it is settled, then three a surge.

    A surge's three are: the time watched, the baseline before it, its own alerts within the cooldown.
    """
    long_ago = now - timedelta(days=365)
    settled = (Span(watchlist=w, rule="", since=long_ago, until=now - SETTLED) for w in watchlists(matches))
    return (*settled, *(span for surge in _concerned(policy, matches) for span in _three(surge, now)))


def _three(surge: Surge, now: datetime) -> Iterator[Span]:
    begin = now - surge.over
    yield Span(watchlist=surge.watchlist, rule=surge.rule, since=begin, until=now)
    yield Span(watchlist=surge.watchlist, rule=surge.rule, since=begin - surge.baseline, until=begin)
    yield Span(watchlist=surge.watchlist, rule=RULE, since=now - surge.cooldown, until=now)


def _concerned(policy: Policy, matches: tuple[Match, ...]) -> Iterator[Surge]:
    for surge in policy.settings.surge:
        if any(m.watchlist == surge.watchlist and surge.rule in {"", m.rule} and not m.held for m in matches):
            yield surge


def surges(past: Past) -> Iterator[Surged]:
    """The surges that this article completes."""
    matches, now = past.sighting.matches, past.sighting.now
    tallies = past.history.tallies[len(watchlists(matches)) :]
    for number, surge in enumerate(_concerned(past.policy, matches)):
        mine = tallies[3 * number : 3 * number + 3]
        usual = _usual(surge, mine, now) if len(mine) == 3 and not mine[2].count else None
        count = mine[0].count + 1 if mine else 1
        if usual is not None and count >= surge.at_least and count >= surge.ratio * usual:
            words = f"{count} reports in {_hours(surge.over)}, usually {usual:.0f}"
            yield _surged(past, surge, words)


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
    matches, now = past.sighting.matches, past.sighting.now
    kind = next(m for m in matches if m.watchlist == surge.watchlist and surge.rule in {"", m.rule})
    title = f"Surge in {surge.rule or surge.watchlist}: {words}"
    match = replace(kind, rule=RULE, title=title, severity=surge.severity)
    thread = f"surge:{surge.watchlist}/{surge.rule}"
    rows = tuple(
        Dispatch(
            key=row_key(address, thread, now.isoformat()),
            channel=address.channel,
            recipient=address.recipient,
            kind=Kind.ALERT,
            due=now + past.policy.wait(surge.severity),
            alerts=((match.watchlist, match.rule),),
            thread=thread,
        )
        for address in past.policy.ways(match, past.article)
    )
    return Surged(
        match=match, ruling=Ruling(verdict=Verdict.SURGE, reason=f"surge: {words}"), dispatches=rows
    )
