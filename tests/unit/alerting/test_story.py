from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerting.story import COPIES_WITHIN, kin, likely, trace
from monitor.model import Article, Field, Match, Mention, Origin, Relative, Severity

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WORDS = [f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(400)]


def an_article(title: str, lead: str = "", body: str = "", language: str = "en", url: str = "u") -> Article:
    return Article(
        url=url,
        origin=Origin(source="s", outlet="S"),
        title=title,
        fetched=NOW,
        lead=lead,
        body=body,
        language=language,
    )


def a_match(*entities: str, mentions: tuple[Mention, ...] = (), rule: str = "r") -> Match:
    return Match(
        watchlist="w",
        rule=rule,
        title="r",
        severity=Severity.HIGH,
        mentions=mentions,
        entities=tuple(entities),
    )


def related(one: Article, other: Article, *matches: Match, apart: timedelta = timedelta(hours=1)) -> bool:
    """Whether either way of arrival joins the two; both must say the same."""

    def joins(first: Article, second: Article) -> bool:
        ours, theirs = trace(second, matches), trace(first, matches)
        shared = tuple(set(ours.index).intersection(theirs.index))
        relative = Relative(
            article="first",
            story="st",
            seen=NOW - apart,
            language=first.language,
            trace=replace(theirs, index=shared),
            rules=tuple((match.watchlist, match.rule) for match in matches),
        )
        return bool(kin(second, matches, ours, [relative]))

    assert joins(one, other) == joins(other, one)
    return joins(one, other)


@pytest.mark.parametrize(
    ("kept", "same"),
    [
        (range(400), True),
        (range(120, 400), True),
        (range(160), True),
        (range(100, 220), True),
        (range(0), False),
    ],
)
def test_a_copy_is_found_by_what_is_left_of_it(kept: range, same: bool) -> None:  # noqa: FBT001
    whole = an_article("t", body=" ".join(WORDS))
    copy = an_article(
        "other title", body=" ".join([*(f"own{n}x" for n in range(40)), *(WORDS[n] for n in kept)])
    )
    assert related(whole, copy, a_match()) is same


STUB = "This article is for subscribers only and you have read all of your free articles this month so please log in."


@pytest.mark.parametrize(
    ("one", "other", "text", "same"),
    [
        (
            "Envoys meet in Vienna over grain",
            "Court frees a banker in Osaka",
            STUB,
            False,
        ),  # a paywall's words
        ("Envoys meet in Vienna over grain", "Vienna: envoys meet", STUB, True),
        ("Envoys meet in Vienna over grain", "Envoys meet in Vienna over grain", "", True),
        ("", "", STUB, True),
        ("Talks", "Envoys", " ".join(WORDS[:80]), True),
    ],
)
def test_a_few_words_in_common_make_no_copy(one: str, other: str, text: str, same: bool) -> None:  # noqa: FBT001
    assert related(an_article(one, body=text), an_article(other, body=text), a_match()) is same


EVENTS = [
    (
        "Washington confirms 11,500 soldiers train near Vladivostok",
        "Soldiers train near Vladivostok, Washington says",
        "en",
        True,
    ),
    (
        "Washington confirms 11,500 soldiers train near Vladivostok",
        "Foreign minister flies to Moscow for trade talks",
        "en",
        False,
    ),
    (
        "국정원 11,500명 블라디보스토크 인근 훈련 확인",
        "국정원, 블라디보스토크 인근 훈련 11,500명 확인했다",
        "ko",
        True,
    ),
    ("美国证实部队在远东训练场集结", "部队在远东训练场集结 美国证实", "zh", True),
    ("美国证实部队在远东训练场集结", "外长访问莫斯科讨论贸易", "zh", False),
    (
        "Вашингтон подтвердил учения солдат под Владивостоком",
        "Учения солдат под Владивостоком подтверждены Вашингтоном",
        "ru",
        True,
    ),
]


@pytest.mark.parametrize(("one", "other", "language", "same"), EVENTS)
def test_reports_of_one_event_share_telling_words(one: str, other: str, language: str, same: bool) -> None:  # noqa: FBT001
    matches = (a_match("dprk", "russia"),)
    assert related(an_article(one, language=language), an_article(other, language=language), *matches) is same


def test_one_event_needs_a_shared_rule_two_entities_and_three_days() -> None:
    one, other = (an_article(title) for title in EVENTS[0][:2])
    assert related(one, other, a_match("dprk", "russia"))
    assert not related(one, other, a_match("dprk"))
    assert not related(one, other, a_match("dprk", "russia"), apart=timedelta(hours=73))
    relative = Relative(
        article="x", story="st", seen=NOW, trace=trace(one, [a_match("dprk", "russia")]), rules=(("w", "z"),)
    )
    ours = trace(other, [a_match("dprk", "russia")])
    assert (
        kin(
            other,
            [a_match("dprk", "russia")],
            ours,
            [replace(relative, trace=replace(relative.trace, index=()))],
        )
        == []
    )


