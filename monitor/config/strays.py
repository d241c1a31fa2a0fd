"""Files that look like configuration and are not read: a mistyped name would be silence."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from monitor.config.files import yaml_files
from monitor.config.problems import did_you_mean

__all__ = ["strays"]

_FILES = ("monitor.yaml", "sources.yaml", "alerting.yaml")
_FOLDERS = ("watchlists", "entities")


def strays(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files that are not read, in their order, and where each was meant to be."""
    for path in yaml_files(folder, "*.y*ml"):
        if path.name not in _FILES:
            yield path, _meant(path)
    for below in sorted(path for path in folder.glob("[!.]*") if path.is_dir()):
        place = _folder_like(below.name)
        if below.name in _FOLDERS:
            yield from ((path, "name it .yaml") for path in yaml_files(below, "*.yml"))
            yield from ((path, f"move it into {below}") for path in yaml_files(below, "*/*.y*ml"))
        elif place:
            yield from ((path, f"move it into {folder / place}") for path in yaml_files(below, "*.y*ml"))


def _meant(path: Path) -> str:
    """What the name of a file in the folder itself says of it."""
    if path.suffix == ".yml":
        return "name it .yaml"
    place = _folder_like(path.stem)
    return f"move it into {path.parent / place}" if place else did_you_mean(path.name, _FILES)


def _folder_like(name: str) -> str:
    return next(iter(difflib.get_close_matches(name.casefold(), _FOLDERS, n=1, cutoff=0.75)), "")
