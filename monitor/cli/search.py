"""Find articles in the archive by a query in the watchlist language, the last that came in first.

Each line begins with how long ago it came in; where it was published earlier, that stands behind the outlet.
Names like @dprk are those of config/entities; --watchlist W adds the entities and lists of a watchlist.
Exits 0 when something was found, 1 when nothing was.
"""

import argparse
import asyncio
import re
from datetime import datetime, timedelta

from monitor.archive.search import Hit, read_query, search
from monitor.cli.shell import Shell
from monitor.cli.storage import opened, since
from monitor.cli.telling import duration, how_many, marked, mentions, progress
from monitor.clock import SystemClock
from monitor.config.vocabulary import Known, read_known
from monitor.errors import ConfigError
from monitor.matching import Matcher

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor search '@dprk NEAR/15 (troop* OR soldier$1)'
  monitor search 'title:("artillery shells") AND lang:en' --since 7d
  monitor search '@forces /s Kursk' --watchlist dprk-russia --limit 0 --json | jq -r .url"""

AGES = timedelta(days=36500)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `search` takes."""
    parser.add_argument("query", metavar="QUERY", help="in the language of a rule's match:")
    parser.add_argument("--watchlist", metavar="W", default="", help="with this watchlist's own names")
    parser.add_argument(
        "--since", type=duration, metavar="30d", default=AGES, help="came in since then (default: ever)"
    )
    parser.add_argument(
        "--limit", type=how_many, default=20, metavar="N", help="the last N (default: 20; 0: all there are)"
    )
    parser.add_argument("--json", action="store_true", help="one object an article")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """Each article with its best sentence."""
    return asyncio.run(_search(arguments, _matcher(arguments, shell), shell))


def _matcher(arguments: argparse.Namespace, shell: Shell) -> Matcher:
    """The query, read; entities and watchlists are looked at only where it has names."""
    query = arguments.query
    named = "@" in query or arguments.watchlist
    known = read_known(arguments.config) if named else Known(entities={}, watchlists={})
    own = known.watchlist(arguments.watchlist) if arguments.watchlist else None
    try:
        return read_query(query, known.entities, own)
    except ConfigError:
        for name in re.findall(r"@([\w-]*\w)", query):
            owners = [] if own or name in known.entities else known.owners(name)
            if owners:
                shell.complain(f"@{name} is watchlist {owners[0]}'s own name; add --watchlist {owners[0]}")
        raise


async def _search(arguments: argparse.Namespace, matcher: Matcher, shell: Shell) -> int:
    now = SystemClock().now()
    shown = 0
    async with opened(arguments.config, shell) as store:
        with progress(shell, "articles judged:") as line:
            found = search(store.archive, matcher, since=_after(now, arguments.since), told=line.at)
            async for hit in found:
                if shown == arguments.limit:
                    shell.complain(f"these are the last {shown} that came in; --limit {5 * shown} shows more")
                    break
                line.clear()
                _say(hit, now, shell, json=arguments.json)
                shown += 1
            await found.aclose()
    if not shown:
        shell.complain("nothing in the archive matches")
    return 0 if shown else 1


def _after(now: datetime, age: timedelta) -> datetime:
    """The moment so long ago, as far as the calendar goes."""
    return now - min(age, AGES)


def _say(hit: Hit, now: datetime, shell: Shell, *, json: bool) -> None:
    article = hit.article
    if json:
        shell.say_json(_record(hit))
        return
    came = since(article.fetched, now)
    outlet = article.origin.outlet or article.origin.source
    if article.published and (published := since(article.published, now)) != came:
        outlet += f", published {_ago(published)}"
    shell.say(
        f"{came:>5}  {shell.paint(article.title or '(no title)', 'bold')}  {shell.paint(outlet, 'dim')}"
    )
    shell.say(f"       {shell.paint(article.link or article.url, 'dim')}")
    for excerpt in hit.match.excerpts[:1]:
        shell.say(f"       {excerpt.field}: {marked(excerpt, shell)}")


def _ago(age: str) -> str:
    return age if age.startswith("in ") else f"{age} ago"


def _record(hit: Hit) -> dict[str, object]:
    article = hit.article
    return {
        "url": article.url,
        "title": article.title,
        "source": article.origin.source,
        "outlet": article.origin.outlet,
        "language": article.language,
        "published": article.published.isoformat() if article.published else None,
        "fetched": article.fetched.isoformat(),
        "mentions": mentions(hit.match.mentions),
        "excerpts": [{"field": each.field, "text": each.text} for each in hit.match.excerpts],
    }
