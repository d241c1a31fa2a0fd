"""The index finds every article that the matcher accepts, in every script, whatever state it is in."""

import hashlib
import random
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from shelf import index, shelve

from monitor.archive.search import read_query, search
from monitor.errors import ConfigError
from monitor.matching import INDEX_FORM, Entity, Matcher, Watchlist, compile_watchlists
from monitor.matching.candidates import wanted_of
from monitor.matching.fold import FORM, fold
from monitor.model import Article, Origin
from monitor.store.archive import LETTERS, NEWEST
from monitor.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
EVER = NOW - timedelta(days=999)
WORDS = [
    "troops", "Troops", "trooper", "soldier", "soldiers", "Lloyd", "Llyod", "Austin", "Kursk", "U.S.", "us", "US",
    "North", "Korea", "Korean", "Kim", "Jong-un", "Jong", "Un", "Russia's", "Russian", "naïve", "ﬁnal", "Straße",
    "войска", "войсками", "Россия", "Россией", "ёлка", "북한군이", "북한", "러시아에서", "한국", "朝鲜", "北朝鮮", "南朝鲜",
    "俄罗斯军队", "東京都", "京都", "ทหาร", "ไทย", "الشمالية", "كوريا", "وكوريا", "روسيا", "वन", "सेना", "e\u0301lan", "½",
    "said", "the", "of", "and", "12", "2026",
]  # fmt: skip
TERMS = [
    "troop*", "soldier$1", '"North Korea"', "Kursk", "us", "exact(US)", "allcaps(US)", '"Kim Jong-un"', "Russia",
    "войск*", "Россия", "елка", "북한", "러시아", "朝鲜", "京都", "俄罗斯", "ทหาร", "روسيا", '"كوريا الشمالية"', "सेना", "élan",
    "Lloyd~1", '"the troops"~4', "@rok", "@austin", "@dprk", "naive", "final", "strasse", "tro?ps",
]  # fmt: skip
ENTITIES = {
    "dprk": Entity.model_validate({"names": ["North Korea", "북한", "朝鲜", "北朝鮮", "كوريا الشمالية"], "demonyms": ["North Korean"], "metonyms": ["Pyongyang"]}),
    "rok": Entity.model_validate({"names": ["South Korea", "한국", "南朝鲜"], "not": ["한국어"]}),
    "austin": Entity.model_validate({"names": ["Lloyd Austin"], "typos": 1}),
}  # fmt: skip


