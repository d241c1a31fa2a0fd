"""Which of the things that rules look for a text has at all, by number."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

__all__ = ["Anchor", "Presence"]

Anchor = bytes | str
"""What brings a rule up for evaluation: a pattern's head, or the right spelling of a word with slips."""

_SINGLY = 24  # so many heads are looked for one by one before all are looked for at once


class Presence:
    """The anchors of one text; `hits` are their numbers among all anchors there are.

    Of those in `unseen` nobody has looked yet: a few are looked for singly when they are asked for, many by
    `scan`, which finds all of them.
    """

    def __init__(
        self,
        text: bytes,
        hits: set[int],
        anchors: Sequence[Anchor],
        numbers: Mapping[Anchor, int],
        unseen: range = range(0),
        scan: Callable[[bytes], set[int]] | None = None,
    ) -> None:
        self.hits = hits
        self._text = text
        self._anchors = anchors
        self._numbers = numbers
        self._unseen = unseen
        self._scan = scan
        self._absent: set[int] = set()

    def shows(self, number: int) -> bool:
        """Whether the text has the anchor of this number."""
        if number in self.hits:
            return True
        if number not in self._unseen or number in self._absent:
            return False
        if len(self._absent) >= _SINGLY:
            self.complete()
            return number in self.hits
        head = self._anchors[number]
        found = isinstance(head, bytes) and head in self._text
        (self.hits if found else self._absent).add(number)
        return found

    def complete(self) -> None:
        """Look for all that nobody has looked for."""
        if self._scan is not None and self._unseen:
            self.hits |= self._scan(self._text)
            self._unseen = range(0)

    @property
    def check(self) -> Callable[[int], bool]:
        """The quickest way to ask for numbers."""
        return self.shows if self._unseen else self.hits.__contains__

    def has(self, anchor: Anchor) -> bool:
        """Whether the text has it."""
        return self.shows(self._numbers[anchor])

    def any(self, anchors: Iterable[Anchor]) -> bool:
        """Whether the text has one of these."""
        numbers, shows = self._numbers, self.check
        for anchor in anchors:  # noqa: SIM110 - any() over a generator costs three times as much
            if shows(numbers[anchor]):
                return True
        return False

    @cached_property
    def all(self) -> set[Anchor]:
        """The anchors themselves."""
        self.complete()
        anchors = self._anchors
        return {anchors[number] for number in self.hits if number >= 0}
