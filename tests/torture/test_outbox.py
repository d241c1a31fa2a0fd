"""Mail is neither lost nor doubled, whatever dies: a real server, real processes, kill -9 at random.

Sized for the suite; `MONITOR_TORTURE=1` makes it the full size (3,000 mails, 34 kills).

A mail may come twice only where the process died after the server took it and before it noted so: some
tenths of a millisecond that no protocol can close. How many mails are in that window at a kill depends on
how fast they go, so the full size is run at the pace of a real server and flat out.
"""

import asyncio
import os
import random
import signal
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile import Fault, Hostile, Stage

from monitor.channels.mime import message_id
from monitor.clock import SystemClock
from monitor.model import Dispatch, Kind, RowState
from monitor.store.base import OutboxRow
from monitor.store.receipts import Receipts
from monitor.store.sqlite import SqliteStore

FULL = "MONITOR_TORTURE" in os.environ
MAILS = 3000 if FULL else 160
KILLS = 34 if FULL else 3
FAULTY = 3000 if FULL else 60
PACES = (0.02, 0.0) if FULL else (0.0,)  # seconds that the server thinks before each reply
LIFE = 0.01  # seconds, at most, between the mail that seals a victim's fate and its end
VICTIM = Path(__file__).with_name("victim.py")
MANY_CHANNELS = ("desk", "duty", "ops")
REPLIES = {
    Stage.CONNECT: ("421 busy", Fault.DROP),
    Stage.EHLO: ("451 not now", Fault.DROP),
    Stage.MAIL: ("451 not now", "452 no room", Fault.DROP),
    Stage.RCPT: ("450 greylisted", "451 not now", "550 unknown", Fault.DROP),
    Stage.DATA: ("451 not now", "554 refused", Fault.DROP),
    Stage.DOT: ("451 not now", "452 no room", "554 spam", Fault.DROP, Fault.ACCEPT_THEN_DROP),
}


@dataclass(slots=True)
class Dice:
    """Faults at random, `share` of all mails, spread over the stages; counts what it did."""

    share: float
    random: random.Random
    struck: Counter[str | Fault] = field(default_factory=Counter)

    def __call__(self, stage: Stage, _: str) -> str | Fault | None:
        if stage not in REPLIES or self.random.random() > self.share / len(REPLIES):
            return None
        fault = self.random.choice(REPLIES[stage])
        self.struck[fault] += 1
        return fault


async def fill(database: Path, mails: int) -> None:
    store, now = SqliteStore.open(f"sqlite:///{database}"), SystemClock().now()
    (database.parent / "epoch").touch()
    rows = [
        Dispatch(
            key=f"row-{number}",
            channel=MANY_CHANNELS[number % 3],
            recipient=f"reader{number}@example.org",
            kind=Kind.ALERT,
            due=now,
            alerts=(),
        )
        for number in range(mails)
    ]
    assert await store.open_rows(rows, now=now) == mails
    await store.close()


async def rows_of(database: Path) -> list[OutboxRow]:
    store = SqliteStore.open(f"sqlite:///{database}", mode="read")
    try:
        return await store.outbox(limit=10_000)
    finally:
        await store.close()


async def run_victim(database: Path, port: int) -> asyncio.subprocess.Process:
    epoch = datetime.fromtimestamp((database.parent / "epoch").stat().st_mtime, UTC)
    return await asyncio.create_subprocess_exec(
        sys.executable, str(VICTIM), str(database), str(port), epoch.isoformat()
    )


async def kill_from_outside(victim: asyncio.subprocess.Process, after: float) -> None:
    """Let another process kill it: were it we, it would die just when the server has answered."""
    killer = await asyncio.create_subprocess_exec(
        sys.executable, "-Sc", f"import os, time; time.sleep({after}); os.kill({victim.pid}, 9)"
    )
    await asyncio.gather(killer.wait(), victim.wait())


async def noted(database: Path) -> set[str]:
    """The Message-IDs that are recorded as sent, or noted to be recorded by the next start."""
    rows = await rows_of(database)
    receipts = Receipts(database.with_name(f"{database.name}.receipts"))
    keys = {receipt.key for receipt in receipts.read()}
    receipts.close()
    return {row.message_id for row in rows if row.state is RowState.SENT or row.key in keys}


