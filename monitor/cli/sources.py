"""Show each source's state and rhythm: when it last answered, what troubles it, when it is asked next.

probe URL finds the feeds, sitemap or list of a site and prints the line to paste into sources.yaml;
import FILE.opml prints such lines for all feeds of an OPML file; export prints the configured ones as OPML.
"""

import argparse
import asyncio
from datetime import datetime

from monitor import __version__, extraction
from monitor.alerting.prose import plural
from monitor.cli.shell import Shell
from monitor.cli.storage import opened, since
from monitor.clock import SystemClock
from monitor.config.folder import Configuration
from monitor.fetching.advice import advice, span
from monitor.fetching.urls import walled
from monitor.model import Article, Failed, FeedEntry, Fetched, Gone, SourceState
from monitor.sources import Source
from monitor.sources.opml import as_yaml, read_opml, write_opml
from monitor.sources.walk import Fetcher, probe

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor sources
  monitor sources --failing
  monitor sources --json
  monitor sources probe https://example.org
  monitor sources import feeds.opml >> config/sources.yaml
  monitor sources export > feeds.opml"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `sources` takes."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=["list", "probe", "import", "export"],
        default="list",
        help="default: list",
    )
    parser.add_argument("what", nargs="?", metavar="URL|FILE", help="for probe and import")
    parser.add_argument("--failing", action="store_true", help="only those that fail")
    parser.add_argument("--json", action="store_true", help="one object a source")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """A table of states, most troubled first; or what the action asks for."""
    if arguments.action == "list":
        return _list(arguments, shell)
    configuration = shell.configuration(arguments.config)
    match arguments.action:
        case "export":
            shell.stdout.write(write_opml(list(configuration.sources.values())).decode())
            return 0
        case "import" | "probe" if arguments.what is None:
            shell.complain(f"monitor sources {arguments.action}: name the file or address")
            return 2
        case "import":
            return _import(shell.read(arguments.what), configuration, shell)
        case _:
            return asyncio.run(_probe(arguments.what, configuration, shell))


def _import(opml: bytes, configuration: Configuration, shell: Shell) -> int:
    """Lines to paste, on stdout; what could not be taken, on stderr."""
    configured = {source.url for source in configuration.sources.values()}
    imported = read_opml(opml, taken=set(configuration.sources))
    new = [source for source in imported.sources if source.url not in configured]
    for source in new:
        shell.say(as_yaml(source))
    if known := len(imported.sources) - len(new):
        feeds = plural(known, "feed of it is", "feeds of it are")
        shell.complain(f"{feeds} in sources.yaml already")
    for problem in imported.problems:
        shell.complain(problem)
    return 0 if imported.sources else 1


async def _probe(url: str, configuration: Configuration, shell: Shell) -> int:
    """What a site offers: each working source, its first entries, its first article, the line to paste."""
    from monitor.fetching.client import Client  # noqa: PLC0415 - a table of states needs no network

    client = Client(configuration.settings.fetching, clock=SystemClock(), version=__version__)
    try:
        found = await probe(url if "://" in url else f"https://{url}", client)
        for address, why in found.tried:
            shell.complain(f"{address}: {why}")
        for source, listing in found.found:
            shell.say(shell.paint(f"{source.url} ({len(listing.entries)} entries)", "bold"))
            for entry in listing.entries[:5]:
                told = f"{since(entry.published, SystemClock().now()):>6}  {entry.title}"
                shell.say(f"  {told}{_matched(_listed(entry, source), configuration, shell)}")
            for entry in listing.entries[:1]:
                shell.say(f"  first article: {await _first(entry, source, client, configuration, shell)}")
            shell.say(f"{as_yaml(source)}\n")
    finally:
        await client.close()
    return 0 if found.found else 1


async def _first(
    entry: FeedEntry, source: Source, client: Fetcher, configuration: Configuration, shell: Shell
) -> str:
    """How much of the first entry's page can be read, how it begins, and which rules it would match."""
    if why := walled(entry.url):
        return f"only the feed's own text ({why})"
    page = await client.fetch(entry.url)
    if not isinstance(page, Fetched):
        return f"cannot be fetched ({page.reason})" if isinstance(page, Failed | Gone) else "no page"
    seen = SystemClock().now()
    article = await asyncio.to_thread(
        lambda: extraction.article_from_page(
            page.body, page.content_type, entry, source.origin, url=entry.url, seen=seen
        )
    )
    words = len(f"{article.lead} {article.body}".split())
    told = (
        f"partial, {article.partial}"
        if article.partial
        else f"{words} words: {' '.join(article.lead.split())[:100]}"
    )
    return f"{told}{_matched(article, configuration, shell)}"


def _listed(entry: FeedEntry, source: Source) -> Article:
    """The article as far as the listing tells it."""
    seen = SystemClock().now()
    return extraction.article_from_entry(entry, source.origin, url=entry.url, seen=seen)


def _matched(article: Article, configuration: Configuration, shell: Shell) -> str:
    """The rules that an article would match, as the end of its line."""
    rules = [f"{match.watchlist}/{match.rule}" for match in configuration.compiled.matcher.match(article)]
    return shell.paint(f"  → {', '.join(rules)}", "mark") if rules else ""


def _list(arguments: argparse.Namespace, shell: Shell) -> int:
    states = asyncio.run(_states(arguments, shell))
    shown = [state for state in states if state.failures or not arguments.failing]
    if arguments.json:
        for state in shown:
            shell.say_json(_record(state))
        return 0
    now = SystemClock().now()
    shown.sort(key=lambda state: (-state.failures, state.source))
    shell.table(
        ["SOURCE", "STATE", "EVERY", "POLLED", "NEWEST", "NEXT", "IN WORDS"],
        [
            [
                state.source,
                _word(state),
                span(state.every) if state.every else "-",
                since(state.polled, now),
                since(state.newest, now),
                since(state.due, now),
                _words(state, now),
            ]
            for state in shown
        ],
    )
    return 0


async def _states(arguments: argparse.Namespace, shell: Shell) -> list[SourceState]:
    async with opened(arguments.config, shell) as store:
        return await store.sources()


def _word(state: SourceState) -> str:
    if state.gone:
        return "gone"
    if state.failures:
        return "failing"
    return "ok" if state.polled else "new"


def _words(state: SourceState, now: datetime) -> str:
    """What troubles a source, what its admin should change, what its last listing told."""
    told = list(advice(state, now))
    if state.failures:
        times = "once" if state.failures == 1 else f"{state.failures} times"
        told.insert(0, f"{state.error} ({times}, for {since(state.failing_since, now)})")
    return "; ".join([*told, *filter(None, [state.remark])])


def _record(state: SourceState) -> dict[str, object]:
    def moment(at: datetime | None) -> str | None:
        return at.isoformat() if at else None

    return {
        "source": state.source,
        "url": state.url,
        "state": _word(state),
        "every": state.every.total_seconds() if state.every else None,
        "polled": moment(state.polled),
        "newest": moment(state.newest),
        "due": moment(state.due),
        "failures": state.failures,
        "error": state.error,
        "entries": state.length,
        "remark": state.remark,
        "advice": list(advice(state, SystemClock().now())),
    }
