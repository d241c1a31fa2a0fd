"""A backup is whole though the daemon writes; after a restore nobody is told twice, and nothing is lost."""

import asyncio
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from archive import DAY, HOUR, LEASE, MINUTE, NOW, entry, poll, read, send, titles

from monitor.errors import StoreError
from monitor.model import Dispatch, Kind, RowState
from monitor.receipts import Receipts
from monitor.store.backup import backup, restore
from monitor.store.sqlite import SqliteStore


def quiet(_done: int, _whole: int) -> None:
    """No sign of progress."""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/monitor.db"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"


async def opened(url: str) -> SqliteStore:
    return SqliteStore.open(url)


async def alerted(url: str, *names: str) -> SqliteStore:
    """A store in which these articles were published an hour ago, found, and their mails sent."""
    store = await opened(url)
    await poll(store, *(entry(name, NOW - HOUR) for name in names), at=NOW)
    await read(store, at=NOW)
    await send(store, at=NOW)
    return store


async def test_a_backup_beside_a_running_daemon_is_one_whole_file(url, target):
    store = await alerted(url, "a", "b")
    await store.open_rows([row("waiting")], now=NOW)
    shown: list[tuple[int, int]] = []
    made = await asyncio.to_thread(backup, url, target, progress=lambda *steps: shown.append(steps))
    await store.close()
    assert (made.articles, made.alerts, made.undelivered, made.newest) == (2, 2, 1, NOW)
    assert made.size == target.stat().st_size
    assert shown[-1][0] == shown[-1][1] > 0
    assert sorted(path.name for path in target.parent.iterdir()) == [
        "backup.db",
        "monitor.db",
        "monitor.db.lock",
        "monitor.db.receipts",
    ]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with sqlite3.connect(target) as copy:
        assert copy.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert copy.execute("pragma journal_mode").fetchall() == [("delete",)]
    copy.close()


async def test_what_is_written_while_it_is_copied_changes_nothing_in_it(url, target):
    store = await alerted(url, "a")
    await poll(store, entry("big", NOW, content="x" * 20_000_000), at=NOW)  # several steps of pages
    loop, written = asyncio.get_running_loop(), []

    def write(_done: int, _whole: int) -> None:
        added = store.open_rows([row(f"row {len(written)}")], now=NOW)
        written.append(asyncio.run_coroutine_threadsafe(added, loop).result())

    made = await asyncio.to_thread(backup, url, target, progress=write)
    await store.close()
    assert sum(written) == len(written) >= 2
    assert made.undelivered == 0


async def test_a_backup_is_replaced_and_nothing_else_is(url, target, tmp_path):
    await (await alerted(url, "a")).close()
    target.write_text("notes of somebody")
    with pytest.raises(StoreError, match=r"backup.db exists and is no database; it is left as it is"):
        backup(url, target, progress=quiet)
    assert target.read_text() == "notes of somebody"
    with pytest.raises(StoreError, match="is the database in use"):
        backup(url, tmp_path / "monitor.db", progress=quiet)
    target.unlink()
    assert backup(url, target, progress=quiet) == backup(url, target, progress=quiet)


@pytest.mark.parametrize(
    ("place", "words"),
    [("none/backup.db", "cannot be written: No such file or directory"), ("", "is no database|cannot be")],
)
async def test_a_place_that_cannot_be_written_is_said(url, tmp_path, place, words):
    await (await alerted(url, "a")).close()
    with pytest.raises(StoreError, match=words):
        backup(url, tmp_path / place, progress=quiet)
    assert not list(tmp_path.glob("*.part"))


def test_without_a_memory_there_is_nothing_to_back_up(url, target):
    with pytest.raises(StoreError, match="nothing is stored at"):
        backup(url, target, progress=quiet)
    with pytest.raises(StoreError, match="storage is in memory"):
        backup("sqlite://:memory:", target, progress=quiet)


def _execute(path: Path, script: str) -> None:
    database = sqlite3.connect(path)
    database.executescript(script)
    database.close()


def _overwrite(path: Path) -> None:
    """Every page but the first is rubbish."""
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)


# ---------------------------------------------------------------------------- restore


