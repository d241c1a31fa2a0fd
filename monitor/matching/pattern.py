"""One way that a term stands in folded text, and the places where it does."""

import re
from typing import NamedTuple

__all__ = ["MOST", "Pattern", "Place"]

Place = tuple[int, int]
"""Where in the folded text the space before its first word is, and the space after its last."""

MOST = 2_000
"""Occurrences of one pattern that are used; an article has fewer."""


class Pattern(NamedTuple):
    """One way a term stands in the folded text.

    `head` is the literal beginning with its space before (and after, when nothing is open), `tail` what
    must follow it, `words` how many words it spans. With `lead` the head begins inside a word, after one of
    these; what stands before it is no part of it.
    """

    head: bytes
    tail: "re.Pattern[bytes] | None"
    words: int
    lead: frozenset[bytes] | None = None

    @property
    def plain(self) -> bool:
        """Whether it stands wherever its head does."""
        return self.tail is None and self.lead is None

    def places(self, data: bytes, most: int = MOST, stretch: Place | None = None) -> list[Place]:
        """Where it stands in a folded text, or in a stretch of it, in order, the first `most` of them."""
        head, tail, size = self.head, self.tail, len(self.head)
        low, high = stretch or (0, len(data))
        closed = head.endswith(b" ")
        at = data.find(head, low, high + 1)
        found: list[Place] = []
        while at >= 0 and len(found) < most:
            begin = at if self.lead is None else self._led(data, at)
            end = at + size - 1 if closed else -1
            if tail is not None:
                rest = tail.match(data, at + size)
                end = rest.end() if rest else -1
            elif not closed:
                end = data.find(b" ", at + size)
            if begin >= low and 0 <= end <= high:
                found.append((begin, end))
            at = data.find(head, at + 1, high + 1)
        return found

    def _led(self, data: bytes, at: int) -> int:
        """Where the space before the word is in which the head begins; -1 if it may not begin so."""
        begin = data.rfind(b" ", 0, at)
        return begin if self.lead is not None and data[begin + 1 : at] in self.lead else -1
