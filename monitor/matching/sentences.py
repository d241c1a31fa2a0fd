"""Where sentences begin, in scripts of many kinds. Full stops after abbreviations end nothing."""

import re
from collections.abc import Iterator

__all__ = ["sentence_starts"]

_CLOSERS = r"[\"'”’»›)\]」』】〉》]*"
_END = re.compile(
    rf"[.!?…؟۔።։]+{_CLOSERS}(?=\s)"  # a space must follow: Latin, Cyrillic, Arabic, Ethiopic, Armenian
    rf"|[。！？｡︒।॥။។⸮]+{_CLOSERS}"  # no space needed: CJK, Devanagari, Myanmar, Khmer
    r"|\n"
)
_LAST_WORD = re.compile(r"[\w.'’-]*\Z")
_NEXT = re.compile(r"[\s\"'“„«‘(\[]*(\S)")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof sr jr st mt ft gen lt col maj capt cmdr adm sgt cpl pvt sen rep gov pres amb hon rev
    messrs supt det insp vs etc inc ltd co corp llc bros dept univ est approx al ed eds
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun ave blvd rd
    mme mlle mm dra sra srta ud uds ee uu ca bzw usw evtl ggf inkl str tel abs bd hr fr
    г гг тыс млн млрд трлн руб им ул см напр др проф акад ген полк кв долл обл вул див грн""".split()  # noqa: SIM905 - a table reads better than quotes and commas
)

_NUMBERED = frozenset("no nos nr art fig vol sec p pp стр ст".split())  # noqa: SIM905 - the same


def sentence_starts(text: str) -> Iterator[int]:
    """The offset of every sentence's first character; a newline ends a sentence and a paragraph.

    >>> list(sentence_starts("Mr. Kim met U.S. envoys. He left."))
    [0, 25]
    """
    yield 0
    for found in _END.finditer(text):
        if found[0] != "\n" and not _ends(text, found):
            continue
        following = _NEXT.match(text, found.end())
        if following and "\n" not in text[found.end() : following.start(1)]:
            yield _first(text, found.end())


def _first(text: str, at: int) -> int:
    while text[at].isspace():
        at += 1
    return at


def _ends(text: str, found: re.Match[str]) -> bool:
    following = _NEXT.match(text, found.end())
    if following is None:
        return False
    mark = found[0][0]
    if mark in "!?.…" and following[1].islower():
        return False
    if mark != "." or found[0][:2] == "..":
        return True
    before = _LAST_WORD.search(text, max(0, found.start() - 40), found.start())
    word = before[0] if before else ""
    if word.casefold() in _NUMBERED:
        return not following[1].isdigit()
    return not (word.casefold() in _ABBREVIATIONS or _is_initial(word))


def _is_initial(word: str) -> bool:
    """U.S, J, z.B: single letters with dots between (an ideograph or syllable is a word)."""
    return bool(word) and _INITIAL.fullmatch(word) is not None and word[0].upper() != word[0].lower()
