"""Whether terms stand where a demand wants them, told from bytes: no word is numbered for it.

Around each place of the rarer term the few words that count are searched for the other one.
"""

from collections.abc import Sequence

from monitor.matching.demands import Limit, Together
from monitor.matching.document import Document
from monitor.matching.fold import BOUNDARY
from monitor.matching.pattern import Pattern
from monitor.matching.presence import Presence

__all__ = ["holds"]

_MARK = BOUNDARY.encode()


def holds(limit: Limit, clauses: Sequence[Sequence[int]], document: Document) -> bool:
    """Whether a limit holds, given the numbers of the things of each clause, the rarest clause first."""
    present = document.present
    if present is None:
        return False
    if isinstance(limit, Together):
        return _near(limit, clauses, present, document.data)
    stretch = document.stretch(limit.field)
    return any(_stands(present.head(number), document.data, *stretch) for number in clauses[limit.clause])


def _near(limit: Together, clauses: Sequence[Sequence[int]], present: Presence, data: bytes) -> bool:
    rarer, other = sorted((limit.left, limit.right))
    after = not limit.ordered or rarer == limit.left
    before = not limit.ordered or rarer == limit.right
    others = [_sized(present.head(number)) for number in clauses[other]]
    most = limit.between + max(words for _, _, words in others)
    for number in clauses[rarer]:
        for begin, end in present.places(number) if present.shows(number) else ():
            following = _after(data, end, most) if after else [end]
            preceding = _before(data, begin, most) if before else [begin]
            around = data[preceding[-1] : following[-1] + 1]
            for literal, head, words in others:
                if literal in around:
                    size = limit.between + words
                    high, low = following[: size + 1][-1], preceding[: size + 1][-1]
                    if _stands(head, data, end, high) or _stands(head, data, low, begin):
                        return True
    return False


def _sized(head: bytes | Pattern) -> tuple[bytes, bytes | Pattern, int]:
    """What stands wherever it does, itself, and how many words it has."""
    if isinstance(head, Pattern):
        return head.head, head, head.words
    return head, head, head.count(b" ") - head.endswith(b" ")


def _stands(head: bytes | Pattern, data: bytes, low: int, high: int) -> bool:
    """Whether it stands between two spaces."""
    if isinstance(head, Pattern):
        return bool(head.places(data, 1, (low, high)))
    return data.find(head, low, high + 1) >= 0


def _after(data: bytes, at: int, words: int) -> list[int]:
    """The space here, and those after each of the next so many words of the same field."""
    ends = [at]
    for _ in range(words):
        at = data.find(b" ", at + 1)
        if at < 0:
            break
        ends.append(at)
    edge = data.find(_MARK, ends[0], ends[-1])
    return ends if edge < 0 else [each for each in ends if each < edge]


def _before(data: bytes, at: int, words: int) -> list[int]:
    """The space here, and those before each of the last so many words of the same field."""
    begins = [at]
    for _ in range(words):
        at = data.rfind(b" ", 0, at)
        if at < 0:
            break
        begins.append(at)
    edge = data.rfind(_MARK, begins[-1], begins[0])
    return begins if edge < 0 else [each for each in begins if each > edge]
