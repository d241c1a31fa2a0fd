"""Asking a running daemon how it is."""

import http.client

from monitor.web.settings import HttpSettings

__all__ = ["ask_ready"]

_ASK_SECONDS = 3.0


def ask_ready(settings: HttpSettings) -> str:
    """What a running daemon says of itself: an empty string when ready, else why not or that none answers."""
    host, port = settings.address
    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with, not bound to
    connection = http.client.HTTPConnection(asked, port, timeout=_ASK_SECONDS)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        words = answer.read(1000).decode("utf-8", "replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return f"no daemon answers at {settings.bind} ({error})"
    finally:
        connection.close()
    return "" if answer.status == 200 else words or f"HTTP {answer.status}"
