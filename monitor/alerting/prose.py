"""Words for people: one line of anything, times in the reader's zone, directions, sentences cut to size."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from monitor.model import Severity

__all__ = ["LABELS", "ReaderClock", "direction", "one_line", "plural", "shortened"]

LABELS = {
    Severity.INFO: "Info",
    Severity.LOW: "Low",
    Severity.MEDIUM: "Medium",
    Severity.HIGH: "High",
    Severity.CRITICAL: "Critical",
}

_JOINERS = "\u200c\u200d"
_STRONG = {"L", "R", "AL"}
LONGEST = 420


def one_line(text: str, longest: int) -> str:
    r"""The text as one line of at most `longest` characters, without controls or direction overrides.

    >>> one_line("Title\r\nBcc: x@y\u202e", 80)
    'Title Bcc: x@y'
    >>> one_line("خانه\u200cها\u202e", 80) == "خانه\u200cها"
    True
    """
    begin = text[: 8 * longest]
    kept = begin if _is_plain(begin) else "".join(map(_plain, begin))
    line = " ".join(kept.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _is_plain(text: str) -> bool:
    """Whether every letter stays as it is: joiners do, but are not printable to Python."""
    for joiner in _JOINERS:
        text = text.replace(joiner, "")
    return text.isprintable()


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    if letter in _JOINERS:
        return letter
    match unicodedata.category(letter):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" | "Cs" | "Co" | "Cn":
            return ""
        case _:
            return letter


def direction(text: str) -> Literal["ltr", "rtl"]:
    """The direction of a text by its first strong letter (Unicode UAX 9, P2 and P3)."""
    first = next(filter(_STRONG.__contains__, map(unicodedata.bidirectional, text)), "L")
    return "ltr" if first == "L" else "rtl"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderClock:
    """Moments as the reader's clock shows them, as seen from `now`."""

    zone: ZoneInfo
    now: datetime

    def say(self, moment: datetime) -> str:
        """Day and time; the year only where it is another.

        >>> from datetime import UTC
        >>> clock = ReaderClock(zone=ZoneInfo("Asia/Seoul"), now=datetime(2024, 10, 23, 5, 4, tzinfo=UTC))
        >>> clock.say(datetime(2024, 10, 23, 5, 1, tzinfo=UTC))
        'Wed 23 Oct, 14:01'
        """
        local, now = moment.astimezone(self.zone), self.now.astimezone(self.zone)
        year = "" if local.year == now.year else f" {local.year}"
        return f"{local:%a %-d %b}{year}, {local:%H:%M}"

    def say_again(self, moment: datetime, before: datetime) -> str:
        """The time alone on the day of a moment just said."""
        local = moment.astimezone(self.zone)
        return f"{local:%H:%M}" if local.date() == before.astimezone(self.zone).date() else self.say(moment)


def shortened(
    text: str, marks: tuple[tuple[int, int], ...], longest: int = LONGEST
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A sentence of at most about `longest` characters around its first mark, and the marks moved along."""
    if len(text) <= longest:
        return _clean(text), marks
    first = min((start for start, _ in marks), default=0)
    begin = max(0, min(first - longest // 3, len(text) - longest))
    end = begin + longest
    head, tail = "… " if begin else "", " …" if end < len(text) else ""
    moved = tuple(
        (max(s, begin) - begin + len(head), min(e, end) - begin + len(head))
        for s, e in marks
        if s < end and e > begin
    )
    return f"{head}{_clean(text[begin:end])}{tail}", moved


def _clean(text: str) -> str:
    """The text with a blank for each letter that would change the mail's order: offsets stay true."""
    return (
        text if _is_plain(text) else "".join(letter if _plain(letter) == letter else " " for letter in text)
    )


def plural(number: int, one: str, many: str) -> str:
    """A count with its noun.

    >>> plural(1, "story", "stories"), plural(1200, "story", "stories")
    ('1 story', '1,200 stories')
    """
    return f"{number:,} {one if number == 1 else many}"
