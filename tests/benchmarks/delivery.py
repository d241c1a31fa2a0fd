"""Mails a second through the outbox against bare aiosmtplib on one reused connection, in the same run.

python tests/benchmarks/delivery.py [MAILS]
"""

import asyncio
import random
import socket
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import structlog
from aiosmtpd.controller import Controller
from aiosmtplib import SMTP

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from letters import letter

from monitor.channels import EmailSettings, MailSettings
from monitor.clock import SystemClock
from monitor.delivery import Delivery
from monitor.model import Dispatch, Kind
from monitor.postroom.room import PostRoom
from monitor.store.sqlite import SqliteStore

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))


class Taker:
    """Takes everything."""

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802
        return "250 taken"


async def bare(port: int, message: bytes, mails: int) -> float:
    async with SMTP(hostname="127.0.0.1", port=port, start_tls=False) as smtp:
        began = time.perf_counter()
        for _ in range(mails):
            await smtp.sendmail("m@example.org", ["a@example.org"], message)
        return mails / (time.perf_counter() - began)


def row(key: str, now: datetime) -> Dispatch:
    return Dispatch(key=key, channel="desk", recipient="a@example.org", kind=Kind.ALERT, due=now, alerts=())


async def ours(port: int, mails: int, folder: Path) -> tuple[float, bytes]:
    store, now = SqliteStore.open(f"sqlite:///{folder}/m.db"), datetime.now(UTC)
    given = {"from": "m@example.org", "smtp": {"host": "127.0.0.1", "port": str(port), "tls": "none"}}
    settings, mail = {"desk": EmailSettings(to=("a@example.org",))}, MailSettings.model_validate(given)
    room = PostRoom(settings, mail, receipts=store.receipts, clock=SystemClock(), died=lambda: None)
    delivery = Delivery(store, room.channels, letter, clock=SystemClock(), random=random.random)
    await store.open_rows([row("first", now)], now=now)
    (first,) = await delivery.take(1)
    await delivery.deliver(first)  # the bare connection, too, is open before its time begins
    await store.open_rows([row(f"k{n}", now) for n in range(mails)], now=now)
    jobs: set[asyncio.Task[object]] = set()
    left, began, claim = mails, time.perf_counter(), None
    while left:
        claims = await delivery.take(64)
        claim = claims[0] if claims else claim
        jobs |= {asyncio.create_task(delivery.deliver(claim)) for claim in claims}
        done, jobs = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        left -= len(done)
    rate = mails / (time.perf_counter() - began)
    counts = await store.counts()
    assert counts["outbox_sent"] == mails + 1, counts
    assert claim is not None
    message = room.channels["desk"].freeze(letter(claim)).body
    await room.close()
    await store.close()
    return rate, message


def serve() -> None:
    """Be the mail server until somebody hangs up: a process of its own, as mail servers are."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Taker(), hostname="127.0.0.1", port=port)
    controller.start()
    print(port, flush=True)
    sys.stdin.read()
    controller.stop()


async def main(mails: int) -> None:
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, __file__, "serve"), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdin is not None
    assert server.stdout is not None
    port = int(await server.stdout.readline())
    ratios = []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as folder:
            through, message = await ours(port, mails, Path(folder))
        alone = await bare(port, message, mails)
        ratios.append(through / alone)
        print(f"outbox {through:6.0f}/s   bare reuse {alone:6.0f}/s   ratio {through / alone:.2f}")
    server.stdin.close()
    await server.wait()
    print(f"median ratio {sorted(ratios)[2]:.2f} ({mails} mails of {len(message):,} bytes, synchronous=FULL)")


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
