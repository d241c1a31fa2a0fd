"""The sample site's pages, read and held against its oracle."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from newsroom import read_yaml

from monitor.extraction import article_from_page
from monitor.model import Article, FeedEntry, Origin

SEEDS = Path(__file__).parents[3] / "seeds"
PAGES = [
    page
    for page in read_yaml((SEEDS / "expected.yaml").read_text(encoding="utf-8"))["pages"]
    if not page.get("missing")
]
TOKEN = re.compile(rb"\{\{(?:iso|rfc822):-\d+[mhd]\}\}")


def read(page: dict[str, Any]) -> Article:
    url = "https://ledger.example" + page["path"]
    body = TOKEN.sub(b"2024-10-23T09:00:00+00:00", (SEEDS / page["path"].lstrip("/")).read_bytes())
    entry = FeedEntry(
        id=url, url=url, title=page.get("feed_title") or page["title"], summary=page.get("summary", "")
    )
    seen = datetime(2024, 10, 24, tzinfo=UTC)
    return article_from_page(
        body, "text/html", entry, Origin(source="ledger", outlet="Ledger"), url=url, seen=seen
    )


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: Path(page["path"]).stem)
def test_a_sample_page_reads_as_its_oracle_says(page: dict[str, Any]) -> None:
    article = read(page)
    text, caption = folded(f"{article.lead} {article.body}"), folded(article.caption)
    everything = folded(f"{article.title} {text} {caption}")

    assert folded(page.get("text", page.get("summary", ""))) in text
    assert folded(page.get("caption", "")) in caption
    assert [phrase for phrase in page.get("nowhere", []) if folded(phrase) in everything] == []
    assert bool(article.partial) == page.get("partial", False)
    assert article.language == page["language"]
    assert folded(article.title) not in text
