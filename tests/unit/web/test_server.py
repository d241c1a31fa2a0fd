import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import ValidationError

from monitor.metrics import Metrics
from monitor.web.asking import ask_ready
from monitor.web.server import WebServer
from monitor.web.settings import HttpSettings


class Daemon:
    """What a web server asks: `trouble` is why it is not ready."""

    trouble = ""

    async def ready(self) -> str:
        return self.trouble


@pytest.fixture
async def served() -> AsyncIterator[tuple[Daemon, Metrics, HttpSettings]]:
    daemon, metrics = Daemon(), Metrics()
    server = WebServer(HttpSettings(bind="127.0.0.1:0"), metrics=metrics, ready=daemon.ready)
    address = await server.start()
    yield daemon, metrics, HttpSettings(bind=address.removeprefix("http://"))
    await server.stop()


async def get(settings: HttpSettings, path: str) -> str:
    host, port = settings.address
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET {path} HTTP/1.0\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_ready_daemon_answers_200_and_status_hears_nothing_wrong(served):
    _, _, settings = served
    assert (await get(settings, "/readyz")).startswith("HTTP/1.0 200")
    assert await asyncio.to_thread(ask_ready, settings) == ""


async def test_a_daemon_that_is_not_ready_answers_503_and_why_and_is_alive_all_the_same(served):
    daemon, _, settings = served
    daemon.trouble = "the disk is full"
    assert (await get(settings, "/readyz")).startswith("HTTP/1.0 503")
    assert await asyncio.to_thread(ask_ready, settings) == "the disk is full"
    assert (await get(settings, "/healthz")).startswith("HTTP/1.0 200")


async def test_metrics_are_told_in_prometheus_words(served):
    _, metrics, settings = served
    metrics.verdicts.labels("repeat").inc()
    assert 'monitor_alerts_judged_total{verdict="repeat"} 1.0' in await get(settings, "/metrics")


def test_where_nobody_answers_it_is_said():
    assert ask_ready(HttpSettings(bind="127.0.0.1:1")).startswith("no daemon answers at 127.0.0.1:1")


@pytest.mark.parametrize("bind", ["localhost", ":8080", "a:b", "a:70000"])
def test_an_address_without_host_or_port_is_refused(bind):
    with pytest.raises(ValidationError, match="no address to listen at"):
        HttpSettings(bind=bind)
