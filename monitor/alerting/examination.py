"""What is wrong is told once until it changes: which ailments are news, which are over, which still stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerting.health import STILL, WELL, ailments, health_row
from monitor.alerting.policy import Policy
from monitor.model import Ailment, Dispatch, Standing, Vitals

__all__ = ["Checkup", "checkup"]

CALM = timedelta(hours=6)  # an ailment that was away for less is the same one: what flaps is told once
CALM_BY_KIND: Mapping[str, timedelta] = {
    "silent": timedelta(hours=24),  # sources sleep at night
    "noisy": timedelta(hours=24),
    "dead": timedelta(0),
    "refused": timedelta(0),
}
AGAIN_BY_KIND: Mapping[str, timedelta] = {"dead": timedelta(hours=1)}  # however fast it changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What a look at the vitals comes to: what stands from now on, and the mails that tell the change."""

    standing: tuple[Standing, ...] = ()
    dispatches: tuple[Dispatch, ...] = ()


def checkup(policy: Policy, vitals: Vitals, now: datetime) -> Checkup:
    """Tell what is new or changed and what is over, in one mail that also names what still stands.

    Nothing changed: no mail. The store records both halves in one transaction.
    """
    health = policy.settings.health
    if health is None:
        return Checkup()
    found = {ailment.name: ailment for ailment in ailments(policy, vitals, now)}
    news = [ailment for name, ailment in found.items() if _is_news(ailment, vitals.standing.get(name), now)]
    over = [one for name, one in vitals.standing.items() if name not in found and _is_over(one, now)]
    lines = [
        *(ailment.words for ailment in news),
        *(f"{WELL}{one.ailment.words}" for one in over),
        *(f"{STILL}{ailment.words}" for ailment in found.values() if ailment not in news),
    ]
    number = "\n".join((now.isoformat(), *sorted(ailment.name for ailment in news)))
    rows = (health_row(to, now, number, "\n".join(lines)) for to in policy.addresses(health.to))
    return Checkup(
        standing=tuple(_standing(found, news, over, vitals.standing, now)),
        dispatches=tuple(rows) if news or over else (),
    )


def _is_news(ailment: Ailment, before: Standing | None, now: datetime) -> bool:
    if before is None:
        return True
    patience = AGAIN_BY_KIND.get(ailment.kind, timedelta(0))
    return ailment.mark != before.ailment.mark and now - before.told >= patience


def _is_over(one: Standing, now: datetime) -> bool:
    return now - one.seen >= CALM_BY_KIND.get(one.ailment.kind, CALM)


def _standing(
    found: Mapping[str, Ailment],
    news: list[Ailment],
    over: list[Standing],
    before: Mapping[str, Standing],
    now: datetime,
) -> Iterator[Standing]:
    """What was told and is not over; of what is not news, the mark that was told stays."""
    yield from (Standing(ailment=ailment, told=now, seen=now) for ailment in news)
    told = {ailment.name for ailment in news}
    for name, one in before.items():
        if name not in told and one not in over:
            yield Standing(ailment=one.ailment, told=one.told, seen=now if name in found else one.seen)
