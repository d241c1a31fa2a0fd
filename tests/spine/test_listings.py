"""Whatever a source's server and its feed do: others go on, nothing seen is forgotten, nobody is told twice."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from watch import Jumping, Watch, atom_date, item, rss
from webserver import Site, moved, reply, serving

from monitor.model import Verdict

WATCHLIST = """\
    version: 1
    watchlist: korea
    rules:
      - {id: troops, severity: high, match: '"North Korea" /p troops'}
      - {id: tanks, severity: high, match: 'tanks'}
    """
ALERTING = "version: 1\nchannels: {desk: {type: console}}\n"
TELLING = "North Korea sends troops"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Opened = Callable[..., Watch]


@pytest.fixture
def clock() -> Jumping:
    return Jumping(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as site:
        yield site


@pytest.fixture
async def watch(folder: Callable[..., Path], site: Site, clock: Jumping) -> AsyncIterator[Opened]:
    """Opens a watch over feeds of the site: `watch("a", "b")`."""
    opened: list[Watch] = []

    def open_(*names: str, kind: str = "feed", full_text: str = "false") -> Watch:
        listed = "".join(
            f"  - {{id: {name}, kind: {kind}, url: '{site.url(f'/{name}')}', full_text: {full_text}, every: 1h}}\n"
            for name in names
        )
        config = folder(sources=f"sources:\n{listed}", watchlist=WATCHLIST, alerting=ALERTING)
        opened.append(Watch(config, clock))
        return opened[-1]

    yield open_
    for each in opened:
        await each.close()


def old(clock: Jumping, count: int = 10, *, guid: str = "") -> list[str]:
    """Items that stood there long before."""
    return [item(n, f"Old news {n}", guid=f"{guid}{n}", when=atom_date(clock, 2 * DAY)) for n in range(count)]


# ---------------------------------------------------------------------------- bad answers

BAD_ANSWERS = {
    "304 unasked": (b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n", ""),
    "429": (reply("429 Slow Down", Retry_After="3600"), "HTTP 429"),
    "503": (reply("503 Busy"), "HTTP 503"),
    "500": (reply("500 Oops"), "HTTP 500"),
    "403": (reply("403 Forbidden"), "HTTP 403"),
    "404": (reply("404 Not Found"), "HTTP 404"),
    "410": (reply("410 Gone"), "gone for good"),
    "reset": (b"", "closed the connection"),
    "no http": (b"SSH-2.0\r\n", "proper HTTP"),
    "empty": (reply(body=b"", ETag='"bad"'), "empty body"),
    "login page": (
        reply(body=b"<!doctype html><html><body>Sign in</body></html>", ETag='"bad"'),
        "this is a web page, not a feed",
    ),
    "json": (reply(body=b'{"error": "rate limited"}', ETag='"bad"'), "this is JSON"),
    "sitemap": (reply(body=b"<urlset></urlset>", ETag='"bad"'), "write kind: sitemap"),
    "cut": (reply(body=b"<rss", Content_Length="400"), "cut short"),
    "loop": (moved(301, "/daily"), "more than 5 redirects"),
    "to a page": (moved(301, "/page"), "this is a web page, not a feed"),
    "to a file": (moved(302, "file:///etc/passwd"), "file addresses are not fetched"),
    "inside": (moved(302, "http://169.254.169.254/"), "not a public address"),
}


@pytest.mark.parametrize("name", [name for name in BAD_ANSWERS if name != "304 unasked"])
async def test_a_bad_answer_forgets_nothing_and_hinders_nobody(
    watch: Opened, site: Site, clock: Jumping, name: str
) -> None:
    answer, words = BAD_ANSWERS[name]
    site.put("/page", reply(body=b"<html><body>hello</body></html>"))
    feed = reply(body=rss(old(clock)), ETag='"good"')
    site.put("/daily", feed)
    site.put("/other", *(reply(body=rss(old(clock, n))) for n in (1, 2, 3)))
    watching = watch("daily", "other")
    await watching.cycle()
    site.put("/daily", answer)
    before = (await watching.states())["daily"]
    await watching.cycle(8 * DAY)
    bad = (await watching.states())["daily"]
    assert words in bad.error
    assert (bad.validators, bad.body_hash, bad.polled) == (before.validators, before.body_hash, before.polled)
    site.put("/daily", feed)
    polled = {each.new for each in await watching.poll() if each}
    states = await watching.states()
    assert polled == {0, 1}
    assert (states["daily"].error, states["other"].error, states["other"].failures) == ("", "", 0)
    assert site.headers[-1].get("If-None-Match") in {'"good"', None}


async def test_304_to_a_first_request_is_a_failure(watch: Opened, site: Site) -> None:
    site.put("/daily", BAD_ANSWERS["304 unasked"][0])
    watching = watch("daily")
    await watching.poll()
    state = (await watching.states())["daily"]
    assert state.error == "the server says 'not modified' to a first request"
    assert state.polled is None


async def test_validators_are_kept_from_every_good_answer_and_no_other(
    watch: Opened, site: Site, clock: Jumping
) -> None:
    body = rss(old(clock))
    site.put(
        "/daily",
        reply(body=body, ETag='"a"'),
        reply(body=body, ETag='"b"'),
        reply(body=b"<html>", ETag='"c"'),
        b'HTTP/1.1 304 Not Modified\r\nConnection: close\r\nETag: W/"d"\r\n\r\n',
        b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n",
    )
    watching = watch("daily")
    for _ in range(5):
        await watching.cycle()
    sent = [headers.get("If-None-Match") for headers in site.headers]
    assert sent == [None, '"a"', '"b"', '"b"', 'W/"d"']
    assert (await watching.states())["daily"].failures == 0


async def test_a_changed_address_is_asked_without_the_old_validators_and_is_a_new_baseline(
    watch: Opened, site: Site, clock: Jumping
) -> None:
    site.put("/daily", reply(body=rss(old(clock)), ETag='"a"'))
    watching = watch("daily")
    await watching.cycle()
    fresh = [item(n, f"{TELLING} again {n}", guid=f"n{n}") for n in range(20, 30)]
    watching.urls["daily"] = site.put("/moved", reply(body=rss(fresh)))
    assert {row.partition(":")[0] for row in await watching.cycle()} <= {"digest"}
    assert "If-None-Match" not in site.headers[-1]


async def test_a_restart_does_not_poll_early(watch: Opened, site: Site, clock: Jumping) -> None:
    site.put("/daily", reply(body=rss(old(clock))))
    watching = watch("daily")
    await watching.cycle(pause=10 * timedelta(minutes=1))
    assert await watching.poll() == []
    assert site.asked == ["/daily"]


async def test_of_a_feed_that_grows_only_the_new_is_read_and_all_is_counted(
    watch: Opened, site: Site, clock: Jumping
) -> None:
    rest = old(clock)
    bodies = [rss(rest), rss([item(90, TELLING), *rest]), rss(rest), rss([item(90, TELLING), *rest])]
    site.put("/daily", *(reply(body=body) for body in bodies))
    watching = watch("daily")
    polled = []
    for _ in bodies:
        polled += await watching.poll()
        clock.pass_by(2 * HOUR)
    assert [each.new for each in polled if each] == [10, 1, 0, 0]
    assert [each.changed for each in polled if each] == [0, 0, 0, 0]
    assert (await watching.states())["daily"].length == 11


@pytest.mark.parametrize("jump", [-400 * DAY, 400 * DAY])
async def test_a_clock_that_jumps_stops_no_source(
    watch: Opened, site: Site, clock: Jumping, jump: timedelta
) -> None:
    site.put("/daily", reply(body=rss(old(clock))))
    watching = watch("daily")
    await watching.cycle(pause=jump)
    assert len(await watching.poll()) == 1
    due = (await watching.states())["daily"].due
    assert timedelta(0) < due - clock.now() < 2 * HOUR


async def test_twenty_sources_of_one_host_are_all_polled(watch: Opened, site: Site, clock: Jumping) -> None:
    names = [f"s{number}" for number in range(20)]
    for name in names:
        site.put(f"/{name}", reply(body=rss(old(clock, 1))))
    watching = watch(*names)
    await watching.poll()
    assert sorted(site.asked) == sorted(f"/{name}" for name in names)


@pytest.mark.parametrize("kind", ["sitemap", "page"])
async def test_sitemaps_and_pages_obey_robots_txt(watch: Opened, site: Site, kind: str) -> None:
    site.put("/robots.txt", reply(body=b"User-agent: *\nDisallow: /"))
    watching = watch("list", kind=kind)
    await watching.poll()
    assert site.asked == ["/robots.txt"]
    assert (await watching.states())["list"].error == "the robots.txt of 127.0.0.1 forbids it"


async def test_an_external_document_type_fetches_nothing(watch: Opened, site: Site, clock: Jumping) -> None:
    doctype = f"<!DOCTYPE rss SYSTEM '{site.url('/evil.dtd')}' [<!ENTITY % x SYSTEM '{site.url('/x')}'> %x;]>"
    site.put("/daily", reply(body=doctype.encode() + rss(old(clock))))
    watching = watch("daily")
    assert [polled.new for polled in await watching.poll() if polled] == [10]
    assert site.asked == ["/daily"]


# ---------------------------------------------------------------------------- who is told, and how often


async def test_of_what_stood_there_at_the_first_look_one_digest_tells(
    watch: Opened, site: Site, clock: Jumping
) -> None:
    fresh = [item(900 + n, f"{TELLING} {n}", when=atom_date(clock, HOUR)) for n in range(3)]
    site.put("/daily", reply(body=rss([*fresh, *old(clock, 120)])))
    watching = watch("daily")
    rows = await watching.cycle()
    assert {row.partition(":")[0] for row in rows} == {"digest"}
    assert (await watching.states())["daily"].length == 123
    assert {alert.verdict for alert in await watching.alerts()} == {Verdict.BASELINE}


async def test_after_a_long_outage_what_stands_there_is_no_flood(
    watch: Opened, site: Site, clock: Jumping
) -> None:
    site.put("/daily", reply(body=rss(old(clock))))
    watching = watch("daily")
    await watching.cycle()
    site.put("/daily", reply("503 Busy"))
    for _ in range(5):
        await watching.cycle(2 * DAY)
    site.put("/daily", reply(body=rss([item(n, f"{TELLING} {n}") for n in range(50, 60)] + old(clock)[:9])))
    rows = await watching.cycle()
    assert rows
    assert {row.partition(":")[0] for row in rows} == {"digest"}


async def test_an_entry_that_vanishes_and_returns_is_told_once(
    watch: Opened, site: Site, clock: Jumping
) -> None:
    news, rest = item(100, TELLING), old(clock)
    bodies = [rss(rest), rss([news, *rest]), rss(rest), rss([news, *rest])]
    site.put("/daily", *(reply(body=body) for body in bodies))
    watching = watch("daily")
    assert [len(await watching.cycle()) for _ in bodies] == [0, 1, 0, 0]


async def test_words_that_flip_at_every_poll_are_told_once(watch: Opened, site: Site, clock: Jumping) -> None:
    rest = old(clock)
    flips = [rss([item(100, TELLING, more=f"{n % 2} readers"), *rest]) for n in range(6)]
    site.put("/daily", *(reply(body=body) for body in [rss(rest), *flips]))
    watching = watch("daily")
    assert sum([len(await watching.cycle(2 * HOUR)) for _ in range(7)]) == 1


async def test_an_edit_that_adds_a_watched_word_is_told_as_an_update(
    watch: Opened, site: Site, clock: Jumping
) -> None:
    rest = old(clock)
    before, after = item(100, TELLING), item(100, TELLING, more="They bring tanks.")
    bodies = [rss(rest), rss([before, *rest]), rss([after, *rest]), rss([after, *rest])]
    site.put("/daily", *(reply(body=body) for body in bodies))
    watching = watch("daily")
    rows = [await watching.cycle(3 * HOUR) for _ in bodies]
    assert rows == [[], [f"alert: {TELLING}"], [f"update: {TELLING}"], []]


async def test_ids_that_change_at_every_poll_tell_nobody_twice(
    watch: Opened, site: Site, clock: Jumping
) -> None:
    rest = old(clock)

    def listed(number: int) -> bytes:
        fresh = [item(n, f"{TELLING} {n}", guid=f"r{number}-{n}") for n in range(100, 103)]
        return rss([*fresh, *rest])

    site.put("/daily", *(reply(body=body) for body in [rss(rest), *map(listed, range(5))]))
    watching = watch("daily")
    told = [await watching.cycle(2 * HOUR) for _ in range(6)]
    assert told[1]
    assert told[2:] == [[], [], [], []]


async def test_a_feed_that_is_new_all_over_is_said_and_tells_only_what_is_new(
    watch: Opened, site: Site, clock: Jumping
) -> None:
    site.put("/daily", reply(body=rss(old(clock))))
    watching = watch("daily")
    await watching.cycle()
    told = [item(n, f"{TELLING} {n}", guid=f"x{n}", when=atom_date(clock, 2 * DAY)) for n in range(50, 60)]
    news = item(99, "New: tanks", guid="x99", when=atom_date(clock, HOUR))
    site.put("/daily", reply(body=rss([news, *told])))
    assert await watching.cycle() == [
        "alert: New: tanks",
        f"digest: {', '.join(f'{TELLING} {n}' for n in range(50, 60))}",
    ]
    assert (await watching.states())["daily"].remark == (
        "almost everything it lists is new at once, so its ids have changed; 10 old entries alert nobody"
    )


async def test_one_story_in_five_feeds_is_one_mail_with_five_sources(
    watch: Opened, site: Site, clock: Jumping
) -> None:
    links = {
        "utm": "https://www.example.org/world/troops-1?utm_source=rss",
        "amp": "https://www.example.org/world/troops-1/amp",
        "small": "https://m.example.org/world/troops-1",
        "plain": "http://www.example.org/world/troops-1",
        "slash": "https://www.example.org/world/troops-1/",
    }
    rest = old(clock)
    for name, link in links.items():
        news = f"<item><title>{TELLING}</title><link>{link}</link></item>"
        site.put(f"/{name}", reply(body=rss(rest)), reply(body=rss([news, *rest])))
    watching = watch(*links)
    assert await watching.cycle() == []
    assert await watching.cycle() == [f"alert: {TELLING}"]
    alerts = await watching.alerts()
    assert {alert.article.url for alert in alerts} == {links["slash"].rstrip("/")}
    assert {alert.story.sources for alert in alerts} == {tuple(sorted(links))}


async def test_google_news_is_matched_by_its_headline_and_never_followed(
    watch: Opened, site: Site, clock: Jumping
) -> None:
    rest = [line.replace("<link>https://news.example.org", "<link>x:") for line in old(clock)]
    news = f"<item><title>{TELLING} - The Ledger</title><link>https://news.google.com/rss/articles/CBMi?oc=5</link></item>"
    site.put("/daily", reply(body=rss(rest)), reply(body=rss([news, *rest])))
    watching = watch("daily", full_text="true")
    await watching.cycle()
    assert await watching.cycle() == [f"alert: {TELLING} - The Ledger"]
    (alert,) = await watching.alerts()
    assert alert.article.partial == "Google News does not tell the article's address"


async def test_a_page_that_leads_to_a_consent_host_is_not_stored(
    watch: Opened, site: Site, clock: Jumping
) -> None:
    site.put("/robots.txt", reply("404 Not Found"))
    news = f"<item><title>{TELLING}</title><link>{site.url('/article')}</link></item>"
    rest = [line.replace("<link>https://news.example.org", "<link>x:") for line in old(clock)]
    site.put("/article", moved(302, site.url("/collect", host="consent.example.com")))
    site.put("/collect", reply(body=b"<html><body>Accept all</body></html>"))
    site.put("/daily", reply(body=rss(rest)), reply(body=rss([news, *rest])))
    watching = watch("daily", full_text="true")
    await watching.cycle()
    assert await watching.cycle() == [f"alert: {TELLING}"]
    (alert,) = await watching.alerts()
    assert alert.article.partial == "consent.example.com asks for consent instead"
    assert "/collect" in site.asked
