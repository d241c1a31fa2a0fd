"""A memory of an older version is brought to this one's, and what it knew still counts."""

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from monitor.model import FeedEntry, SourceState
from monitor.store.migrating import migrate
from monitor.store.rows import ENTRY, STATE, micros
from monitor.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=10)


def of_version(database: sqlite3.Connection, version: int) -> sqlite3.Connection:
    """A new database as the program of that version made it."""
    scripts = sorted((files("monitor.store") / "schema").iterdir(), key=lambda script: script.name)
    for script in scripts[:version]:
        database.executescript(script.read_text("utf-8"))
    database.execute(f"pragma user_version = {version}")
    return database


@pytest.fixture
def old(tmp_path: Path) -> sqlite3.Connection:
    """A database of version 10."""
    return of_version(sqlite3.connect(tmp_path / "m.db", isolation_level=None), 10)


def written(definition: str) -> list[str]:
    """The parts of a definition in some order: columns that came later stand behind a table's constraints."""
    words = re.sub(r"--[^\n]*", "", definition).lower()
    return sorted(" ".join(part.split()) for part in re.split(r"[,()]", words) if part.strip())


def shape(database: sqlite3.Connection) -> dict[str, object]:
    """Whatever there is, as it was written, and the columns in their order."""
    found = database.execute("select type, name, sql from sqlite_schema").fetchall()
    columns = {name: database.execute(f"pragma table_xinfo({name})").fetchall() for _, name, _ in found}
    return {name: (kind, written(sql or ""), columns[name]) for kind, name, sql in found}


def test_a_new_database_is_what_the_steps_make_of_the_oldest() -> None:
    whole, oldest = (sqlite3.connect(":memory:", isolation_level=None) for _ in range(2))
    of_version(oldest, 1)
    for database in (whole, oldest):
        migrate(database, ":memory:")
    assert shape(whole) == shape(oldest)
    assert whole.execute("pragma user_version").fetchone() == oldest.execute("pragma user_version").fetchone()
    whole.close()
    oldest.close()


async def test_sources_of_before_are_due_and_those_of_one_host_still_wait_for_each_other(
    old: sqlite3.Connection, tmp_path: Path
) -> None:
    urls = {f"slow-{n}": f"https://Slow.example:444/{n}" for n in range(9)} | {"z": "https://z.example"}
    for source, url in urls.items():
        state = STATE.dump_json(SourceState(source=source, url=url, due=NOW)).decode()
        old.execute(
            "insert into sources (id, url, configured, baseline, due, state) values (?, ?, 1, 1, ?, ?)",
            (source, url, micros(NOW), state),
        )
    old.close()
    store = SqliteStore.open(f"sqlite:///{tmp_path / 'm.db'}")
    await store.register_sources(urls | {"new": "https://slow.example:444/new"}, now=NOW)
    claims = await store.claim_sources(NOW, limit=99, lease=LEASE)
    await store.close()
    assert [claim.state.source for claim in claims] == ["new", "slow-0", "slow-1", "slow-2", "z"]


async def test_entries_that_wait_since_before_are_read_and_those_of_one_host_still_wait_for_each_other(
    old: sqlite3.Connection, tmp_path: Path
) -> None:
    for number in range(5):
        url = f"https://Slow.example/{number}"
        waits = ENTRY.dump_json(FeedEntry(id=str(number), url=url, title="t")).decode() if number else None
        old.execute(
            "insert into entries (source, id, url, fingerprint, seen, listed, baseline, entry, due)"
            " values ('a', ?, ?, '1', ?, 0, 0, ?, 0)",
            (str(number), url, number, waits),
        )
    old.close()
    store = SqliteStore.open(f"sqlite:///{tmp_path / 'm.db'}")
    claims = await store.claim_entries(NOW, limit=99, lease=LEASE, of_one_host=3)
    await store.close()
    assert [claim.entry.id for claim in claims] == ["1", "2", "3"]
