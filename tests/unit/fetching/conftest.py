"""A site on loopback, and clients to ask it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from webserver import Site, serving

from monitor.fetching import FetchingSettings
from monitor.fetching.client import Client

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class StillClock:
    moment: datetime = NOW
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    async def pause(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as site:
        yield site


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


def settings(**changes: object) -> FetchingSettings:
    given: dict[str, object] = {"contact": "ops@example.org", "allow_private": ["127.0.0.0/8"], **changes}
    return FetchingSettings.model_validate(given)


@pytest.fixture
async def client(clock: StillClock) -> AsyncIterator[Client]:
    client = Client(settings(), clock=clock, version="1.2", pause=clock.pause)
    yield client
    await client.close()


@pytest.fixture
async def wary(clock: StillClock) -> AsyncIterator[Client]:
    """A client as a fresh installation has it: no private network is allowed."""
    client = Client(settings(allow_private=[]), clock=clock, version="1.2", pause=clock.pause)
    yield client
    await client.close()


@pytest.fixture
async def hasty(clock: StillClock) -> AsyncIterator[Client]:
    """A client that gives up after a fifth of a second."""
    client = Client(settings(deadline="0.2s"), clock=clock, version="1.2", pause=clock.pause)
    yield client
    await client.close()
