"""How many articles a word occurs in: what a rule's anchors are chosen by.

Learnt shares come from the archive; words they lack, and everything without an archive, are weighed by a
table of common words and by the term's own shape.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from monitor.matching.fold import fold
from monitor.matching.presence import Anchor

__all__ = ["Frequencies", "common_names", "common_words", "learn_frequencies"]

_RARE = 0.0005
_LEARNT_RARE = 0.5  # of one article: what the archive has never seen
_PHRASE = 0.5  # each further word of a phrase makes it rarer
_RUN = 0.15  # and each further character of a script without spaces
_SAMPLED, _ROUNDS = 8_000, 60  # words of a sample text, and how often the commonest stand there
_SPACE = 32
_OPEN = 1.6  # an open end finds more than its stem


def learn_frequencies(texts: Iterable[str]) -> dict[str, float]:
    """The share of these texts that each folded word occurs in, and under "" how many texts there were."""
    counts: dict[str, int] = {}
    total = 0
    for text in texts:
        total += 1
        for word in set(fold(text).data.decode().split()):
            counts[word] = counts.get(word, 0) + 1
    shares = {word: times / total for word, times in counts.items()}
    return shares | {"": float(total)} if total else {}


@cache
def common_names() -> frozenset[str]:
    """The shipped table of folded names that are no misspelling of one another (Austen, Austin)."""
    return frozenset(
        word for line in _table("names.txt") if not line.startswith("#") for word in line.split()
    )


def _table(name: str) -> list[str]:
    return (Path(__file__).parent / "tables" / name).read_text("utf-8").splitlines()


@cache
def common_words() -> Mapping[str, float]:
    """The shipped table: folded common words and the share of articles that have them.

    A line is a share and its words; made by hand for nine languages.
    """
    shares: dict[str, float] = {}
    for line in _table("common.txt"):
        share, _, words = line.partition(" ")
        if share and not share.startswith("#"):
            shares.update(dict.fromkeys(words.split(), float(share)))
    return shares


class Frequencies:
    """Weighs anchors; learnt shares win over the table, the table over the shape."""

    def __init__(self, learnt: Mapping[str, float] | None = None) -> None:
        self._learnt = learnt or {}
        self._common = common_words()
        total = self._learnt.get("", 0.0)
        self._unseen = _LEARNT_RARE / total if total else 0.0

    def weigh(self, anchor: Anchor) -> float:
        """The share of articles an anchor occurs in: its rarest word's, less for each further one."""
        if isinstance(anchor, str):
            return _RARE / 10
        words = anchor.decode().split()
        if len(words) == 1 and anchor[0] == anchor[-1] == _SPACE:
            return self.share(words[0])
        shares = [self.share(word) for word in words]
        if not anchor.startswith(b" "):  # an Arabic word, with or without its article
            shares[0] += self._learnt.get(f"ال{words[0]}", 0.0)
        if not anchor.endswith(b" "):
            shares[-1] = min(1.0, shares[-1] * _OPEN + self._of_shape(words[-1]))
        further = _RUN if len(words[-1]) == 1 and not words[-1].isascii() else _PHRASE
        return float(min(shares) * further ** (len(shares) - 1))

    def sample(self) -> bytes:
        """Folded words as often as articles have them, the commonest first: a text as far as words go."""
        known = self._learnt or self._common
        common = sorted((word for word in known if word), key=known.__getitem__, reverse=True)[:_SAMPLED]
        lines = (
            " ".join(word for word in common if known[word] * _ROUNDS > number) for number in range(_ROUNDS)
        )
        return f" {' '.join(lines)} ".encode()

    def share(self, word: str) -> float:
        """The share of articles that have a folded word."""
        if word in self._learnt:
            return self._learnt[word]
        return self._common.get(word) or self._unseen or self._of_shape(word)

    def _of_shape(self, word: str) -> float:
        """Short words are common: about a tenth for two letters, a thousandth for seven."""
        size = len(word) * (1 if word.isascii() else 2 if "가" <= word[0] <= "힣" else 1.2)
        return max(_RARE, 0.25 * 0.45 ** (size - 1)) if size > 1 else 0.05
