"""/healthz, /readyz and /metrics."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from monitor.metrics import Metrics
from monitor.web.settings import HttpSettings

__all__ = ["WebServer"]


class WebServer:
    """Answers on the configured address; `ready` gives an empty string or why the daemon is not."""

    def __init__(
        self, settings: HttpSettings, *, metrics: Metrics, ready: Callable[[], Awaitable[str]]
    ) -> None:
        self._settings = settings
        self._metrics = metrics
        self._ready = ready
        app = web.Application()
        app.add_routes(
            [
                web.get("/healthz", self._answer_health),
                web.get("/readyz", self._answer_ready),
                web.get("/metrics", self._answer_metrics),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)

    async def start(self) -> str:
        """Listen; the address in use, as http://host:port. OSError where it cannot be had."""
        host, port = self._settings.address
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        bound_host, bound_port = self._runner.addresses[0][:2]
        return f"http://{f'[{bound_host}]' if ':' in bound_host else bound_host}:{bound_port}"

    async def stop(self) -> None:
        """Listen no more."""
        await self._runner.cleanup()

    async def _answer_health(self, _: web.Request) -> web.Response:
        """Alive: the event loop turns."""
        return web.Response(text="ok\n")

    async def _answer_ready(self, _: web.Request) -> web.Response:
        why_not = await self._ready()
        return web.Response(text=f"{why_not or 'ready'}\n", status=503 if why_not else 200)

    async def _answer_metrics(self, _: web.Request) -> web.Response:
        return web.Response(
            body=self._metrics.exposition(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )
