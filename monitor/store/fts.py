"""What a query wants, in the words of FTS5 (https://www.sqlite.org/fts5.html#full_text_query_syntax)."""

from collections.abc import Iterator, Mapping, Sequence

from monitor.matching.wanted import Close, Every, Has, In, Slipped, Some, Wanted

__all__ = ["fts_query"]

Columns = tuple[str, ...]
Slips = Mapping[str, Sequence[str]]

TEXT: Columns = ("title", "lead", "body", "caption")


def fts_query(wanted: Wanted, slips: Slips) -> str:
    """The full-text query that finds every candidate; empty where there can be none.

    `slips` are the misspellings that the archive has, by right word.

    >>> fts_query(Every((Some((Has(b" north korea "), Has(b" dprk "))), Has(b" troop"))), {})
    '({title lead body caption} : ("north korea" OR "dprk") AND {title lead body caption} : "troop" *)'
    """
    return _query(wanted, slips, TEXT)


def _query(wanted: Wanted, slips: Slips, columns: Columns) -> str:
    match wanted:
        case In(places=places, part=part):
            return _query(part, slips, places)
        case Close(heads=heads, others=others, between=between):
            pairs = [
                f"NEAR({_phrase(one.decode())} {_phrase(two.decode())}, {between})"
                for one in heads
                for two in others
            ]
            return _placed(pairs, columns)
        case Every(parts=parts):
            found = [_query(part, slips, columns) for part in parts]
            return _joined(" AND ", found) if all(found) else ""
        case Some(parts=parts):
            phrases = [phrase for part in parts for phrase in _phrases(part, slips)]
            rest = [_query(part, slips, columns) for part in parts if not isinstance(part, Has | Slipped)]
            return _joined(" OR ", [each for each in (_placed(phrases, columns), *rest) if each])
        case Has() | Slipped():
            return _placed(list(_phrases(wanted, slips)), columns)


def _phrases(wanted: Wanted, slips: Slips) -> Iterator[str]:
    if isinstance(wanted, Has):
        yield _phrase(wanted.head.decode())
    elif isinstance(wanted, Slipped):
        for word in slips.get(wanted.right, ()):
            yield _phrase(f"{word} ")


def _phrase(head: str) -> str:
    """Folded words have neither quotes nor any other sign, so nothing needs escaping."""
    return f'"{head.strip()}"' + ("" if head.endswith(" ") else " *")


def _placed(phrases: list[str], columns: Columns) -> str:
    if not phrases:
        return ""
    return f"{{{' '.join(columns)}}} : {_joined(' OR ', phrases)}"


def _joined(word: str, parts: list[str]) -> str:
    return f"({word.join(parts)})" if len(parts) > 1 else "".join(parts)
