"""Long texts in pieces: no call into C code shall keep the interpreter from everybody else for long."""

from collections.abc import Iterator

__all__ = ["LONG", "pieces"]

LONG = 1 << 14  # letters; a hostile one takes milliseconds to normalise


def pieces(text: str, size: int = LONG) -> Iterator[str]:
    """The text in pieces of at most `size` letters, each but the first begins at a space where there is one.

    >>> list(pieces("one two three", 8))
    ['one two', ' three']
    """
    at = 0
    while len(text) - at > size:
        space = text.rfind(" ", at + 1, at + size)
        end = space if space > at else at + size
        yield text[at:end]
        at = end
    yield text[at:]
