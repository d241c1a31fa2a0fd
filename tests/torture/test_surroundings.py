"""Whatever the machine does to a running daemon, it stays up, sends nothing unrecorded, and goes on by itself."""

import asyncio
import os
import signal
import sqlite3
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hostile import Hostile
from newsdesk import FEEDS, Newsdesk
from newsstand import Newsstand
from nursery import Child, Nursery
from waiting import until


@pytest.fixture
async def stand() -> AsyncIterator[Newsstand]:
    async with Newsstand() as served:
        served.publish(*FEEDS)
        yield served


@pytest.fixture
async def mail() -> AsyncIterator[Hostile]:
    async with Hostile(pace=0.01) as server:
        yield server


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here: that needs root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


async def until_not_ready(desk: Newsdesk) -> None:
    """Wait until the daemon says that it cannot write."""

    async def refused() -> bool:
        return await desk.readiness() != 200

    await until(refused)


async def end_well(desk: Newsdesk, daemon: Child | asyncio.subprocess.Process) -> None:
    """Everything is told, once; then the daemon is asked to stop."""
    await desk.until_told(daemon)
    daemon.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(daemon.wait(), 90) == 0
    copies = Counter(taken.message_id for taken in desk.mail.taken)
    assert set(copies.values()) == {1}
    assert len(copies) == desk.stand.published * 2
    assert desk.half_done() == []


async def test_a_locked_database_stops_nothing_for_good(
    tmp_path: Path, stand: Newsstand, mail: Hostile, nursery: Nursery
) -> None:
    desk = Newsdesk(tmp_path, stand, mail, nursery, patience=0.2)
    daemon = await desk.start()
    await desk.until_told(daemon)
    other = sqlite3.connect(desk.database, isolation_level=None, timeout=10)
    other.execute("begin immediate")
    taken = len(mail.taken)
    stand.publish("one")
    await until_not_ready(desk)
    assert len(mail.taken) == taken
    assert daemon.returncode is None
    other.execute("rollback")
    other.close()
    await end_well(desk, daemon)


async def test_a_full_disk_stops_nothing_for_good(
    tmp_path: Path, small_disk: Path, stand: Newsstand, mail: Hostile, nursery: Nursery
) -> None:
    desk = Newsdesk(tmp_path, stand, mail, nursery, disk=small_disk)
    daemon = await desk.start()
    await desk.until_told(daemon)
    fill(small_disk / "ballast")
    for _ in range(5):
        stand.publish("one")
    await until_not_ready(desk)
    assert daemon.returncode is None
    started = {message for (message,) in desk.rows("select message_id from outbox where frozen is not null")}
    assert {taken.message_id for taken in mail.taken} <= started
    (small_disk / "ballast").unlink()
    await end_well(desk, daemon)


def fill(file: Path) -> None:
    """Write until the disk is full."""
    with file.open("wb", buffering=0) as ballast:
        size = 1 << 16
        while size:
            try:
                if ballast.write(b"x" * size) < size:
                    size //= 2
            except OSError:
                size //= 2


@pytest.mark.skipif("MONITOR_TORTURE" not in os.environ, reason="of the full size: make torture")
@pytest.mark.parametrize("jump", ["-3600s", "+3600s"])
async def test_a_clock_that_jumps_neither_stops_nor_doubles_anything(
    tmp_path: Path, stand: Newsstand, mail: Hostile, nursery: Nursery, jump: str
) -> None:
    library = faketime()
    if library is None:
        pytest.skip("libfaketime is not installed")
    dial = tmp_path / "dial"
    dial.write_text("+0s\n")
    desk = Newsdesk(tmp_path, stand, mail, nursery)
    daemon = await desk.start_afresh(
        LD_PRELOAD=str(library),
        FAKETIME_TIMESTAMP_FILE=str(dial),
        FAKETIME_CACHE_DURATION="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
    )
    await mail.has_taken(1)
    turned = tmp_path / "turned"
    turned.write_text(f"{jump}\n")
    turned.replace(dial)
    stand.publish("one", "two")
    await end_well(desk, daemon)


def faketime() -> Path | None:
    """Where the library is that turns a process's clock."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
