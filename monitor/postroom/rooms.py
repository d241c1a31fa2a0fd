"""The post room of the configuration in force; those before it close once servers have answered them."""

import asyncio
from collections.abc import Mapping

from monitor.channels import AnyChannel, Channel, MailSettings
from monitor.channels.counted import CountedChannel
from monitor.clock import Clock
from monitor.metrics import Metrics
from monitor.postroom.deaths import Deaths
from monitor.postroom.room import PostRoom
from monitor.receipts import Receipts

__all__ = ["PostRooms"]


class PostRooms:
    """One is in use at a time; a reload prepares the next, and moves once all else is well."""

    def __init__(
        self,
        settings: Mapping[str, AnyChannel],
        mail: MailSettings,
        *,
        receipts: Receipts | None,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        """ConfigError where a secret or a key cannot be read."""
        self._receipts = receipts
        self._clock = clock
        self._metrics = metrics
        self.deaths = Deaths(clock, metrics=metrics)
        self._room = self.prepare(settings, mail)

    def prepare(self, settings: Mapping[str, AnyChannel], mail: MailSettings) -> PostRoom:
        """A room for these channels beside the one in use; ConfigError as above."""
        return PostRoom(settings, mail, receipts=self._receipts, clock=self._clock, died=self.deaths.note)

    def move(self, room: PostRoom) -> None:
        """Use this room from now on; what the one before has in hand comes to its end there."""
        old, self._room = self._room, room
        self._retired = asyncio.create_task(old.retire(), name="retire the post room")

    def channels(self) -> Mapping[str, Channel]:
        """The channels in use; what servers answer them is counted."""
        return {
            name: CountedChannel(channel, name=name, metrics=self._metrics)
            for name, channel in self._room.channels.items()
        }

    def recipients(self) -> Mapping[str, tuple[str, ...]]:
        """Whom each channel reaches."""
        return {name: channel.recipients() for name, channel in self._room.channels.items()}

    async def close(self) -> None:
        """Hang up; see PostRoom."""
        await self._room.close()