def some_query(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return chance.choice(TERMS)
    a, b, c = some_query(chance, depth - 1), some_query(chance, depth - 1), chance.choice(TERMS)
    return chance.choice(
        [
            f"({a}) AND ({b})",
            f"({a}) OR ({b})",
            f"({a}) AND NOT ({b})",
            f"{c} NEAR/{chance.randint(1, 9)} {chance.choice(TERMS)}",
            f"{c} NOT NEAR/{chance.randint(1, 9)} {chance.choice(TERMS)}",
            f"{c} PRE/{chance.randint(1, 9)} {chance.choice(TERMS)}",
            f"{c} /s {chance.choice(TERMS)}",
            f"atleast{chance.randint(1, 3)}({c})",
            f"first{chance.randint(1, 30)}({a})",
            f"about({c})",
            f"caps({c})",
            f"{chance.choice(['title', 'lead', 'body', 'caption'])}:({a})",
            f"{chance.choice(['author', 'source', 'section'])}:({c})",
            f"({a}) AND lang:{chance.choice(['en', 'ko', 'zh-Hant'])}",
            f"lang:(en OR ru) AND words:>{chance.randint(1, 40)}",
            f"({a}) AND words:<{chance.randint(1, 40)}",
        ]
    )


def some_text(chance: random.Random, most: int) -> str:
    return " ".join(chance.choices([*WORDS, "·", ". ", "\n"], k=chance.randint(0, most)))


def some_article(chance: random.Random, number: int) -> Article:
    return Article(
        url=f"https://a.example/{number}",
        origin=Origin(
            source=chance.choice(["herald", "kursk-times"]), outlet="The Troops", tags=("tier1", "us")
        ),
        title=some_text(chance, 6),
        lead=some_text(chance, 8),
        body=some_text(chance, 25),
        caption=some_text(chance, 4),
        byline=some_text(chance, 2),
        section=some_text(chance, 1),
        language=chance.choice(["", "en", "en-GB", "ko", "zh_Hant", "ru"]),
        fetched=NOW + timedelta(seconds=number),
    )


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    opened = SqliteStore.open("sqlite://:memory:")
    yield opened
    await opened.close()


async def found(store: SqliteStore, matcher: Matcher, since: datetime = EVER) -> list[str]:
    return [hit.article.url async for hit in search(store.archive, matcher, since=since)]


def full_scan(matcher: Matcher, articles: Sequence[Article]) -> list[str]:
    return [article.url for article in reversed(articles) if matcher.match(article)]


@pytest.mark.parametrize("seed", range(4))
async def test_the_index_misses_nothing_that_a_full_scan_finds(store, seed):
    chance = random.Random(seed)
    articles = [some_article(chance, number) for number in range(60)]
    await shelve(store, articles, now=NOW)
    await index(store)
    whole = all_in_one(some_query(chance, chance.randint(0, 2)) for _ in range(60))
    read = [(article.url, {match.rule for match in whole.match(article)}) for article in reversed(articles)]
    hits, wrong = 0, []
    for ready in whole.rules:
        expected = [url for url, matched in read if ready.id in matched]
        hits += len(expected)
        if await found(store, read_query(ready.rule.match, ENTITIES)) != expected:
            wrong.append(ready.rule.match)
    assert wrong == []
    assert (len(whole.rules) > 40, hits > 300) == (True, True)


def all_in_one(queries: Iterable[str]) -> Matcher:
    """A matcher of all of these that are no mistake: it reads an article once for all."""
    rules = [{"id": f"q{number}", "match": query} for number, query in enumerate(queries)]
    asked = Watchlist.model_validate({"watchlist": "w", "rules": rules})
    return compile_watchlists({"w.yaml": asked}, ENTITIES).matcher


async def candidates(store: SqliteStore, query: str) -> list[str]:
    matcher = read_query(query, ENTITIES)
    wanted = wanted_of(matcher.rules[0].tree(query))
    page = await store.archive.candidates(wanted, matcher.misspellings, since=EVER, before=NEWEST, limit=1000)
    return [article.body for article in page.articles]


@pytest.mark.parametrize(
    ("query", "bodies", "wanted"),
    [
        ("朝鲜", ["南朝鲜士兵", "鲜花朝阳", "朝鲜"], ["朝鲜", "南朝鲜士兵"]),
        ('"North Korea"', ["Korea is north", "north korea’s"], ["north korea’s"]),
        ("@austin", ["Llyod Austin", "Lloyd Webber", "Austin, Texas", "Lloyd Austin"], ["Lloyd Austin", "Llyod Austin"]),
        ("북한", ["북한군이", "남북"], ["북한군이"]),
        ("@dprk NEAR/3 troops AND us", ["North Korea troops", "us troops", "us North Korea troops"], ["us North Korea troops"]),
        ("title:troops", ["troops"], []),
        ("(troops OR army) NEAR/2 us", ["troops a us", "us of army", "troops a b c us", "us us"], ["us of army", "troops a us"]),
    ],
)  # fmt: skip
async def test_candidates_are_few(store, query, bodies, wanted):
    articles = [
        Article(url=f"https://a.example/{body}", origin=Origin(source="s", outlet=""), title="", body=body, fetched=NOW)
        for body in bodies
    ]  # fmt: skip
    await shelve(store, articles, now=NOW)
    assert sorted(await candidates(store, query)) == sorted(bodies)  # not indexed yet: all are candidates
    await index(store)
    assert await candidates(store, query) == wanted


async def test_a_list_of_thousands_of_terms_and_deep_nesting_are_asked_of_the_index(store):
    text = Article(
        url="https://a.example/1", origin=Origin(source="s", outlet=""), title="nameb7", fetched=NOW
    )
    await shelve(store, [text], now=NOW)
    await index(store)
    many = Watchlist.model_validate({"watchlist": "w", "lists": {"many": [f"nameb{n}" for n in range(2000)]}, "rules": ["x"]})  # fmt: skip
    assert await found(store, read_query("@many", {}, many)) == [text.url]
    deep = "nameb7"
    for number in range(36):
        deep = f"({deep} {'AND' if number % 2 else 'OR'} nameb7)"
    assert await found(store, read_query(deep, {})) == [text.url]


async def test_a_changed_article_is_found_by_its_new_words_only(store):
    first = some_article(random.Random(1), 1)
    await shelve(store, [first], now=NOW)
    await index(store)
    changed = Article(
        url=first.url, origin=first.origin, title="Zebra crossing", body="", fetched=first.fetched
    )
    later = NOW + timedelta(hours=1)
    await shelve(store, [changed], now=later)
    zebra, old = read_query("zebra", {}), read_query(first.title.split()[0], {})
    assert (await found(store, zebra), await found(store, old)) == ([first.url], [])
    await index(store)
    assert (await found(store, zebra), await found(store, old)) == ([first.url], [])
    assert (await store.counts())["articles_to_index"] == 0


async def test_retention_keeps_the_index_in_step_and_its_numbers_may_be_used_again(store):
    chance = random.Random(2)
    old = [some_article(chance, number) for number in range(30)]
    await shelve(store, old, now=NOW)
    await index(store)
    await store.prune(articles_before=NOW + timedelta(days=1), deliveries_before=NOW)
    new = [some_article(chance, 100 + number) for number in range(30)]
    await shelve(store, new, now=NOW + timedelta(hours=1))
    for _ in range(2):
        for query in ("troops", "북한", "朝鲜", "the"):
            matcher = read_query(query, {})
            assert await found(store, matcher) == full_scan(matcher, new)
        await index(store)
    words = store._writer._connection.execute("select count(*) from archive_words where doc > 30")
    assert words.fetchone()[0] == 0


async def test_an_index_of_another_normal_form_is_not_trusted_and_is_made_anew(tmp_path):
    url = f"sqlite:///{tmp_path}/m.db"
    store = SqliteStore.open(url)
    articles = [some_article(random.Random(3), number) for number in range(20)]
    await shelve(store, articles, now=NOW)
    await index(store)
    store._writer._connection.execute("update archive_form set form = 'older'")
    store._writer._connection.execute("delete from archive_texts where article > 10")
    matcher = read_query("troops OR 북한 OR the", {})
    looker = SqliteStore.open(url, mode="read")
    assert await found(looker, matcher) == full_scan(matcher, articles)
    await looker.close()
    await store.close()
    again = SqliteStore.open(url)
    assert (await again.counts())["articles_to_index"] == 20
    await again.close()


async def test_what_came_in_before_is_left_out(store):
    articles = [some_article(random.Random(4), number) for number in range(20)]
    await shelve(store, articles, now=NOW)
    await index(store)
    matcher = read_query("troops OR the OR of OR said", {})
    expected = full_scan(matcher, articles[12:])
    assert expected
    assert await found(store, matcher, since=articles[12].fetched) == expected


def test_a_wrong_query_is_told_at_its_place():
    with pytest.raises(ConfigError) as told:
        read_query("troops AND\n(Kursk OR @narnia)", ENTITIES)
    assert str(told.value) == "query:2:11: @narnia is no entity and no list; known are austin, dprk, rok"


def test_a_query_of_nothing_is_told():
    with pytest.raises(ConfigError, match="query:1:1"):
        read_query("", {})


def test_who_changes_the_normal_form_counts_its_number_up():
    letters = "".join(map(chr, [*range(0x20, 0x250), *range(0x370, 0x530), *range(0x5D0, 0x660), *range(0xAC00, 0xAC40), *range(0x4E00, 0x4E40), *range(0x3040, 0x3100)]))  # fmt: skip
    folded = fold(f"{letters} Kim Jong-un’s U.S. visit, 北韓 ｶﾞ Ё e\u0301").data
    assert (FORM, hashlib.blake2s(folded, digest_size=6).hexdigest()) == (1, "c8566df9a72d")
    assert INDEX_FORM.startswith(f"{FORM}/")


async def test_long_articles_are_indexed_a_few_at_a_time_so_that_writers_need_not_wait(
    store: SqliteStore,
) -> None:
    long = "North Korean troops in Russia. " * (LETTERS // 30)
    texts = [long, long, "Short.", "Short, too.", long]
    articles = [
        replace(some_article(random.Random(number), number), body=text) for number, text in enumerate(texts)
    ]
    await shelve(store, articles, now=NOW)
    batches = [await store.archive.catch_up() for _ in range(5)]
    assert batches == [1, 1, 3, 0, 0]
