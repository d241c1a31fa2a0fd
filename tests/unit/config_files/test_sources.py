"""The shipped list of sources: broad, unique, tagged."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from monitor.sources import Source

TIERS = {"tier1", "tier2", "tier3"}
SUBJECTS = {
    "world", "korea", "russia", "ukraine", "defence", "un", "asia", "europe", "mideast", "africa", "americas", "nuclear",
}  # fmt: skip
STANDING = {"wires", "official", "state-media", "analysis"}
PLAIN_HTTP = {"peoples-daily-world", "kremlin"}  # known to answer on http only


def test_there_are_enough_feeds_in_enough_languages(sources: Sequence[Source]) -> None:
    languages = Counter(source.language for source in sources)
    assert len(sources) >= 75
    assert {"en", "ko", "ru", "uk", "zh", "ja", "ar", "es", "fr", "de", "pl", "pt"} <= set(languages)


def test_no_feed_is_listed_twice(sources: Sequence[Source]) -> None:
    addresses = Counter(source.url.partition("://")[2].rstrip("/").casefold() for source in sources)
    ids = Counter(source.id for source in sources)
    assert [key for key, times in (addresses + ids).items() if times > 1] == []


def test_feeds_are_fetched_over_https_where_it_is_known_to_work(sources: Sequence[Source]) -> None:
    assert {source.id for source in sources if not source.url.startswith("https://")} == PLAIN_HTTP


def test_every_source_has_an_outlet_a_language_one_tier_and_a_subject(sources: Sequence[Source]) -> None:
    for source in sources:
        tags = set(source.tags)
        assert (source.id, source.outlet != "", source.language != "") == (source.id, True, True)
        assert (source.id, len(tags & TIERS), tags - TIERS - SUBJECTS - STANDING) == (source.id, 1, set())
        assert tags & (SUBJECTS | {"official"})


def test_every_group_asked_for_has_sources(sources: Sequence[Source]) -> None:
    groups = Counter(tag for source in sources for tag in source.tags)
    wanted = {
        "world",
        "korea",
        "russia",
        "ukraine",
        "defence",
        "un",
        "wires",
        "official",
        "state-media",
        "analysis",
    }
    assert {group for group in wanted if groups[group] < 5} == set()


def test_the_file_says_that_the_addresses_were_not_tried(config: Path) -> None:
    head = (config / "sources.yaml").read_text(encoding="utf-8").partition("version:")[0]
    assert "COULD BE TRIED" in head
    assert "monitor sources" in head
