"""Bytes to text, as browsers read them (WHATWG labels), but sceptical of wrong declarations."""

import codecs
import re
from contextlib import suppress

__all__ = ["decode"]

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_META = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)

# What a label means on the web, where it differs from Python's reading (encoding.spec.whatwg.org).
_ON_THE_WEB = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_USUAL = {
    "ru": "cp1251",
    "uk": "cp1251",
    "bg": "cp1251",
    "ja": "cp932",
    "ko": "cp949",
    "zh": "gb18030",
    "ar": "cp1256",
    "fa": "cp1256",
    "he": "cp1255",
    "el": "cp1253",
    "tr": "cp1254",
    "pl": "cp1250",
    "cs": "cp1250",
    "hu": "cp1250",
    "th": "cp874",
    "vi": "cp1258",
}


def _codec(label: str) -> str:
    """Python's name of the codec that the web means by a label; empty where there is none."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return ""
    return _ON_THE_WEB.get(name, name)


def _declared(body: bytes, content_type: str) -> list[str]:
    header = _HEADER.search(content_type)
    meta = _META.search(body, 0, 4096)
    found = [_codec(header[1])] if header else []
    found += [_codec(meta[1].decode("ascii"))] if meta else []
    # servers send ISO-8859-1 for want of knowledge: a meta tag that says anything else knows better
    return sorted(filter(None, found), key=lambda codec: codec == "cp1252")


def decode(body: bytes, content_type: str = "", language: str = "") -> str:
    """The page's text. Never fails: what cannot be read becomes U+FFFD.

    A byte order mark wins, then UTF-8 wherever the bytes are UTF-8 (nothing else looks like it by
    accident), then what the header or the page declares, then what pages of the language usually use.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    if b"\x1b$" not in body:  # where it is, what looks like ASCII may be ISO-2022-JP
        with suppress(UnicodeDecodeError):
            return body.decode()
    declared = _declared(body, content_type)
    if b"\x1b$" in body and "iso2022_jp" in declared:
        return body.decode("iso2022_jp", "replace")
    candidates = ["utf-8", *declared, _USUAL.get(language[:2], "cp1252")]
    for codec in candidates:
        try:
            return body.decode(codec)
        except UnicodeDecodeError:
            continue
    broken = body.decode("utf-8", "replace")
    mostly_utf8 = 50 * broken.count("\ufffd") < sum(map("\x7f".__lt__, broken))
    return broken if mostly_utf8 else body.decode(candidates[1], "replace")
