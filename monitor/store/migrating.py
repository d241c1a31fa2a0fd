"""The database's version: its schema is brought to this program's by numbered steps, each a transaction."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Protocol, cast

from monitor.errors import StoreError
from monitor.store.rows import Connection

__all__ = ["check_known", "check_version", "migrate"]


class Database(Connection, Protocol):
    """A connection that runs a script of statements."""

    def executescript(self, script: str, /) -> object:
        """Run statements one after another."""


_SCHEMA = files("monitor.store") / "schema"


def _steps() -> list[Traversable]:
    """The numbered migrations, in their order; the first was for a database without a version."""
    return sorted((file for file in _SCHEMA.iterdir() if file.name[0].isdigit()), key=lambda file: file.name)


def _version(connection: Database, place: str, newest: int) -> int:
    version = cast(int, connection.execute("pragma user_version").fetchone()[0])
    if version > newest:
        raise StoreError(
            f"{place} is of version {version}, this program knows {newest}; install the newer program again"
        )
    return version


def migrate(connection: Database, place: str) -> None:
    """Bring the database to this program's version: a new one at once, an older one by steps.

    What is done at once, and each step, is a transaction.
    """
    steps = _steps()
    version = _version(connection, place, len(steps))
    if not version:
        _run(connection, _SCHEMA / "whole.sql", len(steps))
        return
    for number, step in enumerate(steps[version:], version + 1):
        _run(connection, step, number)


def _run(connection: Database, script: Traversable, version: int) -> None:
    words = script.read_text("utf-8")
    connection.executescript(f"begin immediate;\n{words}\npragma user_version = {version};\ncommit;")


def check_version(connection: Database, place: str) -> None:
    """StoreError where the database is not of this program's version."""
    newest = len(_steps())
    if _version(connection, place, newest) < newest:
        raise StoreError(f"{place} is of an older version; start the daemon once, it brings it up to date")


def check_known(connection: Database, place: str) -> None:
    """StoreError where the database is newer than this program."""
    _version(connection, place, len(_steps()))
