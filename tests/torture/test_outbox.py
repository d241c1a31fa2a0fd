"""Mail is neither lost nor doubled, whatever dies: a real server, real processes, kill -9 at random.

Sized for the suite; `MONITOR_TORTURE=1` makes it the full size (3,000 mails, 34 kills).

Where the daemon alone is killed (a segfault, the system that is out of memory) no mail comes twice: its post
room hears the servers out and notes what they took. Where both are killed at one moment (docker kill, a power
cut) a mail may come twice that the server took before the post room noted so: some tenths of a millisecond
that no protocol can close. How many mails are in that window at a kill depends on how fast they go, so the
full size is run at the pace of a real server and flat out.
"""

import asyncio
import os
import random
import signal
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile import Fault, Hostile, Stage
from kin import children
from nursery import Child, Nursery
from waiting import first_of, until

from monitor.channels.mime import message_id
from monitor.clock import SystemClock
from monitor.model import Dispatch, Kind, RowState
from monitor.receipts import Receipts
from monitor.store.base import OutboxRow
from monitor.store.sqlite import SqliteStore

FULL = "MONITOR_TORTURE" in os.environ
MAILS = 3000 if FULL else 100
KILLS = 34 if FULL else 2
FAULTY = 3000 if FULL else 60
FEWER = 11 if FULL else 1  # kills among faults: backoff takes its time
PACES = (0.02, 0.0) if FULL else (0.0,)  # seconds that the server thinks before each reply
LIFE = 0.01  # seconds, at most, between the mail that seals a victim's fate and its end
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="who is whose child is told by Linux's /proc"
)
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


@dataclass(frozen=True, slots=True)
class Street:
    """Where victims live: the database they deliver from, the server they deliver to."""

    database: Path
    server: Hostile
    nursery: Nursery

    async def victim(self) -> Child:
        epoch = datetime.fromtimestamp((self.database.parent / "epoch").stat().st_mtime, UTC)
        return await self.nursery.start("deliverer", self.database, self.server.port, epoch.isoformat())

    async def kill(self, after: float, *doomed: int) -> None:
        """Let another process kill them: were it we, they would die just when the server has answered."""
        await (await self.nursery.start("kill", after, *doomed)).wait()

    async def until_closed(self) -> None:
        """Wait until the post room of a victim has ended too."""
        receipts = Receipts.open(self.database.with_name(f"{self.database.name}.receipts"))
        await until(receipts.hold)
        receipts.close()


def post_room_of(victim: Child) -> int:
    """The process that sends for a victim; 0 while there is none."""
    return next(iter(set().union(*map(children, children(victim.pid)))), 0)


async def noted(database: Path) -> set[str]:
    """The Message-IDs that are recorded as sent, or noted to be recorded by the next start."""
    rows = await rows_of(database)
    receipts = Receipts.open(database.with_name(f"{database.name}.receipts"))
    keys = {receipt.slip.key for receipt in receipts.read()}
    receipts.close()
    return {row.message_id for row in rows if row.state is RowState.SENT or row.key in keys}


async def kill_again_and_again(street: Street, kills: int, dice: random.Random, whom: str) -> set[str]:
    """Kill `kills` times, at moments that know nothing of what is done; then let a victim finish.

    A victim lives for so many mails, not seconds, so that a fast machine is not done before its kills.
    What the server had taken and nobody had noted when all was dead is the window: these mails, and no
    others, may come twice.
    """
    window: set[str] = set()
    server, share = street.server, len(await rows_of(street.database)) // (4 * kills)
    for _ in range(kills):
        fate = len(server.taken) + dice.randint(1, share)
        victim = await street.victim()
        await first_of(server.has_taken(fate), victim.wait())
        assert victim.returncode is None, "fewer mails or kills, please: it was done before it was killed"
        doomed = {"daemon": (victim.pid,), "both": (post_room_of(victim), victim.pid)}[whom]
        await street.kill(dice.random() * LIFE, *doomed)
        await victim.wait()
        await street.until_closed()
        window |= {mail.message_id for mail in server.taken} - await noted(street.database)
    victim = await street.victim()
    assert await asyncio.wait_for(victim.wait(), 900) == 0
    return window


def twice(server: Hostile) -> set[str]:
    """Message-IDs of what came twice, each time with the same bytes."""
    digests: dict[str, set[str]] = defaultdict(set)
    for mail in server.taken:
        digests[mail.message_id].add(mail.digest)
    assert {key: found for key, found in digests.items() if len(found) > 1} == {}
    return {
        message for message, times in Counter(mail.message_id for mail in server.taken).items() if times > 1
    }


def nothing_is_lost(server: Hostile, rows: list[OutboxRow]) -> None:
    assert Counter(row.state for row in rows) == {RowState.SENT: MAILS}
    assert {mail.message_id for mail in server.taken} == {
        message_id(f"row-{number}", "example.org") for number in range(MAILS)
    }


