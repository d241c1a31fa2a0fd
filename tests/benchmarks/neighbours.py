"""What a channel that never answers, and one that always says 450, cost a good one: seconds beside them and alone.

python tests/benchmarks/neighbours.py [MAILS]
"""

import asyncio
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import structlog

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from hostile import Fault, Hostile, Stage
from letters import letter

from monitor.channels import Channel, EmailSettings, MailSettings, open_channel
from monitor.clock import SystemClock
from monitor.delivery import Delivery
from monitor.metrics import Metrics
from monitor.model import Dispatch, Kind
from monitor.pump import Pump
from monitor.store.sqlite import SqliteStore

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
PACE = 0.02  # seconds that the good server thinks before each reply
ROUNDS = 5


def channel(port: int) -> Channel:
    smtp = {"host": "127.0.0.1", "port": str(port), "tls": "none"}
    mail = MailSettings.model_validate({"from": "m@example.org", "smtp": smtp})
    return open_channel(EmailSettings(to=("a@example.org",)), mail)


async def seconds(servers: dict[str, Hostile], mails: int) -> float:
    """How long the good channel's mails take; the others have as many."""
    with tempfile.TemporaryDirectory() as folder:
        store, now = SqliteStore.open(f"sqlite:///{folder}/m.db"), datetime.now(UTC)
        channels = {name: channel(server.port) for name, server in servers.items()}
        delivery = Delivery(store, channels, letter, clock=SystemClock(), random=random.random)
        pump = Pump("deliver", width=1024, take=delivery.take, work=delivery.deliver, metrics=Metrics())
        rows = [
            Dispatch(
                key=f"{n} {name}",
                channel=name,
                recipient="a@example.org",
                kind=Kind.ALERT,
                due=now,
                alerts=(),
            )
            for n in range(mails)
            for name in sorted(channels)
        ]
        await store.open_rows(rows, now=now)
        before, began = len(servers["good"].taken), time.perf_counter()
        running = asyncio.create_task(pump.run())
        pump.nudge()
        while len(servers["good"].taken) < before + mails:  # noqa: ASYNC110  it is measured, not told
            await asyncio.sleep(0.005)
        took = time.perf_counter() - began
        await pump.stop(grace=0)
        await running
        for one in channels.values():
            await one.close()
        await store.close()
    return took


async def main(mails: int) -> None:
    deaf = lambda stage, _: Fault.HANG if stage is Stage.DOT else None  # noqa: E731
    grey = lambda stage, _: "450 greylisted" if stage is Stage.RCPT else None  # noqa: E731
    async with (
        Hostile(pace=PACE) as good,
        Hostile(behave=deaf) as silent,
        Hostile(behave=grey, pace=PACE) as slow,
    ):
        for name, others in (("never answers", {"bad": silent}), ("says 450", {"bad": slow})):
            pairs = [
                (await seconds({"good": good}, mails), await seconds({"good": good, **others}, mails))
                for _ in range(ROUNDS)
            ]
            ratios = [beside / alone for alone, beside in pairs]
            alone, beside = (median(times) for times in zip(*pairs, strict=True))
            print(f"beside one that {name}: {beside:.2f} s, alone {alone:.2f} s, ratio {median(ratios):.2f}")
    print(f"({mails} mails, {PACE * 1000:g} ms a reply, median of {ROUNDS})")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
