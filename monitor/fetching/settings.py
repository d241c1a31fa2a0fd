"""How we fetch: who we say we are, how often, how long, how many at once, and where to."""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import AfterValidator, Field

from monitor.settings import Duration, Settings

__all__ = ["FLOOR", "FetchingSettings", "PerHost"]

FLOOR = timedelta(seconds=60)
"""No source is polled more often than this."""


def _not_below_floor(every: timedelta) -> timedelta:
    if every < FLOOR:
        raise ValueError("a source is polled once a minute at most; write 60s or more")
    return every


def _positive(duration: timedelta) -> timedelta:
    if duration <= timedelta(0):
        raise ValueError("a deadline must be longer than nothing")
    return duration


class PerHost(Settings):
    """How gently one host is treated."""

    concurrent: Annotated[int, Field(ge=1, description="requests at the same time")] = 2
    gap: Annotated[Duration, Field(description="least time between the starts of two requests")] = timedelta(
        seconds=1
    )


class FetchingSettings(Settings):
    """The `fetching` section of monitor.yaml."""

    contact: Annotated[
        str,
        Field(
            pattern=r"^[^\x00-\x1f\x7f]*$",
            description="address or page by which a site's owner reaches you; sent with every request",
        ),
    ] = ""
    every: Annotated[
        Duration, AfterValidator(_not_below_floor), Field(description="usual poll interval of a source")
    ] = timedelta(minutes=15)
    deadline: Annotated[
        Duration, AfterValidator(_positive), Field(description="longest time a whole fetch may take")
    ] = timedelta(seconds=30)
    per_host: Annotated[PerHost, Field(description="how gently one host is treated")] = PerHost.by_default()
    total: Annotated[int, Field(ge=1, description="requests at the same time, to all hosts")] = 64
    allow_private: Annotated[
        tuple[IPv4Network | IPv6Network, ...],
        Field(description="networks that are not public and may be fetched from, like 10.1.0.0/16"),
    ] = ()