async def kill_again_and_again(server: Hostile, database: Path, kills: int, dice: random.Random) -> set[str]:
    """Kill the victim `kills` times, at moments that know nothing of what it does; then let it finish.

    A victim lives for so many mails, not seconds, so that a fast machine is not done before its kills.
    What the server had taken and the victim had not noted when it died is the window: these mails, and
    no others, may come twice.
    """
    window: set[str] = set()
    share = len(await rows_of(database)) // (4 * kills)
    for _ in range(kills):
        fate = len(server.taken) + dice.randint(1, share)
        victim = await run_victim(database, server.port)
        while len(server.taken) < fate and victim.returncode is None:  # noqa: ASYNC110  another process
            await asyncio.sleep(0.001)
        assert victim.returncode is None, "fewer mails or kills, please: it was done before it was killed"
        await kill_from_outside(victim, dice.random() * LIFE)
        window |= {mail.message_id for mail in server.taken} - await noted(database)
    victim = await run_victim(database, server.port)
    assert await asyncio.wait_for(victim.wait(), 900) == 0
    return window


@pytest.mark.parametrize("pace", PACES)
async def test_kills_lose_nothing_and_double_only_what_was_on_its_way(tmp_path: Path, pace: float) -> None:
    database, dice = tmp_path / "m.db", random.Random(20261124)
    await fill(database, MAILS)
    async with Hostile(pace=pace) as server:
        window = await kill_again_and_again(server, database, KILLS, dice)
    rows = await rows_of(database)
    copies = Counter(mail.message_id for mail in server.taken)
    doubled = {message for message, times in copies.items() if times > 1}
    print(f"\n{MAILS} mails, {KILLS} kills, {1000 * pace:g} ms a reply: lost {MAILS - len(copies)},", end=" ")
    print(f"doubled {len(doubled)} of {len(window)} in the window")
    assert Counter(row.state for row in rows) == {RowState.SENT: MAILS}
    assert set(copies) == {message_id(f"row-{number}", "example.org") for number in range(MAILS)}
    assert doubled <= window
    _same_bytes(server)


async def test_faults_and_kills_lose_nothing_and_double_only_what_the_server_hid(tmp_path: Path) -> None:
    database, dice = tmp_path / "m.db", random.Random(7)
    await fill(database, FAULTY)
    faults = Dice(share=0.3, random=dice)
    async with Hostile(behave=faults) as server:
        window = await kill_again_and_again(server, database, KILLS // 3, dice)
    rows = await rows_of(database)
    states = Counter(row.state for row in rows)
    copies = Counter(mail.message_id for mail in server.taken)
    doubled = {message for message, times in copies.items() if times > 1}
    hidden = {mail.message_id for mail in server.taken if not mail.confirmed}
    print(f"\n{FAULTY} mails, {faults.struck.total()} faults, {KILLS // 3} kills: {dict(states)},")
    print(
        f"doubled {len(doubled)}; taken without a word {len(hidden)}, in the window at a kill {len(window)}"
    )
    assert states[RowState.SENT] + states[RowState.DEAD] + states[RowState.EXPIRED] == FAULTY
    assert {row.message_id for row in rows if row.state is RowState.SENT} <= set(copies)
    assert {row.last_code for row in rows if row.state is RowState.DEAD} <= {550, 554}
    assert doubled <= hidden | window
    _same_bytes(server)


def _same_bytes(server: Hostile) -> None:
    """Whatever came twice came with the same Message-ID and the same bytes."""
    digests: dict[str, set[str]] = defaultdict(set)
    for mail in server.taken:
        digests[mail.message_id].add(mail.digest)
    assert {key: found for key, found in digests.items() if len(found) > 1} == {}


@pytest.mark.parametrize("after", [0, 5, 40] if FULL else [20])
async def test_a_terminated_process_leaves_nothing_half_sent(tmp_path: Path, after: int) -> None:
    database = tmp_path / "m.db"
    await fill(database, 90)
    async with Hostile() as server:
        victim = await run_victim(database, server.port)
        while len(server.taken) < after and victim.returncode is None:  # noqa: ASYNC110  another process
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.3 if after == 0 else 0)
        victim.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(victim.wait(), 20)
    states = Counter(row.state for row in await rows_of(database))
    assert code in ({0} if after else {0, -signal.SIGTERM})
    assert states[RowState.SENDING] == 0
    assert states[RowState.SENT] == len(server.taken)
