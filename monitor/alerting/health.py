"""Silence is reported: what is wrong with sources, extraction or rules, in a line each; and signs of life."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from enum import StrEnum

from monitor.alerting.digest import next_digest
from monitor.alerting.policy import Address, Policy, row_key
from monitor.alerting.prose import plural
from monitor.alerting.settings import Health
from monitor.model import Ailment, Dispatch, Kind, SourceState, Verdict, Vitals

__all__ = ["STILL", "WELL", "Condition", "ailments", "condition", "health_row", "scheduled"]

DAILY = time(8)
WELL, STILL = "Well again: ", "Still: "
"""How a line begins about what is over, and about what was told before."""
SILENT = 3  # times its usual gap without anything new
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
                yield _row(address, f"digest:{name}", Kind.DIGEST, due, policy.date(due), "")


def _heartbeat(policy: Policy, now: datetime, vitals: Vitals | None) -> Iterator[Dispatch]:
    health = policy.settings.health
    if health is None or health.heartbeat is None or vitals is None:
        return
    due = next_digest(now - timedelta(days=1), DAILY, policy.zone)
    census = vitals.census
    spoken = sum(census.verdicts.get(name, 0) for name in SPOKEN)
    held = sum(census.verdicts.values()) - spoken
    read = (
        f"{plural(census.articles, 'article', 'articles')} of {plural(census.sources, 'source', 'sources')}"
    )
    alive = f"Alive: read {read}, {plural(spoken, 'alert', 'alerts')}, {held:,} held"
    still = (f"{STILL}{one.ailment.words}" for one in vitals.standing.values())
    note = "\n".join((alive, *still))
    for address in policy.addresses(health.to):
        yield _row(address, "heartbeat", Kind.HEALTH, due, due.isoformat(), note)


def health_row(address: Address, now: datetime, number: str, note: str) -> Dispatch:
    """The row that tells an address at once what is wrong."""
    return _row(address, "health", Kind.HEALTH, now, number, note)


def ailments(policy: Policy, vitals: Vitals, now: datetime) -> Iterator[Ailment]:
    """Everything wrong."""
    health = policy.settings.health
    if health is None:
        return
    yield from _operation(health, vitals, now)
    for state in vitals.sources:
        yield from _source(policy, state, vitals, now)
    if health.extraction_short is not None:
        for source, count in sorted(vitals.short.items()):
            if count >= health.extraction_short:
                words = (
                    f"{source}: {count} articles in a row far shorter than usual; its pages may have changed"
                )
                yield Ailment(name=f"short {source}", words=words)
    yield from _rules(health, vitals, now)


def _operation(health: Health, vitals: Vitals, now: datetime) -> Iterator[Ailment]:
    """What is wrong with the monitor itself."""
    if vitals.refused:
        more = f" (and {len(vitals.refused) - 1} more)" if len(vitals.refused) > 1 else ""
        words = f"Configuration refused, the old one stays in force: {vitals.refused[0]}{more}"
        yield Ailment(name="refused", words=words, mark="\n".join(vitals.refused))
    if health.disk_low is not None and vitals.disk is not None and vitals.disk < health.disk_low:
        words = f"Disk: {vitals.disk:.1f} % free where the database is, less than {health.disk_low:g} %"
        yield Ailment(name="disk", words=words)
    for channel, (since, reason) in sorted(vitals.paused.items()):
        if health.channel_paused is not None and now - since >= health.channel_paused:
            words = f"{channel}: channel paused, its messages wait for {_days(now - since)}: {reason}"
            yield Ailment(name=f"paused {channel}", words=words)
    for channel, dead in sorted(vitals.dead.items()):
        messages = "a message" if dead.number == 1 else f"{dead.number:,} messages"
        words = (
            f"{channel}: {messages} of the last week could not be delivered, the last to {dead.recipient}:"
            f" {dead.words}; see monitor outbox --state dead --state expired"
        )
        yield Ailment(name=f"dead {channel}", words=words, mark=str(dead.newest))


def _rules(health: Health, vitals: Vitals, now: datetime) -> Iterator[Ailment]:
    for (watchlist, rule), last in sorted(vitals.last_hits.items()):
        since = last or vitals.watching_since
        if health.rule_never_hit is not None and since is not None and now - since > health.rule_never_hit:
            words = f"{watchlist}/{rule}: no hit for {_days(now - since)}"
            yield Ailment(name=f"never {watchlist}/{rule}", words=words)
    for (watchlist, rule), count in sorted(vitals.hits_today.items()):
        if health.rule_noisy is not None and count > health.rule_noisy.number:
            words = f"{watchlist}/{rule}: {count:,} hits in a day, more than {health.rule_noisy.number}"
            yield Ailment(name=f"noisy {watchlist}/{rule}", words=words)


def _source(policy: Policy, state: SourceState, vitals: Vitals, now: datetime) -> Iterator[Ailment]:
    health = policy.settings.health
    if health is None:
        return
    failing = state.failing_since
    if state.gone:
        words = f"{state.source}: the server says it is gone for good"
        yield Ailment(name=f"gone {state.source}", words=words)
    elif failing is not None and health.source_failing is not None and now - failing > health.source_failing:
        words = f"{state.source}: failing for {_days(now - failing)}: {state.error}"
        yield Ailment(name=f"failing {state.source}", words=words)
    usual, newest = vitals.gaps.get(state.source), state.newest
    if failing is None and health.source_silent is not None and usual is not None and newest is not None:
        silent = now - newest
        if silent > max(usual * health.source_silent, timedelta(hours=1)):
            words = f"{state.source}: nothing new for {_days(silent)}, usually every {_days(usual)}"
            yield Ailment(name=f"silent {state.source}", words=words)


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
