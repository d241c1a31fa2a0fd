"""What many tests stand on: the sample site, a mail server that takes everything, a configuration folder."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from newsroom import ROOT, Mailroom, StillClock, write_folder
from nursery import Nursery

from monitor.extraction.language import identifier
from monitor.web.site import SampleSite

settings.register_profile("suite", max_examples=40, deadline=None)  # a test that wants more says so
settings.load_profile("suite")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish() -> None:
    """What a reading pool loads in a thread is loaded before: it sets warnings aside, and tests set them back."""
    identifier()


@pytest.fixture(autouse=True)
def logs_end_with_their_test() -> Iterator[None]:
    """A verb sends the logs to the streams of its test, which are closed when it ends."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock() -> StillClock:
    return StillClock(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where processes come from that are to be killed."""
    with Nursery() as opened:
        yield opened


@pytest.fixture
async def mailroom() -> AsyncIterator[Mailroom]:
    room = Mailroom()
    await room.start()
    yield room
    await room.stop()


@pytest.fixture
async def site(clock: StillClock) -> AsyncIterator[str]:
    """The address of the sample news site, its stories told by the still clock."""
    sample = SampleSite(ROOT / "seeds", now=clock.now())
    yield await sample.start()
    await sample.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes a configuration folder: `folder(sources=…, watchlist=…, alerting=…)`, YAML as text."""
    return partial(write_folder, tmp_path / "config")