async def test_what_was_there_is_kept_and_the_backup_takes_its_place(url, target, tmp_path):
    await (await alerted(url, "a")).close()
    backup(url, target, progress=quiet)
    store = await alerted(url, "a", "b")
    await store.close()
    done = restore(url, target, told_until=NOW, now=NOW + DAY, progress=quiet)
    assert done.aside == tmp_path / "monitor.db.before-20261125T090000"
    assert done.held == 0
    store = await opened(url)
    assert (await store.counts())["articles"] == 1
    await store.close()
    kept = await opened(f"sqlite:///{done.aside}")
    assert (await kept.counts())["articles"] == 2
    await kept.close()


async def test_two_restores_within_a_second_keep_what_each_found(url, target, tmp_path):
    await (await alerted(url, "a")).close()
    backup(url, target, progress=quiet)
    done = [restore(url, target, told_until=NOW, now=NOW + DAY, progress=quiet) for _ in range(3)]
    names = ["monitor.db.before-20261125T090000", "monitor.db.before-20261125T090000.2", "monitor.db.before-20261125T090000.3"]  # fmt: skip
    assert [each.aside for each in done] == [tmp_path / name for name in names]
    assert all(each.aside is not None and each.aside.is_file() for each in done)


async def test_after_a_restore_nobody_is_told_twice_and_what_is_newer_is_told(url, target):
    """Backed up at 9:00; at 9:30 `lost` was found and mailed; at 10:00 the disk died; restored at 12:00."""
    await (await alerted(url, "old")).close()
    backup(url, target, progress=quiet)
    store = await opened(url)
    listed = [entry("lost", NOW + 20 * MINUTE), entry("old", NOW - HOUR)]
    await poll(store, *listed, at=NOW + 30 * MINUTE)
    await read(store, at=NOW + 30 * MINUTE)
    assert titles(await send(store, at=NOW + 30 * MINUTE)) == ["lost"]
    await store.close()
    restore(url, target, told_until=NOW + HOUR, now=NOW + 3 * HOUR, progress=quiet)
    store = await opened(url)
    listed = [entry("new", NOW + 2 * HOUR), entry("undated", None), *listed]
    await poll(store, *listed, at=NOW + 3 * HOUR)
    await read(store, at=NOW + 3 * HOUR)
    assert titles(await send(store, at=NOW + 4 * HOUR)) == ["new"]
    held = await store.outbox([RowState.EXPIRED])
    assert len(held) == 2
    assert all("monitor outbox retry ID" in row.last_error for row in held)
    assert len(await store.alerts()) == 4
    await poll(store, entry("late", NOW + 5 * MINUTE), *listed, at=NOW + 4 * HOUR)
    await read(store, at=NOW + 4 * HOUR)
    assert titles(await send(store, at=NOW + 5 * HOUR)) == ["late"]
    assert await store.retry(held[0].id, now=NOW + 5 * HOUR)
    assert len(await send(store, at=NOW + 5 * HOUR)) == 1
    await store.close()


async def test_what_was_under_way_in_the_backup_is_held_and_a_later_digest_is_not(url, target):
    store = await alerted(url, "a")
    rows = [row("due"), row("digest", due=NOW + DAY, kind=Kind.DIGEST), row("failed")]
    await store.open_rows(rows, now=NOW)
    await poll(store, entry("unread", NOW), entry("a", NOW - HOUR), at=NOW)
    made = backup(url, target, progress=quiet)
    assert made.undelivered == 3
    await store.close()
    done = restore(url, target, told_until=NOW + HOUR, now=NOW + HOUR, progress=quiet)
    assert done.held == 2
    store = await opened(url)
    await read(store, at=NOW + HOUR)
    assert await send(store, at=NOW + 2 * HOUR) == []
    states = {found.key: found.state for found in await store.outbox()}
    assert (states["due"], states["failed"], states["digest"]) == ("expired", "expired", "pending")
    assert [claim.key for claim in await send(store, at=NOW + 2 * DAY)] == ["digest"]
    await store.close()


