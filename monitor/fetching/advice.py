"""What a source's state should tell its admin, in words: suggested edits, and silence. Pure."""

from datetime import datetime, timedelta

from monitor.fetching.freshness import address
from monitor.model import SourceState

__all__ = ["advice", "span"]

_ENOUGH_POLLS = 20
_LONG_SILENCE = 3
_LEAST_SILENCE = timedelta(hours=6)
_DEAD_AFTER = timedelta(days=3)


def advice(state: SourceState, now: datetime) -> tuple[str, ...]:
    """One line a thing worth knowing or changing; empty where all is well.

    Moved for good, gone, failing for days, never answering 304, silent for three times its usual gap.
    """
    return tuple(
        line
        for line in (_moved(state, now), _failing(state, now), _costly(state), _silent(state, now))
        if line
    )


def _moved(state: SourceState, now: datetime) -> str:
    if address(state, now) == state.url:
        return ""
    return f"has moved for good; write url: {state.moved}"


def _failing(state: SourceState, now: datetime) -> str:
    if state.gone:
        return "is gone, says its server; remove it, or find its new address with: monitor sources probe URL"
    if state.failing_since is None or now - state.failing_since < _DEAD_AFTER:
        return ""
    return f"has failed for {span(now - state.failing_since)}; look for its new address, or remove it"


def _costly(state: SourceState) -> str:
    if state.spared or state.polls < _ENOUGH_POLLS or state.failures:
        return ""
    return "never answers 304, so every poll costs a whole body; a longer interval (every) would spare it"


def _silent(state: SourceState, now: datetime) -> str:
    if state.newest is None or state.gap is None or state.failures:
        return ""
    silence = now - state.newest
    if silence < max(state.gap * _LONG_SILENCE, _LEAST_SILENCE):
        return ""
    return f"is silent for {span(silence)}; it usually has something new every {span(state.gap)}"


def span(duration: timedelta) -> str:
    """A duration in the largest unit that fits.

    >>> span(timedelta(hours=50)), span(timedelta(seconds=90))
    ('2 days', '1 minute')
    """
    seconds = int(duration.total_seconds())
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {name}" + ("s" if count > 1 else "")
    return "moments"
