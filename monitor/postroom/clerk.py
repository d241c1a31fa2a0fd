"""A daemon's end of its post room: starts the process, hands parcels in, hears how each went."""

import asyncio
from collections.abc import Callable, Mapping
from itertools import count

from monitor.channels import Parcel
from monitor.children import Child, launch
from monitor.logs import log
from monitor.model import Delivered, Delivery, Failed
from monitor.postroom.wire import Head, Mouth, receive, understood
from monitor.receipts import Receipts

__all__ = ["Clerk", "CrashError"]

BOOT = 60.0  # seconds for the process to be ready
FAREWELL = 3.0  # seconds for it to end; then it does so without our watching


class CrashError(Exception):
    """A bug in a channel, with the traceback of the process that it happened in."""


class Clerk:
    """One process, ready to send. `gone` once it has ended; then it takes nothing more."""

    def __init__(
        self,
        process: Child,
        pid: int,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        receipts: Receipts | None,
        died: Callable[[], None],
    ) -> None:
        """`died` is told if the process ends that was not dismissed."""
        self._died = died
        self._process = process
        self.pid = pid
        self._reader, self._writer = streams
        self._mouth = Mouth(self._writer)
        self._receipts = receipts
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[Head | None]] = {}
        self._dismissed = False
        self.gone = False
        self._ears = asyncio.create_task(self._listen(), name="post room")

    @classmethod
    async def hire(
        cls,
        plans: bytes,
        receipts: Receipts | None,
        died: Callable[[], None],
        environment: Mapping[str, str],
    ) -> "Clerk":
        """A process for the channels of `plans`; OSError or TimeoutError where none starts.

        It gets our environment without what the configuration put there: secrets go over the socket.
        """
        files = (receipts.file,) if receipts else ()
        process, ours = launch("monitor.postroom.desk", environment=environment, files=files)
        reader, writer = await asyncio.open_connection(sock=ours)
        Mouth(writer).say({}, plans)
        said = None
        try:
            async with asyncio.timeout(BOOT):
                said = await receive(reader)
            if said is None:
                raise ConnectionError("it ended at once")
        finally:
            if said is None:
                process.kill()
                writer.close()
                process.leave()
        pid = said[0]["ready"]
        log.debug("post room opened", process=pid)
        return cls(process, pid, (reader, writer), receipts, died)

    async def send(self, channel: str, parcel: Parcel) -> Delivery:
        """Have a parcel sent; what was taken is noted before we hear of it."""
        if self._writer.is_closing():
            return Failed(reason="the post room died")
        number, slip = next(self._numbers), parcel.slip
        heard: asyncio.Future[Head | None] = asyncio.get_running_loop().create_future()
        self._waiting[number] = heard
        head = {
            "number": number,
            "channel": channel,
            "recipient": parcel.recipient,
            "message_id": parcel.message_id,
            "slip": {"row": slip.row, "key": slip.key, "fence": slip.fence} if slip else None,
        }
        self._mouth.say(head, parcel.body)
        found = await heard
        if found is None:
            return self._last_word(parcel)
        if "bug" in found:
            raise CrashError(found["bug"])
        return understood(found)

    async def dismiss(self) -> None:
        """Say no more; the process ends soon, and unwatched where nobody waits for what it has in hand."""
        self._dismissed = True
        self._writer.write_eof()
        ended, _ = await asyncio.wait([self._ears], timeout=0 if self._waiting else FAREWELL)
        if not ended:
            log.info("the post room stays for the servers' last words", process=self.pid)
            self._process.leave()
            self._ears.cancel()
            self._hang_up()

    async def _listen(self) -> None:
        while (message := await receive(self._reader)) is not None:
            head, _ = message
            if "log" in head:
                log.log(_LEVELS.get(head["log"], 30), head["event"], **head["words"])
            elif not (heard := self._waiting.pop(head["number"])).done():
                heard.set_result(head)
        if not self._dismissed:
            log.warning("the post room died", process=self.pid, under_way=len(self._waiting))
            self._died()
        self._hang_up()
        self._process.kill()  # had it hung up and stayed, it could be of no use any more
        await asyncio.to_thread(self._process.wait)

    def _hang_up(self) -> None:
        """Nothing more is said or heard."""
        self.gone = True
        self._writer.close()
        for heard in self._waiting.values():
            if not heard.done():
                heard.set_result(None)

    def _last_word(self, parcel: Parcel) -> Delivery:
        """What became of a parcel whose process died: its receipt says so, or nobody knows."""
        for receipt in self._receipts.read() if self._receipts else ():
            if receipt.slip == parcel.slip:
                return Delivered(reply=receipt.words)
        return Failed(reason="the post room died while it was sending", uncertain=True)


_LEVELS = {"warning": 30, "error": 40, "critical": 50}
