"""Arithmetic on spans: what is near what, counted once, inside what.

A span is (first word, word after the last, parts); lists are sorted. Distance 1 means neighbours.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

from monitor.matching.document import Span

__all__ = [
    "Reach",
    "alone",
    "count",
    "gap",
    "merge",
    "near",
    "outside",
    "parts",
    "uncovered",
    "windows",
    "within",
]

Reach = Callable[[Span, Span], bool]
"""Whether two spans are close enough."""

Part = tuple[int, int]


def parts(span: Span) -> tuple[Part, ...]:
    """The terms' own places in a span."""
    return span[2] or ((span[0], span[1]),)


def merge(lists: list[list[Span]]) -> list[Span]:
    """All spans of several lists, each once, in order."""
    full = [spans for spans in lists if spans]
    if len(full) == 1:
        return full[0]
    return sorted({span for spans in full for span in spans})


def within(spans: list[Span], low: int, high: int) -> list[Span]:
    """The spans that lie inside the words low … high."""
    return [span for span in spans if span[0] >= low and span[1] <= high]


def count(spans: list[Span]) -> int:
    """How many spans there are at most that do not overlap."""
    taken, after = 0, -1
    for span in sorted(spans, key=lambda span: (span[1], span[0])):
        if span[0] >= after:
            taken, after = taken + 1, span[1]
    return taken


def uncovered(spans: list[Span]) -> list[Span]:
    """The spans that lie in no longer one of the same list."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[1] > kept[-1][1]:
            kept.append(span)
    return kept


def outside(spans: list[Span], covers: list[Span]) -> list[Span]:
    """The spans that lie inside none of the covers."""
    if not covers:
        return spans
    covers = uncovered(covers)
    starts = [cover[0] for cover in covers]
    kept = []
    for span in spans:
        at = bisect_right(starts, span[0]) - 1
        if at < 0 or covers[at][1] < span[1]:
            kept.append(span)
    return kept


def gap(one: Span, other: Span) -> int:
    """The distance in words between two spans; 0 if they overlap."""
    return max(other[0] - one[1], one[0] - other[1]) + 1 if _apart(one, other) else 0


def _apart(one: Span, other: Span) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


def _disjoint(one: Span, other: Span) -> bool:
    return all(a[1] <= b[0] or b[1] <= a[0] for a in parts(one) for b in parts(other))


def _join(one: Span, other: Span) -> Span:
    both = tuple(sorted({*parts(one), *parts(other)}))
    return min(one[0], other[0]), max(one[1], other[1]), both


def near(lefts: list[Span], rights: list[Span], reach: Reach, *, ordered: bool) -> list[Span]:
    """The covering spans of each left span with the nearest right one on either side, and the reverse.

    The same words never count twice: a pair whose terms overlap is none. `ordered`: left before right.
    """
    found = set(_pairs(lefts, rights, backward=not ordered))
    found.update(_pairs(rights, lefts, backward=True, forward=not ordered))
    return sorted({_join(one, other) for one, other in found if reach(one, other)})


def _pairs(
    ones: list[Span], others: list[Span], *, backward: bool, forward: bool = True
) -> Iterator[tuple[Span, Span]]:
    starts = [span[0] for span in others]
    ending = sorted(others, key=lambda span: span[1])
    ends = [span[1] for span in ending]
    nested = any(span[2] for span in ones)
    for one in ones:
        if forward and (at := bisect_left(starts, one[1])) < len(starts):
            yield one, others[at]
        if backward and (at := bisect_right(ends, one[0]) - 1) >= 0:
            yield one, ending[at]
        if nested and forward and backward:
            for at in range(bisect_left(starts, one[0]), bisect_left(starts, one[1])):
                if _disjoint(one, others[at]):
                    yield one, others[at]
                    break


def alone(lefts: list[Span], rights: list[Span], reach: Reach, *, ordered: bool) -> list[Span]:
    """The left spans with no right one near; one that overlaps is near."""
    starts = [span[0] for span in rights]
    ending = sorted(rights, key=lambda span: span[1])
    ends = [span[1] for span in ending]
    longest = max((span[1] - span[0] for span in rights), default=0)
    kept = []
    for left in lefts:
        after, before = bisect_left(starts, left[1]), bisect_right(ends, left[0]) - 1
        around = rights[bisect_left(starts, left[0] - longest) : after]
        overlapping = any(right[1] > left[0] for right in around)
        follows = after < len(starts) and reach(left, rights[after])
        precedes = not ordered and before >= 0 and reach(ending[before], left)
        if not (overlapping or follows or precedes):
            kept.append(left)
    return kept


def windows(lists: list[list[Span]], size: int, fields: Callable[[int], int]) -> list[Span]:
    """The shortest stretches of at most `size` words that hold a span of every list, in any order.

    Equal lists (a word written twice) need as many spans.
    """
    wanted: dict[tuple[Span, ...], int] = {}
    for spans in lists:
        wanted[tuple(spans)] = wanted.get(tuple(spans), 0) + 1
    marked = sorted((span, number) for number, spans in enumerate(wanted) for span in spans)
    needed = list(wanted.values())
    held = [0] * len(needed)
    found: list[Span] = []
    low = 0
    for place, (span, number) in enumerate(marked):
        held[number] += 1
        while held[marked[low][1]] > needed[marked[low][1]]:
            held[marked[low][1]] -= 1
            low += 1
        first = marked[low][0][0]
        if span[1] - first > size or fields(first) != fields(span[1] - 1):
            continue
        if all(have >= need for have, need in zip(held, needed, strict=True)):
            inside = {(each[0], each[1]) for each, _ in marked[low : place + 1]}
            found.append((first, span[1], tuple(sorted(inside))))
    return found
