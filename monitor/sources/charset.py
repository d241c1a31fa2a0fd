"""Bytes of a feed as text, whatever its server says about them, and the text made safe to parse."""

import codecs
import re
from html import escape
from html.entities import html5

__all__ = ["decoded", "prepared", "with_sound_ampersands"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"), (b"<\x00r\x00", "utf-16-le"))
_HTTP = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_META = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[>]*(\[)?", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_AMPERSAND = re.compile(r"&(?:#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[a-zA-Z][a-zA-Z0-9]{1,31};)?")
_XML_ENTITIES = frozenset({"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"})
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "euc_kr": "cp949", "shift_jis": "cp932", "tis-620": "cp874",
}  # fmt: skip
_WESTERN = frozenset({"cp1252", "cp1254"})
"""What servers name when they were never told; valid UTF-8 is believed over it."""


def decoded(body: bytes, content_type: str = "") -> str:
    """The body as text: by its BOM, by HTTP, by its own declaration, as UTF-8, as windows-1252.

    >>> decoded("Корея".encode("cp1251"), "text/xml; charset=windows-1251")
    'Корея'
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace").removeprefix("\ufeff")
    for start, name in _WIDE:
        if body.startswith(start):
            return body.decode(name, "replace")
    http, declared = _HTTP.search(content_type), _DECLARED.match(body) or _META.search(body, 0, 2048)
    named = [_known(http[1]) if http else "", _known(declared[1].decode("ascii")) if declared else ""]
    if any(name in _WESTERN for name in named):
        named.insert(0, "utf-8")
    for name in (*filter(None, named), "utf-8"):
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("cp1252", "replace")


def _known(name: str) -> str:
    """Python's name of an encoding, or of its superset that is meant; empty where it has none that fits."""
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return ""
    if known.startswith(("utf-16", "utf-32", "utf-7")):  # the bytes read as ASCII, so it is none of these
        return ""
    return _MEANT.get(known, known)


def prepared(text: str) -> bytes:
    """XML as UTF-8 without declaration, document type or characters that XML forbids.

    Without a document type there are no entities to explode and no files to fetch.

    >>> prepared('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    b'<a>&b;</a>'
    """
    text = _DECLARATION.sub("", text, count=1).lstrip()
    found = _DOCTYPE.search(text, 0, 65536)
    if found is not None:
        end = _SUBSET_END.search(text, found.end()) if found[1] else None
        stop = end.end() if end else text.find(">", found.end() - 1) + 1
        text = text[: found.start()] + (text[stop:] if stop > 0 else "")
    return _ILLEGAL.sub("", text).lstrip().encode("utf-8")


def with_sound_ampersands(xml: bytes) -> bytes:
    r"""XML in UTF-8 in which HTML's named characters are themselves and every other `&` is escaped.

    >>> with_sound_ampersands(b"<a>AT&T&nbsp;&amp; <![CDATA[&nbsp;]]></a>").decode()
    '<a>AT&amp;T\xa0&amp; <![CDATA[&nbsp;]]></a>'
    """
    first, *sections = xml.decode("utf-8").split("<![CDATA[")
    pieces = [_AMPERSAND.sub(_sound, first)]
    for section in sections:
        inside, closing, outside = section.partition("]]>")
        pieces += ["<![CDATA[", inside, closing, _AMPERSAND.sub(_sound, outside)]
    return "".join(pieces).encode("utf-8")


def _sound(found: re.Match[str]) -> str:
    written = found[0]
    if written in _XML_ENTITIES or written.startswith("&#"):
        return written
    named = html5.get(written[1:])
    return written.replace("&", "&amp;") if named is None or len(written) == 1 else escape(named)
