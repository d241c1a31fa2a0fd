from datetime import UTC, datetime

import aiohttp
import pytest

from monitor.web.site import SampleSite


@pytest.fixture
async def address(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "secret.html").write_text("secret")
    (tmp_path / "site" / "notes.txt").write_text("not a page")
    (tmp_path / "site" / "feed.xml").write_text("<d>{{rfc822:-3h}}</d><d>{{iso:-2d}}</d><d>{{ 7*7 }}</d>")
    site = SampleSite(tmp_path / "site", now=datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    yield await site.start()
    await site.stop()


async def get(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def test_dates_are_made_fresh_and_other_braces_left_alone(address):
    assert await get(f"{address}/feed.xml") == (
        200,
        "<d>Tue, 24 Nov 2026 06:00:00 +0000</d><d>2026-11-22T09:00:00+00:00</d><d>{{ 7*7 }}</d>",
    )


@pytest.mark.parametrize("path", ["none.html", "notes.txt", "..%2fsecret.html", "%2e%2e/secret.html"])
async def test_only_the_sites_own_pages_are_served(address, path):
    assert (await get(f"{address}/{path}"))[0] == 404
