"""The archive's articles matched on all processors: the matcher holds the interpreter, so by processes."""

import asyncio
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from monitor.alerting.story import trace
from monitor.matching import Matcher
from monitor.model import Article, Match, Trace
from monitor.store.archive import Sighted
from monitor.store.sqlite import SqliteStore

__all__ = ["Made", "Seen", "matched"]

BATCH = 250  # articles that a process reads and matches at a time
AHEAD = 3  # batches a process that may be finished before they are asked for
FEW = 2 * BATCH  # for so many articles a process is not worth its start

Made = Callable[[], tuple[Matcher, ...]]
"""Makes the matchers, in whatever process it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An article, what each of the matchers finds in it, and the traces that the judge would make of that."""

    article: Article
    baseline: bool
    matches: tuple[tuple[Match, ...], ...]
    traces: tuple[Trace, ...]


async def matched(
    url: str, numbers: Sequence[int], made: Made, *, watchlist: str, processes: int
) -> AsyncIterator[tuple[int, list[Seen]]]:
    """The articles of these numbers in which a matcher finds something, batch by batch in their order.

    Only of one watchlist where it is named. With each batch how many articles it was of.
    """
    batches = [numbers[at : at + BATCH] for at in range(0, len(numbers), BATCH)]
    if len(numbers) <= FEW or processes < 2:
        worker = _Worker(url, made(), watchlist)
        for batch in batches:
            yield len(batch), await worker.match(batch)
        await worker.close()
        return
    pool = ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_start, initargs=(url, made, watchlist)
    )
    waiting: deque[tuple[int, Future[list[Seen]]]] = deque()
    try:
        for batch in batches:
            waiting.append((len(batch), pool.submit(_match, batch)))
            if len(waiting) > AHEAD * processes:
                size, future = waiting.popleft()
                yield size, await asyncio.wrap_future(future)
        for size, future in waiting:
            yield size, await asyncio.wrap_future(future)
    finally:
        pool.shutdown(cancel_futures=True)


class _Worker:
    """A store to read from, and the matchers."""

    def __init__(self, url: str, matchers: tuple[Matcher, ...], watchlist: str) -> None:
        self._watchlist = watchlist
        self._store = SqliteStore.open(url, mode="read")
        self._matchers = matchers

    async def match(self, batch: Sequence[int]) -> list[Seen]:
        """What is found in these articles."""
        return [seen for each in await self._store.archive.sightings(batch) if (seen := self._seen(each))]

    def _seen(self, sighted: Sighted) -> Seen | None:
        article = sighted.article
        found = tuple(self._wanted(matcher.match(article)) for matcher in self._matchers)
        if not any(found):
            return None
        traces = tuple(trace(article, matches) if matches else Trace() for matches in found)
        return Seen(article=article, baseline=sighted.baseline, matches=found, traces=traces)

    def _wanted(self, matches: tuple[Match, ...]) -> tuple[Match, ...]:
        return tuple(match for match in matches if self._watchlist in {"", match.watchlist})

    async def close(self) -> None:
        """Let go of the store."""
        await self._store.close()


_workers: list[_Worker] = []  # a process has one


def _start(url: str, made: Made, watchlist: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asked; we are told by it
    _workers.append(_Worker(url, made(), watchlist))


def _match(batch: Sequence[int]) -> list[Seen]:
    return asyncio.run(_workers[0].match(batch))
