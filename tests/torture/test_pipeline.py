"""From poll to commit nothing is half done, whatever dies: a whole daemon, hostile feeds, kill -9 at random.

Sized for the suite; `MONITOR_TORTURE=1` makes it the full size (300 articles, 30 kills).
"""

import asyncio
import os
import random
import signal
from collections import Counter
from pathlib import Path

import pytest
from hostile import Fault, Hostile, Stage
from newsdesk import FEEDS, Newsdesk
from newsstand import Newsstand, Trouble
from nursery import Nursery
from waiting import first_of, pace, until

from monitor.model import RowState
from monitor.store.sqlite import SqliteStore

FULL = "MONITOR_TORTURE" in os.environ
ARTICLES = 300 if FULL else 8
KILLS = 30 if FULL else 1
LIFE = 100 if FULL else 20  # requests and words of SMTP, at most, that a daemon lives for
IDLE = 3.0  # seconds, at most, that it lives: after the last news it asks and says little
LATE = 0.3  # seconds, at most, between the last of them and its end
PROMPT = 20 if FULL else 90  # seconds to stop; the suite also runs on machines that have no time for it


def at_random(share: float, dice: random.Random):
    return lambda _: dice.choice(list(Trouble)) if dice.random() < share else None


async def publish(stand: Newsstand, number: int, dice: random.Random) -> None:
    """Articles come now and then, each in one feed or two."""
    for _ in range(number):
        stand.publish(*dice.sample(FEEDS, dice.choice([1, 1, 2])))
        await pace(dice.random() * 0.2)


async def lives_for(desk: Newsdesk, deeds: int) -> None:
    """Wait until a daemon has asked and said so much since now."""
    done = lambda: len(desk.stand.asked) + len(desk.mail.said)  # noqa: E731
    fate = done() + deeds
    await first_of(*(bell.until(lambda: done() >= fate) for bell in (desk.stand.bell, desk.mail.bell)))


async def kill_at_random(desk: Newsdesk, dice: random.Random) -> None:
    """Start a daemon and kill it at a moment that knows nothing of what it does; all that was sent is noted."""
    daemon = await desk.start()
    await first_of(lives_for(desk, dice.randint(1, LIFE)), pace(IDLE), daemon.wait())
    assert daemon.returncode is None
    killer = await desk.nursery.start("kill", dice.random() * LATE, daemon.pid)
    await asyncio.gather(killer.wait(), daemon.wait())
    await desk.until_closed()
    assert desk.half_done() == []
    assert {mail.message_id for mail in desk.mail.taken} <= desk.noted()


@pytest.mark.timeout(900)
async def test_no_article_is_half_done_and_each_is_told_to_each_reader_once(
    tmp_path: Path, nursery: Nursery
) -> None:
    dice = random.Random(20261127)
    async with Newsstand(length=ARTICLES) as stand, Hostile() as mail:  # while none is read none may fall out
        desk = Newsdesk(tmp_path, stand, mail, nursery)
        stand.behave = at_random(0.3, dice)
        stand.publish("one", "two")
        news = asyncio.create_task(publish(stand, ARTICLES - 1, dice))
        for _ in range(KILLS):
            await kill_at_random(desk, dice)
        await news
        stand.behave = lambda _: None
        daemon = await desk.start()
        await desk.until_told(daemon)
        daemon.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(daemon.wait(), PROMPT) == 0
    copies = Counter(mail.message_id for mail in mail.taken)
    print(f"\n{ARTICLES} articles, {len(stand.asked)} requests, {KILLS} kills, {len(mail.taken)} mails")
    assert desk.half_done() == []
    assert set(copies) == {message for (message,) in desk.rows("select message_id from outbox")}
    assert set(copies.values()) == {1}


@pytest.mark.parametrize("seed", range(12 if FULL else 1))
async def test_sigterm_at_random_ends_it_with_0_and_leaves_nothing_half_sent(
    tmp_path: Path, nursery: Nursery, seed: int
) -> None:
    dice = random.Random(seed)
    async with Newsstand() as stand, Hostile(pace=0.01) as mail:
        desk = Newsdesk(tmp_path, stand, mail, nursery)
        for _ in range(40):
            stand.publish(dice.choice(FEEDS))
        daemon = await desk.start()
        await lives_for(desk, dice.randint(1, 60))
        os.killpg(daemon.pid, signal.SIGTERM)  # as Ctrl-C at a terminal reaches all that the daemon started
        assert await asyncio.wait_for(daemon.wait(), PROMPT) == 0
    assert desk.half_done() == []
    assert desk.states()["sending"] == 0
    assert desk.states()["sent"] == len(mail.taken)


@pytest.mark.parametrize("grace", [10.0] if FULL else [0.5])
async def test_sigterm_while_the_mail_server_hangs_ends_it_with_0_and_what_the_server_says_later_counts(
    tmp_path: Path, nursery: Nursery, grace: float
) -> None:
    async with Newsstand() as stand, Hostile() as mail:
        mail.open.clear()
        desk = Newsdesk(tmp_path, stand, mail, nursery, grace=grace)
        stand.publish("one")
        daemon = await desk.start()
        await mail.has_taken(2)
        daemon.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(daemon.wait(), PROMPT) == 0
        assert desk.states() == Counter({"pending": 2})
        assert desk.rows("select distinct uncertain from outbox") == [(1,)]
        mail.open.set()
        await desk.until_closed()
    after = SqliteStore.open(f"sqlite:///{desk.database}")
    assert await after.inherit()
    assert {(row.state, row.uncertain) for row in await after.outbox()} == {(RowState.SENT, False)}
    await after.close()


@pytest.mark.skipif(not FULL, reason="of the full size: make torture")
async def test_a_second_sigterm_ends_it_at_once(tmp_path: Path, nursery: Nursery) -> None:
    hangs = lambda stage, _: Fault.HANG if stage is Stage.DOT else None  # noqa: E731
    async with Newsstand() as stand, Hostile(behave=hangs) as mail:
        desk = Newsdesk(tmp_path, stand, mail, nursery, grace=60.0)
        stand.publish("one")
        daemon = await desk.start()
        await until(lambda: desk.states()["sending"] == 2)
        while daemon.returncode is None:
            daemon.send_signal(signal.SIGTERM)
            await asyncio.wait([asyncio.ensure_future(daemon.wait())], timeout=0.5)
    assert daemon.returncode == -signal.SIGTERM
