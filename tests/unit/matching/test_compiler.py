"""Every problem at once, each at its place; warnings for what will surprise."""

from dataclasses import replace

import pytest

from monitor.errors import Level
from monitor.matching import Entity, QueryProblem, Watchlist, compile_watchlists, learn_frequencies
from monitor.matching.demands import rarest
from monitor.matching.frequencies import Frequencies
from monitor.matching.query import parse
from monitor.matching.vocabulary import Terms

TESTED = {"tests": {"hit": ["troops"]}}


def errors(made):
    return [
        (problem.path, problem.offset, problem.problem)
        for problem in made.problems
        if problem.level is Level.ERROR
    ]


def warnings(made):
    return [
        (problem.path, problem.offset, problem.problem)
        for problem in made.problems
        if problem.level is Level.WARNING
    ]


def test_a_broken_rule_is_left_out_and_the_others_match(compiled, article):
    made = compiled(
        "troops",
        "a AND b OR c",
        {"id": "u", "match": "troops", "unless": "(film"},
        {
            "id": "s",
            "match": "troops",
            "score": {"add": [{"when": "x w/5 y", "points": "1"}], "severity": {"1": "low"}},
        },
        "russia",
    )
    assert errors(made) == [
        (("rules", 1, "match"), 8, "AND and OR side by side have two readings"),
        (("rules", 2, "unless"), 0, "this parenthesis is never closed"),
        (
            ("rules", 3, "score", "add", 0, "when"),
            2,
            "w/5 has two readings: in this order (Factiva) or in any order (Nexis)",
        ),
    ]
    assert [match.rule for match in made.matcher.match(article("troops in russia"))] == ["r0", "r4"]


def test_problems_of_bare_phrases_lists_entities_and_ids_have_their_places(compiled):
    made = compiled(
        {"id": "a", "match": "@forces"},
        {"id": "a", "match": "@broken"},
        "troo*ps",
        entities={"x": {"names": ["a*b"], "needs": {"any": ["q*"]}}},
        lists={"forces": ["troop!"], "broken": ["fine", "t*"]},
    )
    assert errors(made) == [
        (("entities", "x", "names", 0), 0, "a*b has a * inside"),
        (("entities", "x", "needs", "any", 0), 0, "q* has a wildcard after fewer than 3 letters"),
        (("lists", "broken", 1), 0, "t* has a wildcard after fewer than 3 letters"),
        (("rules", 1, "id"), 0, "the id 'a' is taken"),
        (("rules", 2, "match"), 0, "troo*ps has a * inside"),
    ]


def test_a_bare_phrase_stands_at_its_own_place():
    made = compile_watchlists(
        {"f": Watchlist.model_validate({"watchlist": "w", "rules": ["a AND b OR c"]})}, {}
    )
    assert errors(made) == [(("rules", 0), 8, "AND and OR side by side have two readings")]


def test_a_shared_entitys_problem_stands_in_its_own_file():
    made = compile_watchlists(
        {"f": Watchlist.model_validate({"watchlist": "w", "rules": ["troops"]})},
        {"x": Entity.model_validate({"names": ["*x"]})},
        entity_files={"x": "e.yaml"},
    )
    assert made.problems == (
        QueryProblem(
            file="e.yaml",
            path=("entities", "x", "names", 0),
            offset=0,
            problem="*x has a * inside",
            remedy="a * stands at the end of a word; ? stands for one letter inside",
        ),
    )


@pytest.mark.parametrize(
    ("query", "offset", "problem"),
    [
        ("russia NEAR/60 troops", 6, "a distance of 60 words is longer than most paragraphs"),
        ("troops AND US", 11, "US also finds the word 'us'"),
        ("troops AND NOT sport", 15, "NOT sport drops every article that has it anywhere, and many do"),
        ("allcaps(US) AND troops AND NOT quagga", None, None),
        ("people OR troops", 0, "nothing rare must be there: about 65% of all articles have to be looked at"),
        ("lang:ko", 0, "nothing rare must be there: about 100% of all articles have to be looked at"),
    ],
)
def test_what_will_surprise_is_warned_of(query, offset, problem, compiled):
    expected = [] if problem is None else [(("rules", 0, "match"), offset, problem)]
    assert warnings(compiled({"id": "a", "match": query, **TESTED})) == expected


