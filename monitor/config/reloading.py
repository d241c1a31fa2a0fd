"""Puts the configuration in force as it is on disk: all of it or, where it is wrong, nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from monitor.clock import Clock
from monitor.config.changes import changes
from monitor.config.files import Fingerprint, fingerprint
from monitor.config.folder import Configuration, load
from monitor.config.watching import Watch, secret_files
from monitor.errors import ConfigError, Level, StoreError
from monitor.heap import lasting
from monitor.lanes import Lane, offload
from monitor.logs import log
from monitor.matching import reweighed
from monitor.metrics import Metrics

__all__ = ["Reloader"]

LOOK = 2.0  # seconds between looks at the files; a change is read once two looks agree


class Reloader:
    """Reads the folder anew when asked to, or when its files changed.

    `put` takes the new configuration over, or raises and changes nothing; `complain` tells people what is
    wrong with it. `trouble` is why the folder on disk is not what is in force (empty: it is).
    """

    def __init__(
        self,
        configuration: Configuration,
        environment: Mapping[str, str],
        *,
        put: Callable[[Configuration], Awaitable[None]],
        complain: Callable[[Sequence[str]], Awaitable[None]],
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._started = self._inforce = configuration
        self._environment = environment
        self._put = put
        self._complain = complain
        self._clock = clock
        self._metrics = metrics
        self._frequencies: Mapping[str, float] = {}
        self._turn = asyncio.Lock()
        self._watch = Watch(read={}, seen={})
        self.trouble = ""

    async def run(self) -> None:
        """Look at the files for ever; what differs from the configuration in force is read."""
        await self.begin()
        while True:
            await asyncio.sleep(LOOK)
            await self.look()

    async def begin(self) -> None:
        """Take the files for read as they were before they were: what changed since is a change."""
        first = await self._look()
        self._watch = Watch(read={**first, **self._inforce.files}, seen=first)
        self._metrics.config_loaded.set(self._clock.now().timestamp())

    async def look(self) -> bool:
        """Look at the files once; whether they were read."""
        now = await self._look()
        due, self._watch = self._watch.due(now), self._watch.looked(now)
        return await self.reload() if due else False

    async def reload(self) -> bool:
        """Read the folder; whether it is in force now."""
        async with self._turn:
            # Looked at before it is read: what is written meanwhile is the next change.
            now = await self._look()
            self._watch = Watch(read=now, seen=now)
            before = self._inforce
            try:
                found = await self._load(before.folder)
                await self._put(found)
            except ConfigError as error:
                wrong = [problem for problem in error.problems if problem.level is Level.ERROR]
                await self._refuse([str(problem) for problem in wrong])
                return False
            except StoreError as error:
                await self._refuse([str(error)])
                return False
            await self._accept(before, found)
            return True

    async def _load(self, folder: Path) -> Configuration:
        with lasting():
            return await offload(Lane.COMPILE, load, folder, self._environment, frequencies=self._frequencies)

    async def reweigh(self, frequencies: Mapping[str, float]) -> Configuration:
        """The configuration in force, its rules brought up by what these frequencies call rare."""
        async with self._turn:
            self._frequencies = frequencies
            with lasting():
                compiled = await offload(Lane.COMPILE, reweighed, self._inforce.compiled, frequencies)
            self._inforce = replace(self._inforce, compiled=compiled)
            return self._inforce

    async def _accept(self, before: Configuration, found: Configuration) -> None:
        self._inforce, self.trouble = found, ""
        self._metrics.reloads.labels("accepted").inc()
        self._metrics.config_refused.set(0)
        self._metrics.config_loaded.set(self._clock.now().timestamp())
        for warning in found.warnings:
            log.warning("configuration warned of", problem=str(warning))
        changed = await offload(Lane.COMPILE, changes, before, found)
        told: dict[str, Any] = {kind: change.words() for kind, change in changed.items()}
        log.info(
            "configuration reloaded",
            sources=len(found.sources),
            rules=len(found.compiled.matcher.rules),
            changed=told,
            restart_for=_needs_restart(self._started, found),
        )

    async def _refuse(self, problems: Sequence[str]) -> None:
        self._metrics.reloads.labels("refused").inc()
        self._metrics.config_refused.set(1)
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        self.trouble = f"refused at {self._clock.now():%Y-%m-%d %H:%M} UTC: {problems[0]}{more}"
        log.error("configuration refused, the old one stays in force", problems=list(problems))
        await self._complain(problems)

    async def _look(self) -> Fingerprint:
        others = secret_files(self._inforce, self._environment)
        return await asyncio.to_thread(fingerprint, self._inforce.folder, others)


def _needs_restart(started: Configuration, found: Configuration) -> list[str]:
    """The keys of monitor.yaml that differ from what the daemon runs on, and that it does not take over."""
    old, new = started.settings, found.settings
    return [key for key in ("storage", "http", "fetching") if getattr(old, key) != getattr(new, key)]
