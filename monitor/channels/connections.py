"""How many connections there are to one mail server, and which channel may have one. Knows no protocol."""

import asyncio
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Connections", "Share"]

MOST = 4  # at once: more are unfriendly, fewer slow (7 times at 20 ms a reply)

Line = TypeVar("Line")


class Connections(Generic[Line]):
    """The connections to one mail server, for all `channels` that use it; `idle` are those that rest.

    A channel whose recipients the server lets wait leaves one of them to the others.
    """

    def __init__(self, channels: int = 1) -> None:
        self.idle: list[Line] = []
        self._all = asyncio.Semaphore(MOST)
        self._own = MOST if channels <= 1 else MOST - 1

    def share(self) -> "Share":
        """What a channel may have of them."""
        return Share(self._all, asyncio.Semaphore(self._own))


@dataclass(frozen=True, slots=True)
class Share:
    """Turns with a connection: first among the channel's own mails, then among all of the server's."""

    all: asyncio.Semaphore
    own: asyncio.Semaphore

    async def take(self) -> None:
        """Wait for a turn."""
        await self.own.acquire()
        try:
            await self.all.acquire()
        except asyncio.CancelledError:
            self.own.release()
            raise

    def give_back(self) -> None:
        """The turn is over."""
        self.all.release()
        self.own.release()
