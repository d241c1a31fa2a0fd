"""Feeds as they really come: odd, broken and hostile."""

import codecs
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Failed, FeedEntry, Fetched, Listing
from monitor.sources import FeedSource

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://news.example.org/feeds/rss.xml"
SOURCE = FeedSource(id="a", url=URL)


def read(body: bytes | str, content_type: str = "application/rss+xml", url: str = URL) -> Listing | Failed:
    raw = body if isinstance(body, bytes) else body.encode()
    return SOURCE.read(Fetched(url=url, status=200, body=raw, content_type=content_type, received=NOW))


def entries(
    body: bytes | str, content_type: str = "application/rss+xml", url: str = URL
) -> tuple[FeedEntry, ...]:
    listing = read(body, content_type, url)
    assert isinstance(listing, Listing), listing
    return listing.entries


def rss(*items: str, head: str = "") -> str:
    listed = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel><title>T</title>{head}{listed}</channel></rss>'


def titles(body: bytes | str, content_type: str = "application/rss+xml") -> list[str]:
    return [entry.title for entry in entries(body, content_type)]


def test_a_google_alert_leads_to_the_articles_themselves() -> None:
    wrapped = "https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://example.org/world/1%3Fid%3D7&amp;ct=ga&amp;cd=CAI&amp;usg=AOv"
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Google Alert - troops</title>'
        "<entry><id>tag:google.com,2013:googlealerts/feed:1</id>"
        '<title type="html">North Korea sends &lt;b&gt;troops&lt;/b&gt;</title>'
        f'<link href="{wrapped}"></link><published>2026-11-24T09:00:00Z</published>'
        '<content type="html">Seoul says &lt;b&gt;troops&lt;/b&gt; left.</content></entry></feed>'
    )
    (entry,) = entries(atom, "application/atom+xml", "https://www.google.com/alerts/feeds/1/2")
    assert (entry.url, entry.title) == ("https://example.org/world/1?id=7", "North Korea sends troops")
    assert entry.id == "tag:google.com,2013:googlealerts/feed:1"
    assert entry.summary == "Seoul says troops left."


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("https://www.google.com/url?q=/search", "https://www.google.com/url?q=/search"),
        ("https://www.google.com/url?url=javascript:alert(1)", "https://www.google.com/url?url=javascript:alert(1)"),
        ("https://example.org/url?url=https://example.com/", "https://example.org/url?url=https://example.com/"),
        ("https://google.co.kr/url?q=http://example.org/a", "http://example.org/a"),
        ("https://www.google.com/url?url=" * 5_000 + "https://example.org/", "https://www.google.com/url?url=" * 4_999 + "https://example.org/"),
    ],
    ids=["relative", "script", "another host", "q", "five thousand deep"],
)  # fmt: skip
def test_only_an_address_is_taken_out_of_a_google_link_and_only_once(written: str, link: str) -> None:
    (entry,) = entries(rss(f"<guid>g</guid><link>{written}</link>"))
    assert entry.url == link


# ---------------------------------------------------------------------------- a good feed


def test_a_feed_is_read_whole() -> None:
    item = (
        "<title>North Korea sends troops</title><link>/world/1</link><guid isPermaLink='false'>g1</guid>"
        "<description>&lt;p&gt;Seoul &amp;amp; Kyiv&lt;/p&gt;&lt;p&gt;say so&lt;/p&gt;</description>"
        "<author>Ann</author><language>en</language><pubDate>Tue, 24 Nov 2026 09:00:00 +0100</pubDate>"
    )
    listing = read(rss(item, head="<ttl>30</ttl><language>en-gb</language>"))
    assert isinstance(listing, Listing)
    assert (listing.title, listing.language, listing.every) == ("T", "en-gb", timedelta(minutes=30))
    assert listing.entries == (
        FeedEntry(
            id="g1",
            url="https://news.example.org/world/1",
            title="North Korea sends troops",
            summary="Seoul & Kyiv\nsay so",
            author="Ann",
            language="en",
            published=datetime(2026, 11, 24, 8, tzinfo=UTC),
            fingerprint=listing.entries[0].fingerprint,
        ),
    )


RDF = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"


