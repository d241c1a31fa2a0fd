"""A generated month on the real store and policy: mails for one a match, lateness, judging time. `python tests/benchmarks/alerting.py [DAYS]`."""

import asyncio
import sys
import time
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "scenarios")]

from desk import Arrival, Desk  # noqa: E402
from newsmonth import START, Told, month  # noqa: E402

from monitor.alerting import AlertingSettings, Policy  # noqa: E402
from monitor.model import Severity  # noqa: E402

DAYS = int(sys.argv[1]) if len(sys.argv) > 1 else 30
POLICIES = {
    "defaults": {},
    "desk's": {
        "timezone": "Asia/Seoul",
        "calendars": {"night": {"hours": "22:00-07:00"}},
        "routes": [
            {"when": {"severity": ["critical"]}, "to": ["desk"], "quiet": "never"},
            {
                "when": {"severity": ["high", "medium"]},
                "to": ["desk"],
                "quiet": {"during": "night", "then": "digest"},
            },
            {"when": {"severity": ["low"]}, "to": ["desk"], "send": "digest"},
        ],
        "digests": {"morning": {"to": ["desk"], "at": "07:30"}},
    },
}


async def measure(name: str, settings: dict[str, object], told: list[Told]) -> None:
    policy = Policy(
        settings=AlertingSettings.model_validate(settings), recipients={"desk": ("a@example.org",)}
    )
    desk = Desk.open(policy)
    arrivals = [Arrival(at=one.at, article=one.article, matches=one.matches) for one in told]
    begun = time.process_time()
    await desk.run(arrivals, until=START + timedelta(days=DAYS + 5))
    spent = time.process_time() - begun
    await desk.store.close()
    matches = sum(len(one.matches) for one in told)
    print(f"\n{name}: {len(told)} articles of {len({t.story for t in told})} stories, {matches} matches")
    print(f"  mails {len(desk.sent)} = {len(desk.sent) / matches:.3f} of one a match (aim: at most 0.25)")
    _lateness(desk, told)
    _stories(desk, told)
    print(f"  whole way {1000 * spent / len(told):.1f} ms an article (store, composing and sending included)")


def _lateness(desk: Desk, told: list[Told]) -> None:
    """How long after its first article each story was first mailed, against the wait that the policy allows."""
    stories = {one.article.url: one.story for one in told}
    first_mail: dict[int, object] = {}
    for sent in desk.sent:
        for alert in sent.carried:
            first_mail.setdefault(stories[alert.article.url], sent.at)
    late, missing, held = 0, 0, 0
    seen: set[int] = set()
    for one in told:
        if one.story in seen:
            continue
        seen.add(one.story)
        mailed = first_mail.get(one.story)
        wait = desk.policy.wait(one.matches[0].severity)
        missing += mailed is None
        late += mailed is not None and mailed - one.at > wait
        held += one.matches[0].severity is Severity.CRITICAL and mailed != one.at
    print(f"  first reports: {late} later than the wait, {missing} never mailed; critical ones held: {held}")


def _stories(desk: Desk, told: list[Told]) -> None:
    """Pairs of articles that the stories join rightly and wrongly."""
    final: dict[str, str] = {}
    merged: dict[str, str] = {}
    for one, decision in zip(told, desk.decisions, strict=True):
        final[one.article.url] = decision.story.id
        merged.update(dict.fromkeys(decision.merged, decision.story.id))

    def root(story: str) -> str:
        while story in merged:
            story = merged[story]
        return story

    found, true = defaultdict(set), defaultdict(set)
    for one in told:
        found[root(final[one.article.url])].add(one.story)
        true[one.story].add(root(final[one.article.url]))
    mixed = sum(len(stories) > 1 for stories in found.values())
    split = sum(len(stories) > 1 for stories in true.values())
    print(f"  stories found {len(found)}: {mixed} mix true ones, {split} true ones are split")


def main() -> None:
    """Print the figures of both policies."""
    told = list(month(days=DAYS))
    assert all(a.at <= b.at for a, b in pairwise(told))
    for name, settings in POLICIES.items():
        asyncio.run(measure(name, settings, told))


if __name__ == "__main__":
    main()
