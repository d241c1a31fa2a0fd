"""Reading pages off the event loop, in processes that are killed when a page is too much for them."""

import os
import queue
import socket
import subprocess
import sys
from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event

from monitor.extraction.entry import article_from_entry
from monitor.extraction.language import identifier
from monitor.extraction.limits import oversize
from monitor.extraction.wire import Message, Request, read_article, receive, send
from monitor.model import Article, FeedEntry, Fetched, Origin

__all__ = ["Pool"]

_BOOT = """
import sys
sys.path[:] = sys.argv[2:]
from monitor.extraction.worker import main
main(int(sys.argv[1]))
"""
_WARM_UP = timedelta(seconds=60)
_TASKS = 2000


class Pool:
    """So many reading processes, each with a time and memory limit, replaced when killed or worn.

    The processes start at once in the background, so that the first article is not late. Plain
    subprocesses, not multiprocessing: nothing of the parent is re-imported, no semaphore or temporary
    file is needed, and each has its own socket, so killing one cannot hurt another.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        timeout: timedelta = timedelta(seconds=9),
        memory: int = 1 << 30,
        settle: Callable[[str, str], str] = lambda url, _: url,
    ) -> None:
        """`settle(url, claim)` chooses between an article's address and the one that its page claims."""
        self._settle = settle
        self._timeout = timeout.total_seconds()
        self.name = "extract"
        self.width = workers
        self.busy = 0  # pages that are read, and pages that wait for it
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="extraction")
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._workers = [_Worker(memory) for _ in range(workers)]
        for worker in self._workers:
            self._idle.put(worker)
        self._threads.submit(identifier)  # for the feed's own texts, before the event loop needs it
        for _ in self._workers:
            self._threads.submit(self._warm)

    async def read(
        self, page: Fetched, entry: FeedEntry, origin: Origin, *, url: str, seen: datetime
    ) -> Article:
        """The article on the page, or the feed's words and why; cancelled where the pool closes."""
        request = Request(
            body=page.body, content_type=page.content_type, entry=entry, origin=origin, url=url, seen=seen
        )
        self.busy += 1
        try:
            return await get_running_loop().run_in_executor(self._threads, self._read, request)
        finally:
            self.busy -= 1

    def close(self) -> None:
        """Kill the processes; readings under way and those that still wait are cancelled."""
        for worker in self._workers:
            worker.retire()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.bury()

    def _read(self, request: Request) -> Article:
        worker = self._idle.get()
        try:
            answer = oversize(request.body) or worker.ask(request.packed(), self._timeout)
        finally:
            self._idle.put(worker)
        if worker.retired():
            raise CancelledError  # nothing is known of this page: it must be read again
        if worker.worn:
            with suppress(RuntimeError):  # the pool is closing
                self._threads.submit(self._warm)
        match answer:
            case bytes():
                article, claim = read_article(answer, request)
                return replace(article, url=self._settle(article.url, claim)) if claim else article
            case str():
                return article_from_entry(
                    request.entry, request.origin, url=request.url, seen=request.seen, partial=answer
                )

    def _warm(self) -> None:
        worker = self._idle.get()
        worker.renew()
        self._idle.put(worker)


class _Worker:
    """One reading process and our end of its socket. Used by one thread at a time (but for `retire`)."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._tasks = 0
        self._retired = Event()

    def retired(self) -> bool:
        """Whether the pool is closing."""
        return self._retired.is_set()

    @property
    def worn(self) -> bool:
        """Whether a fresh process should take its place."""
        return self._process is None or self._tasks >= _TASKS

    def ask(self, message: Message, timeout: float) -> bytes | str:
        """The process's answer, or in words why there is none; then it was killed."""
        if self.worn:
            self.renew()
        connection = self._connection
        if connection is None:
            return "not read: the reading process does not start"
        self._tasks += 1
        try:
            connection.settimeout(timeout)
            send(connection, message)
            answer = receive(connection)
        except TimeoutError:
            self.bury()
            return f"the page took longer than {timeout:g} s to read"
        except OSError:
            answer = None
        if answer is None:
            self.bury()
            return "the page broke the reading process"
        return answer.head

    def renew(self) -> None:
        """A fresh process, ready to read; without one (no memory, no processes left) `ask` says so."""
        self.bury()
        if self.retired():
            return
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-c", _BOOT, str(self._memory), *sys.path]
        try:
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 – our own interpreter, our own words
                    command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env=_environment()
                )
            ours.settimeout(_WARM_UP.total_seconds())
            self._connection, self._tasks = ours, 0
            ready = not self.retired() and receive(ours) is not None
        except OSError:
            ready = False
        if not ready:
            ours.close()
            self.bury()

    def retire(self) -> None:
        """Let no page be read any more; a reading under way in another thread ends at once."""
        self._retired.set()
        if self._process is not None:
            self._process.kill()

    def bury(self) -> None:
        """Kill the process and leave nothing of it behind."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._connection, self._process, self._tasks = None, None, 0


def _environment() -> dict[str, str]:
    """Ours without what the configuration put there: a hostile page finds no password."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
