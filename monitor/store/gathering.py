"""What is in no hurry waits a moment for company and is asked in one go."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from monitor.store.rows import Connection
from monitor.store.worker import Worker

__all__ = ["MOMENT", "Gathering"]

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

MOMENT = 0.01  # seconds that the first one waits for company
LONGEST = 5  # moments it waits while more and more come


class Gathering(Generic[Asked, Answer]):
    """One function of the writer for all who come at about the same time.

    Waking a thread and syncing a disk cost more than what one of them writes. They are answered in one
    transaction and fail together, so nothing of what is asked may be able to fail but the database.
    """

    def __init__(
        self, worker: Worker, work: Callable[[Connection, Sequence[Asked]], Sequence[Answer]]
    ) -> None:
        self._worker = worker
        self._work = work
        self._waiting: list[tuple[Asked, asyncio.Future[Answer]]] = []

    def ask(self, asked: Asked) -> "asyncio.Future[Answer]":
        """The answer to what is asked, once its transaction is committed."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((asked, answer))
        if len(self._waiting) == 1:
            loop.call_later(MOMENT, self._look, loop, 1, LONGEST)
        return answer

    def flush(self) -> None:
        """Wait for no more company."""
        waiting = [(asked, answer) for asked, answer in self._waiting if not answer.cancelled()]
        self._waiting = []
        if waiting:
            asked, answers = zip(*waiting, strict=True)
            joint = self._worker.ask(lambda db: self._work(db, asked))
            joint.add_done_callback(partial(_share, answers))

    def _look(self, loop: asyncio.AbstractEventLoop, before: int, moments: int) -> None:
        """Ask, unless more came in the last moment: then more may come in the next."""
        if before < len(self._waiting) and moments:
            loop.call_later(MOMENT, self._look, loop, len(self._waiting), moments - 1)
        else:
            self.flush()


def _share(answers: Sequence["asyncio.Future[Answer]"], joint: "asyncio.Future[Sequence[Answer]]") -> None:
    """Hand everybody his own answer, or all of them what went wrong."""
    error = joint.exception()
    for place, answer in enumerate(answers):
        if answer.done():  # who asked was cancelled meanwhile
            continue
        if error is None:
            answer.set_result(joint.result()[place])
        else:
            answer.set_exception(error)
