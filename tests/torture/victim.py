"""A daemon's delivery half as a process of its own, to be killed: DATABASE PORT EPOCH.

Prints nothing and stops by itself when every row is at its end; SIGTERM stops it cleanly.
"""

import asyncio
import ctypes
import random
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

import structlog

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from hasty import HastyClock

from monitor.channels import EmailSettings, MailSettings
from monitor.delivery import Delivery
from monitor.model import Notification, OutboxClaim, RowState, Severity
from monitor.postroom.room import PostRoom
from monitor.store.sqlite import SqliteStore

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))


def compose(claim: OutboxClaim) -> Notification:
    body = f"row {claim.key}\n" + "The quick brown fox jumps over the lazy dog. " * 40
    return Notification(
        key=claim.key,
        channel=claim.channel,
        recipient=claim.recipient,
        kind=claim.kind,
        severity=Severity.HIGH,
        subject=f"Alert {claim.key}",
        text=body,
        html=f"<p>{body}</p>",
        created=claim.created + timedelta(seconds=random.random()),
        thread=claim.thread,
    )


async def main(database: str, port: str, epoch: str) -> None:
    store = SqliteStore.open(f"sqlite:///{database}")
    mail = MailSettings.model_validate(
        {"from": "m@example.org", "smtp": {"host": "127.0.0.1", "port": port, "tls": "none"}}
    )
    settings = {name: EmailSettings(to=("all@example.org",)) for name in ("desk", "duty", "ops")}
    clock = HastyClock(datetime.fromisoformat(epoch))
    room = PostRoom(settings, mail, receipts=store.receipts, clock=clock)
    delivery = Delivery(store, room.channels, compose, clock=clock, random=random.random)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    jobs: set[asyncio.Task[RowState]] = set()
    while not stopped.is_set():
        jobs |= {asyncio.create_task(delivery.deliver(claim)) for claim in await delivery.take(64)}
        counts = await store.counts()
        if not jobs and not counts["outbox_pending"] + counts["outbox_sending"]:
            break
        if jobs:
            _, jobs = await asyncio.wait(jobs, timeout=0.2, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(0.05)
    if jobs:
        _, late = await asyncio.wait(jobs, timeout=1)
        for job in late:
            job.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    await room.close()
    await store.close()


if __name__ == "__main__":
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it does not outlive its test
    asyncio.run(main(*sys.argv[1:]))
