"""The sample site is whole: its feeds, pages and oracle say the same things."""

import difflib
import functools
import re
from html import unescape
from pathlib import Path
from typing import Any

import feedparser
import pytest
from newsroom import read_yaml
from lxml import etree, html

SEEDS = Path(__file__).parents[3] / "seeds"
FEEDS = ("feed.xml", "wire.atom")
TOKEN = re.compile(r"\{\{(rfc822|iso):-(\d+)(m|h|d)\}\}")
PAGES: list[dict[str, Any]] = read_yaml((SEEDS / "expected.yaml").read_text("utf-8"))["pages"]
BY_PATH = {page["path"]: page for page in PAGES}
PRESENT = [page for page in PAGES if "missing" not in page]


def folded(text: str) -> str:
    return " ".join(text.split())


@functools.cache
def bytes_of(path: str) -> bytes:
    return (SEEDS / path.lstrip("/")).read_bytes()


def source(page: dict[str, Any]) -> str:
    raw = bytes_of(page["path"])
    declared = re.search(rb'charset="?([\w-]+)', raw)
    return raw.decode(declared[1].decode("ascii") if declared else "utf-8")


def tree(page: dict[str, Any]) -> Any:
    return html.fromstring(source(page).encode(), parser=html.HTMLParser(encoding="utf-8"))


def shown(page: dict[str, Any]) -> str:
    return folded(tree(page).text_content())


@functools.cache
def rss() -> Any:
    return etree.parse(SEEDS / "feed.xml")


@functools.cache
def entries(feed: str) -> dict[str, Any]:
    served = TOKEN.sub("", (SEEDS / feed).read_text("utf-8"))
    parsed = feedparser.parse(served.encode(), sanitize_html=False, resolve_relative_uris=False)
    return {entry["link"].split("?")[0]: entry for entry in parsed.entries}


def words(page: str, paragraphs: str) -> list[str]:
    return [word for p in tree(BY_PATH[page]).xpath(paragraphs) for word in p.text_content().split()]


