"""The database's version: its schema is brought to this program's by numbered steps, each a transaction."""

from importlib.resources import files
from typing import Protocol, cast

from monitor.errors import StoreError
from monitor.store.rows import Connection

__all__ = ["check_known", "check_version", "migrate"]


class Database(Connection, Protocol):
    """A connection that runs a script of statements."""

    def executescript(self, script: str, /) -> object:
        """Run statements one after another."""


def _schema() -> list[str]:
    """The numbered migrations; the first makes a database of version 1."""
    folder = files("monitor.store") / "schema"
    scripts = sorted(
        (script for script in folder.iterdir() if script.name.endswith(".sql")), key=lambda s: s.name
    )
    return [script.read_text("utf-8") for script in scripts]


def _version(connection: Database, place: str, newest: int) -> int:
    version = cast(int, connection.execute("pragma user_version").fetchone()[0])
    if version > newest:
        raise StoreError(
            f"{place} is of version {version}, this program knows {newest}; install the newer program again"
        )
    return version


def migrate(connection: Database, place: str) -> None:
    """Bring the database to this program's version, each step in a transaction of its own."""
    scripts = _schema()
    for number in range(_version(connection, place, len(scripts)) + 1, len(scripts) + 1):
        connection.executescript(
            f"begin immediate;\n{scripts[number - 1]}\npragma user_version = {number};\ncommit;"
        )


def check_version(connection: Database, place: str) -> None:
    """StoreError where the database is not of this program's version."""
    newest = len(_schema())
    if _version(connection, place, newest) < newest:
        raise StoreError(f"{place} is of an older version; start the daemon once, it brings it up to date")


def check_known(connection: Database, place: str) -> None:
    """StoreError where the database is newer than this program."""
    _version(connection, place, len(_schema()))
