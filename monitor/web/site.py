"""Serves the sample news site on loopback, its dates made fresh: what the demo and the tests read."""

import re
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from aiohttp import web

__all__ = ["SampleSite"]

_TOKEN = re.compile(rb"\{\{(rfc822|iso):-(\d+)(m|h|d)\}\}")
_UNITS = {b"m": "minutes", b"h": "hours", b"d": "days"}
_TYPES = {".xml": "application/rss+xml", ".atom": "application/atom+xml", ".html": "text/html"}


class SampleSite:
    """The folder's files at http://127.0.0.1:PORT/; `now` is when its stories are told."""

    def __init__(self, folder: Path, *, now: datetime) -> None:
        self._folder = folder
        self._now = now
        app = web.Application()
        app.router.add_get("/{name:[a-z0-9/._-]+}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)

    async def start(self) -> str:
        """Listen on a free port of 127.0.0.1; the site's root without a slash."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Listen no more."""
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        path = (self._folder / request.match_info["name"]).resolve()
        inside = path.is_relative_to(self._folder.resolve()) and path.is_file()
        if not inside or path.suffix not in _TYPES:
            raise web.HTTPNotFound
        body = _TOKEN.sub(self._date, path.read_bytes())
        return web.Response(
            body=body, headers={"Content-Type": _TYPES[path.suffix]}
        )  # the pages say their charset

    def _date(self, token: re.Match[bytes]) -> bytes:
        moment = self._now - timedelta(**{_UNITS[token[3]]: int(token[2])})
        return (format_datetime(moment) if token[1] == b"rfc822" else moment.isoformat()).encode()
