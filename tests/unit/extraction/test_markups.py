"""One article in many markups, with many kinds of captions and furniture, in ten languages."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import pytest
from newsroom import read_yaml

from monitor.extraction import article_from_page
from monitor.model import Origin

LIGHTHOUSE = Path(__file__).parents[2] / "data" / "pages" / "lighthouse.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """An article and what stands around it, in one language."""

    language: str
    title: str
    standfirst: str
    paragraphs: list[str]
    caption: str
    related: str
    read_also: str
    previous: str
    following: str
    others: list[str]
    letter: str
    rights: str


WORDS = [Words(**said) for said in read_yaml(LIGHTHOUSE.read_text(encoding="utf-8"))]
Part = Callable[[Words], str]
Markup = Callable[[Words, str, str, str], str]

# ---------------------------------------------------------------------------- captions


def figcaption(words: Words) -> str:
    return f'<figure><img src="/1.jpg"><figcaption>{words.caption}</figcaption></figure>'


def caption_box(words: Words) -> str:
    return f'<div class="media"><img src="/1.jpg"><div class="media__caption">{words.caption}</div></div>'


def wordpress_caption(words: Words) -> str:
    return f'<div class="wp-caption"><img src="/1.jpg"><p class="wp-caption-text">{words.caption}</p></div>'


def bare_caption(words: Words) -> str:
    return f'<p><img src="/1.jpg"></p><p>{words.caption}</p>'


def table_caption(words: Words) -> str:
    return f'<table class="photo"><tr><td><img src="/1.gif"></td></tr><tr><td class="phototext">{words.caption}</td></tr></table>'


CAPTIONS = (figcaption, caption_box, wordpress_caption, bare_caption, table_caption)

# ---------------------------------------------------------------------------- furniture inside the article


def linked_list(words: Words) -> str:
    entries = "".join(f'<li><a href="/o{n}">{other}</a></li>' for n, other in enumerate(words.others))
    return f"<h3>{words.related}</h3><ul>{entries}</ul>"


def read_also_linked(words: Words) -> str:
    return f'<p>{words.read_also}: <a href="/o1">{words.others[0]}</a></p>'


def read_also_plain(words: Words) -> str:
    return f"<p><strong>{words.read_also}: {words.others[1]}</strong></p>"


def bare_links(words: Words) -> str:
    return "".join(f'<p><a href="/o{n}">{other}</a></p>' for n, other in enumerate(words.others))


def nameless_cards(words: Words) -> str:
    cards = "".join(
        f'<div class="c{n}x"><a href="/o{n}"><img src="/o{n}.jpg"><h3>{other}</h3></a></div>'
        for n, other in enumerate(words.others)
    )
    return f'<div class="k7">{cards}</div>'


def cards_with_summary(words: Words) -> str:
    return "".join(
        f'<div class="c{n}x"><h4><a href="/o{n}">{other}</a></h4><p>{words.letter}</p></div>'
        for n, other in enumerate(words.others)
    )


def heading_and_divs(words: Words) -> str:
    links = "".join(f'<div><a href="/o{n}">{other}</a></div>' for n, other in enumerate(words.others))
    return f"<div><strong>{words.related}</strong></div>{links}"


def slides(words: Words) -> str:
    figures = "".join(f"<figure><img><figcaption>{other}</figcaption></figure>" for other in words.others)
    return f'<div class="article-gallery slideshow">{figures}</div>'


def letter_box(words: Words) -> str:
    return f'<div class="newsletter-signup"><h4>{words.others[0]}</h4><p>{words.letter}</p><form><input></form></div>'


INSIDE = (
    linked_list,
    read_also_linked,
    read_also_plain,
    bare_links,
    nameless_cards,
    cards_with_summary,
    heading_and_divs,
    slides,
    letter_box,
)

# ---------------------------------------------------------------------------- furniture at the article's end


def plain_pager(words: Words) -> str:
    return "".join(
        f"<p>{text}</p>"
        for text in (words.previous, words.previous, words.others[0], words.following, words.others[1])
    )


def plain_pager_in_one(words: Words) -> str:
    return f"<p>{words.previous}: {words.others[0]}</p><p>{words.following}: {words.others[1]}</p>"


def linked_pager(words: Words) -> str:
    return (
        f'<div><a rel="prev" href="/o1">{words.previous} {words.others[0]}</a>'
        f'<a rel="next" href="/o2">{words.following} {words.others[1]}</a></div>'
    )


def plain_headlines(words: Words) -> str:
    return f"<p>{words.related}</p>" + "".join(f"<p>{other}</p>" for other in words.others)


def rights_line(words: Words) -> str:
    return f"<p>{words.rights}</p>"


AT_THE_END = (plain_pager, plain_pager_in_one, linked_pager, plain_headlines, rights_line)

# ---------------------------------------------------------------------------- markups


def _paragraphs(words: Words, inside: str, end: str, tag: str = "p") -> str:
    first, second, *rest = (f"<{tag}>{html.escape(text)}</{tag}>" for text in words.paragraphs)
    return f"{first}{second}{inside}{''.join(rest)}{end}"


def semantic(words: Words, caption: str, inside: str, end: str) -> str:
    return f"""<main><article><header><h1>{words.title}</h1><p class="standfirst">{words.standfirst}</p></header>
    {caption}{_paragraphs(words, inside, end)}</article></main>"""


def wordpress(words: Words, caption: str, inside: str, end: str) -> str:
    return f"""<div id="page" class="hfeed site"><div id="primary" class="content-area"><main id="main" class="site-main">
    <article class="post-77 post type-post tag-news category-coast hentry"><header class="entry-header">
    <h1 class="entry-title">{words.title}</h1></header><div class="entry-content"><p>{words.standfirst}</p>{caption}
    {_paragraphs(words, inside, end)}</div></article></main></div></div>"""


def blocks(words: Words, caption: str, inside: str, end: str) -> str:
    text = _paragraphs(words, inside, end)
    return f"""<main id="page"><article class="blog-item"><div class="blog-item-title"><h1>{words.title}</h1></div>
    <div class="sqs-block"><div class="sqs-block-content">{caption}</div></div><div class="sqs-block html-block">
    <div class="sqs-block-content"><p>{words.standfirst}</p>{text}</div></div></article></main>"""


def old_table(words: Words, caption: str, inside: str, end: str) -> str:
    return f"""<table width="900"><tr valign="top"><td width="150"><b>Menu</b></td><td width="600"><h1>{words.title}</h1>
    <p><i>{words.standfirst}</i></p>{caption}{_paragraphs(words, inside, end)}</td></tr></table>"""


def div_soup(words: Words, caption: str, inside: str, end: str) -> str:
    return f"""<div class="wrapper"><div class="col-main"><div class="story__head"><h1>{words.title}</h1>
    <div class="story__lead">{words.standfirst}</div></div><div class="story__text">{caption}
    {_paragraphs(words, inside, end)}</div></div></div>"""


def line_breaks(words: Words, caption: str, inside: str, end: str) -> str:
    first, second, *rest = words.paragraphs
    return f"""<div id="content"><h1>{words.title}</h1>{caption}<div class="text">{words.standfirst}<br><br>{first}<br><br>
    {second}<br><br>{inside}{"<br><br>".join(rest)}<br>{end}</div></div>"""


def hashed_names(words: Words, caption: str, inside: str, end: str) -> str:
    wrapped = "".join(
        f'<div class="css-x{n}"><p class="css-p9">{text}</p></div>' for n, text in enumerate(words.paragraphs)
    )
    return f"""<div id="root"><div class="css-1a"><main class="css-2b"><h1 class="css-h1">{words.title}</h1>
    <div class="css-3c"><p class="css-p9">{words.standfirst}</p></div>{caption}{wrapped}{inside}
    <div class="css-9z">{end}</div></main></div></div>"""


def microdata(words: Words, caption: str, inside: str, end: str) -> str:
    return f"""<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{words.title}</h1>
    <h2 itemprop="description">{words.standfirst}</h2>{caption}
    <div itemprop="articleBody">{_paragraphs(words, inside, end)}</div></div>"""


MARKUPS = (semantic, wordpress, blocks, old_table, div_soup, line_breaks, hashed_names, microdata)


def page(words: Words, content: str) -> bytes:
    sections = "".join(f'<li><a href="/s{n}">{other}</a></li>' for n, other in enumerate(words.others))
    return f"""<!DOCTYPE html><html lang="{words.language}"><head><meta charset="utf-8">
    <title>{words.title} | Skarvness Post</title><meta property="og:title" content="{words.title}"></head><body>
    <header class="site-header"><nav><ul>{sections}</ul></nav></header>{content}
    <footer class="site-footer"><p>{words.rights}</p></footer></body></html>""".encode()


# ---------------------------------------------------------------------------- the tests


def nothing(words: Words) -> str:
    return ""


def combinations() -> list[tuple[Words, Markup, Part, Part, Part]]:
    """Every language in every markup, with the kinds of captions and furniture dealt out in turn."""
    languages, captions = cycle(WORDS), cycle(CAPTIONS)
    furniture = [(inside, nothing) for inside in INSIDE] + [(nothing, end) for end in AT_THE_END]
    cases = [
        (next(languages), markup, next(captions), inside, end)
        for markup in MARKUPS
        for inside, end in furniture
    ]
    both = zip(cycle(INSIDE), cycle(AT_THE_END), [(w, m) for w in WORDS for m in MARKUPS], strict=False)
    return cases + [(w, m, next(captions), inside, end) for inside, end, (w, m) in both]


CASES = combinations()


def name(case: tuple[Words, Markup, Part, Part, Part]) -> str:
    words, *parts = case
    return "-".join([words.language, *(part.__name__ for part in parts)])


@pytest.mark.parametrize("case", CASES, ids=name)
def test_the_article_and_nothing_but_the_article_is_read(
    case: tuple[Words, Markup, Part, Part, Part],
) -> None:
    words, markup, caption, inside, end = case
    body = page(words, markup(words, caption(words), inside(words), end(words)))
    article = article_from_page(
        body,
        "text/html",
        None,
        Origin(source="post", outlet="Skarvness Post"),
        url="https://post.example/1",
        seen=datetime(2024, 10, 24, tzinfo=UTC),
    )

    assert article.title == words.title
    assert [article.lead, *article.body.split("\n")] == [words.standfirst, *words.paragraphs]
    assert article.caption == words.caption
    assert article.language == words.language
    assert article.partial == ""
