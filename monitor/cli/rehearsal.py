"""The rules of a configuration against the archive, for `monitor check --archive`."""

import asyncio
from datetime import timedelta
from pathlib import Path

from monitor.cli.shell import Shell
from monitor.cli.storage import opened
from monitor.cli.telling import progress
from monitor.clock import SystemClock
from monitor.config.folder import Configuration
from monitor.config.rehearsal import FEWEST, Rehearsal
from monitor.errors import Problem
from monitor.store.archive import NEWEST

__all__ = ["rehearse"]

PAGE = 256  # articles read at a time


def rehearse(found: Configuration, folder: Path, age: timedelta, shell: Shell) -> list[Problem]:
    """What the articles that came in since then say of the rules; says so where they are too few."""
    return asyncio.run(_rehearse(Rehearsal(found), folder, age, shell))


async def _rehearse(rehearsal: Rehearsal, folder: Path, age: timedelta, shell: Shell) -> list[Problem]:
    since = SystemClock().now() - age
    before = NEWEST
    async with opened(folder, shell) as store:
        with progress(shell, "articles read:") as line:
            while before:
                page = await store.archive.candidates(
                    None, lambda _: {}, since=since, before=before, limit=PAGE
                )
                for article in page.articles:
                    rehearsal.read(article)
                line.at(rehearsal.articles)
                before = page.rest
    if rehearsal.articles < FEWEST:
        shell.complain(
            f"the archive holds {rehearsal.articles} articles of that time; {FEWEST} are the fewest to go by"
        )
    return list(rehearsal.problems())
