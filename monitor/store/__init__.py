"""Memory: what was seen, read, matched, told. The way in is monitor.store.sqlite.SqliteStore."""

from typing import TYPE_CHECKING

from monitor.rooms import opener

if TYPE_CHECKING:
    from monitor.store.base import Ending, Judge, OutboxRow, Polled, Pruned, Store
    from monitor.store.url import StorageUrl, database_file
else:
    __getattr__ = opener(
        __name__, base="Ending Judge OutboxRow Polled Pruned Store", url="StorageUrl database_file"
    )

__all__ = ["Ending", "Judge", "OutboxRow", "Polled", "Pruned", "StorageUrl", "Store", "database_file"]