@pytest.mark.parametrize(
    "body",
    [
        rss("<title>x</title>"),
        f"<rdf:RDF xmlns='http://purl.org/rss/1.0/' {RDF}><item rdf:about='u'><title>x</title></item></rdf:RDF>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>x</title></entry></feed>",
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>x</title></entry></feed>",
        "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>x</a:title></a:entry></a:feed>",
        "<rss version='0.91'><channel><item><title>x</title></item></channel></rss>",
        "<channel><item href='https://example.org/1'><title>x</title></item></channel>",
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 7, "title": "x"}]}',
        '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "7", "title": "x"}]}',
        "\n\n  <?xml version='1.0'?>" + rss("<title>x</title>"),
        "\ufeff" + rss("<title>x</title>"),
        rss("<title>x</title><undeclared:tag>y</undeclared:tag>"),
        rss("<title>x\x08</title>"),
        rss("<title>x</title>") + "<trailing>",
        rss("<title>x</title>").replace("</channel></rss>", "<item><title>cut sho"),
        "<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://my.netscape.com/rss-0.91.dtd'>"
        + rss("<title>x</title>"),
        rss("<title>x</title><description><![CDATA[<code></item></code>]]></description>"),
        rss("<media:title xmlns:media='http://search.yahoo.com/mrss/'>x</media:title>"),
    ],
)
def test_every_dialect_is_read(body: str) -> None:
    assert titles(body)[0] == "x"


def test_complete_items_of_a_truncated_feed_are_kept() -> None:
    whole = rss("<title>one</title>", "<title>two</title>", "<title>three</title>")
    assert titles(whole[: whole.index("three")])[:2] == ["one", "two"]


# ---------------------------------------------------------------------------- what is no feed


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        ("", "text/xml", "the server sent an empty body"),
        ("  \n ", "text/xml", "the server sent an empty body"),
        (
            "<!DOCTYPE html><html><body>Please log in</body></html>",
            "text/html",
            "this is a web page, not a feed",
        ),
        ("<html><head></head></html>", "text/xml", "this is a web page, not a feed"),
        ("<div>consent</div>", "text/html; charset=utf-8", "this is a web page, not a feed"),
        ('{"error": "rate limited"}', "application/json", "this is JSON but no JSON Feed"),
        ("[" * 100_000, "application/json", "this is JSON but no JSON Feed"),
        (
            '{"items": {}, "version": "https://jsonfeed.org/version/1"}',
            "application/json",
            "this is JSON but",
        ),
        ("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "text/xml", "write kind: sitemap"),
        ("<?xml version='1.0'?><sitemapindex/>", "text/xml", "write kind: sitemap"),
        ("%PDF-1.4", "application/pdf", "this is a PDF, not a feed"),
        ("Service unavailable", "text/plain", "it begins 'Service unavailable'"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png", "this is no feed that we can read"),
    ],
)
def test_what_is_no_feed_is_said(body: bytes | str, content_type: str, words: str) -> None:
    failed = read(body, content_type)
    assert isinstance(failed, Failed)
    assert words in failed.reason


def test_a_feed_without_entries_is_a_feed() -> None:
    listing = read(rss())
    assert isinstance(listing, Listing)
    assert listing.entries == ()


# ---------------------------------------------------------------------------- letters


