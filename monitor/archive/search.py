"""The watchlist language over the archive: the index finds candidates, the matcher judges them."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.errors import ConfigError, Level, Place, Problem
from monitor.matching import Entity, Matcher, QueryProblem, Rule, Watchlist, compile_watchlists
from monitor.matching.candidates import wanted_of
from monitor.model import Article, Match
from monitor.store.archive import NEWEST
from monitor.store.asking import Archive

__all__ = ["Hit", "read_query", "search"]

FIRST_PAGE, LARGEST_PAGE = 32, 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that the query accepts, and where."""

    article: Article
    match: Match


def read_query(query: str, entities: Mapping[str, Entity], watchlist: Watchlist | None = None) -> Matcher:
    """The query as the one rule of a matcher, with a watchlist's own names; ConfigError where it is wrong."""
    rule = Rule(id="query", match=query or " ")
    own = watchlist or Watchlist(watchlist="search", entities={}, lists={}, rules=(rule,))
    asked = own.model_copy(update={"rules": (rule,)})
    compiled = compile_watchlists({"query": asked}, entities)
    wrong = [problem for problem in compiled.problems if problem.level is Level.ERROR]
    if wrong:
        raise ConfigError([_placed(problem, query) for problem in wrong])
    return compiled.matcher


def _placed(problem: QueryProblem, query: str) -> Problem:
    """The problem at its line and column of the query; at its name where it is not the query's."""
    before = query[: problem.offset].split("\n")
    place = (
        Place(file="query", line=len(before), column=len(before[-1]) + 1)
        if problem.path[:1] == ("rules",)
        else Place(file=".".join(map(str, problem.path)))
    )
    return Problem(place=place, problem=problem.problem, remedy=problem.remedy, level=problem.level)


async def search(
    archive: Archive, matcher: Matcher, *, since: datetime, told: Callable[[int], None] = lambda _: None
) -> AsyncGenerator[Hit, None]:
    """The articles that came in since then and that the matcher's rule accepts, newest first.

    `told` hears how many candidates have been judged.
    """
    (ready,) = matcher.rules
    wanted = wanted_of(ready.tree(ready.rule.match))
    before, size, judged = NEWEST, FIRST_PAGE, 0
    while before:
        page = await archive.candidates(wanted, matcher.misspellings, since=since, before=before, limit=size)
        for article in page.articles:
            for match in matcher.match(article):
                yield Hit(article=article, match=match)
        judged += len(page.articles)
        told(judged)
        before, size = page.rest, min(2 * size, LARGEST_PAGE)
