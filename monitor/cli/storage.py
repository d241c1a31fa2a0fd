"""The store as verbs open it, beside a daemon that may be running."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from monitor.cli.shell import Shell
from monitor.config.settings import read_settings
from monitor.store.base import Store
from monitor.store.sqlite import SqliteStore

__all__ = ["opened", "since"]


@asynccontextmanager
async def opened(folder: Path, shell: Shell, *, write: bool = False) -> AsyncIterator[Store]:
    """The configured store, to look at or, with `write`, for one short change."""
    settings = read_settings(folder, shell.environment)
    store = SqliteStore.open(settings.storage, mode="write" if write else "read")
    try:
        yield store
    finally:
        await store.close()


def since(moment: datetime | None, now: datetime) -> str:
    """How long ago, in one unit.

    >>> from datetime import timedelta, timezone
    >>> noon = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
    >>> since(noon - timedelta(minutes=90), noon), since(noon + timedelta(seconds=40), noon)
    ('90m', 'in 40s')
    """
    if moment is None:
        return "-"
    seconds = (now - moment).total_seconds()
    ahead, seconds = seconds < 0, abs(seconds)
    for size, unit in ((172_800, "d"), (7_200, "h"), (120, "m")):
        if seconds >= size:
            length = {"d": 86_400, "h": 3_600, "m": 60}[unit]
            return f"{'in ' if ahead else ''}{seconds / length:.0f}{unit}"
    return f"{'in ' if ahead else ''}{seconds:.0f}s"
