"""The tests beside the rules, run with the production engine."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from monitor.matching.compiler import Compiled, QueryProblem
from monitor.matching.explain import Explanation, explain_rule, render_explanation
from monitor.matching.matcher import Matcher
from monitor.matching.watchlist import RuleTest
from monitor.model import Article, Origin

__all__ = ["run_tests"]

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # before every `until`


def run_tests(compiled: Compiled, read_file: Callable[[str], Article]) -> tuple[QueryProblem, ...]:
    """The tests that fail, each where it stands; a test's text is an article's body.

    A test is about the query and `unless`, not about sources, languages and dates. A held match is a miss.
    """
    places = {
        id(rule): (file, place)
        for file, watchlist in compiled.watchlists.items()
        for place, rule in enumerate(watchlist.rules)
    }
    return tuple(
        problem
        for number, ready in enumerate(compiled.matcher.rules)
        for problem in _failures(compiled.matcher, number, places[id(ready.rule)], read_file)
    )


def _failures(
    matcher: Matcher, number: int, place: tuple[str, int], read_file: Callable[[str], Article]
) -> Iterator[QueryProblem]:
    ready = matcher.rules[number]
    tests = ready.rule.tests
    for wanted, trials in (("hit", tests.hit), ("miss", tests.miss)):
        for line, trial in enumerate(trials):
            article = read_file(trial.file) if trial.file else _sentence(trial)
            document = matcher.read(article)
            hit = any(matcher.satisfied(document, number)) and not ready.held(document)
            if hit is (wanted == "hit"):
                continue
            asked = explain_rule(ready, matcher.read(article))
            yield QueryProblem(
                file=place[0],
                path=("rules", place[1], "tests", wanted, line),
                offset=0,
                problem=f"{ready.rule.id} should {'match' if wanted == 'hit' else 'not match'} this",
                remedy=_why(asked),
            )


def _sentence(trial: RuleTest) -> Article:
    return Article(
        url="", origin=Origin(source="test", outlet=""), title="", body=trial.text, fetched=_LONG_AGO
    )


def _why(asked: Explanation) -> str:
    if asked.held:
        return f"it is held by {asked.held}"
    if asked.clause.holds:
        return "it has " + ", ".join(
            excerpt.text[start:end] for excerpt in asked.clause.found for start, end in excerpt.marks
        )
    return asked.clause.miss or " ".join(render_explanation(asked).split())
