"""Show the whole way of one article: why it alerted, or why it did not.

Takes the article's address in any of its forms, a story's id (st-…), a number, key or Message-ID of
`monitor outbox`, or an alert (alert:12). Shows the rules that match or were heard of, and those that came
near; --rule, --watchlist or --all ask others. Exits 1 where nothing is known of it.
"""

import argparse
import asyncio
from zoneinfo import ZoneInfo

from monitor.archive.why import Ask, Stranger, answer, stranger, ways
from monitor.cli.shell import Shell
from monitor.cli.storage import opened
from monitor.cli.telling import see_known
from monitor.cli.way import WayTeller, way_record
from monitor.config.folder import Configuration
from monitor.model import SourceState

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor why 'https://example.org/news/1.html?utm_source=rss'
  monitor why st-4c81d20e6a9b7f35
  monitor why 17 --json
  monitor why https://example.org/news/1.html --rule troops-in-russia"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `why` takes."""
    parser.add_argument("what", metavar="URL|ID", help="an article, a story, an outbox row or an alert")
    parser.add_argument("--watchlist", metavar="W", help="ask the rules of this watchlist")
    parser.add_argument("--rule", metavar="R", help="ask this rule")
    parser.add_argument("--all", action="store_true", help="ask every rule")
    parser.add_argument("--json", action="store_true", help="one object an article")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """The way of each article that is meant, in the order in which they came in."""
    configuration = shell.configuration(arguments.config)
    see_known(configuration, watchlist=arguments.watchlist, rule=arguments.rule)
    return asyncio.run(_why(arguments, configuration, shell))


async def _why(arguments: argparse.Namespace, configuration: Configuration, shell: Shell) -> int:
    ask = Ask(watchlist=arguments.watchlist, rule=arguments.rule, everything=arguments.all)
    async with opened(arguments.config, shell) as store:
        found = await ways(store.archive, arguments.what)
        states = {state.source: state for state in await store.sources()}
        revisions = {way.number: await store.revisions(way.article.url) for way in found if way.article}
        if not found:
            known = None
            if "://" in arguments.what:
                known = await stranger(store.archive, arguments.what, tuple(configuration.sources.values()))
            _say_unknown(arguments.what, known, states, shell)
            return 1
    for number, way in enumerate(found):
        answered = answer(way, configuration.compiled.matcher, ask)
        if arguments.json:
            shell.say_json(way_record(way, answered))
            continue
        if number:
            shell.say()
        WayTeller(
            way=way,
            answer=answered,
            shell=shell,
            zone=ZoneInfo(configuration.alerting.timezone),
            states=states,
            kept=configuration.settings.retention.articles,
            revisions=revisions.get(way.number, ()),
        ).say()
    return 0


def _say_unknown(what: str, known: Stranger | None, states: dict[str, SourceState], shell: Shell) -> None:
    """What the nearest known thing is, and whether a source would have brought it."""
    if known is None:
        shell.complain(
            f"{what!r} is no story, outbox row or alert;"
            " `monitor alerts` shows stories, `monitor outbox` rows"
        )
        return
    if not known.name:
        shell.complain(f"{what} is no web address")
        return
    shell.complain(f"{known.name}: no source has listed it")
    for url in known.near:
        shell.complain(f"  nearest: {url}")
    for source in known.sources:
        state = states.get(source.id)
        shell.complain(f"  source {source.id} ({source.url}): {_standing(state)}")
    if not known.sources:
        shell.complain(
            f"  no source of {known.site} is configured;"
            f" `monitor sources probe https://{known.site}` finds its feeds"
        )


def _standing(state: SourceState | None) -> str:
    if state is None or (state.polled is None and not state.error):
        return "was never polled"
    if state.error:
        return f"fails: {state.error}"
    return f"last read {state.polled:%Y-%m-%d %H:%M} UTC, {state.length} entries listed"
