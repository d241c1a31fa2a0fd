"""/healthz, /readyz and /metrics."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from monitor.errors import ConfigError, Place, Problem
from monitor.metrics import Metrics
from monitor.web.settings import HttpSettings

__all__ = ["Readiness", "WebServer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """How a daemon is, part by part; an empty word means well.

    Not ready: the store cannot be written to, or the daemon drains (it was asked to stop). A configuration
    that was refused, a channel that is paused or a post room that died are told and leave it ready: the work
    goes on.
    """

    store: str = ""
    drain: str = ""
    configuration: str = ""
    channels: str = ""
    post_room: str = ""

    @property
    def why_not(self) -> str:
        """Why it is not ready; empty: it is."""
        return self.drain or self.store

    def text(self) -> str:
        """The verdict, then a line a part."""
        verdict = f"not ready: {self.why_not}" if self.why_not else "ready"
        parts = ("store", "drain", "configuration", "channels", "post_room")
        told = (f"{part.replace('_', ' ')}: {getattr(self, part) or 'ok'}" for part in parts)
        return "\n".join([verdict, *told]) + "\n"


class WebServer:
    """Answers on the configured address; `ready` tells how the daemon is."""

    def __init__(
        self, settings: HttpSettings, *, metrics: Metrics, ready: Callable[[], Awaitable[Readiness]]
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
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def start(self) -> str:
        """Listen; the address in use, as http://host:port. ConfigError where it cannot be had."""
        host, port = self._settings.address
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            problem = f"{self._settings.bind} cannot be listened at ({error.strerror})"
            remedy = "another program uses it, or it is not this machine's; name another address"
            raise ConfigError(
                [Problem(place=Place(file="http.bind"), problem=problem, remedy=remedy)]
            ) from None
        bound_host, bound_port = self._runner.addresses[0][:2]
        return f"http://{f'[{bound_host}]' if ':' in bound_host else bound_host}:{bound_port}"

    async def stop(self) -> None:
        """Listen no more."""
        await self._runner.cleanup()

    async def _answer_health(self, _: web.Request) -> web.Response:
        """Alive: the event loop turns."""
        return web.Response(text="ok\n")

    async def _answer_ready(self, _: web.Request) -> web.Response:
        found = await self._ready()
        return web.Response(text=found.text(), status=503 if found.why_not else 200)

    async def _answer_metrics(self, _: web.Request) -> web.Response:
        return web.Response(
            body=self._metrics.exposition(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )
