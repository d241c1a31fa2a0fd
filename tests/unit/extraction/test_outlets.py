"""One article set the ways of well-known news sites: paragraphs without <p>, teasers without a telling name."""

from datetime import UTC, datetime

import pytest

from monitor.extraction import article_from_page
from monitor.model import Article, Origin

TEXT = [
    f"Sentence number {n} of the story tells of gulls and ferries near the northern harbour, officials said on Tuesday."
    for n in range(10)
]
LINKS = "".join(
    f'<li><a href="/o{n}"><span>Whale number {n} follows a ferry</span></a></li>' for n in range(5)
)
INDENT = "\n" + 12 * "\t"
CARD = '<div class="k2"><a href="/o9"><img></a><h3><a href="/o9">Whale follows a ferry</a></h3><p>It sang.</p></div>'


def paragraphs(before: str = "<p>", after: str = "</p>", *, inside: str = "") -> str:
    set_as = [f"{before}{text}{after}" for text in TEXT]
    return "".join([*set_as[:4], inside, *set_as[4:]])


PAGES = {
    "divs for paragraphs": (
        '<article><h1 data-testid="Heading">Ferry late</h1><div class="article-body__content__x1">'
        + paragraphs('<div data-testid="paragraph" class="text__text__x">', "</div>")
        + "<p>Reporting by Ida Berg; Editing by Arne Lofthus</p><p>Our Standards: <a href=x>The Trust.</a></p></div></article>"
    ),
    "a block around each paragraph": (
        '<div class="article"><h1 class="article__title">Ferry late</h1><div class="article__body">'
        + paragraphs(
            '<div class="article__block" data-type="text"><div class="article__text">',
            "</div></div>",
            inside='<div class="article__block" data-type="article"><div class="article__article"><a href="/o1">'
            "<span>Whale follows a ferry into the fjord</span></a><div>Yesterday, 13:20</div></div></div>",
        )
        + "</div></div>"
    ),
    "line breaks in an article": (
        '<h2 class="head">Ferry late</h2><article id="dic_area"><span><div><img></div>'
        '<em class="img_desc">A gull on the pier</em></span>'
        + "<br><br>".join(TEXT)
        + f'<br><br>기자 kim@post.example</article><div class="linked_more"><ul>{LINKS}</ul></div>'
    ),
    "hashed class names": (
        '<article><header data-component="headline-block"><h1>Ferry late</h1></header><figure><img><figcaption>'
        '<span class="visually-hidden">Image caption, </span>A gull on the pier</figcaption></figure>'
        + paragraphs(
            '<div class="ssrcss-7x"><div class="ssrcss-8y-Rich"><p class="ssrcss-9z">',
            "</p></div></div>",
            inside=f'<div data-component="unordered-list-block"><ul>{LINKS}</ul></div>',
        )
        + f"<section><h2>Related Topics</h2><ul>{LINKS}</ul></section></article><section><h2>More on this story</h2>"
        f"<ul>{LINKS}</ul></section>"
    ),
    "spans and breaks": '<h1>Ferry late</h1><div class="_s30J clearfix">'
    + paragraphs("<span>", "</span><br><br>")
    + "</div>",
    "a promotion between paragraphs": (
        '<h1 class="Page-headline">Ferry late</h1><div class="RichTextStoryBody">'
        + paragraphs(
            inside='<div class="Enhancement"><div class="PageList"><div class="PageList-title">Related Stories</div>'
            '<div><div class="PagePromo-title"><a href="/o1">Whale follows a ferry</a></div><div class="PagePromo-text">'
            '<a href="/o1">It sang, passengers said.</a></div></div></div></div>'
        )
        + "</div>"
    ),
    "pictures in a row": (
        '<h1>Ferry late</h1><div class="x">'
        + paragraphs(
            inside="".join(f"<div><img><div>Whale number {n}. Photo: Ida Berg</div></div>" for n in range(6))
        )
        + "</div>"
    ),
    "the author's portrait": (
        '<h1>Ferry late</h1><div class="x">'
        + paragraphs()
        + '<div class="author-bio"><img><h4>Ida Berg</h4><p>Ida Berg covers whales for the Post. She sails.</p></div></div>'
    ),
    "cards among the text": f'<h1>Ferry late</h1><div class="x">{paragraphs(inside=CARD * 3)}{CARD * 3}</div>',
    "cards around the text": f'<div class="g">{CARD * 9}</div><div class="m"><h1>Ferry late</h1>{paragraphs()}</div>{CARD * 9}',
    "a link around a headline and its summary": (
        "<article><h1>Ferry late</h1>"
        + paragraphs(
            inside='<a href="/o9"><p>Whale follows a ferry</p><p>It sang, two passengers of the whale said.</p></a>'
        )
        + "</article>"
    ),
    "an invitation at a headline's end": (
        "<article><h1>Ferry late</h1>"
        + paragraphs(
            inside='<p>Whale follows a ferry into the fjord <a href="/o9">Read more</a></p>'
            '<p>Whale leaves the ferry alone <a href="/o8">»</a></p>'
        )
        + "</article>"
    ),
    "an announcement and its link": (
        "<article><h1>Ferry late</h1>"
        + paragraphs(
            inside='<p>Lesen Sie auch <a href="/o9">Whale follows a ferry into the fjord</a></p>'
            '<p><em>Leggi anche <a href="/o8">Whale leaves the ferry alone</a></em></p>'
        )
        + "</article>"
    ),
    "cards set deep, with much white space": (
        "<article><h1>Ferry late</h1>"
        + paragraphs()
        + "".join(
            f"<div class='b{n}'>{INDENT}<h4>{INDENT}<strong>Sea</strong>{INDENT}<a href='/o{n}'>{INDENT}Whale follows a ferry"
            f"{INDENT}</a>{INDENT}</h4>{INDENT}<p>{INDENT}It sang to the passengers, the captain said.{INDENT}</p></div>"
            for n in range(3)
        )
        + "</article>"
    ),
    "a link stretched over a card": (
        "<article><h1>Ferry late</h1>"
        + paragraphs(
            inside='<div class="b9"><a class="over" href="/o9" aria-label="Read"></a><div><h3>Whale follows a ferry</h3>'
            "<p>It sang to the passengers, the captain of the whale said.</p></div></div>"
        )
        + "</article>"
    ),
    "links with their hour": (
        "<article><h1>Ferry late</h1>"
        + paragraphs(
            inside='<p><a href="/o9">Whale follows a ferry into the fjord</a> <span>3 hours ago</span></p>'
            '<p><a href="/o8">Whale leaves the ferry alone</a> <span>23 October, 14:05</span></p>'
        )
        + "</article>"
    ),
    "readers' words in Spanish": (
        "<article><h1>Ferry late</h1>"
        + paragraphs()
        + "<div id='listado' class='comentarios'>"
        + "".join(
            f"<div><b>Gull{n}</b><p>I saw that whale on Monday, and it sang for me.</p></div>"
            for n in range(20)
        )
        + "</div></article>"
    ),
    "readers' words below a heading": (
        "<article><h1>Ferry late</h1>"
        + paragraphs()
        + "<div><h3>2 comments</h3><div><b>Gull</b><p>I saw that whale on Monday, and it sang for my children.</p></div>"
        "<div><b>Cod</b><p>That whale ate my nets and my boat, and nobody pays for either.</p></div></div></article>"
    ),
    "what is not printed": (
        "<article><h1>Ferry late</h1>"
        + paragraphs(
            inside='<div class="box hide-for-print"><p>The whale and the ferry: all that was written.</p></div>'
        )
        + "</article>"
    ),
    "a paywall's name on each paragraph": (
        '<article><h1>Ferry late</h1><div class="story">'
        + paragraphs('<div class="paywall"><p>', "</p></div>")
        + "</div></article>"
    ),
    "a grid named for its sidebar": (
        "<article><h1>Ferry late</h1>"
        + paragraphs('<div class="sidebar-grid__content"><p>', "</p></div>")
        + "</article>"
    ),
    "a notice in the text": (
        "<article><h1>Ferry late</h1>"
        + paragraphs(
            inside="<div><p>To see this whale, please enable JavaScript and accept cookies.</p></div>"
        )
        + "</article>"
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_story_is_read_whole_and_no_whale_is_in_it(name: str) -> None:
    article = _read(f"<nav><ul>{LINKS}</ul></nav>{PAGES[name]}", "Ferry late")

    assert [article.lead, *article.body.split("\n")] == TEXT
    assert article.caption == ("A gull on the pier" if "gull on" in PAGES[name] else "")


HEADS = {
    "a heading": "<h1>{title}</h1><h2>{told}</h2>",
    "a nameless block": '<header><div><h1>{title}</h1></div><div class="x1">{told}</div></header>',
    "a header's paragraph": '<div class="hd"><h1>{title}</h1><p>By Ida Berg</p><p class="k3">{told}</p></div>',
}


@pytest.mark.parametrize("name", HEADS)
def test_the_sentence_below_the_headline_is_the_articles(name: str) -> None:
    title, told = (
        "The ferry to the islands is late",
        "Nobody knows why the ferry to the islands waits for the tide.",
    )
    head = HEADS[name].format(title=title, told=told)
    article = _read(f'{head}<figure><img></figure><div class="article-body">{paragraphs()}</div>', title)

    assert [article.lead, *article.body.split("\n")] == [told, *TEXT]


def test_a_sentence_below_the_sites_name_is_not_the_articles() -> None:
    title = "The ferry to the islands is late"
    site = "<div><h1>Skarvness Post of the Islands</h1><p>All that happens on the islands, every day of the year.</p></div>"
    article = _read(f'{site}<div class="article-body"><h2>{title}</h2>{paragraphs()}</div>', title)

    assert [article.lead, *article.body.split("\n")] == TEXT


def _read(content: str, title: str) -> Article:
    page = (
        f'<!doctype html><html lang="en"><head><title>{title} | Post</title><meta property="og:title" content="{title}">'
        f"</head><body><main>{content}</main><footer><p>© Post, friends of the whale</p></footer></body></html>"
    )
    origin = Origin(source="post", outlet="Post")
    seen = datetime(2024, 10, 24, tzinfo=UTC)
    return article_from_page(
        page.encode(), "text/html", None, origin, url="https://post.example/1", seen=seen
    )
