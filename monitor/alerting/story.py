"""Which articles tell the same: copies by shared shingles, reports of one event by shared words and entities.

Both relations are symmetric and look only at the two articles, so a story is the same set of articles in
whatever order they arrive.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from monitor.model import Article, Field, Match, Relative, Trace
from monitor.pieces import pieces

__all__ = ["COPIES_WITHIN", "EVENTS_WITHIN", "kin", "likely", "shared", "trace"]

COPIES_WITHIN = timedelta(days=30)
EVENTS_WITHIN = timedelta(hours=72)
WHOLE = 256
"""A text of fewer shingles is remembered whole, a longer one by every eighth."""
SAME_COPY = 0.5
SHORT = 64
"""Of fewer shingles, half may be the words of a paywall or a disclaimer: then the titles must agree."""
SAME_SHORT = 0.8
SAME_EVENT = 0.34
SAME_EVENT_BY_TERMS = 0.5
LEAST_ENTITIES, FOREIGN_ENTITIES = 2, 3

Hashes = NDArray[np.uint64]

_TOKEN = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_]+")
_NUMBER = re.compile(r"(?<!\d)\d{1,3}(?:[ .,'’]\d{3})+(?!\d)|(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{3,}")
"""A figure of three digits or more, however its thousands are parted; years tell nothing."""
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
NUMERIC, TITLE, FLAGS = np.uint64(1), np.uint64(2), np.uint64(2)
"""The last two bits of a telling word: it is a number, it stands in the title."""
EIGHTH = np.uint64(8)
_LAST_BITS = np.uint64(0xFFF)
_FACTORS = tuple(np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_LEAD = 400
COMMON = frozenset(
    [
        "about",
        "after",
        "against",
        "amid",
        "also",
        "been",
        "before",
        "being",
        "could",
        "from",
        "have",
        "into",
        "more",
        "most",
        "near",
        "over",
        "said",
        "says",
        "than",
        "that",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "were",
        "what",
        "when",
        "which",
        "while",
        "will",
        "with",
        "would",
        "year",
        "years",
        "that's",
        "news",
        "report",
        "reports",
        "reported",
        "according",
    ]
)


def trace(article: Article, matches: Sequence[Match]) -> Trace:
    """What is to be remembered of a matched article."""
    hashes = _shingles(f"{article.title}\n{article.lead}\n{article.body}")
    index = np.union1d(hashes[hashes % np.uint64(32) == 0], np.sort(hashes)[:4])
    sketch = hashes if len(hashes) < WHOLE else hashes[hashes % EIGHTH == 0]
    named = sorted({name for match in matches for name in match.entities})
    terms = sorted({f"={mention.term}" for match in matches for mention in match.mentions})
    return Trace(
        index=tuple(index.view(np.int64).tolist()),
        sketch=sketch.astype("<u8").tobytes(),
        gist=_gist(article, matches).astype("<u8").tobytes(),
        entities=tuple(named if len(named) > 1 else terms),
    )


def kin(
    article: Article, matches: Sequence[Match], ours: Trace, relatives: Sequence[Relative]
) -> list[Relative]:
    """The relatives that tell the same as the article, itself included where it is known already.

    A relative's `trace.index` holds the hashes it shares; one that shares none is no copy.
    """
    rules = {(match.watchlist, match.rule) for match in matches}
    others = [r for r in relatives if r.article != article.url]
    sharing = [
        r
        for r in others
        if abs(article.fetched - r.seen) <= EVENTS_WITHIN
        and not rules.isdisjoint(r.rules)
        and len(set(ours.entities).intersection(r.trace.entities)) >= LEAST_ENTITIES
    ]
    same: set[str] = set()
    if sharing:
        same |= {
            r.article for r, event in zip(sharing, _events(article, ours, sharing), strict=True) if event
        }
    likely = [r for r in others if r.trace.index]
    if likely:
        same |= {r.article for r, copy in zip(likely, _copies(ours, likely), strict=True) if copy}
    return [r for r in relatives if r.article == article.url or r.article in same]


def _copies(ours: Trace, others: Sequence[Relative]) -> Iterator[bool]:
    """For each relative, whether half of the shorter text stands in the longer (containment).

    Where one text is remembered whole and the other by its eighth, their eighths are compared.
    """
    mine = _sketched(ours)
    for other in others:
        one, two = _comparable(mine, _sketched(other.trace))
        shared, shorter = len(one & two), min(len(one), len(two))
        small = SHORT if one is mine else SHORT // 8
        short = shorter < small and shared < SAME_SHORT * shorter
        enough = shared >= 4 and shared >= SAME_COPY * shorter
        yield enough and (not short or _title_agrees(ours, other.trace))


def _comparable(mine: set[int], theirs: set[int]) -> tuple[set[int], set[int]]:
    """Two sketches of one kind: whole, or their eighths where one of them is but an eighth."""
    my_eighth = {value for value in mine if value % 8 == 0}
    their_eighth = {value for value in theirs if value % 8 == 0}
    both_whole = len(my_eighth) < len(mine) and len(their_eighth) < len(theirs)
    return (mine, theirs) if both_whole else (my_eighth, their_eighth)


def _title_agrees(one: Trace, other: Trace) -> bool:
    """Whether two titles have a telling word in common."""
    titles = [
        {word >> 2 for word in np.frombuffer(trace.gist, "<u8").tolist() if word & int(TITLE)}
        for trace in (one, other)
    ]
    return not titles[0].isdisjoint(titles[1])


def _sketched(trace: Trace) -> set[int]:
    return set(np.frombuffer(trace.sketch, "<u8").tolist())


def shared(one: Trace, other: Trace) -> float:
    """How much of the shorter of two texts stands in the longer, 0 to 1."""
    mine, theirs = _comparable(_sketched(one), _sketched(other))
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def likely(ours: Trace, gists: Sequence[bytes]) -> list[int]:
    """The places of the gists that may be of reports of the same event, in whatever language.

    `kin` takes none of the others, so nothing else need be known of them.
    """
    found = _agreement(ours, gists)
    places: list[int] = np.flatnonzero(found.alike | (found.numbers > 0)).tolist()
    return places


class _Agreement(NamedTuple):
    """For each of several gists: whether its title's telling words are ours, and ours theirs; how many of
    its numbers are ours.
    """

    alike: NDArray[np.bool_]
    numbers: NDArray[np.int64]


def _agreement(ours: Trace, gists: Sequence[bytes]) -> _Agreement:
    mine = np.frombuffer(ours.gist, "<u8")
    whole = np.frombuffer(b"".join(gists), "<u8")
    starts = np.cumsum([0, *map(len, gists)]) // 8
    known = _places(whole >> FLAGS, mine >> FLAGS)
    words, owners = whole[known], np.searchsorted(starts, known, side="right") - 1
    shared = np.concatenate(
        (
            owners[(words & TITLE) > 0],
            owners[_among(words >> FLAGS, mine[(mine & TITLE) > 0] >> FLAGS)],
        )
    )
    both = np.bincount(shared, minlength=len(gists))
    titled = np.concatenate((np.zeros(1, np.int64), np.cumsum((whole & TITLE) > 0, dtype=np.int64)))[starts]
    titles = titled[1:] - titled[:-1] + np.count_nonzero(mine & TITLE)
    least = SAME_EVENT_BY_TERMS if any(name.startswith("=") for name in ours.entities) else SAME_EVENT
    return _Agreement(
        alike=(both >= 3) & (both >= least * titles),
        numbers=np.bincount(owners[(words & NUMERIC) > 0], minlength=len(gists)),
    )


def _places(values: Hashes, known: Hashes) -> NDArray[np.int64]:
    """Where values stand that are known. Those are few, so the last bits tell most values apart."""
    maybe = np.zeros(_LAST_BITS + 1, np.bool_)
    maybe[known & _LAST_BITS] = True
    places = np.flatnonzero(maybe[values & _LAST_BITS])
    return places[_among(values[places], known)]


def _among(values: Hashes, known: Hashes) -> NDArray[np.bool_]:
    """Which of the values are known; those are sorted."""
    if not len(known):
        return np.zeros(len(values), np.bool_)
    nearest = np.minimum(np.searchsorted(known, values), len(known) - 1)
    found: NDArray[np.bool_] = known[nearest] == values
    return found


def _events(article: Article, ours: Trace, others: Sequence[Relative]) -> Iterator[bool]:
    """For each relative, whether its title's telling words are ours, and ours theirs.

    Two languages share no words: there it takes three entities and a number.
    """
    found = _agreement(ours, [other.trace.gist for other in others])
    for place, other in enumerate(others):
        if _foreign(article.language, other.language):
            common = set(ours.entities).intersection(other.trace.entities)
            yield bool(found.numbers[place]) and len(common) >= FOREIGN_ENTITIES
        else:
            yield bool(found.alike[place])


def _foreign(one: str, other: str) -> bool:
    return bool(one and other) and _base(one) != _base(other)


def _base(language: str) -> str:
    return language.partition("-")[0].lower()


def _shingles(text: str) -> Hashes:
    """The distinct 64-bit hashes of every three words in a row, sorted."""
    words = _words(text)
    if not words:
        return np.zeros(0, np.uint64)
    padded = (*words, "", "") if len(words) < 3 else words
    row = np.fromiter(map(_word, padded), np.uint64, len(padded))
    mixed = row[:-2] * _FACTORS[0] + row[1:-1] * _FACTORS[1] + row[2:] * _FACTORS[2]
    mixed ^= mixed >> np.uint64(33)
    mixed *= _MIX
    return np.unique(mixed ^ (mixed >> np.uint64(29)))


@lru_cache(maxsize=1 << 16)
def _word(word: str) -> int:
    return crc32(word.encode())


def _words(text: str) -> list[str]:
    plain = (unicodedata.normalize("NFKC", piece).casefold() for piece in pieces(text))
    return [word for piece in plain for word in _TOKEN.findall(piece)]


def _gist(article: Article, matches: Sequence[Match]) -> Hashes:
    """The telling words of title and lead, without the terms that all of a rule's articles share."""
    title = _without(article.title, Field.TITLE, matches)
    lead = _without(article.lead or article.body, Field.LEAD if article.lead else Field.BODY, matches)[:_LEAD]
    found: dict[str, int] = {}
    for text, flag in ((lead, 0), (title, int(TITLE))):
        for word in _telling(text):
            found[word] = found.get(word, 0) | flag | (int(NUMERIC) if word.startswith("#") else 0)
    hashes = [((_spread(word) >> 2) << 2) | flags for word, flags in found.items()]
    return np.unique(np.array(hashes, np.uint64))


def _spread(word: str) -> int:
    letters = word.encode()
    return crc32(letters) << 32 | crc32(letters, 0x5BD1E995)


def _without(text: str, name: Field, matches: Iterable[Match]) -> str:
    spans = sorted({(m.start, m.end) for match in matches for m in match.mentions if m.field is name})
    kept, at = [], 0
    for start, end in spans:
        kept.append(text[at:start])
        at = max(at, end)
    return " ".join((*kept, text[at:]))


def _telling(text: str) -> Iterator[str]:
    """Words worth comparing, cut to a stem; numbers as #digits; unspaced letters in pairs."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for number in _NUMBER.findall(plain):
        yield "#" + re.sub(r"\D", "", number)
    before = ""
    for word in _TOKEN.findall(plain):
        if word.isascii() or not _UNSPACED.match(word):
            before = ""
            yield from _stem(word)
            continue
        if before:
            yield before + word
        before = word


def _stem(word: str) -> Iterator[str]:
    """The beginning of a word that may tell something: endings, particles and small words do not."""
    if not word.isascii() and _HANGUL.match(word):
        if len(word) > 1:
            yield word[:2]
    elif len(word) > 3 and not word.isdigit() and word not in COMMON:
        yield word[:6]
