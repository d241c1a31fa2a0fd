"""Articles, and rules asked one at a time."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from monitor.matching import Compiled, Matcher, Watchlist, compile_watchlists
from monitor.model import Article, Origin

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENTITIES: dict[str, object] = {
    "dprk": {
        "kind": "place",
        "names": ["North Korea", "DPRK", "Democratic People's Republic of Korea", "북한", "朝鲜", "北朝鮮", "КНДР", "كوريا الشمالية", "Corea del Norte", "Corée du Nord", "Nordkorea"],
        "forms": "Северной Кореи",
        "demonyms": ["North Korean", "North Koreans", "северокорейск*", "norcoreano$1", "nord-coréen$1", "nordkoreanisch*", "كورية شمالية"],
        "metonyms": ["Pyongyang", "Пхеньян"],
    },
    "rok": {"kind": "place", "names": "South Korea; Republic of Korea; 한국; 韩国; 南朝鲜", "demonyms": "South Korean", "metonyms": "Seoul"},
    "russia": {
        "kind": "place",
        "names": ["Russia", "Россия", "Россию", "러시아", "俄罗斯", "ロシア", "روسيا", "Rusia", "Russie", "Russland"],
        "demonyms": ["Russian", "Russians", "Russo"],
        "metonyms": ["Moscow", "Kremlin"],
        "not": ["Moscow, Idaho", "Russian doll$1", "Russian roulette"],
    },
    "usa": {"kind": "place", "names": ["United States", "US", "США"]},
    "kyoto": {"kind": "place", "names": ["京都"], "not": ["東京都"]},
    "austin": {"kind": "person", "names": ["Lloyd Austin", "Lloyd J. Austin III"], "typos": "1"},
    "zelensky": {"kind": "person", "names": ["Volodymyr Zelensky"], "typos": "1"},
    "georgia": {
        "kind": "place",
        "names": ["Georgia"],
        "not": ["Georgia Tech", "Atlanta, Georgia", "South Georgia"],
        "needs": {"within": "50", "any": ["Tbilisi", "Caucasus", "Abkhazia", "South Ossetia"]},
    },
}  # fmt: skip
LISTS: dict[str, object] = {
    "forces": ["troop!", "soldier$1", "special forces", "combat unit$1", "병력", "войск*"],
    "narcotics": "cocaine; heroin",
}


def article(body: str = "", **fields: object) -> Article:
    """An article of ours."""
    return Article(
        **{
            "url": "https://example.org/1",
            "origin": Origin(source="herald", outlet="The Herald"),
            "title": "",
            "body": body,
            "fetched": NOON,
            **fields,
        }
    )  # type: ignore[arg-type]


def compiled(*rules: object, entities: Mapping[str, object] = ENTITIES, **keys: object) -> Compiled:
    """The watchlist `w` with these rules, or queries."""
    written = [
        {"id": f"r{number}", "match": rule} if isinstance(rule, str) else rule
        for number, rule in enumerate(rules)
    ]
    raw = {"version": "1", "watchlist": "w", "entities": entities, "lists": LISTS, "rules": written, **keys}
    return compile_watchlists({"w.yaml": Watchlist.model_validate(raw)}, {})


def matcher(*rules: object, **keys: object) -> Matcher:
    """A matcher whose rules are all right."""
    made = compiled(*rules, **keys)  # type: ignore[arg-type]
    assert [problem for problem in made.problems if problem.level == "error"] == []
    return made.matcher


def hits(query: str, text: str | Article, **keys: object) -> bool:
    """Whether a query matches a body."""
    return bool(matcher(query, **keys).match(text if isinstance(text, Article) else article(text)))


@pytest.fixture(scope="session", name="hits")
def hits_fixture():
    return hits


@pytest.fixture(scope="session", name="article")
def article_fixture():
    return article


@pytest.fixture(scope="session", name="matcher")
def matcher_fixture():
    return matcher


@pytest.fixture(scope="session", name="compiled")
def compiled_fixture():
    return compiled
