"""Pages to measure with: such as large sites make them, and such as are made to hurt."""

import random

__all__ = ["HOSTILE", "generated"]

WORDS = [
    "the",
    "harbour",
    "of",
    "a",
    "city",
    "wakes",
    "before",
    "its",
    "people",
    "do",
    "and",
    "every",
    "ferry",
    "that",
    "leaves",
    "takes",
    "a",
    "story",
    "along",
]

HOSTILE = {
    "200,000 <p>": b"<body>" + b"<p>word</p>" * 200_000,
    "19,000 <p>": b"<body>" + b"<p>word</p>" * 19_000,
    "100,000 table rows": b"<table>" + b"<tr><td>1</td></tr>" * 100_000,
    "9,900 table rows": b"<body><table>" + b"<tr><td>1</td></tr>" * 9_900,
    "20,000 nested divs": b"<body>" + b"<div>" * 20_000 + b"word",
    "9,900 nested divs": b"<body>" + b"<div>" * 9_900 + b"word",
    "200,000 <br>": b"<body><article>" + b"word<br>" * 200_000,
    "19,000 <br>": b"<body><article>" + b"word<br>" * 19_000,
    "6,000 nested lists": b"<body>" + b"<ul><li>word" * 6_000,
    "19,000 links": b"<body>" + b"<a href=x>word" * 19_000,
    "19,000 headings": b"<body>" + b"<h2><a href=x>word</a></h2>" * 9_500,
    "19,000 nested spans": b"<body><p>" + b"<span>x" * 19_000,
    "5 MB of one paragraph": b"<body><p>" + b"hello world " * 430_000,
    "5 MB of full stops": b"<body><p>" + b". " * 2_500_000,
    "5 MB attribute": b"<body><p title='" + b"x" * 5_000_000 + b"'>word",
    "5 MB script": b"<body><script>" + b"x" * 5_000_000,
    "5 MB of tags left open": b"<" * 5_000_000,
    "10 MB attribute": b"<body><p title='" + b"x" * 10_000_000 + b"'>word",
    "deep JSON-LD": b'<script type="application/ld+json">' + b"[" * 1_000_000 + b"</script>",
    "NULs": b"\x00" * 5_000_000,
}


def generated(seed: int, scale: float = 1.0) -> bytes:
    """A page as large sites make them: at scale 1, a hundred kilobytes around eight of text."""
    dice = random.Random(seed)

    def some(least: int, most: int) -> range:
        return range(round(scale * dice.randint(least, most)))

    def words(low: int, high: int) -> str:
        return " ".join(dice.choices(WORDS, k=dice.randint(low, high))).capitalize()

    state = ",".join(f'"k{n}":"{words(6, 12)}"' for n in some(200, 1500))
    menu = "".join(
        f'<li class="menu-item m{n}"><a href="/s{n}"><span>{words(1, 2)}</span></a></li>'
        for n in some(120, 120)
    )
    text = "".join(
        f'<p class="css-{n % 9}p">{words(10, 25)}. {words(8, 20)}. <a href="/t{n}">{words(2, 4)}</a> {words(9, 30)}.</p>'
        f'<div class="ad-slot"><div id="gpt-{n}"></div></div>'
        for n in range(round(scale**0.5 * dice.randint(10, 40)))
    )
    cards = "".join(
        f'<div class="card"><a href="/c{n}"><img src="{n}.jpg"><div><h3>{words(6, 12)}</h3><span>2 h</span></div></a></div>'
        for n in some(20, 80)
    )
    title = words(6, 12)
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | Bench</title>
    <meta property="og:title" content="{title}"><script type="application/ld+json">{{"@type": "NewsArticle",
    "headline": "{title}", "datePublished": "2024-10-23T09:00:00Z"}}</script><script>window.s={{{state}}}</script>
    <style>{"a{b:c}" * round(3000 * scale)}</style></head><body><header><nav><ul>{menu}</ul></nav></header><main><article>
    <h1>{title}</h1><p class="standfirst">{words(10, 20)}.</p><figure><img><figcaption>{words(6, 9)}</figcaption></figure>
    <div class="body">{text}</div></article><section class="more"><h2>More stories</h2>{cards}</section></main>
    <footer><ul>{menu}</ul></footer></body></html>""".encode()
