"""Which of the things that rules look for a text has at all, by number, and where."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property

from monitor.matching.pattern import Pattern, Place

__all__ = ["Anchor", "Presence"]

Anchor = bytes | str
"""What brings a rule up for evaluation: a pattern's head, or the right spelling of a word with slips."""

_SINGLY = 24  # so many heads are looked for one by one before all are looked for at once


class Presence:
    """What is present in one text; `hits` are the numbers of it among all `things` that are looked for.

    For those in `unseen` nobody has looked yet: a few heads are looked for singly when they are asked for,
    many by `scan`, which finds all of them; patterns, which begin with a head, one by one.
    """

    def __init__(
        self,
        text: bytes,
        hits: set[int],
        things: Sequence[Hashable],
        numbers: Mapping[Hashable, int],
        unseen: range = range(0),
        scan: Callable[[bytes], set[int]] | None = None,
    ) -> None:
        self.hits = hits
        self._text = text
        self._things = things
        self._numbers = numbers
        self._unseen = unseen
        self._scan = scan
        self._absent: set[int] = set()
        self._places: dict[int, list[Place]] = {}

    def shows(self, number: int) -> bool:
        """Whether the text has the thing of this number."""
        if number in self.hits:
            return True
        if number not in self._unseen or number in self._absent:
            return False
        thing = self._things[number]
        if isinstance(thing, Pattern):
            found = self.has(thing.head) and bool(thing.places(self._text, 1))
        elif self._scan is not None and len(self._absent) < _SINGLY:
            found = isinstance(thing, bytes) and thing in self._text
        else:
            self.complete()
            found = number in self.hits
        (self.hits if found else self._absent).add(number)
        return found

    def places(self, number: int) -> list[Place]:
        """Where a head or pattern stands that the text shows."""
        known = self._places.get(number)
        if known is None:
            head = self.head(number)
            pattern = head if isinstance(head, Pattern) else Pattern(head, None, 0)
            known = self._places[number] = pattern.places(self._text)
        return known

    def head(self, number: int) -> bytes | Pattern:
        """The head of this number, or the pattern."""
        thing = self._things[number]
        if not isinstance(thing, bytes | Pattern):
            raise TypeError(f"{thing!r} stands in no text")
        return thing

    def complete(self) -> None:
        """Look for all heads that nobody has looked for."""
        if self._scan is not None:
            self.hits |= self._scan(self._text)
            self._scan = None

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
    def all(self) -> set[Hashable]:
        """The things themselves."""
        self.complete()
        things = self._things
        return {things[number] for number in self.hits if number >= 0}