def test_another_language_needs_three_entities_and_a_figure() -> None:
    english = an_article("Washington confirms in 2026 that 11,500 soldiers train in the east")
    russian = an_article("США подтвердили подготовку 11\u00a0500 военных", language="ru")
    assert related(english, russian, a_match("dprk", "russia", "us"))
    assert not related(english, russian, a_match("dprk", "russia"))
    assert not related(
        english,
        replace(russian, title="США подтвердили подготовку военных в 2026 году, 11 дней"),
        a_match("dprk", "russia", "us"),
    )


def test_the_rules_own_words_make_no_event() -> None:
    def with_terms(title: str) -> tuple[Article, Match]:
        spans = [(title.index(term), term) for term in ("North Korean", "troops", "Russia") if term in title]
        mentions = tuple(
            Mention(term=term, field=Field.TITLE, start=at, end=at + len(term), text=term)
            for at, term in spans
        )
        return an_article(title), a_match("dprk", "russia", mentions=mentions)

    one, its = with_terms("North Korean troops in Russia lack winter coats")
    other, theirs = with_terms("North Korean troops in Russia receive medals")
    relative = Relative(
        article="x",
        story="st",
        seen=NOW,
        language="en",
        trace=replace(trace(one, [its]), index=()),
        rules=(("w", "r"),),
    )
    assert kin(other, [theirs], trace(other, [theirs]), [relative]) == []


def test_the_article_itself_is_its_own_kin() -> None:
    one = an_article("t", url="same")
    relative = Relative(article="same", story="st", seen=NOW)
    assert kin(one, [a_match()], trace(one, [a_match()]), [relative]) == [relative]


def test_copies_are_looked_for_in_a_month() -> None:
    assert timedelta(days=30) == COPIES_WITHIN


@settings(max_examples=60, deadline=None)
@given(title=st.text(max_size=60), lead=st.text(max_size=300), other=st.text(max_size=300))
def test_any_text_has_a_trace_and_kinship_is_symmetric(title: str, lead: str, other: str) -> None:
    matches = (a_match("dprk", "russia"),)
    related(an_article(title, lead), an_article(title, other), *matches)
    found = trace(an_article(title, lead, other), matches)
    assert len(found.sketch) % 8 == len(found.gist) % 8 == 0
    assert all(-(2**63) <= value < 2**63 for value in found.index)


NEWS = st.lists(st.sampled_from(["soldiers", "train", "harbour", "11,500", "envoys", "Vienna"]), max_size=6)
LANGUAGES = st.sampled_from(["en", "en-GB", "ru", ""])


@settings(max_examples=200, deadline=None)
@given(titles=st.lists(NEWS, min_size=2, max_size=6), languages=st.tuples(LANGUAGES, LANGUAGES))
def test_whose_gist_is_not_likely_is_no_kin_in_any_language(
    titles: list[list[str]], languages: tuple[str, str]
) -> None:
    match = a_match("dprk", "russia", "us")
    ours, *others = (an_article(" ".join(title), language=languages[0]) for title in titles)
    asked, traces = trace(ours, [match]), [replace(trace(other, [match]), index=()) for other in others]
    relatives = [
        Relative(
            article=str(place), story="st", seen=NOW, language=languages[1], trace=its, rules=(("w", "r"),)
        )
        for place, its in enumerate(traces)
    ]
    found = [int(relative.article) for relative in kin(ours, [match], asked, relatives)]
    told_apart = likely(asked, [its.gist for its in traces])
    assert set(found) <= set(told_apart)
    if all(languages) and languages[0][:2] == languages[1][:2]:
        numbered = [
            place for place, title in enumerate(titles[1:]) if "11,500" in title and "11,500" in titles[0]
        ]
        assert set(told_apart) == {*found, *numbered}


def test_among_many_gists_the_likely_ones_are_found() -> None:
    def gist(title: str) -> bytes:
        return trace(an_article(title), [a_match("dprk", "russia")]).gist

    ours = trace(an_article(EVENTS[0][0]), [a_match("dprk", "russia")])
    gists = [
        gist(EVENTS[1][1]),
        b"",
        gist(EVENTS[0][1]),
        gist("Bakers want dearer bread"),
        gist(EVENTS[0][0]),
    ]
    assert likely(ours, gists) == [2, 4]
    assert likely(ours, []) == likely(replace(ours, gist=b""), gists) == []
