"""When to ask again, and what to remember: the next state of a source after every outcome. Pure."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit
from zlib import crc32

from monitor.fetching.settings import FLOOR, FetchingSettings
from monitor.model import Failed, Fetched, Gone, Listing, NotModified, SourceState

__all__ = ["Outcome", "address", "after", "body_hash", "rhythm", "unchanged"]

Outcome = Fetched | NotModified | Gone | Failed

_DAY = timedelta(days=1)
_LONGEST_BACKOFF = _DAY
_LONGEST_FRESHNESS = _DAY
_LONGEST_RETRY_AFTER = timedelta(days=7)
_BLOCKED = timedelta(hours=4)
_ADOPTED_AFTER = timedelta(days=7)
_MISTRUSTED_AFTER = 3
_SAMPLE = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def body_hash(body: bytes) -> str:
    """What tells one body from another."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def unchanged(state: SourceState, fetched: Fetched) -> bool:
    """Whether a body is the one that was read last time."""
    return bool(state.body_hash) and state.body_hash == body_hash(fetched.body)


def address(state: SourceState, now: datetime) -> str:
    """Where to ask: the configured address, or where it has moved for good.

    A permanent redirect counts after seven days of the same target; to https on the same host, at once.
    """
    if not state.moved or state.moved_since is None or state.failures >= _MISTRUSTED_AFTER:
        return state.url
    if _only_secured(state.url, state.moved) or now - state.moved_since >= _ADOPTED_AFTER:
        return state.moved
    return state.url


def _only_secured(old: str, new: str) -> bool:
    before, behind = urlsplit(old), urlsplit(new)
    return (before.scheme, behind.scheme) == ("http", "https") and before[1:] == behind[1:]


def after(
    state: SourceState,
    outcome: Outcome,
    *,
    listing: Listing | None,
    source_every: timedelta | None,
    settings: FetchingSettings,
    now: datetime,
) -> SourceState:
    """The state of a source after a poll.

    `listing` is None where nothing had to be read: an unchanged body, or no body at all. A body that could
    not be read comes in as the `Failed` that reading it returned.
    """
    match outcome:
        case Fetched() | NotModified():
            return _after_success(state, outcome, listing, source_every, settings, now)
        case Gone(reason=reason):
            return replace(_failing(state, reason, now), gone=True, due=now + _LONGEST_BACKOFF)
        case Failed(reason=reason):
            failing = _failing(state, reason, now)
            return replace(failing, due=now + _back_off(failing, outcome, source_every or settings.every))


def _failing(state: SourceState, reason: str, now: datetime) -> SourceState:
    return replace(
        state,
        attempted=now,
        polls=state.polls + 1,
        failures=state.failures + 1,
        failing_since=state.failing_since or now,
        error=reason,
    )


def _back_off(state: SourceState, failed: Failed, usual: timedelta) -> timedelta:
    """Twice as long after every failure, up to a day, and never for ever."""
    doubled = min(usual * (1 << min(state.failures - 1, 12)), max(_LONGEST_BACKOFF, usual))
    wait = doubled + _phase(state.url, doubled) / 8
    if failed.code == 403 or (failed.code == 429 and failed.retry_after is None):
        wait = max(wait, _BLOCKED)
    if failed.code in {429, 503} and failed.retry_after is not None:
        wait = max(wait, min(failed.retry_after, _LONGEST_RETRY_AFTER))
    return max(wait, FLOOR)


def _after_success(
    state: SourceState,
    outcome: Fetched | NotModified,
    listing: Listing | None,
    source_every: timedelta | None,
    settings: FetchingSettings,
    now: datetime,
) -> SourceState:
    known = state if listing is None else _listed(state, listing, now)
    known = _moved(known, outcome, now) if isinstance(outcome, Fetched) else known
    every = rhythm(known, source_every=source_every, settings=settings, now=now)
    fresh = outcome.fresh_for if source_every is None else None
    soonest = now + max(min(fresh or FLOOR, _LONGEST_FRESHNESS), FLOOR)
    due = max(_next_tick(state.url, every, now), soonest)
    return replace(
        known,
        due=due if source_every else _left_alone(known, due),
        validators=outcome.validators,
        body_hash=body_hash(outcome.body) if listing and isinstance(outcome, Fetched) else state.body_hash,
        attempted=now,
        polled=now,
        every=every,
        failures=0,
        failing_since=None,
        error="",
        gone=False,
        unchanged=state.unchanged + 1 if listing is None else 0,
        polls=state.polls + 1,
        spared=state.spared + isinstance(outcome, NotModified),
    )


def _left_alone(state: SourceState, due: datetime) -> datetime:
    """The first moment from `due` on that the feed does not ask to skip; a day later at the most.

    RSS 2.0 lets a feed name hours and days of UTC. Nobody's weekend may hide news for longer than a day.
    """
    for hours in range(24):
        moment = due + timedelta(hours=hours)
        if moment.hour not in state.skip_hours and moment.weekday() not in state.skip_days:
            return moment
    return due + _DAY


def _moved(state: SourceState, fetched: Fetched, now: datetime) -> SourceState:
    """Since when which permanent redirect holds; an adopted address that answers keeps its place."""
    if fetched.moved == state.moved or (not fetched.moved and address(state, now) == state.moved):
        return state
    return replace(state, moved=fetched.moved, moved_since=now if fetched.moved else None)


def _listed(state: SourceState, listing: Listing, now: datetime) -> SourceState:
    told = (*(entry.published for entry in listing.entries), *listing.unread)
    dates = sorted(filter(None, told), reverse=True)
    steps = sorted(newer - older for newer, older in pairwise(dates[:_SAMPLE]))
    newest = min(dates[0], now) if dates else state.newest
    return replace(
        state,
        newest=max(newest, state.newest) if newest and state.newest else newest,
        gap=steps[len(steps) // 2] if steps else state.gap,
        wish=listing.every,
        skip_hours=listing.skip_hours,
        skip_days=listing.skip_days,
        length=len(told),
        remark="; ".join(listing.remarks),
    )


def rhythm(
    state: SourceState, *, source_every: timedelta | None, settings: FetchingSettings, now: datetime
) -> timedelta:
    """How often a source is polled: as its admin says, else by how often it speaks.

    A quarter of the time between its entries, or of its present silence, between a third and twice the
    usual interval; what the source itself asks for only slows it down.
    """
    if source_every is not None:
        return max(source_every, FLOOR)
    usual = settings.every
    pace = usual
    if state.newest is not None:
        pace = max(state.gap or timedelta(0), now - state.newest) / 4
    pace = min(max(pace, usual / 3, FLOOR), usual * 2)
    return max(pace, min(state.wish, _LONGEST_FRESHNESS)) if state.wish else pace


def _phase(url: str, every: timedelta) -> timedelta:
    """A source's own place in an interval, the same after every restart."""
    return every * (crc32(url.encode("utf-8", "surrogatepass")) / 2**32)


def _next_tick(url: str, every: timedelta, now: datetime) -> datetime:
    """The next moment of the source's own grid that is an interval away, a little lateness forgiven."""
    earliest = now + every - min(every / 4, timedelta(seconds=60))
    start = _EPOCH + _phase(url, every)
    return start + every * -((start - earliest) // every)
