"""What a page may cost: larger ones are refused before they are parsed or matched."""

__all__ = ["MAX_BYTES", "MAX_ELEMENTS", "MAX_LETTERS", "oversize"]

MAX_BYTES = 5 * 1024 * 1024
MAX_ELEMENTS = 20_000
"""Of 1,471 real pages the largest had 10,112."""
MAX_LETTERS = 500_000
"""Of text, which is a long live blog; what follows is left out, and said."""


def oversize(body: bytes) -> str:
    """Why the body is too large to be read, in words; empty where it is not."""
    return f"the page is too large: {len(body) / 1024 / 1024:.0f} MB" if len(body) > MAX_BYTES else ""
