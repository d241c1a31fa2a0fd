"""One address for one article: the canonical form of a URL, and when a page's own claim is believed."""

import re
from urllib.parse import SplitResult, parse_qs, quote, unquote, urljoin, urlsplit, urlunsplit

from monitor.hosts import registrable

__all__ = ["canonical", "claimed", "untracked", "walled"]

_TRACKING = re.compile(
    r"""utm_\w+ | at_(?:medium|campaign\w*|custom\d|link_\w+|bbc_team|format|ptr_name|send_date|creation)
    | (?:fb|g|dc|tt|ms|tw|y)clid | gclsrc | [gw]braid | igshid? | mc_[ce]id | _g[al] | mkt_tok | vero_id
    | hsa_\w+ | _hs(?:enc|mi) | __hs\w+ | mtm_\w+ | (?:pk|piwik|matomo)_\w+
    | ns_(?:mchannel|source|campaign|linkname|fee) | cmpid | ncid | ocid | smid | smtyp
    | icid | itm_\w+ | intcmp | wt\.?(?:mc|z)\w* | wtmc | xtor | xtref
    | s_cid | ito | ref_?(?:src|url) | spref | srnd | sref | guccounter | guce_\w+ | soc_\w+ | tpcc | amp
    | amp_\w+ | __twitter_impression | sr_share | sharetype | share_\w+ | traffic_source | rss | yptr""",
    re.VERBOSE | re.IGNORECASE,
)
_TRACKING_VALUES = re.compile(
    r"(?:source|from|ref|f|via|partner|cmp|feedname|ftag)=(?:rss\w*|feed|feedly|newsletter|twitter|facebook)"
    r"|(?:output|outputtype|view|type|format)=amp",
    re.IGNORECASE,
)
_SMALL_HOSTS = frozenset({"amp", "m", "mobile", "touch", "wap"})
_AMP_PATH = re.compile(r"^/amp(?=/.)|/amp/?$|\.amp(?=\.html?$|$)", re.IGNORECASE)
_GOOGLE = re.compile(r"(?:www\.|news\.)?google\.(?:com?\.)?[a-z]{2,3}", re.IGNORECASE)
_GOOGLE_NEWS = re.compile(r"/(?:rss/)?(?:articles|read|stories)/")
_CONSENT_HOST = re.compile(r"(?:consent|guce|myprivacy|privacy-?(?:mgmt|wall|gate)?)\.(?:[\w-]+\.)+[a-z]{2,}")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_SAFE = "!$&'()*+,;=:@/%?~"


def canonical(url: str, *, base: str = "") -> str:
    """The one form that all addresses of an article share; empty where `url` is no web address.

    It is a name to compare by, and need not be the address to open.

    Lower-case host, https, no fragment, default port, trailing slash or tracking parameter; the query
    sorted; AMP, mobile and Google's wrappings undone.

    >>> canonical("http://m.Example.com:80/a/?utm_source=x&b=2&a=1#top")
    'https://www.example.com/a?a=1&b=2'
    """
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        host, port = _host(parts), parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    wrapped = _wrapped(host, parts)
    if wrapped and wrapped != url:
        return canonical(wrapped) or _put_together(parts, host, port)
    return _put_together(parts, host, port)


def untracked(url: str) -> str:
    """An address to open: as it is, without fragment and tracking parameters; empty where it is none.

    >>> untracked("http://m.example.org/a/?b=1&utm_source=x&a=2#top")
    'http://m.example.org/a/?b=1&a=2'
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ""
    query = "&".join(pair for pair in parts.query.split("&") if _telling(pair))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _put_together(parts: SplitResult, host: str, port: int | None) -> str:
    if port in {None, 80 if parts.scheme == "http" else 443}:
        named = "." in host and not host.replace(".", "").isdigit() and ":" not in host
        scheme = "https" if named else parts.scheme
        place = _desktop(host) if named else _bracketed(host)
    else:
        scheme, place = parts.scheme, f"{_bracketed(host)}:{port}"
    path = _tidy(_AMP_PATH.sub("", parts.path)).rstrip("/") or "/"
    query = "&".join(sorted(_tidy(pair) for pair in parts.query.split("&") if _telling(pair)))
    return urlunsplit((scheme, place, path, query, ""))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if host.isascii():
        return host
    return host.encode("idna").decode("ascii")


def _telling(pair: str) -> bool:
    """Whether a query parameter tells articles apart, rather than readers."""
    if not pair or _TRACKING_VALUES.fullmatch(pair):
        return False
    return _TRACKING.fullmatch(pair.partition("=")[0]) is None


def _tidy(text: str) -> str:
    """Escapes in one spelling (RFC 3986, 6.2.2): needless ones undone, the others upper-case."""

    def spelt(found: re.Match[str]) -> str:
        character = chr(int(found[0][1:], 16))
        return character if character in _UNRESERVED else found[0].upper()

    return quote(_ESCAPE.sub(spelt, text), safe=_SAFE)


def _desktop(host: str) -> str:
    """The host for big screens of a host for small ones: m.example.org, en.m.example.org.

    >>> _desktop("en.m.wikipedia.org")
    'en.wikipedia.org'
    """
    labels = host.split(".")
    kept = [label for label in labels[:-2] if label not in _SMALL_HOSTS] + labels[-2:]
    if len(kept) == len(labels):
        return host
    bare = ".".join(kept)
    return f"www.{bare}" if bare == registrable(bare) else bare


def _wrapped(host: str, parts: SplitResult) -> str:
    """The address inside a redirecting or caching one of Google's; empty where there is none."""
    if _GOOGLE.fullmatch(host):
        if parts.path == "/url":
            asked = parse_qs(parts.query)
            return next((asked[key][0] for key in ("url", "q") if key in asked), "")
        if parts.path.startswith("/amp/"):
            return _behind_amp(parts.path.removeprefix("/amp/"), parts.query)
    if host.endswith(".cdn.ampproject.org"):
        kind, _, rest = parts.path.lstrip("/").partition("/")
        if kind in {"c", "v", "wp"}:
            return _behind_amp(rest, parts.query)
    return ""


def _behind_amp(rest: str, query: str) -> str:
    scheme, place = ("https", rest.removeprefix("s/")) if rest.startswith("s/") else ("http", rest)
    return f"{scheme}://{unquote(place)}" + (f"?{query}" if query else "")


def claimed(url: str, claim: str) -> str:
    """The canonical address of a page at `url` that names `claim` as its own (rel=canonical, og:url).

    A claim is believed only on the same registrable domain, and never where it is a home page.

    >>> claimed("https://example.org/a?x=1", "/a"), claimed("https://example.org/a", "/")
    ('https://example.org/a', 'https://example.org/a')
    """
    own, other = canonical(url), canonical(claim, base=url) if claim.strip() else ""
    if not other or urlsplit(other).path == "/":
        return own
    theirs, ours = urlsplit(other).hostname or "", urlsplit(own).hostname or ""
    return other if registrable(theirs) == registrable(ours) else own


def walled(url: str) -> str:
    """Why no article can be read at an address, whatever it answers; empty where one may be.

    Google News hides the article's address in a script that changes often, and sends readers without its
    cookies to a page that asks for consent; so do some portals.

    >>> walled("https://consent.example.com/collect?sessionId=1")
    'consent.example.com asks for consent instead'
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host == "news.google.com" and _GOOGLE_NEWS.match(parts.path):
        return "Google News does not tell the article's address"
    return f"{host} asks for consent instead" if _CONSENT_HOST.fullmatch(host) else ""
