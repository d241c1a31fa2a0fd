"""Pages that hold no article, or not all of it, and pages that are more than they seem."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.extraction import article_from_entry, article_from_page
from monitor.extraction.page import read_page
from monitor.model import Article, FeedEntry, Origin

SEEN = datetime(2024, 10, 24, tzinfo=UTC)
ORIGIN = Origin(source="post", outlet="Post", language="en")
URL = "https://post.example/1"
ENTRY = FeedEntry(id="1", url=URL, title="The ferry is late", summary="Nobody knows why.")
SENTENCES = [
    f"Paragraph {n} tells of the harbour, the ferries and the people who waited there." for n in range(12)
]
HALVES = ["".join(f"<p>{sentence}</p>" for sentence in half) for half in (SENTENCES[:6], SENTENCES[6:])]
TEXT = "".join(HALVES)


def read(content: str | bytes, content_type: str = "text/html", head: str = "") -> Article:
    body = content if isinstance(content, bytes) else f"<html><head>{head}</head><body>{content}".encode()
    return article_from_page(body, content_type, ENTRY, ORIGIN, url=URL, seen=SEEN)


def lines(article: Article) -> list[str]:
    return [*article.lead.split("\n"), *article.body.split("\n")]


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"%PDF-1.7", "application/pdf", "not a page but application/pdf"),
        (b"%PDF-1.7", "text/html", "not a page but text/html"),
        (b"\xff\xd8\xff\xe0", "", "not a page but a media file"),
        (b"ID3\x04", "audio/mpeg", "not a page but audio/mpeg"),
        (b"{}", "application/json", "not a page but application/json"),
        (b"", "text/html", "the page is empty"),
        (b" \n", "text/html", "the page is empty"),
        (b"\x00\x00", "text/html", "the page is empty"),
        (b"x" * 6_000_000, "text/html", "the page is too large: 6 MB"),
        (b"<p>x" * 25_000, "text/html", "the page is too large: 25002 elements"),
        (b"<html><body><div id=app></div><script>x</script>", "text/html", "the page is filled by scripts"),
        (b"<title>404 - Page not found</title><p>Sorry.</p>", "", "the page says that it is not there"),
        (
            b"<title>Before you continue</title><p>We use cookies.</p>",
            "",
            "the page asks for consent or a check",
        ),
        (b"<title>Just a moment...</title><p>Wait.</p>", "", "the page asks for consent or a check"),
    ],
)
def test_a_page_without_an_article_yields_the_words_of_the_feed(
    body: bytes, content_type: str, reason: str
) -> None:
    assert read(body, content_type) == article_from_entry(ENTRY, ORIGIN, url=URL, seen=SEEN, partial=reason)


@pytest.mark.parametrize(
    "title", ["Error 404 tour reaches Skarvness", "Not found: the ferry", "Captain no longer available"]
)
def test_a_headline_that_speaks_of_what_is_missing_is_one_where_the_feed_has_it_too(title: str) -> None:
    body = f"<title>{title} | Post</title><article><h1>{title}</h1><p>{SENTENCES[0]}</p></article>".encode()
    entry = replace(ENTRY, title=title)
    article = article_from_page(body, "text/html", entry, ORIGIN, url=URL, seen=SEEN)

    assert (article.lead, article.body) == (f"Nobody knows why.\n{SENTENCES[0]}", "")
    assert article.partial == ""
    assert read(body).partial == "the page says that it is not there"


def test_a_word_and_a_colon_before_a_link_are_a_teaser_and_a_source_within_a_sentence_is_not() -> None:
    link = "<a href='/o'>Whale follows ferry into the fjord</a>"
    teaser, cited = f"<p>IN THE NORTH: {link}</p>", f"<p>As the Post wrote: {link} at noon on Tuesday.</p>"
    article = read(f"<article><h1>T</h1>{HALVES[0]}{teaser}{cited}{HALVES[1]}</article>")

    assert lines(article)[7:9] == [
        "As the Post wrote: Whale follows ferry into the fjord at noon on Tuesday.",
        SENTENCES[6],
    ]


def test_the_element_with_most_prose_is_read_where_another_only_has_the_name() -> None:
    offer = (
        "<div class='article-text'><p>The whole archive, on paper and on the screen of your choice.</p></div>"
    )
    told = "".join(f"<div class='q7'>{sentence}</div>" for sentence in SENTENCES)
    article = read(f"<h2>T</h2><div class='q5'>{told}</div>{offer}")

    assert lines(article) == ["Nobody knows why.", *SENTENCES]


def test_teasers_go_though_they_are_most_of_the_page() -> None:
    card = "<li><h4><a href='/o'>Whale follows ferry into the fjord</a></h4><p>It sang, said those on board.</p></li>"
    article = read(f"<div><h1>T</h1>{TEXT}</div><ul class='x'>{card * 40}</ul>")

    assert lines(article) == ["Nobody knows why.", *SENTENCES]


def test_a_subtitle_of_the_sharing_box_is_no_standfirst() -> None:
    box = "<div class='share-flyout'><p class='subtitle'>Let your friends know what you read about ships.</p></div>"
    article = read(f"<article><header><h1>T</h1>{box}</header>{TEXT}</article>")

    assert lines(article) == ["Nobody knows why.", *SENTENCES]


@pytest.mark.parametrize("name", ["description", "og:description"])
def test_a_nameless_standfirst_outside_the_body_is_known_by_the_page_s_description(name: str) -> None:
    told = "The last man to climb the tower hands over to a switch"
    page = f"<main><div class='x1'><h1>T</h1><div class='x2'>{told}</div></div><div class='x3'>{TEXT}</div></main>"
    head = f"<meta property='{name}' content='{told}.'>"

    assert lines(read(page, head=head)) == ["Nobody knows why.", told, *SENTENCES]
    assert lines(read(page)) == ["Nobody knows why.", *SENTENCES]


def test_the_portrait_of_the_author_that_the_feed_names_is_not_the_article() -> None:
    portrait = "<p>Ida Berg sails, and writes about ships and the people on them.</p>"
    body = f"<html><body><article><h1>T</h1>{TEXT}{portrait}</article>".encode()
    entry = replace(ENTRY, author="Ida Berg")
    article = article_from_page(body, "text/html", entry, ORIGIN, url=URL, seen=SEEN)

    assert lines(article) == ["Nobody knows why.", *SENTENCES]


def test_a_long_portrait_is_not_the_article_though_it_links_nowhere() -> None:
    text = [f"{n} {sentence}" for n in range(3) for sentence in SENTENCES]
    portrait = [
        f"In the year {n} the Post heard of whales through the ears of Ida Berg, who swims." for n in range(8)
    ]
    boxed = f"<div class='contributor-profile'><img><p>{'</p><p>'.join(portrait)}</p></div>"

    assert lines(read(f"<h1>T</h1><div><p>{'</p><p>'.join(text)}</p>{boxed}</div>"))[1:] == text


def test_a_paywalls_stub_keeps_its_beginning_and_says_so() -> None:
    article = read(
        "<article><h1>The ferry is late</h1><p>The pier was full at dawn.</p><div class='paywall'>"
        "<h2>Subscribe to read on</h2><p>Two pounds a week.</p></div></article>",
        head='<script type="application/ld+json">{"@type": "Article", "isAccessibleForFree": false}</script>',
    )

    assert (article.lead, article.body) == ("Nobody knows why.\nThe pier was full at dawn.", "")
    assert article.partial == "only the beginning is free to read"


def test_a_page_whose_whole_text_can_be_read_is_not_partial_though_it_is_sold() -> None:
    head = '<script type="application/ld+json">{"@type": "Article", "isAccessibleForFree": false}</script>'

    assert read(f"<article>{TEXT}<p>{'And so on, to the end. ' * 40}</p></article>", head=head).partial == ""


def test_the_text_for_machines_stands_in_for_a_page_that_hides_it() -> None:
    told = "The pier was full at dawn. " * 30
    head = f'<script type="application/ld+json">{{"@type": "Article", "articleBody": "{told}\\n\\nThe end."}}</script>'

    assert lines(read("<div id=app></div>", head=head)) == ["Nobody knows why.", told.strip(), "The end."]


def test_the_text_for_machines_adds_what_the_page_lacks_but_no_furniture() -> None:
    related = "The whale sings for the ferry."
    told = " ".join([*SENTENCES, related])
    head = f'<script type="application/ld+json">{{"@type": "Article", "articleBody": "{told}"}}</script>'
    boxed = f"<div class='related'><p>{related}</p></div>"
    page = f"<h1>T</h1><div>{''.join(f'<p>{s}</p>' for s in SENTENCES[:8])}</div>{boxed}"

    assert lines(read(page, head=head)) == ["Nobody knows why.", *SENTENCES[:8], " ".join(SENTENCES[8:])]


@pytest.mark.parametrize(
    "content",
    [
        f"<h1>T</h1><div class='article-body'>{HALVES[0]}</div>ad<div class='article-body'>{HALVES[1]}</div>",
        f"<h1>T</h1><div class='promo content'>{TEXT}</div>",
        f"<h1>T</h1><div class='related-wrap'>{TEXT}</div>",
        f"<form id='aspnetForm'><h1>T</h1><div>{TEXT}</div></form>",
        "<main><h1>T</h1>"
        + "".join(f"<section class='x'><div><p>{s}</p></div></section>" for s in SENTENCES),
        "<h1>T</h1><div class='text'>" + "<br><br>".join(SENTENCES) + "</div>",
        "<table><tr><td>menu</td><td><h1>T</h1>" + TEXT + "</td></tr></table>",
        f"<ul class='columns'><li class='left'><h1>T</h1><div>{TEXT}</div></li><li><a href='/o'>menu</a></li></ul>",
        f"<article><h1>T</h1><div class='sidebar-fixed l-article-body-segment'>{HALVES[0]}</div>{HALVES[1]}</article>",
        f"<h1>T</h1><div class='entry'><span class='event tags'>{TEXT}</span></div>",
        "<h1>T</h1><div class='post-body'>"
        + "<br>".join(SENTENCES[:3])
        + "".join(f"<div><br></div><div>{s}</div>" for s in SENTENCES[3:])
        + "</div>",
        f"<h1>T</h1><div>{HALVES[0]}{SENTENCES[6]}<p>{'</p><p>'.join(SENTENCES[7:])}</p></div>",
        f"<h1>T</h1><div>{HALVES[0]}<div class='x'>{HALVES[1]}</div></div>",
        f"<h1>T</h1><div>{HALVES[0]}<div class='toggle hideOnInit'>{HALVES[1]}</div></div>",
        f"<h1>T</h1><div>{HALVES[0]}<div><span>{SENTENCES[6]}</span></div><p>{'</p><p>'.join(SENTENCES[7:])}</p></div>",
        f"<h1>T</h1><div><div class='image'><img></div>{SENTENCES[0]}<p>{'</p><p>'.join(SENTENCES[1:])}</p></div>",
        "<main><h1>T</h1>"
        + "".join(
            f"<section class='report__section report__section--ads'><p>{s}</p></section>" for s in SENTENCES
        )
        + "</main>",
        f"<h1>T</h1><div>{TEXT.replace('ferries and', '<a class=popup href=#>ferries</a> and')}</div>",
        f"<h1>T</h1><div>{TEXT.replace('waited there', 'waited <a class=popup href=#>there</a>')}</div>",
        f"<h1>T</h1><div>{TEXT.replace('waited there.', 'waited <a class=popup href=#>there.</a>')}</div>",
        f"<h1>T</h1><div>{TEXT.replace('ferries', '<span class=tooltip>ferries</span>')}</div>",
        f"<h1>T</h1><div>{HALVES[0]}<blockquote>{SENTENCES[6]}<p>{'</p><p>'.join(SENTENCES[7:])}</p></blockquote></div>",
    ],
    ids=[
        "two bodies",
        "misnamed",
        "named surely",
        "form",
        "sections",
        "line breaks",
        "table",
        "list",
        "named both ways",
        "misnamed span",
        "line breaks and blocks",
        "bare text between paragraphs",
        "a box among paragraphs",
        "unfolded by a button",
        "a sentence in a box of its own",
        "bare text behind a picture",
        "sections named for their advertisements",
        "words that a popup explains",
        "a sentence that ends in a popup",
        "a full stop in a popup",
        "words with a tooltip",
        "half a quotation in paragraphs",
    ],
)
def test_the_whole_text_is_read_however_it_is_boxed(content: str) -> None:
    assert lines(read(content)) == ["Nobody knows why.", *SENTENCES]


def test_a_text_whose_every_paragraph_is_named_for_other_stories_is_read() -> None:
    text = [f"{n} {sentence}" for n in range(2) for sentence in SENTENCES]
    named = "".join(f"<p class='recommended'>{sentence}</p>" for sentence in text)

    assert lines(read(f"<h1>T</h1><div>{named}</div>"))[1:] == text


def test_what_is_named_for_a_link_to_the_rest_may_be_the_rest() -> None:
    rest = [sentence.replace("Paragraph", "Further down, paragraph") for sentence in SENTENCES]
    unfolded = f"<div id='read-more'><a href=''>Read more</a><p>{'</p><p>'.join(rest)}</p></div>"

    assert lines(read(f"<h1>T</h1><div>{TEXT}{unfolded}</div>"))[1:] == [*SENTENCES, *rest]


def test_a_heading_stays_where_the_text_has_a_link_that_leads_nowhere() -> None:
    article = read(
        f"<article><h1>T</h1><a href='/x'></a>{HALVES[0]}<h2>The captain speaks</h2>{HALVES[1]}</article>"
    )

    assert "The captain speaks" in lines(article)


def test_headings_stay_whatever_their_anchors_are_called() -> None:
    headings = {"what-happens-next": "What happens next?", "nav_0": "Fewer ferries, more gulls"}
    marked = "".join(
        f"<h2 id='{name}'>{text}</h2>{half}"
        for (name, text), half in zip(headings.items(), HALVES, strict=True)
    )

    assert set(headings.values()) <= set(lines(read(f"<article><h1>T</h1>{marked}</article>")))


def test_only_the_page_s_own_headline_is_not_repeated_where_every_heading_is_an_h1() -> None:
    article = read(
        f"<article><h1>The ferry is late</h1>{HALVES[0]}<h1>The captain speaks</h1>{HALVES[1]}</article>"
    )

    assert lines(article) == ["Nobody knows why.", *SENTENCES[:6], "The captain speaks", *SENTENCES[6:]]


def test_entries_of_a_list_within_a_list_are_read_once() -> None:
    listing = (
        "<ul><li>On the pier there were:<ul><li>two gulls, asleep;</li><li>one captain.</li></ul></li></ul>"
    )
    found = lines(read(f"<article><h1>T</h1>{HALVES[0]}{listing}{HALVES[1]}</article>"))

    assert found[7:10] == ["On the pier there were:", "two gulls, asleep;", "one captain."]


def test_a_page_without_paragraphs_yields_its_passages_and_no_menu() -> None:
    told = "The ferry left two hours after its time, and nobody told the passengers on the pier why."
    article = read(
        f"<div class='bar'>News Weather Sport</div><div>You are here: Home &gt; News</div><div class='txt'>{told}</div>"
    )

    assert (article.lead, article.body) == (f"Nobody knows why.\n{told}", "")


def test_a_second_article_on_the_page_is_not_this_one() -> None:
    article = read(
        f"<article><h1>T</h1>{TEXT}</article><article><h1>Other</h1><p>Another story, told at length.</p></article>"
    )

    assert lines(article) == ["Nobody knows why.", *SENTENCES]


def test_comments_are_not_the_article_even_where_they_are_most_of_the_page() -> None:
    comments = "".join(
        f"<div class='comment'><p>Reader {n} has an opinion on ferries in general.</p></div>"
        for n in range(80)
    )
    article = read(f"<article><h1>T</h1>{TEXT[:200]}</article><section class='comments'>{comments}</section>")

    assert "opinion" not in article.lead + article.body
    assert "opinion" in article.furniture


def test_a_column_is_no_furniture_because_the_comments_are_longer_than_its_article() -> None:
    comments = "".join(
        f"<div class='comment'><p>Reader {n} has an opinion on ferries in general.</p></div>"
        for n in range(80)
    )
    article = read(
        f"<h1>T</h1><div class='left-col'>{TEXT}</div><section class='comments'>{comments}</section>"
    )

    assert lines(article) == ["Nobody knows why.", *SENTENCES]


def test_a_name_that_is_a_link_stays_in_the_row_of_its_figures() -> None:
    rows = "".join(
        f"<tr><td><a href='/t{n}'>Rowers of pier {n}</a></td><td>{30 - n}</td><td>{n}</td></tr>"
        for n in range(3)
    )
    found = lines(read(f"<article><h1>T</h1>{HALVES[0]}<table>{rows}</table>{HALVES[1]}</article>"))

    assert found[7:10] == ["Rowers of pier 0 30 0", "Rowers of pier 1 29 1", "Rowers of pier 2 28 2"]


def test_what_the_page_hides_beside_the_text_is_not_the_article() -> None:
    other = "<p>A video that nobody has asked for yet shows whales, and gulls that follow them.</p>"
    hidden = f"<div style='display: none'><div class='x'>{other * 3}</div></div>"

    assert lines(read(f"<h1>T</h1><div class='x'>{TEXT}</div>{hidden}"))[1:] == SENTENCES


def test_a_caption_and_its_credit_are_told_once() -> None:
    caption = "<div class='caption'><span class='caption__text'>A gull.</span> <span class='caption__credit photo-credit'>Photo: I. Berg</span></div>"
    article = read(f"<article><h1>T</h1>{HALVES[0]}<figure><img>{caption}</figure>{HALVES[1]}</article>")

    assert article.caption == "A gull. Photo: I. Berg"


def test_a_caption_that_another_one_contains_is_not_told() -> None:
    pictures = "".join(
        f"<figure><img><figcaption>{told}</figcaption></figure>{HALVES[0]}"
        for told in ("A gull", "A gull on the pier. Photo: I. Berg", "A whale")
    )

    assert (
        read(f"<article><h1>T</h1>{pictures}</article>").caption
        == "A gull on the pier. Photo: I. Berg\nA whale"
    )


def test_cells_part_words() -> None:
    table = "<table><tr><th>Late</th><th>Where</th></tr><tr><td>Ferry</td><td>Skarvness</td></tr></table>"
    article = read(f"<article><h1>T</h1>{HALVES[0]}<blockquote>{table}</blockquote>{HALVES[1]}</article>")

    assert {"Late", "Where", "Ferry", "Skarvness"} <= set(article.body.split())


def test_a_line_break_parts_words() -> None:
    page = f"<article><h1>Ferry<br>late</h1>{TEXT}</article>".encode()

    assert article_from_page(page, "text/html", None, ORIGIN, url=URL, seen=SEEN).title == "Ferry late"


def test_what_stands_behind_a_paywall_is_read_where_the_page_has_it() -> None:
    free = "".join(
        f"<p>{sentence} {'So it went on, hour after hour. ' * 9}</p>" for sentence in SENTENCES[:6]
    )
    article = read(f"<article><h1>T</h1>{free}<div class='paywall'>{HALVES[1]}{HALVES[1]}</div></article>")

    assert lines(article)[-6:] == SENTENCES[6:]


def test_nothing_unseen_is_left_in_a_text() -> None:
    article = read(f"<article><h1>T</h1><p>Nord\u00adkorea\x00 and \u202eRussia.</p>{TEXT}</article>")

    assert lines(article)[1] == "Nordkorea and Russia."


def test_the_same_page_reads_the_same_each_time() -> None:
    assert len({read(f"<article><h1>T</h1>{TEXT}</article>") for _ in range(5)}) == 1


def test_the_page_names_its_own_address() -> None:
    body = f'<html><head><link rel="canonical" href="/a"></head><body>{TEXT}'.encode()

    assert read_page(body, "text/html", ENTRY, ORIGIN, url=URL, seen=SEEN)[1] == "/a"


TAGS = st.sampled_from(
    ["<p>", "</p>", "<div class='related'>", "<a href='x'>", "<br>", "<h2>", "<ul><li>", "<table><td>"]
)


@settings(max_examples=50)
@given(st.lists(TAGS | st.text(max_size=40), max_size=40).map("".join))
def test_any_markup_is_an_article(markup: str) -> None:
    assert read(markup.encode("utf-8", "surrogatepass")).title == ENTRY.title
