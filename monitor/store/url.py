"""The address of the store: what an admin may write, and the file it means."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

__all__ = ["StorageUrl", "database_file"]

_SCHEME = "sqlite://"
_REMEDY = (
    "write sqlite:///var/monitor.db (relative to where the daemon starts)"
    " or sqlite:////var/lib/monitor.db (absolute)"
)


def database_file(url: str) -> Path | None:
    """The file that a storage address names; None: in memory.

    >>> database_file("sqlite:///var/monitor.db"), database_file("sqlite:////var/lib/m.db")
    (PosixPath('var/monitor.db'), PosixPath('/var/lib/m.db'))
    >>> database_file("sqlite://:memory:") is None
    True
    """
    if not url.startswith(_SCHEME):
        raise ValueError(f"{url!r} is no storage this program knows; {_REMEDY}")
    rest = url.removeprefix(_SCHEME)
    if rest.removeprefix("/") == ":memory:":
        return None
    if not rest.startswith("/") or rest.endswith("/") or "\0" in rest or "?" in rest:
        raise ValueError(f"{url!r} names no file; {_REMEDY}")
    return Path(rest[1:])


def _valid(url: str) -> str:
    database_file(url)
    return url


StorageUrl = Annotated[str, AfterValidator(_valid)]
"""A storage address that is known to name a file."""
