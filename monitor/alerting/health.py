"""Silence is reported: what is wrong with sources, extraction or rules, in a line each; and signs of life."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum

from monitor.alerting.digest import next_digest
from monitor.alerting.policy import Address, Policy, row_key
from monitor.model import Dispatch, Kind, SourceState, Verdict, Vitals

__all__ = ["Condition", "ailments", "condition", "health_rows", "notices", "scheduled"]

DAILY = time(8)
SILENT = 3  # times its usual gap without anything new
SHOWN = 20  # lines of a notice
SPOKEN = (Verdict.FIRST_MENTION, Verdict.DEVELOPMENT, Verdict.CORRECTION, Verdict.SURGE)


class Condition(StrEnum):
    """How a source is, as its admin would say; the same word is the metric's label."""

    OK = "ok"
    NEW = "new"
    SILENT = "silent"
    FAILING = "failing"
    GONE = "gone"


def condition(state: SourceState, now: datetime) -> Condition:
    """How a source is. Silent: it answers, and brought nothing for 3 times its usual gap (1 h at least)."""
    if state.gone:
        return Condition.GONE
    if state.failures:
        return Condition.FAILING
    if state.polled is None:
        return Condition.NEW
    if state.gap is None or state.newest is None:
        return Condition.OK
    silent = now - state.newest > max(state.gap * SILENT, timedelta(hours=1))
    return Condition.SILENT if silent else Condition.OK


def notices(policy: Policy, what: str, lines: Sequence[str], now: datetime) -> tuple[Dispatch, ...]:
    """A mail to those who hear of our health: `what` happened, with its lines; once a local date."""
    health = policy.settings.health
    if health is None:
        return ()
    more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    note = "\n".join([what, *lines[:SHOWN], *more])
    today = now.astimezone(policy.zone).date().isoformat()
    return tuple(
        _row(address, "health", Kind.HEALTH, now, f"{today}\n{note}", note)
        for address in policy.addresses(health.to)
    )


def scheduled(policy: Policy, now: datetime, vitals: Vitals | None = None) -> tuple[Dispatch, ...]:
    """The rows that go out at set times even if nothing joins them: digests that say so, the heartbeat.

    Give it to the store at every tick: a key that is known changes nothing. The heartbeat's line is of the
    moment it falls due, so its row opens only then.
    """
    return (*_digests(policy, now), *_heartbeat(policy, now, vitals))


def _digests(policy: Policy, now: datetime) -> Iterator[Dispatch]:
    for name, digest in policy.settings.digests.items():
        if digest.empty == "say-so":
            due = next_digest(now, digest.at, policy.zone, digest.days.numbers)
            for address in policy.addresses(digest.to):
                yield _row(address, f"digest:{name}", Kind.DIGEST, due, due.isoformat(), "")


def _heartbeat(policy: Policy, now: datetime, vitals: Vitals | None) -> Iterator[Dispatch]:
    health = policy.settings.health
    if health is None or health.heartbeat is None or vitals is None:
        return
    due = next_digest(now - timedelta(days=1), DAILY, policy.zone)
    census = vitals.census
    spoken = sum(census.verdicts.get(name, 0) for name in SPOKEN)
    held = sum(census.verdicts.values()) - spoken
    read = f"read {census.articles:,} articles of {census.sources:,} sources"
    line = f"Alive: {read}, {spoken:,} alerts, {held:,} held"
    for address in policy.addresses(health.to):
        yield _row(address, "heartbeat", Kind.HEALTH, due, due.isoformat(), line)


def health_rows(policy: Policy, vitals: Vitals, now: datetime) -> tuple[Dispatch, ...]:
    """A mail that lists what is wrong, once a local date for the same set of troubles."""
    health, found = policy.settings.health, tuple(ailments(policy, vitals, now))
    if health is None or not found:
        return ()
    today = now.astimezone(policy.zone).date().isoformat()
    about = "\n".join(sorted(name for name, _ in found))
    note = "\n".join(words for _, words in found)
    return tuple(
        _row(address, "health", Kind.HEALTH, now, f"{today}\n{about}", note)
        for address in policy.addresses(health.to)
    )


def ailments(policy: Policy, vitals: Vitals, now: datetime) -> Iterator[tuple[str, str]]:
    """Everything wrong, as (what and where, which stays the same while it lasts; words)."""
    health = policy.settings.health
    if health is None:
        return
    for state in vitals.sources:
        yield from _source(policy, state, vitals, now)
    if health.extraction_short is not None:
        for source, count in sorted(vitals.short.items()):
            if count >= health.extraction_short:
                words = (
                    f"{source}: {count} articles in a row far shorter than usual; its pages may have changed"
                )
                yield f"short {source}", words
    for (watchlist, rule), last in sorted(vitals.last_hits.items()):
        since = last or vitals.watching_since
        if health.rule_never_hit is not None and since is not None and now - since > health.rule_never_hit:
            yield f"never {watchlist}/{rule}", f"{watchlist}/{rule}: no hit for {_days(now - since)}"
    for (watchlist, rule), count in sorted(vitals.hits_today.items()):
        if health.rule_noisy is not None and count > health.rule_noisy.number:
            yield (
                f"noisy {watchlist}/{rule}",
                f"{watchlist}/{rule}: {count:,} hits in a day, more than {health.rule_noisy.number}",
            )


def _source(policy: Policy, state: SourceState, vitals: Vitals, now: datetime) -> Iterator[tuple[str, str]]:
    health = policy.settings.health
    if health is None:
        return
    failing = state.failing_since
    if state.gone:
        yield f"gone {state.source}", f"{state.source}: the server says it is gone for good"
    elif failing is not None and health.source_failing is not None and now - failing > health.source_failing:
        yield f"failing {state.source}", f"{state.source}: failing for {_days(now - failing)}: {state.error}"
    usual, newest = vitals.gaps.get(state.source), state.newest
    if failing is None and health.source_silent is not None and usual is not None and newest is not None:
        silent = now - newest
        if silent > max(usual * health.source_silent, timedelta(hours=1)):
            words = f"{state.source}: nothing new for {_days(silent)}, usually every {_days(usual)}"
            yield f"silent {state.source}", words


def _days(length: timedelta) -> str:
    hours = length.total_seconds() / 3600
    if hours >= 48:
        return f"{hours / 24:.0f} days"
    return f"{hours:.0f} h" if hours >= 2 else f"{hours * 60:.0f} min"


def _row(address: Address, thread: str, kind: Kind, due: datetime, number: str, note: str) -> Dispatch:
    return Dispatch(
        key=row_key(address, thread, number),
        channel=address.channel,
        recipient=address.recipient,
        kind=kind,
        due=due,
        alerts=(),
        thread=thread,
        note=note,
    )
