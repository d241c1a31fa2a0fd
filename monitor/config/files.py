"""The state of the configuration's files: what tells a changed file from the one that was read."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = ["Fingerprint", "fingerprint", "yaml_files"]

Fingerprint = Mapping[str, tuple[int, ...] | None]
"""By path, what tells one state of a file from the next: inode, size and times; None: it is not there."""


def fingerprint(folder: Path, others: tuple[Path, ...] = ()) -> Fingerprint:
    """The state of a folder's YAML files, and of some other files."""
    return {str(path): _state(path) for path in (*_yaml_files(folder), *others)}


def _yaml_files(folder: Path) -> Iterator[Path]:
    for place in (folder, folder / "watchlists", folder / "entities"):
        yield from yaml_files(place, "*.y*ml")


def yaml_files(folder: Path, pattern: str = "*.yaml") -> list[Path]:
    """The files of a folder in their order, less the hidden ones: editors lock and save by such names."""
    return sorted(path for path in folder.glob(pattern) if not path.name.startswith("."))


def _state(path: Path) -> tuple[int, ...] | None:
    try:
        found: Any = os.stat(path)  # noqa: PTH116 - and of what a link leads to
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
