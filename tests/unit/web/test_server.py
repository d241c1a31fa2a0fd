import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import ValidationError

from monitor.errors import ConfigError
from monitor.metrics import Metrics
from monitor.web.asking import Answer, ask_ready
from monitor.web.server import Readiness, WebServer
from monitor.web.settings import HttpSettings


class Daemon:
    """What a web server asks."""

    readiness = Readiness()

    async def ready(self) -> Readiness:
        return self.readiness


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
    answer = await get(settings, "/readyz")
    assert answer.startswith("HTTP/1.0 200")
    assert answer.endswith("ready\nstore: ok\ndrain: ok\nconfiguration: ok\nchannels: ok\npost room: ok\n")
    assert await asyncio.to_thread(ask_ready, settings) == Answer(why_not="")


@pytest.mark.parametrize(
    ("readiness", "why_not"),
    [
        (Readiness(store="the disk is full"), "the disk is full"),
        (Readiness(drain="stopping"), "stopping"),
        (Readiness(store="locked", drain="stopping", configuration="refused"), "stopping"),
    ],
)
async def test_a_daemon_that_is_not_ready_answers_503_and_why_and_is_alive_all_the_same(
    served, readiness, why_not
):
    daemon, _, settings = served
    daemon.readiness = readiness
    assert (await get(settings, "/readyz")).startswith("HTTP/1.0 503")
    assert (await asyncio.to_thread(ask_ready, settings)).why_not == why_not
    assert (await get(settings, "/healthz")).startswith("HTTP/1.0 200")


async def test_what_needs_a_hand_but_stops_no_work_is_told_and_leaves_it_ready(served):
    daemon, _, settings = served
    daemon.readiness = Readiness(
        configuration="refused: w.yaml:3:1: no", channels="desk is left alone", post_room="died once"
    )
    assert (await get(settings, "/readyz")).startswith("HTTP/1.0 200")
    told = (
        ("configuration", "refused: w.yaml:3:1: no"),
        ("channels", "desk is left alone"),
        ("post room", "died once"),
    )
    assert await asyncio.to_thread(ask_ready, settings) == Answer(why_not="", parts=told)


async def test_an_address_in_use_is_said_in_a_line(served):
    daemon, metrics, settings = served
    with pytest.raises(ConfigError, match=rf"http.bind: {settings.bind} cannot be listened at"):
        await WebServer(settings, metrics=metrics, ready=daemon.ready).start()


async def test_metrics_are_told_in_prometheus_words(served):
    _, metrics, settings = served
    metrics.verdicts.labels("repeat").inc()
    assert 'monitor_alerts_judged_total{verdict="repeat"} 1.0' in await get(settings, "/metrics")


def test_where_nobody_answers_it_is_said():
    answer = ask_ready(HttpSettings(bind="127.0.0.1:1"))
    assert answer.why_not == "no daemon answers at 127.0.0.1:1 (Connection refused)"


@pytest.mark.parametrize("bind", ["localhost", ":8080", "a:b", "a:70000"])
def test_an_address_without_host_or_port_is_refused(bind):
    with pytest.raises(ValidationError, match="no address to listen at"):
        HttpSettings(bind=bind)
