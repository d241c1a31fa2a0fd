"""Words and wildcards of other products in our spelling."""

import re

from monitor.dialects.tree import ChangeKind, Log, Lost, Words

__all__ = ["ANY", "NO_WORD", "ONE", "UP_TO", "term"]

ANY, ONE, UP_TO = "\ue000", "\ue001", "\ue002"
"""In a term on its way: any letters, exactly one, up to so many."""

NO_WORD = "has no letter or digit"
_WILD = re.compile(f"[{ANY}{ONE}{UP_TO}]")
_TEXT_ONLY = re.compile(r"[*?!$~\"\\]+")  # what ours would read as a wildcard, and the dialect as text
_SPACELESS = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\u3041-\u30ff\uf900-\ufaff\u0e00-\u0e7f]")


def term(at: int, written: str, marked: str, log: Log) -> Words | Lost:
    """A term whose wildcards are marked ANY and ONE, word by word as our language takes it."""
    words = []
    for word in (each.strip("'’") for each in _TEXT_ONLY.sub(" ", marked).split()):
        spelt = _word(at, word, log)
        if spelt is None:
            return Lost(
                at, written, "has a wildcard that our language cannot follow (list the words it means)"
            )
        words.append(spelt)
    text = " ".join(words)
    if not any(letter.isalnum() for letter in text):
        return Lost(at, written, NO_WORD)
    return Words(at, text)


def _word(at: int, word: str, log: Log) -> str | None:
    """One word; None where not even a wider one can be written."""
    if not _WILD.search(word):
        return word
    plain = word.replace(ANY, "*").replace(ONE, "?").replace(UP_TO, "$")
    stem = _WILD.split(word, maxsplit=1)[0]
    letters = sum(map(str.isalnum, stem))
    if letters < (1 if _SPACELESS.search(stem) else 3):
        if not letters or word.rstrip(ANY) != stem:
            return None
        says = f"ours wants 3 letters before a wildcard; only {stem} itself is looked for"
        log(at, plain, ChangeKind.NARROWER, says)
        return stem
    if ANY in word.rstrip(ANY):
        head = word[: word.index(ANY)].replace(ONE, "?")
        log(at, plain, ChangeKind.WIDER, f"ours has no * inside a word; {head}* is looked for")
        return f"{head}*"
    return re.sub(r"\*+$", "*", plain)
