"""Why bytes are no feed, in words that tell an admin what to do."""

from monitor.model import Fetched

__all__ = ["symptom"]


_WANTED = {"feed": "feed", "sitemap": "sitemap", "page": "web page"}


def symptom(fetched: Fetched, *, feed: bool, wanted: str = "feed") -> str:  # noqa: PLR0911 - a table
    """What is wrong with bytes that listed nothing; empty where it is a feed that has no entries now."""
    what = _WANTED[wanted]
    start = fetched.body[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").replace(b"\x00", b"").lower()
    kind = fetched.content_type.partition(";")[0].strip().lower()
    if not start:
        return "the server sent an empty body; open the address in a browser and see what it shows"
    if b"<urlset" in start or b"<sitemapindex" in start:
        return f"this is a sitemap, not a {what}; write kind: sitemap"
    if start[:1] in (b"{", b"["):
        return f"this is JSON but no JSON Feed; it begins {_quoted(fetched.body)}"
    if feed:
        return ""
    if wanted != "feed" and any(mark in start for mark in (b"<rss", b"<feed", b"<rdf:rdf")):
        return f"this is a feed, not a {what}; write kind: feed"
    if start.startswith((b"<!doctype html", b"<html")) or b"<body" in start or kind == "text/html":
        return (
            f"this is a web page, not a {what} (a login, consent or error page, or the site itself); "
            f"find its feed with: monitor sources probe {fetched.url}"
        )
    if start.startswith(b"%pdf"):
        return f"this is a PDF, not a {what}"
    return f"this is no {what} that we can read; it begins {_quoted(fetched.body)}"


def _quoted(body: bytes) -> str:
    return repr(" ".join(body[:80].decode("utf-8", "replace").split()))
