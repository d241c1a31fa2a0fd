"""An explanation says clause by clause what was found where, or by how much it missed."""

from textwrap import dedent

import pytest

from monitor.matching import render_explanation, run_tests


@pytest.mark.parametrize(
    ("query", "text", "miss"),
    [
        ("troops", "nothing", "not found"),
        ("troops NEAR/5 russia", "troops a b c d e f g h russia", "NEAR/5: closest 9 words"),
        ("troops PRE/5 russia", "russia troops", "never in this order in one field"),
        ("troops PRE/2 russia", "russia troops a b russia", "PRE/2: closest 3 words in this order"),
        ("troops /s russia", "troops. Russia", "closest 1 sentence apart"),
        ("troops /p russia", "troops\n\nrussia", "closest 2 paragraphs apart"),
        ("troops NOT NEAR/5 russia", "troops russia", "every place is near one that must not be"),
        ("troops NEAR/5 russia", "troops", "one side is not found"),
        ("atleast5(troops)", "troops troops", "found 2 of 5"),
        ("first2(troops)", "a b troops", "first found at word 3, asked for within 2"),
        ("title:troops", "troops", "not in title, but in body"),
        ("about(troops)", "troops", "neither in title nor lead, 1 of 3 mentions"),
        ("allcaps(nato)", "Nato", "written 'Nato'"),
        ("exact(NATO)", "Nato", "written 'Nato'"),
        ("troops AND russia", "troops", "lacks russia"),
        ("troops AND NOT russia", "troops russia", "forbidden by russia"),
        ("troops OR russia", "nothing", "none of these is found"),
        ("lang:ko AND troops", "troops", "lacks lang:ko"),
        ("lang:ko", "troops", "the article's language is unknown"),
        ("words:>5", "one two", "lead and body have 2 words"),
        ("source:bbc", "x", "it is herald; The Herald"),
        ("@russia", "Moscow, Idaho", "only as part of 'Moscow, Idaho'"),
        ("@georgia", "Georgia", "'Georgia' is found, but not in the company it needs"),
        ("@dprk", "pyongyang", "written 'pyongyang', wanted 'Pyongyang'"),
        ("duterte", "x", "found only in boilerplate"),
    ],
)
def test_a_miss_says_by_how_much(query, text, miss, matcher, article):
    (explanation,) = matcher(query).explain(article(text, furniture="Next: Duterte"))
    assert (explanation.matches, explanation.clause.miss) == (False, miss)


def test_an_explanation_is_a_tree_that_people_can_read(matcher, article):
    engine = matcher(
        {
            "id": "a",
            "match": "@dprk NEAR/5 (@forces OR deploy*) AND russia AND NOT film",
            "unless": "novel",
            "score": {"start": "1", "add": [{"when": "russia", "points": "5"}], "severity": {"3": "low"}},
        }
    )
    (explanation,) = engine.explain(article("North Korean troops left. A novel deployment in Russia."))
    assert render_explanation(explanation) == dedent(
        """\
        w/a: matches
          ✓ @dprk NEAR/5 (@forces OR deploy*) AND russia AND NOT film  ×2
            ✓ @dprk NEAR/5 (@forces OR deploy*)
              ✓ @dprk
                  body: «North Korean» troops left.
              ✓ (@forces OR deploy*)  ×2
                ✓ @forces (one of)
                    body: North Korean «troops» left.
                ✓ deploy* (one of)
                    body: A novel «deployment» in Russia.
            ✓ russia
                body: A novel deployment in «Russia».
            ✗ film (veto): not found
          held by unless:
            ✓ novel
                body: A «novel» deployment in Russia.
          score 6
            +5  russia"""
    )


def test_only_the_asked_rules_are_explained(matcher, article):
    engine = matcher("a", "b")
    asked = [
        engine.explain(article("x"), **keys)
        for keys in ({}, {"rule": "r1"}, {"watchlist": "w"}, {"watchlist": "v"})
    ]
    assert [[each.rule for each in explanations] for explanations in asked] == [
        ["r0", "r1"],
        ["r1"],
        ["r0", "r1"],
        [],
    ]


def test_rules_tests_run_with_the_production_engine(compiled, article):
    made = compiled(
        {
            "id": "good",
            "match": "troops",
            "tests": {"hit": ["troops", {"file": "a.html"}], "miss": ["Nothing"]},
            "until": "2000-01-01",
        },
        {
            "id": "bad",
            "match": "troops AND NOT film",
            "unless": "novel",
            "tests": {"hit": ["a film", "troops novel"], "miss": ["troops"]},
        },
    )
    found = run_tests(made, {"a.html": article("many troops")}.__getitem__)
    assert [(each.file, each.path, each.problem, each.remedy) for each in found] == [
        ("w.yaml", ("rules", 1, "tests", "hit", 0), "bad should match this", "lacks troops"),
        ("w.yaml", ("rules", 1, "tests", "hit", 1), "bad should match this", "it is held by unless: novel"),
        ("w.yaml", ("rules", 1, "tests", "miss", 0), "bad should not match this", "it has troops"),
    ]
