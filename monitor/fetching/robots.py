"""What a host's robots.txt allows us (RFC 9309). The only module that knows protego."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from protego import Protego

from monitor.clock import Clock
from monitor.lanes import Lane, offload
from monitor.model import Failed, Fetched, Gone, NotModified

__all__ = ["Permission", "Robots", "permission", "rules"]

_AGENT: Final = "media-monitor"
_LARGEST = 500 * 1024
_KEPT = timedelta(hours=24)
_KEPT_IF_UNREADABLE = timedelta(minutes=10)
_LONGEST_DELAY = 60.0
_MOST_HOSTS = 4096


@dataclass(frozen=True, slots=True)
class Permission:
    """Why a page must not be fetched now (empty: it may), and the gap in seconds its host asks for."""

    refusal: str = ""
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class _Rules:
    """What is known of a host until a moment: its rules, or why they cannot be read."""

    until: datetime
    parsed: Protego | None = None
    unreadable: str = ""


def rules(answer: Fetched | NotModified | Gone | Failed, now: datetime) -> _Rules:
    """The rules in an answer: a missing file allows all, an unreadable one nothing for now."""
    if isinstance(answer, Fetched):
        text = answer.body[:_LARGEST].decode("utf-8", "replace")
        return _Rules(now + _KEPT, Protego.parse(text))
    if isinstance(answer, Failed) and not 400 <= answer.code < 500:
        words = f"its robots.txt cannot be read now ({answer.reason})" if answer.code else answer.reason
        return _Rules(now + _KEPT_IF_UNREADABLE, unreadable=words)
    return _Rules(now + _KEPT)


def permission(known: _Rules, url: str) -> Permission:
    """Whether a page may be fetched under known rules."""
    if known.unreadable:
        return Permission(known.unreadable)
    if known.parsed is None:
        return Permission()
    if not known.parsed.can_fetch(url, _AGENT):
        return Permission(f"the robots.txt of {urlsplit(url).hostname} forbids it")
    return Permission(gap=min(float(known.parsed.crawl_delay(_AGENT) or 0), _LONGEST_DELAY))


class Robots:
    """The rules of every host met, each read once a day."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, _Rules] = {}
        self._reading: dict[str, asyncio.Lock] = {}

    async def permission(
        self, url: str, fetch: Callable[[str], Awaitable[Fetched | NotModified | Gone | Failed]]
    ) -> Permission:
        """Whether a page may be fetched; `fetch` gets the robots.txt where it is not known."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._fresh(origin)
        if known is None:
            known = await self._learn(origin, fetch)
        return permission(known, url)

    def _fresh(self, origin: str) -> _Rules | None:
        known = self._known.get(origin)
        return known if known is not None and known.until > self._clock.now() else None

    async def _learn(
        self, origin: str, fetch: Callable[[str], Awaitable[Fetched | NotModified | Gone | Failed]]
    ) -> _Rules:
        """Read a host's robots.txt; whoever comes meanwhile waits for the same answer."""
        async with self._reading.setdefault(origin, asyncio.Lock()):
            known = self._fresh(origin)
            if known is None:
                answer = await fetch(f"{origin}/robots.txt")
                known = await offload(Lane.PARSE, rules, answer, self._clock.now())
                if len(self._known) >= _MOST_HOSTS:
                    self._forget_outdated()
                self._known[origin] = known
        self._reading.pop(origin, None)
        return known

    def _forget_outdated(self) -> None:
        """Make room: first what is outdated, then the hosts met longest ago."""
        now = self._clock.now()
        fresh = [(origin, known) for origin, known in self._known.items() if known.until > now]
        self._known = dict(fresh[-_MOST_HOSTS // 2 :])
