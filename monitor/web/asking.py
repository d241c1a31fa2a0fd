"""Asking a running daemon how it is."""

import http.client
from dataclasses import dataclass

from monitor.web.settings import HttpSettings

__all__ = ["Answer", "ask_ready"]

_ASK_SECONDS = 9.0  # longer than the daemon waits for its store


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a daemon says of itself: why it is not ready (empty: it is), and what else is amiss, by part."""

    why_not: str
    parts: tuple[tuple[str, str], ...] = ()


def ask_ready(settings: HttpSettings) -> Answer:
    """The answer of the daemon that these settings lead to, or that none answers."""
    host, port = settings.address
    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with, not bound to
    connection = http.client.HTTPConnection(asked, port, timeout=_ASK_SECONDS)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        words = answer.read(10_000).decode("utf-8", "replace").strip()
    except (OSError, http.client.HTTPException) as error:
        words = (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
        return Answer(why_not=f"no daemon answers at {settings.bind} ({words})")
    finally:
        connection.close()
    verdict, *parts = words.splitlines() or [""]
    told = tuple((part, rest) for part, _, rest in (line.partition(": ") for line in parts) if rest != "ok")
    if answer.status == 200:
        return Answer(why_not="", parts=told)
    return Answer(why_not=verdict.removeprefix("not ready: ") or f"HTTP {answer.status}", parts=told)