RUSSIAN = "Корея"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (rss(f"<title>{RUSSIAN}</title>").encode("cp1251"), "text/xml; charset=windows-1251", RUSSIAN),
        (
            b"<?xml version='1.0' encoding='windows-1251'?>"
            + rss(f"<title>{RUSSIAN}</title>").encode("cp1251"),
            "text/xml",
            RUSSIAN,
        ),
        (rss(f"<title>{RUSSIAN}</title>").encode(), "text/xml; charset=iso-8859-1", RUSSIAN),
        (rss(f"<title>{RUSSIAN}</title>").encode(), "text/xml; charset=us-ascii", RUSSIAN),
        (rss(f"<title>{RUSSIAN}</title>").encode(), "text/xml; charset=nonsense", RUSSIAN),
        (rss("<title>café</title>").encode("latin-1"), "text/xml; charset=utf-8", "café"),
        (
            b"<?xml version='1.0' encoding='utf-8'?>" + rss("<title>café</title>").encode("latin-1"),
            "",
            "café",
        ),
        (codecs.BOM_UTF16_LE + rss(f"<title>{RUSSIAN}</title>").encode("utf-16-le"), "text/xml", RUSSIAN),
        (
            ("<?xml version='1.0' encoding='utf-16'?>" + rss(f"<title>{RUSSIAN}</title>")).encode(
                "utf-16-be"
            ),
            "",
            RUSSIAN,
        ),
        (codecs.BOM_UTF8 + rss(f"<title>{RUSSIAN}</title>").encode(), "text/xml; charset=cp1251", RUSSIAN),
        (rss("<title>북한군</title>").encode("cp949"), "text/xml; charset=euc-kr", "북한군"),
        (rss("<title>“x”</title>").encode("cp1252"), "text/xml; charset=iso-8859-1", "“x”"),
        (rss("<title>朝鲜</title>").encode("gb18030"), "text/xml; charset=gb2312", "朝鲜"),
        (rss("<title>&#1050;&#x43e;рея</title>").encode(), "text/xml", RUSSIAN),
    ],
)
def test_letters_come_out_right(body: bytes, content_type: str, expected: str) -> None:
    assert titles(body, content_type) == [expected]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("North&nbsp;Korea", "North Korea"),
        ("North&#160;Korea", "North Korea"),
        ("North&amp;nbsp;Korea", "North Korea"),
        ("<![CDATA[North&nbsp;Korea]]>", "North Korea"),
        ("AT&T and Tom & Jerry", "AT&T and Tom & Jerry"),
        ("<![CDATA[<b>North</b> <i>Korea</i>]]>", "North Korea"),
        ("&lt;b&gt;North&lt;/b&gt; Korea", "North Korea"),
        ("&amp;lt;b&amp;gt;North&amp;lt;/b&amp;gt; Korea", "North Korea"),
        ("<div xmlns='http://www.w3.org/1999/xhtml'>North <b>Korea</b></div>", "North Korea"),
        ("3 &lt; 4 and 5 &gt; 4", "3 < 4 and 5 > 4"),
        ("line\n  break\tand\x0btab", "line break andtab"),
        ("evil\u202etxt", "eviltxt"),
        ("<![CDATA[<script>alert(1)</script>safe]]>", "safe"),
        ("R&amp;D &amp;copy 2024", "R&D &copy 2024"),
        ("", ""),
    ],
)
def test_titles_become_plain_text(title: str, expected: str) -> None:
    assert titles(rss(f"<title>{title}</title><link>https://example.org/1</link>")) == [expected]


def test_the_full_text_of_a_feed_is_kept_apart_from_its_summary() -> None:
    item = (
        "<title>x</title><description>Short.</description><content:encoded "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/'><![CDATA[<p>Long &eacute;</p><p>text.</p>]]>"
        "</content:encoded>"
    )
    (entry,) = entries(rss(item))
    assert (entry.summary, entry.content) == ("Short.", "Long é\ntext.")


def test_full_text_alone_serves_as_the_summary() -> None:
    encoded = "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>&lt;p&gt;All&lt;/p&gt;</content:encoded>"
    for item in (encoded, f"<title>AT&T</title>{encoded}"):
        (entry,) = entries(rss(item))
        assert (entry.summary, entry.content) == ("All", "")
    (entry,) = entries(
        '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"content_html":"<p>All</p>"}]}'
    )
    assert (entry.id, entry.summary, entry.content) == ("1", "All", "")


# ---------------------------------------------------------------------------- links and ids


