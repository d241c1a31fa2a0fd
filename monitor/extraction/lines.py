"""What a line of text shows by itself: a call, a credit, a label, a pointer to another story."""

import re

from monitor.extraction.cues import ADDRESS, CALL, CHANNEL, CREDIT, FOOT, KICKER, NOTICE, RELATED, RIGHTS
from monitor.extraction.prose import ends_sentence, folded, short, weight

__all__ = [
    "POINTERS",
    "announces",
    "claims_rights",
    "is_credited",
    "leads_away",
    "names_contact",
    "speaks_for_page",
]

POINTERS = frozenset(":：|–—-›»>→▶。】]")
_NOTED = ("cookie", "script", "browser", "block", "player")
_MARKS = frozenset("▽▼△▲◆◇■□●○※☞▶►→»◎★☆")
_DASHES = frozenset("–—-")  # "popular – and right – decisions" are a sentence's
_CONTACT = re.compile(r"[\w.-]+@[\w-]+\.\w+|(?:^|\s)@\w{3,}")
_SEPARATORS = frozenset(":：|│】")
_ARROWS = frozenset({">>", "»", "→", "▶", "►", "➡", "➤", "⇒", "👉", "☞"})
_BARRED = re.compile(r"[\w’' -]{2,30}\s[|│]\s")
_QUOTES = frozenset("\"'“„«‘「")
_OPENING = 12  # letters before a notice that begins with its verb, as in `Please accept`
_FIRST = 3
_HEADLINE = 16  # letters behind a kicker: fewer are a name


def speaks_for_page(text: str) -> bool:
    """Whether the line is the page's own word: a notice, an announcement, a label, a call or a claim."""
    if short(text, 60) and _notes(text):
        return True
    if short(text, 40) and (announces(text) or _labels(text) or _calls(text)):
        return True
    return short(text, 25) and claims_rights(text)


def _notes(text: str) -> bool:
    """A notice to the reader, as in `Accept all cookies`; not news of a browser that blocks them.

    Looking for words first is much faster than the pattern.
    """
    lowered = text.lower()
    if not any(word in lowered for word in _NOTED):
        return False
    notice = NOTICE.search(text)
    return notice is not None and (notice.start() < _OPENING or ADDRESS.search(text) is not None)


def is_credited(text: str) -> bool:
    """Whether a paragraph names a photographer or agency at its end, and is no sentence of the article."""
    bracketed = text.rstrip(". ")[-1:] in set(")]）】")
    if ends_sentence(text) and not bracketed:
        return False
    return CREDIT.search(text[-100:]) is not None or CREDIT.match(text[:40]) is not None


def announces(text: str) -> bool:
    """A cue alone, or a cue, a colon, bar or arrow and a headline, as in `Read also: Troops arrive`."""
    cue = RELATED.match(text)
    if cue is None:
        return False
    rest = text[cue.end() :].lstrip()
    if rest[:1] in POINTERS - _DASHES or rest[:2] == ".." or not folded(rest):
        return True
    return not ends_sentence(text) and (rest[:1] in _DASHES or text[:1] in _MARKS or short(text, 6))


def _labels(text: str) -> bool:
    """A label of the page, alone or with a colon, as in `Tags: whales, ferries` or `Editor: Ida Berg`."""
    cue = FOOT.match(text)
    if cue is None or ends_sentence(text):
        return False
    rest = text[cue.end() :].lstrip()
    return rest[:1] in POINTERS or not folded(rest)


def claims_rights(text: str) -> bool:
    """A line on rights; where a sign stands behind a name or two, the line is a picture's."""
    claim = RIGHTS.search(text)
    return claim is not None and (claim.start() < _FIRST or len(claim[0]) > 1)


def _calls(text: str) -> bool:
    """A call to follow the page elsewhere, as in `Join our channel on Telegram.`"""
    return CALL.match(text) is not None and CHANNEL.search(text) is not None and text[:1] not in _QUOTES


def names_contact(text: str) -> bool:
    """Whether an address or a handle stands in the text."""
    return _CONTACT.search(text) is not None


def leads_away(text: str) -> bool:
    """A headline behind an arrow, a bar or a kicker, as in `→ Ferry late`; or nothing but hashtags."""
    if not short(text, 25) or ends_sentence(text):
        return False
    words = text.split()
    if len(words) > 2 and (words[0] in _ARROWS or text[0] in _ARROWS or _BARRED.match(text)):
        return True
    if all(word.startswith("#") for word in words):
        return True
    cue = KICKER.match(text)
    if cue is None or text[cue.end() :].lstrip()[:1] not in _SEPARATORS:
        return False
    rest = text[cue.end() :].lstrip()[1:]
    return len(rest.split()) > 3 or weight(rest) > _HEADLINE
