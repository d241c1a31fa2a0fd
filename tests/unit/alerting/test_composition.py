import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerting import AlertingSettings, Policy, compose
from monitor.model import (
    Alert,
    Article,
    Census,
    Excerpt,
    Field,
    Kind,
    Match,
    Mention,
    Notification,
    Origin,
    OutboxClaim,
    Severity,
    Story,
    Verdict,
)

NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
POLICY = Policy(settings=AlertingSettings(timezone="Asia/Seoul"), recipients={"desk": ("a@x.org",)})
VOID = {"meta", "br", "img", "hr", "input", "link"}
HOSTILE = (
    "Title\r\nBcc: victim@example.org\r\n\r\nbody",
    "=?UTF-8?Q?=0A?=Bcc: x@y",
    "</h1></td></table><script>alert(1)</script><img src=x onerror=alert(1)>",
    "\u202egnp.exe \u2066isolate\u2069 \u200fmark",
    "x" * 10_000,
    "👩‍👩‍👧‍👦 🇰🇵 " * 300,
    "{{ 7 * 7 }} {% for x in y %}",
    "\ud800 lone surrogate",
    "line\u2028separator\u2029paragraph\x0bvertical\x00null",
)


class Skeleton(HTMLParser):
    """The tags of a page in order, and whether each is closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} has an attribute twice"
        assert not [name for name in names if name.startswith("on")]
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def skeleton(html: str) -> list[str]:
    page = Skeleton()
    page.feed(html)
    page.close()
    assert page.open == []
    return page.tags


def an_alert(number: int = 1, **changes: object) -> Alert:
    lead = "North Korean troops are in Russia."
    article = Article(
        url=f"https://news.example/{number}",
        origin=Origin(source="news", outlet="News", tags=("tier1",)),
        title="Troops in Russia",
        fetched=NOW - timedelta(minutes=2),
        published=NOW - timedelta(minutes=5),
        language="en",
        lead=lead,
    )
    match = Match(
        watchlist="dprk",
        rule="troops",
        title="DPRK troops",
        severity=Severity.HIGH,
        mentions=(Mention(term="@dprk", field=Field.LEAD, start=0, end=12, text="North Korean"),),
        excerpts=(Excerpt(field=Field.LEAD, text=lead, marks=((0, 12), (13, 19), (27, 33))),),
    )
    story = Story(id=f"st-{number}", title="Troops in Russia", opened=NOW, touched=NOW, sources=("news",))
    alert = Alert(
        article=article,
        match=match,
        story=story,
        verdict=Verdict.FIRST_MENTION,
        raised=NOW,
        reason="first report",
    )
    return replace(alert, **changes)  # type: ignore[arg-type]


def titled(title: str, number: int = 1) -> Alert:
    alert = an_alert(number)
    return replace(
        alert,
        article=replace(alert.article, title=title, byline=title, origin=Origin(source="s", outlet=title)),
        match=replace(
            alert.match, title=title, excerpts=(Excerpt(field=Field.TITLE, text=title, marks=((0, 3),)),)
        ),
        story=replace(alert.story, title=title),
        reason=title,
        earlier=title,
    )


def mail(kind: Kind, *alerts: Alert, policy: Policy = POLICY, **more: object) -> Notification:
    claim = OutboxClaim(
        id=1,
        key="k",
        channel="desk",
        recipient="a@x.org",
        kind=kind,
        alerts=alerts,
        frozen=None,
        attempts=0,
        created=NOW,
        fence=1,
        **more,  # type: ignore[arg-type]
    )
    return compose(claim, policy=policy, now=NOW)


def test_an_alert_says_everything_at_a_glance_in_both_parts() -> None:
    found = mail(Kind.ALERT, an_alert())
    assert found.subject == "Troops in Russia"
    for said in (
        "DPRK troops",
        "News",
        "tier 1",
        "Mon 2 Mar, 23:00",
        "first report",
        "dprk/troops",
        "news.example",
    ):
        assert said in found.text
        assert said in found.html
    assert "*North Korean* *troops* are in *Russia*." in found.text
    assert "<mark>North Korean</mark> <mark>troops</mark> are in <mark>Russia</mark>." in found.html
    assert "published Mon 2 Mar, 23:00 · first seen 23:03 · sent 23:05 (Asia/Seoul)" in found.text


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance of #rrggbb."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def test_whatever_is_written_can_be_read_by_day_and_by_night() -> None:
    """WCAG 2.2 AA asks 4.5 : 1 for text of this size; what has no ground of its own stands on the card."""
    day, night = mail(Kind.ALERT, an_alert()).html.split("@media (prefers-color-scheme: dark)")
    faint, seen = [], 0
    for style in (day, night):
        rules = re.findall(r"([^{}]+)\{([^{}]*)\}", style)
        ground = {
            name: re.search(rf"{name} \{{[^}}]*background: (#\w+)", style)[1] for name in ("body", ".card")
        }
        for selector, body in rules:
            colour = re.search(r"(?<![-\w])color: (#\w{6})", body)
            own = re.search(r"background: (#\w{6})", body)
            if colour:
                seen += 1
                under = own[1] if own else ground["body" if ".foot" in selector else ".card"]
                if contrast(colour[1], under) < 4.5:
                    faint.append((selector.strip(), colour[1], under))
    assert faint == []
    assert seen > 20


def test_a_mail_loads_nothing_from_elsewhere() -> None:
    html = mail(Kind.ALERT, an_alert()).html
    assert re.findall(r"<(?:img|script|link|iframe)\b|@import|url\(", html) == []


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("kind", [Kind.ALERT, Kind.UPDATE, Kind.CORRECTION, Kind.DIGEST])
def test_a_hostile_title_changes_nothing_but_the_words(kind: Kind, title: str) -> None:
    found = mail(kind, titled(title))
    plain = mail(kind, titled("Plain title of an article"))
    assert skeleton(found.html) == skeleton(plain.html)
    assert not re.search(r"[\r\n\u2028\u2029\u202a-\u202e\u2066-\u2069\x00-\x08]", found.subject)
    assert len(found.subject) <= 180
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00]", found.html + found.text)
    found.html.encode()
    found.text.encode()


@settings(max_examples=30, deadline=None)
@given(title=st.text(max_size=200), kind=st.sampled_from([Kind.ALERT, Kind.DIGEST]))
def test_whatever_an_article_holds_the_mail_stands(title: str, kind: Kind) -> None:
    found = mail(kind, titled(title))
    skeleton(found.html)
    assert "\n" not in found.subject
    assert "\r" not in found.subject
    found.html.encode()


@settings(max_examples=40, deadline=None)
@given(
    text=st.text(max_size=700),
    cuts=st.lists(st.tuples(st.integers(0, 700), st.integers(0, 700)), max_size=6),
)
def test_marks_never_lose_or_repeat_a_letter(text: str, cuts: list[tuple[int, int]]) -> None:
    marks = tuple((min(a, b), max(a, b)) for a, b in cuts if max(a, b) <= len(text))
    alert = an_alert()
    alert = replace(
        alert, match=replace(alert.match, excerpts=(Excerpt(field=Field.LEAD, text=text, marks=marks),))
    )
    skeleton(mail(Kind.ALERT, alert).html)


def test_a_digest_of_500_stories_stays_under_90_kb_and_says_how_many_more() -> None:
    alerts = [titled(f"북한군 {'러시아 파병 ' * 12} {n}", n) for n in range(500)]
    found = mail(Kind.DIGEST, *alerts, about="digest:morning")
    assert len(found.html.encode()) < 90_000
    shown = found.html.count("<h2")
    assert f"and {500 - shown} more" in found.html
    assert found.text.count("https://news.example/") == 500


def overlong(text: str, number: int, rule: str = "troops") -> Alert:
    """An alert that is as long as one can be in every part that a mail shows."""
    alert = titled(f"{text} {number}", number)
    sentence = Excerpt(field=Field.LEAD, text=text * 3, marks=tuple((3 * n, 3 * n + 1) for n in range(60)))
    mentions = tuple(
        Mention(term="x", field=Field.LEAD, start=0, end=1, text=f"{text}{n}") for n in range(20)
    )
    return replace(
        alert,
        article=replace(alert.article, url=f"https://news.example/{number}/{'%22&' * 100}"),
        match=replace(
            alert.match, rule=rule, title=f"{text} {rule}", excerpts=(sentence,), mentions=mentions
        ),
    )


@pytest.mark.parametrize("text", ["\"'<>&" * 60, "👩‍👩‍👧‍👦 " * 60], ids=["markup", "emoji"])
def test_no_mail_with_500_items_is_clipped_whatever_they_hold(text: str) -> None:
    digest = mail(Kind.DIGEST, *(overlong(text, n) for n in range(500)), about="digest:morning")
    story = an_alert().story
    rules = [replace(overlong(text, n, f"rule{n}"), story=story) for n in range(500)]
    health = mail(Kind.HEALTH, note="\n".join(f"source-{n}: {text}" for n in range(500)))
    for found in (digest, mail(Kind.ALERT, *rules), mail(Kind.UPDATE, *rules), health):
        assert len(found.html.encode()) < 90_000
        skeleton(found.html)
    assert digest.text.count("https://news.example/") == 500
    assert health.text.count("source-") == 500
    alike = [replace(one, match=replace(one.match, title="", excerpts=())) for one in rules]
    assert "494 more rules" in mail(Kind.ALERT, *alike).text


def test_an_address_that_would_fill_the_mail_is_no_link() -> None:
    alert = an_alert()
    alert = replace(alert, article=replace(alert.article, url=f"https://news.example/{'x' * 60_000}"))
    assert len(mail(Kind.ALERT, alert).html.encode()) < 20_000


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        (["severity", "story_size"], ["Grave", "Big", "New", "Old"]),
        (["story_size", "severity"], ["Big", "Grave", "New", "Old"]),
        (["newest"], ["New", "Old", "Big", "Grave"]),
    ],
)
def test_a_digest_is_sorted_as_the_policy_says(sort: list[str], titles: list[str]) -> None:
    def told(number: int, title: str, minutes: int, articles: int, severity: Severity) -> Alert:
        alert = an_alert(number)
        return replace(
            alert,
            match=replace(alert.match, severity=severity),
            story=replace(alert.story, articles=articles),
            article=replace(alert.article, title=title, published=NOW - timedelta(minutes=minutes)),
        )

    alerts = (
        told(1, "Old", 20, 1, Severity.LOW),
        told(2, "Big", 30, 9, Severity.LOW),
        told(3, "Grave", 40, 2, Severity.HIGH),
        told(4, "New", 10, 1, Severity.LOW),
    )
    digests = {"morning": {"to": ["desk"], "at": "07:30", "sort": sort}}
    policy = Policy(settings=AlertingSettings.model_validate({"digests": digests}), recipients={})
    text = mail(Kind.DIGEST, *alerts, policy=policy, about="digest:morning").text
    assert [line for line in text.splitlines() if line in titles] == titles


def test_a_digest_puts_the_gravest_and_the_most_told_first() -> None:
    small, big, grave = an_alert(1), an_alert(2), an_alert(3)
    big = replace(big, story=replace(big.story, articles=9), article=replace(big.article, title="Big"))
    grave = replace(
        grave,
        match=replace(grave.match, severity=Severity.CRITICAL),
        article=replace(grave.article, title="Grave"),
    )
    text = mail(Kind.DIGEST, small, big, grave, about="digest:morning").text
    assert text.index("Grave") < text.index("Big") < text.index("Troops in Russia")


def test_an_empty_digest_says_so_and_counts() -> None:
    census = Census(
        since=NOW - timedelta(days=1), articles=1240, sources=61, silent=2, verdicts={"repeat": 3}
    )
    found = mail(Kind.DIGEST, about="digest:morning", census=census)
    assert found.subject == "Digest morning: nothing new, 2 Mar"
    assert "Nothing matched that was to be told here." in found.text
    assert (
        "1,240 articles of 61 sources read, 2 sources failing; matches that stayed silent: 3 repeat."
        in found.text
    )
    skeleton(found.html)


def test_an_update_says_what_is_new_on_top() -> None:
    found = mail(Kind.UPDATE, an_alert(reason="5 sources now tell this story", verdict=Verdict.DEVELOPMENT))
    assert found.text.splitlines()[1] == "NEW: 5 sources now tell this story"
    assert found.text.index("NEW") < found.text.index("> ")


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        (
            ["5 sources now tell this story", "first report of this story", "20 sources now tell this story"],
            "first report of this story",
        ),
        (
            [
                "5 sources now tell this story; severity rose from low to high",
                "20 sources now tell this story",
            ],
            "severity rose from low to high; 20 sources now tell this story",
        ),
    ],
)
def test_of_how_many_tell_a_story_only_the_last_is_news_and_none_beside_its_first_report(
    reasons: list[str], told: str
) -> None:
    first = {"first report of this story": Verdict.FIRST_MENTION}
    alerts = [
        an_alert(number, reason=reason, verdict=first.get(reason, Verdict.DEVELOPMENT))
        for number, reason in enumerate(reasons)
    ]
    assert f"\nWhy now: {told}\n" in mail(Kind.ALERT, *alerts).text
    assert f"\nNEW: {told}\n" in mail(Kind.UPDATE, *alerts).text


def test_a_surge_is_named_by_its_subject_and_muted_as_one() -> None:
    alert = an_alert(verdict=Verdict.SURGE, reason="surge: 12 reports in 24 h, usually 3")
    title = "Surge in dprk: 12 reports in 24 h, usually 3"
    surge = replace(alert, match=replace(alert.match, rule="surge:troops", title=title))
    found = mail(Kind.ALERT, surge)
    assert found.subject == title
    for part in (found.text, found.html):
        assert "monitor silence add --watchlist dprk --rule surge:troops --for 24h --why enough" in part


def test_a_correction_shows_the_wording_before_and_after() -> None:
    alert = an_alert(verdict=Verdict.CORRECTION, earlier="12,000 North Korean troops are in Russia.")
    found = mail(Kind.CORRECTION, alert)
    assert "<del>12,000</del> North Korean troops are in Russia." in found.html
    assert "CORRECTED: [was: 12,000] North Korean troops are in Russia." in found.text


def test_a_correction_stays_in_its_conversation_and_the_inbox_shows_the_headline_that_is_right() -> None:
    told = an_alert(verdict=Verdict.CORRECTION, earlier="12,000 troops in Russia")
    told = replace(told, story=replace(told.story, title="12,000 troops in Russia"))
    told = replace(told, article=replace(told.article, title="3,000 troops in Russia"))
    found = mail(Kind.CORRECTION, told)
    assert found.subject == "12,000 troops in Russia"
    assert hint(found).startswith("Corrected: 3,000 troops in Russia · ")


def test_a_health_mail_lists_what_needs_a_look() -> None:
    found = mail(Kind.HEALTH, note="bbc: failing for 7 h: 503\nafp: nothing new for 3 days")
    assert found.subject == "2 things need a look: bbc, afp"
    assert "- bbc: failing for 7 h: 503\n- afp: nothing new for 3 days" in found.text
    assert skeleton(found.html).count("p") == 2


@pytest.mark.parametrize(
    ("note", "subject"),
    [
        ("bbc: failing for 7 h: 503", "bbc: failing for 7 h: 503"),
        ("Well again: bbc: failing for 7 h: 503", "Well again: bbc: failing for 7 h: 503"),
        ("Well again: bbc: failing\nWell again: afp: nothing new", "Well again: bbc, afp"),
        (
            "Well again: bbc: failing\nStill: afp: nothing new\nStill: un: nothing new",
            "Well again, 2 things still need a look: bbc",
        ),
        ("bbc: failing\nWell again: afp: nothing new", "1 thing needs a look: bbc"),
        ("bbc: failing\nStill: bbc: short\nStill: un: nothing new", "3 things need a look: bbc, un"),
    ],
)
def test_the_subject_of_a_health_mail_tells_trouble_from_its_end(note: str, subject: str) -> None:
    assert mail(Kind.HEALTH, note=note).subject == subject


def test_a_sign_of_life_stays_one_though_something_needs_a_look() -> None:
    alive = "Alive: read 9 articles of 2 sources, 1 alerts, 0 held"
    one = mail(Kind.HEALTH, note=alive, about="heartbeat")
    more = mail(Kind.HEALTH, note=f"{alive}\nStill: bbc: failing for 7 h: 503", about="heartbeat")
    assert (one.subject, more.subject) == ("Alive", "Alive, 1 thing still needs a look")


def hint(found: Notification) -> str:
    """What an inbox shows beside the subject."""
    hidden = re.search(r'<div style="display:none[^>]*>([^<]*)</div>', found.html)
    assert hidden
    return hidden[1]


def test_beside_the_subject_an_inbox_shows_what_the_subject_does_not_say() -> None:
    said = "High · DPRK troops · North Korean troops are in Russia."
    first, bare = an_alert(), an_alert()
    bare = replace(bare, story=replace(bare.story, title=""), match=replace(bare.match, excerpts=()))
    rose = an_alert(verdict=Verdict.DEVELOPMENT, reason="severity rose from low to high")
    assert hint(mail(Kind.ALERT, first)) == said
    assert hint(mail(Kind.UPDATE, rose)) == f"New: severity rose from low to high · {said}"
    assert hint(mail(Kind.CORRECTION, an_alert(verdict=Verdict.CORRECTION))) == f"Corrected · {said}"
    assert (mail(Kind.ALERT, bare).subject, hint(mail(Kind.ALERT, bare))) == ("DPRK troops", "High")


def test_an_article_without_a_title_is_named_by_its_address_once() -> None:
    for kind in (Kind.ALERT, Kind.DIGEST):
        assert mail(kind, titled("")).text.count("https://news.example/1") == 1


def test_one_of_a_kind_is_told_as_one() -> None:
    census = Census(since=NOW, articles=1, sources=1, silent=1, verdicts={})
    found = mail(Kind.DIGEST, about="digest:morning", census=census)
    assert "1 article of 1 source read, 1 source failing; no match stayed silent." in found.text


def test_a_digest_says_on_top_in_which_zone_its_times_are() -> None:
    found = mail(Kind.DIGEST, an_alert(), about="digest:morning")
    assert found.text.splitlines()[1] == "1 story · Monday, 2 March 2026 · times in Asia/Seoul"
    assert "Monday, 2 March 2026 · times in Asia/Seoul</div>" in found.html


def test_the_subject_of_a_story_is_constant() -> None:
    first, later = an_alert(1), an_alert(2)
    later = replace(later, story=first.story, article=replace(later.article, title="Another headline"))
    assert mail(Kind.ALERT, first).subject == mail(Kind.UPDATE, later).subject


def test_right_to_left_text_has_its_direction_and_language() -> None:
    alert = titled("واشنطن تؤكد وجود قوات")
    alert = replace(alert, article=replace(alert.article, language="ar"))
    assert '<h1 lang="ar" dir="rtl">' in mail(Kind.ALERT, alert).html


def test_others_of_the_story_are_named_and_the_best_source_leads() -> None:
    blog = an_alert(1)
    blog = replace(blog, article=replace(blog.article, origin=Origin(source="blog", outlet="Blog")))
    wire = an_alert(2, story=blog.story)
    text = mail(Kind.ALERT, blog, wire).text
    assert text.index("News") < text.index("Also:") < text.index("Blog")


def test_the_payload_names_every_alert() -> None:
    payload = mail(Kind.ALERT, an_alert()).payload
    assert payload["kind"] == "alert"
    assert payload["alerts"] == [
        {
            "raised": "2026-03-02T14:05:00+00:00",
            "verdict": "first_mention",
            "reason": "first report",
            "watchlist": "dprk",
            "rule": "troops",
            "severity": "high",
            "story": "st-1",
            "title": "Troops in Russia",
            "url": "https://news.example/1",
            "source": "news",
            "language": "en",
            "published": "2026-03-02T14:00:00+00:00",
            "excerpts": ["North Korean troops are in Russia."],
            "mentions": ["North Korean"],
        }
    ]


def test_a_headline_is_not_quoted_again_where_a_sentence_matches() -> None:
    alert = an_alert()
    title = Excerpt(field=Field.TITLE, text=alert.article.title, marks=((0, 6),))
    both = replace(alert, match=replace(alert.match, excerpts=(title, *alert.match.excerpts)))
    alone = replace(alert, match=replace(alert.match, excerpts=(title,)))
    assert [line for line in mail(Kind.ALERT, both).text.splitlines() if line.startswith(">")] == [
        "> *North Korean* *troops* are in *Russia*."
    ]
    assert "> *Troops* in Russia" in mail(Kind.ALERT, alone).text
