"""Reading pages off the event loop, in processes that are killed when a page is too much for them."""

import os
from asyncio import CancelledError, Future, Semaphore, TimerHandle, get_running_loop
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from threading import Thread

from monitor.children import Child, launch
from monitor.extraction.entry import article_from_entry
from monitor.extraction.language import identifier
from monitor.extraction.limits import oversize
from monitor.extraction.wire import Line, Request, read_article
from monitor.lanes import Lane, offload
from monitor.model import Article, FeedEntry, Fetched, Origin

__all__ = ["Pool"]

_WARM_UP = 60.0  # seconds in which a process is to be ready
_LAST_RESORT = 5  # seconds more than a page's, then a process ends itself that nobody killed: we are gone
_AHEAD = 2  # pages that a process has: the one that it reads, and the next, so that it never waits
_NOT_STARTING = "not read: the reading process does not start"
_Answer = Future[bytes | str | None]


class Pool:
    """So many reading processes, each with a time and memory limit, replaced when killed or worn.

    The processes start at once, so that the first article is not late. Not multiprocessing's: nothing of the
    parent is re-imported, no semaphore or temporary file is needed, and each has its own socket, so killing
    one cannot hurt another. The event loop speaks to them itself: a thread for each would double what a
    small page costs here. One pool serves one event loop.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        timeout: timedelta = timedelta(seconds=9),
        memory: int = 1 << 30,
        pages: int = 2000,
        settle: Callable[[str, str], str] = lambda url, _: url,
    ) -> None:
        """A process that has read so many `pages` is worn: a fresh one takes its place.

        `settle(url, claim)` chooses between an article's address and the one that its page claims.
        """
        self._settle = settle
        self.name = "extract"
        self.width = workers
        self.busy = 0  # pages that are read, and pages that wait for it
        self._closed = False
        self._workers = [_Worker(memory, timeout.total_seconds(), pages) for _ in range(workers)]
        self._room = Semaphore(workers * _AHEAD)
        Thread(target=identifier).start()  # for the feed's own texts, before the event loop needs it

    async def read(
        self, page: Fetched, entry: FeedEntry, origin: Origin, *, url: str, seen: datetime
    ) -> Article:
        """The article on the page, or the feed's words and why; cancelled where the pool closes."""
        request = Request(
            body=page.body, content_type=page.content_type, entry=entry, origin=origin, url=url, seen=seen
        )
        self.busy += 1
        try:
            answer = oversize(page.body) or await self._answer(request)
        finally:
            self.busy -= 1
        if isinstance(answer, str):
            return await offload(
                Lane.MATCH, article_from_entry, entry, origin, url=url, seen=seen, partial=answer
            )
        article, claim = answer
        return replace(article, url=self._settle(article.url, claim)) if claim else article

    def close(self) -> None:
        """Kill the processes; readings under way and those that still wait are cancelled."""
        self._closed = True
        for worker in self._workers:
            worker.close()

    async def _answer(self, request: Request) -> tuple[Article, str] | str:
        async with self._room:
            answer = None
            while answer is None:
                if self._closed:
                    raise CancelledError  # nothing is known of this page: it must be read again
                answer = await min(self._workers, key=len).ask(request.packed())
        try:
            return answer if isinstance(answer, str) else read_article(answer, request)
        except ValueError:
            return "the reading process said what nobody understands"


class _Worker:
    """One reading process and our line to it; its `len` is the number of pages that it has.

    What the process says answers the pages in their order. The first is the one that it reads, and to blame
    when it ends; the others are to be asked again.
    """

    def __init__(self, memory: int, timeout: float, pages: int) -> None:
        self._memory, self._timeout, self._pages = memory, timeout, pages
        self._asked = deque[_Answer]()
        self._clock: TimerHandle | None = None
        self._process: Child | None = None
        self._start()

    def __len__(self) -> int:
        return len(self._asked)

    def ask(self, message: bytes) -> _Answer:
        """The process's answer, or in words why there is none; None where it ended and was not to blame."""
        answer: _Answer = get_running_loop().create_future()
        if self._process is None:
            self._start()
        if self._process is None:
            answer.set_result(_NOT_STARTING)
            return answer
        self._asked.append(answer)
        if len(self._asked) == 1:
            self._watch()
        self._line.say(message)
        return answer

    def close(self) -> None:
        """Kill the process, and cancel what it was asked."""
        if self._process is not None:
            self._hang_up()
            self._process.wait()
            self._process = None
        while self._asked:
            self._asked.popleft().cancel()

    def _start(self) -> None:
        """A fresh process; where none is to be had (no memory, too many processes), `ask` tries again."""
        try:
            self._process, connection = launch(
                "monitor.extraction.worker",
                self._memory,
                ceil(self._timeout) + _LAST_RESORT,
                environment=os.environ,
            )
        except OSError:
            self._process = None
            return
        self._line = Line(connection, self._hear)
        self._ready, self._read = False, 0

    def _hear(self, message: bytes | None) -> None:
        """First the process says nothing, which is that it is ready; then it answers page after page."""
        if message is None or (self._ready and not self._asked):
            self._fail("the page broke the reading process")
            return
        if self._ready:
            _settle(self._asked.popleft(), message)
            self._read += 1
        else:
            self._ready = True
            self._stop_clock()  # it was set to the time that starting takes
        self._watch()
        if self._read == self._pages:
            self._replace()

    def _watch(self) -> None:
        """Give the page that is read its time, if there is one.

        The clock goes on from page to page: to set it for each would cost a small one a hundredth more.
        """
        self._begun = get_running_loop().time()
        if self._asked and self._clock is None:
            self._clock = get_running_loop().call_later(self._limit, self._look)

    @property
    def _limit(self) -> float:
        return self._timeout if self._ready else _WARM_UP

    def _look(self) -> None:
        """Give up the page that is read if its time is over; else look again when it will be."""
        self._clock = None
        if not self._asked:
            return
        left = self._begun + self._limit - get_running_loop().time()
        if left > 0:
            self._clock = get_running_loop().call_later(left, self._look)
        else:
            self._fail(f"the page took longer than {self._timeout:g} s to read")

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
        self._clock = None

    def _fail(self, reason: str) -> None:
        """Give up the page that is read; all of them where the process never was ready for one."""
        if self._ready and self._asked:
            _settle(self._asked.popleft(), reason)
        while self._asked and not self._ready:
            _settle(self._asked.popleft(), _NOT_STARTING)
        self._replace()

    def _replace(self) -> None:
        """Kill the process and start another; what the old one had still to read is to be asked again."""
        again, self._asked = self._asked, deque()
        self._hang_up()
        if self._process is not None:
            Thread(target=self._process.wait).start()  # giving back a gigabyte takes a tenth of a second
        self._start()
        for answer in again:
            _settle(answer, None)

    def _hang_up(self) -> None:
        self._stop_clock()
        self._line.close()
        if self._process is not None:
            self._process.kill()


def _settle(answer: _Answer, words: bytes | str | None) -> None:
    if not answer.done():  # nobody waits any more
        answer.set_result(words)