FEEDBURNER = (
    "<f:origLink xmlns:f='http://rssnamespace.org/feedburner/ext/1.0'>https://example.org/3</f:origLink>"
)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<link>https://example.org/1</link>", "https://example.org/1"),
        ("<link>/1?a=1&amp;b=2</link>", "https://news.example.org/1?a=1&b=2"),
        ("<link>1</link>", "https://news.example.org/feeds/1"),
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>file:///etc/passwd</link>", ""),
        ("<link>https://user:pass@example.org/</link>", ""),
        ("<link>http://[::1</link>", ""),
        ("<title>x</title>", ""),
        ("<guid>https://example.org/2</guid>", "https://example.org/2"),
        ("<guid isPermaLink='false'>https://example.org/2</guid>", "https://example.org/2"),
        ("<guid>12345</guid>", ""),
        ("<link> https://example.org/a b </link>", "https://example.org/a%20b"),
        (f"<link>https://feedproxy.example/1</link>{FEEDBURNER}", "https://example.org/3"),
    ],
)
def test_links_are_whole_or_nothing(item: str, expected: str) -> None:
    assert [entry.url for entry in entries(rss(item))] == [expected]


def test_the_id_is_the_guid_then_the_link_then_the_words() -> None:
    found = entries(
        rss(
            "<guid isPermaLink='false'>g</guid><link>https://example.org/1</link>",
            "<guid></guid><link>https://www.example.org/2</link>",
            "<title>only words</title>",
            "<title>other words</title>",
        )
    )
    assert [entry.id for entry in found[:2]] == ["g", "example.org/2"]
    assert len({entry.id for entry in found}) == 4


def test_a_guid_that_moves_to_https_or_loses_its_www_stays_the_same() -> None:
    written = ["http://www.example.org/1", "https://www.example.org/1", "https://example.org/1"]
    assert {entries(rss(f"<guid>{guid}</guid>"))[0].id for guid in written} == {"example.org/1"}


def test_a_guid_is_the_same_wherever_the_feed_is_read_from() -> None:
    body = rss("<guid>12345</guid><title>a &nbsp; b</title>")
    assert entries(body)[0].id == entries(body, url="https://cdn.example.net/other.xml")[0].id == "12345"


def test_one_guid_for_all_tells_nothing_and_the_links_do() -> None:
    items = [f"<guid isPermaLink='false'>same</guid><link>https://example.org/{n}</link>" for n in range(3)]
    first, later = entries(rss(*items)), entries(rss(*items[1:]))
    assert len({entry.id for entry in first}) == 3
    assert {entry.id for entry in later} < {entry.id for entry in first}


def test_an_item_listed_twice_is_one() -> None:
    item = "<guid isPermaLink='false'>g</guid><title>x</title><link>https://example.org/1</link>"
    assert len(entries(rss(item, item))) == 1


def test_the_fingerprint_follows_the_words_not_the_date() -> None:
    first, same, edited = (
        entries(rss(f"<guid>g</guid><title>{title}</title><pubDate>{date}</pubDate>"))[0].fingerprint
        for title, date in (
            ("x", "Tue, 24 Nov 2026 09:00:00 GMT"),
            ("x", "Tue, 24 Nov 2026 10:00:00 GMT"),
            ("y", "Tue, 24 Nov 2026 09:00:00 GMT"),
        )
    )
    assert first == same != edited


