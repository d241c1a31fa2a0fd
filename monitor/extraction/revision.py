"""What changed between two readings of one article, small enough to show."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from monitor.model import Article, Field

__all__ = ["Change", "changes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One passage that reads differently: `before` is empty where it is new, `after` where it is gone."""

    field: Field
    before: str = ""
    after: str = ""


def changes(before: Article, after: Article) -> tuple[Change, ...]:
    """The passages that differ, in reading order: whole paragraphs, or the words within an edited one."""
    return tuple(
        change
        for field in Field
        for change in _changed_paragraphs(
            field, before.text(field).split("\n"), after.text(field).split("\n")
        )
    )


def _changed_paragraphs(field: Field, before: list[str], after: list[str]) -> Iterator[Change]:
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        edited = min(b - a, d - c)
        for old, new in zip(before[a : a + edited], after[c : c + edited], strict=True):
            yield from _changed_words(field, old, new)
        for old in filter(None, before[a + edited : b]):
            yield Change(field=field, before=old)
        for new in filter(None, after[c + edited : d]):
            yield Change(field=field, after=new)


def _changed_words(field: Field, before: str, after: str) -> Iterator[Change]:
    """The words that differ with two words around them; the paragraphs whole where little is alike."""
    old, new = before.split(), after.split()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.5:
        yield Change(field=field, before=before, after=after)
        return
    for group in matcher.get_grouped_opcodes(2):
        _, a, _, c, _ = group[0]
        _, _, b, _, d = group[-1]
        yield Change(field=field, before=" ".join(old[a:b]), after=" ".join(new[c:d]))
