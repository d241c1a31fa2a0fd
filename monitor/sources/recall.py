"""What a feed listed last time: which of its items are new, and what to know again next time. Pure."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from monitor.model import FeedEntry, Seen

__all__ = ["Recall"]

_WIDTH = 8
_WHOLE_EVERY = timedelta(days=1)
"""So often a feed is read whole, for the store notes once a day what is still listed."""


@dataclass(frozen=True, slots=True)
class Recall:
    """A feed's items, by the names of their bytes, beside what was seen of them before.

    `places` has the place of each item in `seen`, or None where it is to be read.
    """

    keys: Sequence[bytes]
    seen: Seen | None
    now: datetime
    places: tuple[int | None, ...]

    @classmethod
    def of(cls, keys: Sequence[bytes], seen: Seen | None, now: datetime) -> "Recall":
        """The items beside what was seen, if that is not too long ago."""
        if seen is None or not timedelta(0) <= now - seen.whole < _WHOLE_EVERY:
            return cls(keys, None, now, (None,) * len(keys))
        known = {seen.items[at : at + _WIDTH]: at // _WIDTH for at in range(0, len(seen.items), _WIDTH)}
        return cls(keys, seen, now, tuple(map(known.get, keys)))

    @property
    def fresh(self) -> list[int]:
        """The numbers of the items to read."""
        return [number for number, place in enumerate(self.places) if place is None]

    def unread(self) -> tuple[datetime | None, ...]:
        """When the other items were published."""
        if self.seen is None:
            return ()
        seconds = array("q", self.seen.dates)
        known = (seconds[place] for place in self.places if place is not None)
        return tuple(datetime.fromtimestamp(second, UTC) if second else None for second in known)

    def again(self, entries: Sequence[FeedEntry]) -> Seen | None:
        """What is seen now, with the entries of the fresh items in their order.

        None where two items have one id: then only the whole feed tells them apart.
        """
        read = iter(entries)
        ids: list[bytes] = []
        dates = array("q")
        before = array("q", self.seen.dates) if self.seen else dates
        for place in self.places:
            if place is None or self.seen is None:
                entry = next(read)
                ids.append(blake2b(entry.id.encode("utf-8", "surrogatepass"), digest_size=_WIDTH).digest())
                dates.append(int(entry.published.timestamp()) if entry.published else 0)
            else:
                ids.append(self.seen.ids[place * _WIDTH : (place + 1) * _WIDTH])
                dates.append(before[place])
        if len(set(ids)) < len(ids):
            return None
        whole = self.seen.whole if self.seen else self.now
        return Seen(items=b"".join(self.keys), ids=b"".join(ids), dates=dates.tobytes(), whole=whole)