def test_equal_rules_and_rules_without_tests_are_warned_of(compiled):
    made = compiled(
        {"id": "a", "match": "troops", **TESTED},
        {"id": "b", "match": "Troops ", **TESTED},
        {"id": "c", "match": "x"},
        {"id": "d", "match": "y"},
    )
    assert warnings(made) == [
        (("rules", 2), 0, "2 rules have no tests: c, d"),
        (("rules", 1, "match"), 0, "b asks the same as a"),
    ]


def test_rules_that_differ_in_what_must_be_exact_are_not_equal(compiled):
    made = compiled(
        {"id": "a", "match": "exact(Polish)", **TESTED}, {"id": "b", "match": "exact(polish)", **TESTED}
    )
    assert warnings(made) == []


def test_a_short_name_without_company_is_warned_of(compiled):
    entities = {
        "may": {"names": ["Theresa May", "May", "MAY"]},
        "xi": {"names": ["Xi"], "needs": {"any": ["Beijing"]}},
    }
    made = compiled({"id": "a", "match": "@may OR @xi", **TESTED}, entities=entities)
    assert warnings(made) == [
        (("entities", "may", "names", 1), 0, "May also finds the word 'may' and other people's May")
    ]


def test_own_entities_come_before_shared_ones_and_longer_names_of_any_win(article):
    shared = {
        "korea": Entity.model_validate({"names": ["Korea"]}),
        "rok": Entity.model_validate({"names": ["South Korea"]}),
    }
    written = {
        "watchlist": "w",
        "entities": {"rok": {"names": ["Republic of Korea"]}},
        "rules": ["@korea", "@rok"],
    }
    matcher = compile_watchlists({"f": Watchlist.model_validate(written)}, shared).matcher
    texts = ["Korea", "South Korea", "the Republic of Korea"]
    assert [[match.mentions[0].term for match in matcher.match(article(text))] for text in texts] == [
        ["@korea"],
        ["@korea"],
        ["@rok"],
    ]


def test_learnt_frequencies_choose_the_rarer_word_to_bring_a_rule_up(matcher):
    learnt = learn_frequencies(["quagga here", "quagga there", "quagga troops"])
    written, vocabulary = "quagga AND troops", matcher("quagga AND troops").rules[0].vocabulary
    trees = [parse(written, replace(vocabulary, terms=Terms())) for _ in range(2)]
    weighers = [Frequencies(known).weigh for known in (learnt, {"": 4.0, "quagga": 0.25, "troops": 0.5})]
    assert [rarest(tree, weigh) for tree, weigh in zip(trees, weighers, strict=True)] == [
        learnt["troops"],
        0.25,
    ]


def test_rules_are_asked_only_where_all_that_they_demand_stands(matcher, article):
    engine = matcher("quagga AND (okapi OR zebra) AND troops", "quagga /s troops", "quagga NOT troops")
    presearcher = engine._presearcher

    def verdicts(text):
        document = engine.read(article(text))
        return {number: presearcher.verdict(number, document) for number in presearcher.candidates(document)}

    said = {
        text: {number: verdict for number, verdict in verdicts(text).items() if verdict is not False}
        for text in ("troops", "a quagga", "quagga zebra", "quagga troops", "okapi troops quagga")
    }
    assert said == {
        "troops": {},
        "a quagga": {2: True},
        "quagga zebra": {2: True},
        "quagga troops": {1: None},
        "okapi troops quagga": {0: True, 1: None},
    }