# ---------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Tue, 24 Nov 2026 09:00:00 GMT", datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 09:00:00 +0530", datetime(2026, 11, 24, 3, 30, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 09:00 EST", datetime(2026, 11, 24, 14, tzinfo=UTC)),
        ("24 Nov 26 09:00:00 GMT", datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ("2026-11-24T09:00:00+09:00", datetime(2026, 11, 24, tzinfo=UTC)),
        ("Вт, 24 ноя 2026 09:00:00 +0300", datetime(2026, 11, 24, 6, tzinfo=UTC)),
        ("mar., 24 nov. 2026 09:00:00 +0100", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("24 de noviembre de 2026", datetime(2026, 11, 24, tzinfo=UTC)),
        ("Sal, 24 Kas 2026 09:00:00 +0300", datetime(2026, 11, 24, 6, tzinfo=UTC)),
        ("الثلاثاء, 24 نوفمبر 2026 09:00:00 +0300", datetime(2026, 11, 24, 6, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 13:00:00 GMT", datetime(2026, 11, 24, 13, tzinfo=UTC)),
        ("Thu, 26 Nov 2026 09:00:00 GMT", None),
        ("Wed, 24 Nov 2027 09:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0001-01-01T00:00:00Z", None),
        ("Tue, 31 Feb 2026 09:00:00 GMT", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read_and_only_believable_ones_used(written: str, expected: datetime | None) -> None:
    assert [entry.published for entry in entries(rss(f"<title>x</title><pubDate>{written}</pubDate>"))] == [
        expected
    ]


def test_the_newest_come_first() -> None:
    items = [f"<guid>{day}</guid><pubDate>{day} Nov 2026 09:00:00 GMT</pubDate>" for day in (20, 23, 21)]
    assert [entry.id for entry in entries(rss(*items))] == ["23", "21", "20"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", None),
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl>soon</ttl>", None),
        ("<ttl>99999999999</ttl>", timedelta(minutes=10080)),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            timedelta(hours=6),
        ),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            timedelta(hours=1),
        ),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", None),
    ],
)
def test_the_rhythm_a_feed_asks_for(head: str, expected: timedelta | None) -> None:
    body = rss(head=head).replace("<rss ", "<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' ")
    listing = read(body)
    assert isinstance(listing, Listing)
    assert listing.every == expected


@pytest.mark.parametrize(
    ("head", "hours", "days"),
    [
        ("<skipHours><hour>1</hour><hour> 2 </hour><hour>24</hour></skipHours>", {0, 1, 2}, set()),
        ("<skipDays><day>Saturday</day><day>Sunday</day></skipDays>", set(), {5, 6}),
        ("<skipDays><day>Caturday</day></skipDays><skipHours><hour>99</hour></skipHours>", set(), set()),
        ("<skipHours>", set(), set()),
    ],
)
def test_when_a_feed_asks_to_be_left_alone(head: str, hours: set[int], days: set[int]) -> None:
    for body in (rss(head=head), rss("<title>AT&T</title>", head=head)):
        listing = read(body)
        assert isinstance(listing, Listing)
        assert (listing.skip_hours, listing.skip_days) == (hours, days)


# ---------------------------------------------------------------------------- attacks and sizes


LAUGHS = (
    "<!DOCTYPE rss [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {new} '{f'&{old};' * 50}'>" for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
XXE = "<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
QUADRATIC = f"<!DOCTYPE rss [<!ENTITY a '{'x' * 100_000}'>]>"


@pytest.mark.parametrize(("doctype", "title"), [(LAUGHS, "&i;"), (XXE, "&a;"), (QUADRATIC, "&a;" * 5000)])
def test_entities_are_neither_exploded_nor_fetched(doctype: str, title: str) -> None:
    (found,) = titles(doctype + rss(f"<title>x {title}</title>"))
    assert found.startswith("x")
    assert len(found) <= 1000
    assert "root:" not in found
    assert "xxxx" not in found
    assert "haha" not in found


def test_a_hundred_thousand_nested_tags_do_no_harm() -> None:
    assert isinstance(read(rss("<a>" * 100_000)), Listing | Failed)


def test_of_ten_thousand_items_the_newest_thousand_are_taken() -> None:
    start = NOW - timedelta(minutes=10_000)
    items = [
        f"<guid>{n}</guid><pubDate>{(start + timedelta(minutes=n)).strftime('%d %b %Y %H:%M:00 +0000')}</pubDate>"
        for n in range(10_000)
    ]
    listing = read(rss(*items))
    assert isinstance(listing, Listing)
    assert [entry.id for entry in listing.entries] == [str(n) for n in range(9_999, 8_999, -1)]
    assert listing.remarks == ("lists more than 1,000 entries; the newest 1,000 were taken",)


def test_ten_megabytes_of_text_are_cut() -> None:
    (entry,) = entries(
        rss(
            f"<title>{'x ' * 5_000_000}</title><description><![CDATA[{'<p>yesterday, ' * 500_000}]]></description>"
        )
    )
    assert len(entry.title) <= 1000
    assert len(entry.summary) <= 2**20


@pytest.mark.parametrize(
    "piece", ["<!--", "<script>", "<a ", "<a href='", '<a b="', "&", "<![CDATA[", "</", "<p>"]
)
def test_repeated_halves_of_markup_are_read_in_no_time(piece: str) -> None:
    assert (
        len(
            entries(
                rss(f"<title>x</title><description>{(piece * 200_000).replace('<', '&lt;')}</description>")
            )
        )
        == 1
    )
