"""What YAML's parser stumbled over, in an admin's words: where it began, and what would be right."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["QUOTING", "Fault", "fault_of"]

QUOTING = "put the value in single quotes, or in a | block on the lines below"
_NEW_KEY = "a ': ' inside the value reads as a new key"
_OTHER_BLANKS = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000"
_ODD_INDENT = re.compile(rf"[ \t]*([{_OTHER_BLANKS}])")
_ODD_AFTER_COLON = re.compile(rf"\s*(?:- +)?[\w-]+:([{_OTHER_BLANKS}])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One mistake; line and column count from 1, 0 where nobody knows."""

    line: int
    column: int
    problem: str
    remedy: str


def fault_of(
    problem: str, context: str, at: tuple[int, int], began: tuple[int, int], lines: Sequence[str]
) -> Fault:
    """The mistake behind what the parser says; `began` is where that began in which it stumbled `at`."""
    if "quoted scalar" in context and "end of stream" in problem:
        quote = lines[began[0] - 1][began[1] - 1]
        says = "a quotation begins here and is never closed"
        return Fault(line=began[0], column=began[1], problem=says, remedy=f"close it with {quote}")
    if "simple key" in context and (odd := _odd_blank(began[0], lines)):
        return odd
    line, column = at
    if line > len(lines) or (line and not lines[line - 1].strip()):
        line, column = _last_written(line, lines)
    said, remedy = _explain(problem, context, lines[line - 1] if line else "", column)
    if said == _NEW_KEY and (before := _colon_without_space(line, lines)):
        line, column = before
        said, remedy = "nothing stands between the colon and the value", "put a space after the colon"
    return Fault(line=line, column=column, problem=said, remedy=remedy)


def _odd_blank(line: int, lines: Sequence[str]) -> Fault | None:
    """A blank that looks like a space and is none for YAML, as pages and word processors have them."""
    written = lines[line - 1]
    if found := _ODD_INDENT.match(written):
        says, remedy = "the line is indented with a no-break space", "indent with spaces"
    elif found := _ODD_AFTER_COLON.match(written):
        says = "a no-break space stands after the colon"
        remedy = "put a common space there"
    else:
        return None
    return Fault(line=line, column=found.start(1) + 1, problem=says, remedy=remedy)


def _colon_without_space(line: int, lines: Sequence[str]) -> tuple[int, int] | None:
    """Where the line before reads `key:value`, of which YAML makes one word."""
    above = next((n for n in range(line - 1, 0, -1) if lines[n - 1].strip()), 0)
    found = re.fullmatch(r"\s*(?:- +)?[\w-]+(:)[^\s:][^:]*", lines[above - 1]) if above else None
    below = re.match(r"\s*[\w-]+:(\s|$)", lines[line - 1])
    return (above, found.start(1) + 1) if found and below else None


def _last_written(line: int, lines: Sequence[str]) -> tuple[int, int]:
    for number in range(min(line, len(lines)), 0, -1):
        if lines[number - 1].strip():
            return number, len(lines[number - 1].rstrip()) + 1
    return 1, 1


def _explain(  # noqa: PLR0911 - a table of cases, one return each
    problem: str, context: str, written: str, column: int
) -> tuple[str, str]:
    """What is wrong in an admin's words; YAML's own where we know none better."""
    before = written[: column - 1].rstrip()
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return "the line is indented with a tab", "indent with spaces"
    if before.endswith(("'", '"')):
        return "text follows the closing quote: YAML ends the value there", QUOTING
    if written[column - 1 : column] in {"@", "`", "%"}:
        return f"a value cannot start with {written[column - 1]} unquoted", QUOTING
    if "mapping values are not allowed" in problem:
        return _NEW_KEY, QUOTING
    if re.search(r"expected (',' or )?'[]}]'", problem):
        bracket = "[" if "]" in problem else "{"
        remedy = "close it; put commas between its values, and quotes round those with , [ ] { }"
        return f"a {bracket} is open here, and this does not belong in it", remedy
    if re.search(r"expected (<block end>|'-' indicator|key)", problem) and column > 1:
        return f"nothing above begins in this column, {column}", "align the line with those it belongs to"
    return f"not valid YAML: {problem or context}", "check brackets, quotes and indentation"
