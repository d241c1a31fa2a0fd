"""Article in, Match out (pure): the watchlist language, and an engine for 100,000 rules.

watchlist (the YAML) ─ lexer ─ query ─ nodes (a tree; its value is spans) ─ compiler ─ matcher ─ report
demands (what a tree asks for at least) ─ catalogue (in numbers) ─ presearcher (which rules come up) ─ limits
fold (normal form) ─ document (words, fields, sentences) ─ terms, leaves, entities, typos (the look-ups)
candidates, wanted (what an index is asked for) ─ indexing (what it is made of)
"""

from typing import TYPE_CHECKING

from monitor.rooms import opener

if TYPE_CHECKING:
    from monitor.matching.compiler import Compiled, QueryProblem, compile_watchlists, reweighed
    from monitor.matching.decision import closeness, deciding, decision_in_words
    from monitor.matching.entities import FACETS
    from monitor.matching.explain import Clause, Explanation, render_explanation
    from monitor.matching.frequencies import learn_frequencies
    from monitor.matching.indexing import INDEX_FORM, indexed
    from monitor.matching.matcher import Matcher
    from monitor.matching.trials import run_tests
    from monitor.matching.watchlist import (
        Entity,
        EntityFile,
        EntityKind,
        Needs,
        Phrase,
        Points,
        Rule,
        RuleTest,
        RuleTests,
        Score,
        Sources,
        Watchlist,
    )
else:
    __getattr__ = opener(
        __name__,
        compiler="Compiled QueryProblem compile_watchlists reweighed",
        decision="closeness deciding decision_in_words",
        entities="FACETS",
        explain="Clause Explanation render_explanation",
        frequencies="learn_frequencies",
        indexing="INDEX_FORM indexed",
        matcher="Matcher",
        trials="run_tests",
        watchlist="Entity EntityFile EntityKind Needs Phrase Points Rule RuleTest RuleTests Score Sources"
        " Watchlist",
    )

__all__ = [
    "FACETS",
    "INDEX_FORM",
    "Clause",
    "Compiled",
    "Entity",
    "EntityFile",
    "EntityKind",
    "Explanation",
    "Matcher",
    "Needs",
    "Phrase",
    "Points",
    "QueryProblem",
    "Rule",
    "RuleTest",
    "RuleTests",
    "Score",
    "Sources",
    "Watchlist",
    "closeness",
    "compile_watchlists",
    "deciding",
    "decision_in_words",
    "indexed",
    "learn_frequencies",
    "render_explanation",
    "reweighed",
    "run_tests",
]
