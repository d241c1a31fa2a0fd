"""How events are written: JSON lines for machines, readable ones on a terminal."""

import io
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, Processor

__all__ = ["configure_logs"]

_NOISY = ("apscheduler", "asyncio", "aiohttp.access", "trafilatura", "charset_normalizer", "mail.log")


def _plain(value: object) -> str:
    """A value that JSON has no form for; moments as in the timestamps."""
    return value.isoformat() if isinstance(value, date) else str(value)


# Tracebacks without the values of local variables: among them are passwords and other people's texts.
_FOR_MACHINES: Sequence[Processor] = (
    structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
    structlog.processors.JSONRenderer(ensure_ascii=False, default=_plain),
)


def configure_logs(
    stream: TextIO = sys.stderr, *, json: bool | None = None, level: str = "info", colour: bool = False
) -> None:
    """Send events to `stream`: JSON unless it is a terminal, or as `json` says.

    Libraries that log through the standard library arrive in the same form, from warnings up.
    """
    as_json = not stream.isatty() if json is None else json
    stream = cast("TextIO", _Unfailing(stream))
    stamp = structlog.processors.TimeStamper(fmt="iso" if as_json else "%H:%M:%S", utc=as_json)
    noted: Sequence[Processor] = (
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        stamp,
    )
    written = _FOR_MACHINES if as_json else _for_people(colour=colour)
    structlog.configure(
        processors=[*noted, *written],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    _let_libraries_in(stream, noted, written)


class _Unfailing(io.TextIOBase):
    """A stream whose reader may leave and whose disk may be full: what is not told is lost, no work."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str, /) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()

    def close(self) -> None:
        """It is its owner's to close; what is collected as garbage would."""


def _for_people(*, colour: bool) -> Sequence[Processor]:
    return [
        _readable,
        structlog.dev.ConsoleRenderer(
            colors=colour, exception_formatter=structlog.dev.plain_traceback, sort_keys=False
        ),
    ]


def _readable(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Moments in the terminal's zone, like the stamp before them; keys in the order of their telling."""
    local = {key: _local(value) for key, value in event.items() if isinstance(value, datetime)}
    return {**event, **local}


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def _let_libraries_in(stream: TextIO, noted: Sequence[Processor], written: Sequence[Processor]) -> None:
    """What is logged through the standard library, in the same form."""
    forward = logging.StreamHandler(stream)
    forward.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=noted,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *written],
        )
    )
    logging.basicConfig(handlers=[forward], level=logging.WARNING, force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)
