"""What a match says: severity, score, vetoes, mentions, excerpts; and which articles a rule reads."""

from datetime import UTC, datetime

import pytest

from monitor.model import Excerpt, Field, Match, Mention, Origin, Severity


def test_a_match_carries_mentions_the_best_sentence_and_the_entities(matcher, article):
    text = article("Nothing here. North Korean troops train in Russia. Russia denies it.", title="Troops")
    (match,) = matcher(
        {
            "id": "a",
            "title": "Troops abroad",
            "severity": "high",
            "match": "@dprk /s @russia AND troops",
            "labels": ["x"],
        }
    ).match(text)
    assert match == Match(
        watchlist="w",
        rule="a",
        title="Troops abroad",
        severity=Severity.HIGH,
        labels=("x",),
        entities=("dprk", "russia"),
        mentions=(
            Mention(term="troops", field=Field.TITLE, start=0, end=6, text="Troops"),
            Mention(term="@dprk", field=Field.BODY, start=14, end=26, text="North Korean"),
            Mention(term="troops", field=Field.BODY, start=27, end=33, text="troops"),
            Mention(term="@russia", field=Field.BODY, start=43, end=49, text="Russia"),
        ),
        excerpts=(
            Excerpt(
                field=Field.BODY,
                text="North Korean troops train in Russia.",
                marks=((0, 12), (13, 19), (29, 35)),
            ),
            Excerpt(field=Field.TITLE, text="Troops", marks=((0, 6),)),
        ),
    )


def test_a_veto_is_reported_not_silent(matcher, article):
    engine = matcher({"id": "a", "match": "troops", "unless": "caption:(film\n OR novel)"})
    texts = [article("troops"), article("troops", caption="A film"), article("troops film")]
    assert [match.held for text in texts for match in engine.match(text)] == [
        "",
        "unless: caption:(film OR novel)",
        "",
    ]


@pytest.mark.parametrize(
    ("body", "score", "severity"),
    [
        ("North Korea", 10, Severity.INFO),
        ("North Korea and a nuclear test", 35, Severity.LOW),
        ("North Korea. Nuclear test. Nuclear weapon. Nuclear tests. nuclear weapons.", 60, Severity.MEDIUM),
        ("North Korea sport", -30, Severity.INFO),
    ],
)
def test_points_add_up_and_decide_the_severity(body, score, severity, matcher, article):
    rule = {"id": "a", "match": "@dprk", "score": {"start": "10", "add": [
        {"when": "title:(@dprk)", "points": "30"},
        {"when": "nuclear NEAR/1 (test OR weapon$1)", "points": "25", "each": "true", "most": "50"},
        {"when": "sport OR football", "points": "-40"},
    ], "severity": {"20": "low", "50": "medium", "90": "high"}}}  # fmt: skip
    (match,) = matcher(rule).match(article(body))
    assert (match.score, match.severity) == (score, severity)


@pytest.mark.parametrize(
    ("keys", "rule", "fields", "read"),
    [
        ({}, {}, {}, True),
        ({"sources": {"include": ["tier1"]}}, {}, {}, True),
        ({"sources": {"include": ["herald"]}}, {}, {}, True),
        ({"sources": {"include": ["wires"]}}, {}, {}, False),
        ({"sources": {"exclude": ["sport"]}}, {}, {}, False),
        ({"sources": {"include": ["tier1"], "exclude": ["herald"]}}, {}, {}, False),
        ({}, {"sources": {"include": ["wires"]}}, {}, False),
        ({}, {"languages": ["en"]}, {"language": "en-US"}, True),
        ({}, {"languages": ["ko", "ru"]}, {"language": "en"}, False),
        ({}, {"languages": ["ko"]}, {"language": ""}, True),
        ({}, {"until": "2026-03-01"}, {}, True),
        ({}, {"until": "2026-02-28"}, {}, False),
    ],
)
def test_a_rule_reads_the_sources_languages_and_days_it_is_for(keys, rule, fields, read, matcher, article):
    engine = matcher({"id": "a", "match": "troops", **rule}, **keys)
    text = article(
        "troops",
        origin=Origin(source="herald", outlet="", tags=("tier1", "sport")),
        fetched=datetime(2026, 3, 1, 23, tzinfo=UTC),
        **fields,
    )
    assert bool(engine.match(text)) is read
    assert bool(engine.explain(text)[0].unread) is not read


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Georgia votes. Tbilisi waits.", True),
        ("Georgia votes.", False),
        ("Georgia Tech in Tbilisi", False),
        ("Georgia " + "x " * 49 + "Tbilisi", True),
        ("Georgia " + "x " * 50 + "Tbilisi", False),
    ],
)
def test_a_name_that_needs_company_counts_only_in_it(text, wanted, hits):
    assert hits("@georgia", text) is wanted


def test_company_is_asked_only_for_the_names_that_need_it(hits):
    entities = {
        "georgia": {"names": ["Georgia", "Грузия"], "needs": {"any": ["Tbilisi"], "for": ["Georgia"]}}
    }
    assert [
        hits("@georgia", text, entities=entities) for text in ("Georgia", "Грузия", "Georgia, Tbilisi")
    ] == [False, True, True]


def test_metonyms_are_exact_and_left_out_by_names(hits):
    assert [
        hits(query, text)
        for query, text in [
            ("@dprk", "Pyongyang"),
            ("@dprk", "pyongyang"),
            ("@dprk.names", "Pyongyang"),
            ("@dprk.metonyms", "Pyongyang"),
        ]
    ] == [True, False, False, True]


def test_a_title_in_the_original_is_marked_at_its_own_offsets(matcher, article):
    text = article("", title="La Corée du Nord, e\u0301té: ½ ﬁn — 北韓’s “Kim Jong‑un”")
    (match,) = matcher('"kim jong un" AND 北韓 AND été').match(text)
    assert [mention.text for mention in match.mentions] == ["e\u0301té", "北韓", "Kim Jong‑un"]


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("朝鲜 AND 军队", "朝鲜军队进入俄罗斯。", ["朝鲜军队"]),
        ("北朝鮮兵 AND 兵士", "訓練を受ける北朝鮮兵士が", ["北朝鮮兵士"]),
        ("朝鲜 AND 军队", "朝鲜的军队", ["朝鲜", "军队"]),
        ("korean AND troops", "korean troops", ["korean", "troops"]),
    ],
)
def test_words_that_nothing_parts_are_marked_as_one(query, text, marked, matcher, article):
    (match,) = matcher(query).match(article(text))
    (excerpt,) = match.excerpts
    assert [excerpt.text[start:end] for start, end in excerpt.marks] == marked


def test_a_long_sentence_is_cut_around_its_mark(matcher, article):
    text = article("word " * 300 + "troops " + "word " * 300)
    (match,) = matcher("troops").match(text)
    (excerpt,) = match.excerpts
    ((start, end),) = excerpt.marks
    assert (len(excerpt.text) <= 502, excerpt.text[0], excerpt.text[-1], excerpt.text[start:end]) == (
        True,
        "…",
        "…",
        "troops",
    )
