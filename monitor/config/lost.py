"""Names that stand in files with mistakes: that nothing defines them follows from what is told already."""

import re
from collections.abc import Iterable
from pathlib import Path

from monitor.errors import Level, Problem
from monitor.matching import QueryProblem

__all__ = ["Lost"]

_KEY_OR_ID = re.compile(r"""(?<!\w)id\s*:\s*['"]?([\w.-]+)|([\w.-]+)['"]?\s*:(?:\s|$)""")
_NONE: frozenset[str] = frozenset()


class Lost:
    """What may be defined in the files of a folder that have these problems."""

    def __init__(self, folder: Path, problems: Iterable[Problem]) -> None:
        wrong = {Path(found.place.file) for found in problems if found.level is Level.ERROR}
        shared = [_text(path) for path in wrong if path.parent == folder / "entities"]
        self._texts = {str(path): _text(path) for path in wrong if path.parent == folder / "watchlists"}
        self._shared = [_names(text) for text in shared]
        self._own = {file: _names(text) for file, text in self._texts.items()}

    def explains(self, found: QueryProblem) -> bool:
        """Whether it is that a name is unknown, and a file with mistakes may be the one that defines it."""
        if not found.unknown:
            return False
        places = (*self._shared, self._own.get(found.file, _NONE))
        return any(names is None or found.unknown in names for names in places)

    def mentions(self, name: str) -> bool:
        """Whether a rule, a label or a watchlist of this name may stand in a watchlist with mistakes."""
        word = re.compile(rf"(?<![\w-]){re.escape(name.rpartition('/')[2])}(?![\w-])")
        return any(text is None or word.search(text) for text in self._texts.values())


def _text(path: Path) -> str | None:
    """What stands in a file, however wrong it is; None where nobody can tell."""
    if not path.is_file():
        return None
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _names(text: str | None) -> frozenset[str] | None:
    """All that looks like a key or an id."""
    if text is None:
        return None
    return frozenset(name for pair in _KEY_OR_ID.findall(text) for name in pair if name)