async def test_a_source_that_the_backup_does_not_know_is_held_too(url, target):
    """Backed up before the first poll: all that the source lists may have been told."""
    await (await opened(url)).close()
    backup(url, target, progress=quiet)
    store = await alerted(url, "lost")
    await store.close()
    restore(url, target, told_until=NOW + HOUR, now=NOW + HOUR, progress=quiet)
    store = await opened(url)
    await poll(store, entry("lost", NOW - HOUR), entry("new", NOW + 2 * HOUR), at=NOW + 3 * HOUR)
    await read(store, at=NOW + 3 * HOUR)
    assert titles(await send(store, at=NOW + 4 * HOUR)) == ["new"]
    await store.close()


async def test_a_poll_that_failed_does_not_end_the_hold(url, target):
    await (await alerted(url, "old")).close()
    backup(url, target, progress=quiet)
    restore(url, target, told_until=NOW + HOUR, now=NOW + HOUR, progress=quiet)
    store = await opened(url)
    (claim,) = await store.claim_sources(NOW + HOUR, limit=1, lease=LEASE)
    failed = {"failures": 1, "due": NOW + HOUR}
    await store.finish_poll(claim, replace(claim.state, **failed), [], now=NOW + HOUR)
    await poll(store, entry("lost", NOW), at=NOW + 2 * HOUR)
    await read(store, at=NOW + 2 * HOUR)
    assert await send(store, at=NOW + 3 * HOUR) == []
    await store.close()


async def test_a_running_daemon_is_not_pulled_away_under(url, target):
    store = await alerted(url, "a")
    backup(url, target, progress=quiet)
    with pytest.raises(StoreError, match="another daemon"):
        restore(url, target, told_until=NOW, now=NOW, progress=quiet)
    await store.close()


async def test_mail_of_a_killed_daemon_that_is_under_way_is_waited_for(url, target, tmp_path):
    await (await alerted(url, "a")).close()
    backup(url, target, progress=quiet)
    post_room = Receipts.open(tmp_path / "monitor.db.receipts")
    assert post_room.hold()
    with pytest.raises(StoreError, match="with its servers right now"):
        restore(url, target, told_until=NOW, now=NOW, progress=quiet)
    post_room.close()
    restore(url, target, told_until=NOW, now=NOW, progress=quiet)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.write_text("not a database"), "is no SQLite database"),
        (lambda path: path.unlink(), "does not exist"),
        (lambda path: _execute(path, "drop table outbox_alerts; drop table outbox"), "no memory of ours"),
        (lambda path: _execute(path, "pragma user_version = 99"), "version 99"),
        (lambda path: _execute(path, "delete from stories"), "refers to nothing"),
        (_overwrite, "damaged|malformed"),
    ],
)
async def test_a_bad_backup_changes_nothing(url, target, tmp_path, spoil, words):
    await (await alerted(url, *"abcdefgh")).close()
    backup(url, target, progress=quiet)
    spoil(target)
    before = (tmp_path / "monitor.db").read_bytes()
    with pytest.raises(StoreError, match=words):
        restore(url, target, told_until=NOW, now=NOW, progress=quiet)
    assert (tmp_path / "monitor.db").read_bytes() == before
    assert not list(tmp_path.glob("*.part*"))
    assert not list(tmp_path.glob("*.before*"))


async def test_a_memory_that_is_damaged_or_gone_can_be_restored(url, target, tmp_path):
    await (await alerted(url, "a")).close()
    backup(url, target, progress=quiet)
    (tmp_path / "monitor.db").write_bytes(b"rubbish")
    (tmp_path / "monitor.db-wal").write_bytes(b"rubbish")
    done = restore(url, target, told_until=NOW, now=NOW, progress=quiet)
    assert done.aside is not None
    assert (done.aside.read_bytes(), (tmp_path / f"{done.aside.name}-wal").read_bytes()) == (b"rubbish",) * 2
    (tmp_path / "monitor.db").unlink()
    assert restore(url, target, told_until=NOW, now=NOW + DAY, progress=quiet).aside is None
    store = await opened(url)
    assert (await store.counts())["articles"] == 1
    await store.close()


def row(key: str, **changes) -> Dispatch:
    facts = {"due": NOW, "kind": Kind.ALERT, **changes}
    return Dispatch(key=key, channel="desk", recipient="desk@example.org", alerts=(), **facts)
