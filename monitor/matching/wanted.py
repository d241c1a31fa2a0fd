"""What a query wants of an index, as a small tree: the words in which matching asks and the store finds.

Nothing else is loaded with it: who only looks at the store needs no matcher.
"""

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Close", "Every", "Has", "In", "Slipped", "Some", "Wanted", "rights_of"]


@dataclass(frozen=True, slots=True)
class Has:
    """These words stand side by side; where `head` does not end with a space, its last word may go on."""

    head: bytes


@dataclass(frozen=True, slots=True)
class Slipped:
    """A misspelling of this word stands there."""

    right: str


@dataclass(frozen=True, slots=True)
class Some:
    """One of these; of none: nothing can match."""

    parts: "tuple[Wanted, ...]"


@dataclass(frozen=True, slots=True)
class Every:
    """All of these."""

    parts: "tuple[Wanted, ...]"


@dataclass(frozen=True, slots=True)
class Close:
    """One of the first heads with at most so many words between it and one of the second, in any order."""

    heads: tuple[bytes, ...]
    others: tuple[bytes, ...]
    between: int


@dataclass(frozen=True, slots=True)
class In:
    """Something, in one of these places: a field of the article, author, section, source or language."""

    places: tuple[str, ...]
    part: "Wanted"


Wanted = Has | Slipped | Some | Every | Close | In


def rights_of(wanted: Wanted) -> Iterator[str]:
    """The words whose misspellings are asked for."""
    match wanted:
        case Slipped(right=right):
            yield right
        case Some(parts=parts) | Every(parts=parts):
            for part in parts:
                yield from rights_of(part)
        case In(part=part):
            yield from rights_of(part)
        case Has() | Close():
            return