def named(pages: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", pages, ids=lambda page: Path(page["path"]).stem)


def test_the_site_has_pages_enough_in_languages_enough() -> None:
    languages = [page["language"] for page in PRESENT]
    assert len(PRESENT) >= 16
    assert len(set(languages)) >= 7
    assert languages.count("en") >= 6
    assert {language: languages.count(language) for language in ("ko", "ru")} == {"ko": 2, "ru": 2}


def test_every_page_stands_in_the_oracle_and_nothing_else_does() -> None:
    on_disk = {f"/articles/{path.name}" for path in (SEEDS / "articles").iterdir()}
    assert on_disk == {page["path"] for page in PRESENT}
    assert [page["path"] for page in PAGES if page not in PRESENT] == ["/articles/vanished.html"]


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_is_well_formed_and_lists_what_the_oracle_says(feed: str) -> None:
    etree.fromstring((SEEDS / feed).read_bytes(), etree.XMLParser(resolve_entities=False, recover=False))
    assert set(entries(feed)) == {page["path"] for page in PAGES if feed in page["feeds"]}


def test_one_address_stands_in_both_feeds_with_tracking_parameters_in_one() -> None:
    shared = [page["path"] for page in PAGES if page["feeds"] == ["feed.xml", "wire.atom"]]
    assert shared == ["/articles/troops-in-russia.html"]
    assert f"{shared[0]}?utm_source=" in (SEEDS / "wire.atom").read_text("utf-8")


@named([page for page in PAGES if "feed.xml" in page["feeds"]])
def test_the_feed_carries_the_title_to_the_letter(page: dict[str, Any]) -> None:
    raw = rss().xpath("string(//item[link=$link]/title)", link=page["path"])
    title = unescape(raw) if "&nbsp;" in raw else raw
    assert (title if "feed_title" in page else folded(title)) == page.get("feed_title", folded(page["title"]))


@named([page for page in PAGES if "summary" in page])
def test_the_words_of_an_unreadable_page_stand_in_the_feed_alone(page: dict[str, Any]) -> None:
    summary = folded(entries("feed.xml")[page["path"]]["summary"])
    assert folded(page["summary"]) in summary
    if page in PRESENT:
        assert folded(page["summary"]) not in shown(page)


@named(PRESENT)
def test_every_phrase_of_the_oracle_is_on_the_raw_page(page: dict[str, Any]) -> None:
    expected = [
        page["title"],
        *page.get("nowhere", []),
        *(page[key] for key in ("text", "caption") if key in page),
    ]
    text = shown(page)
    assert [phrase for phrase in expected if folded(phrase) not in text] == []


@named(PRESENT)
def test_a_page_is_small_and_names_its_language(page: dict[str, Any]) -> None:
    assert 1_500 <= len(bytes_of(page["path"])) <= 10_000
    assert tree(page).get("lang") == page["language"]


@named([page for page in PRESENT if "partial" not in page])
def test_wanted_phrases_are_not_boilerplate_phrases(page: dict[str, Any]) -> None:
    wanted = [page["title"], page["text"], page["caption"]]
    assert [(a, b) for a in wanted for b in page["nowhere"] if a in b or b in a] == []


@named(PAGES)
def test_the_narrow_watchlist_implies_the_wide_one(page: dict[str, Any]) -> None:
    assert page["alerts"] in ([], ["dprk-any"], ["troops-in-russia", "dprk-any"])


def test_each_outcome_has_its_pages() -> None:
    outcomes = [len(page["alerts"]) for page in PAGES]
    assert min(outcomes.count(alerts) for alerts in (0, 1, 2)) >= 4


def test_only_one_page_is_in_a_legacy_charset_and_only_one_names_none() -> None:
    raw = {page["path"]: bytes_of(page["path"]) for page in PRESENT}
    assert [path for path, body in raw.items() if b"windows-1251" in body] == ["/articles/ru-troops.html"]
    assert [path for path, body in raw.items() if b"charset=" not in body] == ["/articles/zh-troops.html"]
    with pytest.raises(UnicodeDecodeError):
        raw["/articles/ru-troops.html"].decode("utf-8")


def test_braces_are_date_tokens_except_in_the_hostile_title() -> None:
    texts = [(SEEDS / feed).read_text("utf-8") for feed in FEEDS] + [source(page) for page in PRESENT]
    left = [brace for text in texts for brace in re.findall(r"\{\{.*?\}\}", TOKEN.sub("", text))]
    assert left == ["{{ 7*7 }}"]
    ages = {
        int(n) * {"m": 1, "h": 60, "d": 1440}[unit] for text in texts for _, n, unit in TOKEN.findall(text)
    }
    assert max(ages) < 48 * 60


def test_exactly_one_item_has_no_date() -> None:
    assert rss().xpath("//item[not(pubDate)]/link/text()") == ["/articles/es-misil.html"]


def test_the_hostile_title_is_hostile() -> None:
    hostile = BY_PATH["/articles/hostile-title.html"]
    assert [mark for mark in hostile["unsafe"] if mark not in hostile["feed_title"]] == []


def test_the_syndicated_copy_is_edited_but_recognisable() -> None:
    original = words("/articles/troops-in-russia.html", "//article/p[not(@class)]")
    copy = words("/articles/wire-copy-troops.html", "//div[@class='story-text']/p")
    assert 0.7 <= difflib.SequenceMatcher(None, original, copy, autojunk=False).ratio() <= 0.95
    assert (
        len({BY_PATH[f"/articles/{name}.html"]["story"] for name in ("troops-in-russia", "wire-copy-troops")})
        == 1
    )


def test_no_two_stories_share_a_paragraph() -> None:
    owner: dict[str, str] = {}
    for page in PRESENT:
        if page["path"] == "/articles/wire-copy-troops.html":
            continue
        boilerplate = set(map(folded, page.get("nowhere", [])))
        for paragraph in tree(page).xpath("//p"):
            text = folded(paragraph.text_content())
            if len(text.split()) >= 8 and text not in boilerplate and "Pier Nine" not in text:
                assert owner.setdefault(text, page["path"]) == page["path"]
