"""An imported query finds what its dialect would find: judged by the production engine on sentences."""

import pytest

from monitor.dialects import import_query
from monitor.matching import Watchlist, compile_watchlists, run_tests

SENTENCES = [  # dialect, query, what it must find, what it must not
    ("factiva", "president w/2 bush", "President George Bush spoke.", "Bush is president."),
    ("factiva", "carrefour near5 retail sales", "Retail sales rose at Carrefour.", "Carrefour rose."),
    ("factiva", "bill clinton or gore and bush", "Bill Clinton spoke.", "Gore spoke."),
    ("factiva", "atleast2 missile", "A missile and a missile.", "One missile."),
    ("factiva", "engineer$3 not software", "Engineering is an art.", "An engineering software."),
    ("factiva", '"peas and carrots"', "He ate peas and carrots.", "He ate peas."),
    ("factiva", "us* and oil", "US oil is up.", "Useful oil."),
    ("nexis", "russia and troops or soldiers", "Soldiers of Russia.", "Soldiers left."),
    ("nexis", "profit w/10 loss w/3 statement", "A loss statement tells no profit.", "A profit."),
    ("nexis", "southwest pre/2 air or airline", "Southwest Airline grew.", "Airline of the southwest."),
    ("nexis", "rico not w/2 puerto", "Rico sang.", "Puerto Rico sang."),
    ("nexis", "child!", "Children play.", "A chill."),
    ("nexis", "allcaps(rico) and money", "The RICO act and money.", "Rico and money."),
    ("meltwater", "apple NEAR watch", "An apple and four words on watch.", "An apple and five other words on a watch."),
    ("meltwater", "apple ONEAR/1 watch", "apple blue watch", "watch apple"),
    ("meltwater", "a1 AND b1 OR c1", "Only c1 here.", "Only a1 here."),
    ("meltwater", "apple NOT (juice OR sauce)", "An apple.", "Apple sauce."),
    ("lucene", "troops soldiers", "Soldiers came.", "Nobody came."),
    ("lucene", "+jakarta lucene -apache", "Jakarta only.", "Lucene only."),
    ("lucene", '"jakarta apache"~2', "Jakarta and old Apache.", "Jakarta is far away from Apache."),
    ("lucene", "korean~1", "Koraen troops.", "Iran."),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "query", "hit", "miss"), SENTENCES, ids=[row[1] for row in SENTENCES])
def test_it_finds_what_the_dialect_finds(dialect, query, hit, miss):
    match = import_query(dialect, query).query
    rule = {"id": "q", "match": match, "tests": {"hit": [hit], "miss": [miss]}}
    watchlist = Watchlist.model_validate({"watchlist": "w", "rules": [rule]})
    failed = run_tests(compile_watchlists({"w.yaml": watchlist}, {}), pytest.fail)
    assert [problem.remedy for problem in failed] == []
