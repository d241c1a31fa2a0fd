"""A web server that takes what is posted to it and answers as told."""

import asyncio
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web

__all__ = ["Hook"]


@dataclass(slots=True)
class Hook:
    """`async with Hook() as hook:` listens on loopback; `hook.got` is what came, as (headers, body).

    While `hangs` is set it never answers.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_post("/{path:.*}", self._answer)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Where to post; the path is a secret."""
        return f"http://127.0.0.1:{self.port}/secret"

    async def _answer(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        self.came.set()
        if self.hangs:
            await asyncio.Event().wait()
        return web.Response(status=self.status, headers=self.headers, text="word")