@pytest.mark.parametrize("pace", PACES)
async def test_kills_of_the_daemon_lose_nothing_and_double_nothing(
    tmp_path: Path, nursery: Nursery, pace: float
) -> None:
    database, dice = tmp_path / "m.db", random.Random(20261124)
    await fill(database, MAILS)
    async with Hostile(pace=pace) as server:
        window = await kill_again_and_again(Street(database, server, nursery), KILLS, dice, "daemon")
    print(f"\n{MAILS} mails, {KILLS} kills of the daemon, {1000 * pace:g} ms a reply:", end=" ")
    print(f"doubled {len(twice(server))}, in the window {len(window)}")
    nothing_is_lost(server, await rows_of(database))
    assert (twice(server), window) == (set(), set())


@needs_proc
@pytest.mark.parametrize("pace", PACES)
async def test_kills_of_daemon_and_post_room_lose_nothing_and_double_only_what_was_on_its_way(
    tmp_path: Path, nursery: Nursery, pace: float
) -> None:
    database, dice = tmp_path / "m.db", random.Random(20261124)
    await fill(database, MAILS)
    async with Hostile(pace=pace) as server:
        window = await kill_again_and_again(Street(database, server, nursery), KILLS, dice, "both")
    print(f"\n{MAILS} mails, {KILLS} kills of daemon and post room, {1000 * pace:g} ms a reply:", end=" ")
    print(f"doubled {len(twice(server))} of {len(window)} in the window")
    nothing_is_lost(server, await rows_of(database))
    assert twice(server) <= window


@needs_proc
async def test_kills_of_the_post_room_lose_nothing_and_double_only_what_was_on_its_way(
    tmp_path: Path, nursery: Nursery
) -> None:
    database, dice = tmp_path / "m.db", random.Random(5)
    await fill(database, MAILS)
    async with Hostile() as server:
        street = Street(database, server, nursery)
        victim = await street.victim()
        window: set[str] = set()
        dead = {0}
        for _ in range(KILLS):
            fate = len(server.taken) + dice.randint(1, MAILS // (4 * KILLS))
            alive = lambda: len(server.taken) >= fate and post_room_of(victim) not in dead  # noqa: E731, B023
            await first_of(server.bell.until(alive), victim.wait())
            assert victim.returncode is None, "fewer mails or kills, please"
            room = post_room_of(victim)
            dead.add(room)
            await street.kill(dice.random() * LIFE, room)
            window |= {mail.message_id for mail in server.taken} - await noted(database)
        assert await asyncio.wait_for(victim.wait(), 900) == 0
    print(f"\n{MAILS} mails, {KILLS} kills of the post room: doubled {len(twice(server))}", end=" ")
    print(f"of {len(window)} in the window")
    nothing_is_lost(server, await rows_of(database))
    assert twice(server) <= window


async def test_faults_and_kills_lose_nothing_and_double_only_what_the_server_hid(
    tmp_path: Path, nursery: Nursery
) -> None:
    database, dice = tmp_path / "m.db", random.Random(7)
    await fill(database, FAULTY)
    faults = Dice(share=0.3, random=dice)
    async with Hostile(behave=faults) as server:
        await kill_again_and_again(Street(database, server, nursery), FEWER, dice, "daemon")
    rows = await rows_of(database)
    states = Counter(row.state for row in rows)
    hidden = {mail.message_id for mail in server.taken if not mail.confirmed}
    print(f"\n{FAULTY} mails, {faults.struck.total()} faults, {FEWER} kills: {dict(states)},")
    print(f"doubled {len(twice(server))}; taken without a word {len(hidden)}")
    assert states[RowState.SENT] + states[RowState.DEAD] + states[RowState.EXPIRED] == FAULTY
    assert {row.message_id for row in rows if row.state is RowState.SENT} <= {
        mail.message_id for mail in server.taken
    }
    assert {row.last_code for row in rows if row.state is RowState.DEAD} <= {550, 554}
    assert twice(server) <= hidden


async def test_a_daemon_that_starts_while_servers_still_owe_an_answer_sends_nothing_twice(
    tmp_path: Path, nursery: Nursery
) -> None:
    database = tmp_path / "m.db"
    await fill(database, 3)
    async with Hostile() as server:
        server.open.clear()
        street = Street(database, server, nursery)
        victim = await street.victim()
        await server.has_taken(3)
        victim.kill()
        await victim.wait()
        after = await street.victim()
        lock = database.with_name("m.db.lock")
        await until(lambda: lock.read_text() == f"{after.pid}\n")
        assert {row.state for row in await rows_of(database)} == {RowState.SENDING}
        server.open.set()
        assert await asyncio.wait_for(after.wait(), 60) == 0
    assert (len(server.taken), twice(server)) == (3, set())
    assert {row.state for row in await rows_of(database)} == {RowState.SENT}


@pytest.mark.parametrize("after", [0, 5, 40] if FULL else [20])
async def test_a_terminated_process_leaves_nothing_half_sent(
    tmp_path: Path, nursery: Nursery, after: int
) -> None:
    database = tmp_path / "m.db"
    await fill(database, 90)
    async with Hostile() as server:
        victim = await Street(database, server, nursery).victim()
        lock = database.with_name("m.db.lock")
        await until(lambda: lock.read_text() == f"{victim.pid}\n")
        await first_of(server.has_taken(after), victim.wait())
        victim.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(victim.wait(), 20)
    states = Counter(row.state for row in await rows_of(database))
    assert code in ({0} if after else {0, -signal.SIGTERM})
    assert states[RowState.SENDING] == 0
    assert states[RowState.SENT] == len(server.taken)
