"""What runs in processes that tests kill: a whole daemon, the half of one that delivers, the killer, the command.

The first three print nothing; the first two are stopped cleanly by SIGTERM.
"""

import asyncio
import os
import random
import signal
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from hasty import HastyClock
from letters import letter

from monitor.channels import EmailSettings, MailSettings
from monitor.children import forkserver, launching
from monitor.cli import main
from monitor.config.folder import load
from monitor.daemon import Daemon
from monitor.delivery import Delivery
from monitor.model import Notification, OutboxClaim, RowState
from monitor.postroom.room import PostRoom
from monitor.store.sqlite import SqliteStore

__all__ = ["PARTS"]

for module in ("monitor.postroom.desk", "monitor.extraction.worker"):
    forkserver._load(module)
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))


def lend_fork_server() -> None:
    """Fork what forks for a daemon from us, who have loaded its code, too: another half second is spared."""
    ours, theirs = socket.socketpair()
    if os.fork():
        theirs.close()
        launching._SERVER._line = ours
        return
    ours.close()
    os.setsid()
    os.dup2(theirs.fileno(), 0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    theirs.close()
    forkserver.main()
    os._exit(0)


async def daemon(config: str, epoch: str, times: str, grace: str, patience: str) -> int:
    """On its clock TIMES seconds pass in one (from EPOCH on); PATIENCE is for a database that is locked."""
    found = load(Path(config), os.environ)
    store = SqliteStore.open(found.settings.storage, patience=float(patience))
    clock = HastyClock(datetime.fromisoformat(epoch), int(times))
    code = await Daemon(found, store=store, environment=os.environ, clock=clock, grace=float(grace)).run()
    await store.close()
    return code


async def deliverer(database: str, port: str, epoch: str) -> int:
    """Delivers what is in the outbox, and ends when every row is at its end."""
    store = SqliteStore.open(f"sqlite:///{database}")
    mail = MailSettings.model_validate(
        {"from": "m@example.org", "smtp": {"host": "127.0.0.1", "port": port, "tls": "none"}}
    )
    settings = {name: EmailSettings(to=("all@example.org",)) for name in ("desk", "duty", "ops")}
    clock = HastyClock(datetime.fromisoformat(epoch))
    room = PostRoom(settings, mail, receipts=store.receipts, clock=clock, died=lambda: None)
    delivery = Delivery(store, room.channels, _changing, clock=clock, random=random.random)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await _deliver_all(delivery, store, stopped)
    await room.close()
    await store.close()
    return 0


async def _deliver_all(delivery: Delivery, store: SqliteStore, stopped: asyncio.Event) -> None:
    """Until nothing is left, or it is stopped: what is under way then has a second to end."""
    jobs: set[asyncio.Task[RowState]] = set()
    while not stopped.is_set():
        jobs |= {asyncio.create_task(delivery.deliver(claim)) for claim in await delivery.take(64)}
        counts = await store.counts()
        if not jobs and not counts["outbox_pending"] + counts["outbox_sending"]:
            break
        waited = jobs | {asyncio.create_task(stopped.wait())}
        timeout = 0.2 if jobs else 0.05
        done, left = await asyncio.wait(waited, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        jobs -= done
        for each in left - jobs:
            each.cancel()
    if jobs:
        _, late = await asyncio.wait(jobs, timeout=1)
        for job in late:
            job.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _changing(claim: OutboxClaim) -> Notification:
    """Another message each time it is composed: what was frozen is what goes."""
    composed = letter(claim)
    return replace(composed, created=composed.created + timedelta(seconds=random.random()))


def kill(after: str, *doomed: str) -> int:
    """kill -9 so many seconds from now."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    signal.setitimer(signal.ITIMER_REAL, max(float(after), 1e-6))
    signal.sigwait({signal.SIGALRM})
    for process in doomed:
        os.kill(int(process), signal.SIGKILL)
    return 0


PARTS: Mapping[str, Callable[..., int]] = {
    "daemon": lambda *words: lend_fork_server() or asyncio.run(daemon(*words)),
    "deliverer": lambda *words: lend_fork_server() or asyncio.run(deliverer(*words)),
    "kill": kill,
    "monitor": lambda *words: main(words),
}
"""What a process may be, by name; it is given words and ends with a code."""
