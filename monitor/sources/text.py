"""Markup in, plain text out: what titles and summaries say, without tags, entities or control characters."""

import html
import re

__all__ = ["line", "paragraphs"]

_TAG = re.compile(r"""</?([a-zA-Z][\w:-]*)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+)>""")
_OPENING = re.compile(r"<!--|<!\[CDATA\[|<(script|style|template|iframe|noscript)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_BLOCKS = frozenset(
    ["p", "br", "div", "li", "ul", "ol", "dl", "dd", "dt", "tr", "td", "th", "table", "h1", "h2", "h3", "h4",
     "h5", "h6", "hr", "blockquote", "figure", "figcaption", "section", "article", "header", "footer",
     "aside", "pre"]
)  # fmt: skip
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"[^\S\n ]+| {2,}")
_BREAKS = re.compile(r" ?\n[ \n]*")
_LARGEST = 2**20
_ROUNDS = 3


def line(markup: str, *, limit: int = 1000) -> str:
    """Markup as one line of text.

    >>> line("North&amp;nbsp;Korea <b>sends</b> AT&T &lt;b&gt;troops&lt;/b&gt;")
    'North Korea sends AT&T troops'
    """
    if "<" not in markup and "&" not in markup and markup.isprintable():
        return " ".join(markup[: limit * 2].split())[:limit]
    return " ".join(_text(markup[: limit * 20]).split())[:limit]


def paragraphs(markup: str) -> str:
    r"""Markup as text with a line a paragraph.

    >>> paragraphs("<p>One</p><p>Two &amp; three<br>four</p>")
    'One\nTwo & three\nfour'
    """
    if "<" not in markup and "&" not in markup and "  " not in markup and markup.isprintable():
        return markup[:_LARGEST].strip()
    text = _text(markup[:_LARGEST])
    if text.isprintable() and "  " not in text:
        return text
    return _BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()


def _text(markup: str) -> str:
    """Tags and entities undone until nothing changes: some feeds escape twice."""
    text = markup
    for _ in range(_ROUNDS):
        if "<" in text:
            text = _TAG.sub(_gap, _without_unread(text))
        if "&" not in text:
            break
        decoded = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        if decoded == text:
            break
        text = decoded
    text = text.strip()
    return text if text.isprintable() else _UNSEEN.sub("", text)


def _gap(tag: re.Match[str]) -> str:
    return "\n" if tag[1].lower() in _BLOCKS else ""


def _without_unread(markup: str) -> str:
    """Markup without comments, scripts and styles; each is looked for once, however often it opens."""
    kept, place = [], 0
    while (opening := _OPENING.search(markup, place)) is not None:
        kept.append(markup[place : opening.start()])
        closing = _closing(opening)
        if closing == "]]>":
            place = opening.end()
            continue
        end = re.compile(closing, re.IGNORECASE).search(markup, opening.end())
        if end is None:
            return "".join(kept)
        place = end.end()
    kept.append(markup[place:])
    return "".join(kept)


def _closing(opening: re.Match[str]) -> str:
    if opening[1]:
        return rf"</{opening[1]}\s*>"
    return "-->" if opening[0] == "<!--" else "]]>"
