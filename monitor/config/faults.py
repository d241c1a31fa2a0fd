"""What pydantic found wrong, in an admin's words: what is written, and what would be right."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config.document import Document, Path

__all__ = ["explain", "own_errors"]


def own_errors(error: ValidationError, document: Document) -> Iterator[ErrorDetails]:
    """The errors, less those that only follow.

    A list is not too short because its items are wrong, and of the ways in which a value could have been
    written, only the one that is nearest to what was written has something to say. A key that is mistyped
    is there.
    """
    details = error.errors(include_url=False)
    mistyped = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
    for detail in details:
        size = len(detail["loc"])
        inner = any(other["loc"][:size] == detail["loc"] and len(other["loc"]) > size for other in details)
        if detail["type"] == "too_short" and inner:
            continue
        if detail["type"] == "missing" and any(_meant(detail["loc"], path) for path in mistyped):
            continue
        if detail is _nearest(detail, details, document):
            yield detail


def _meant(missing: Path, unknown: Path) -> bool:
    """Whether the unknown key is the missing one, mistyped."""
    beside = missing[:-1] == unknown[:-1]
    return beside and bool(
        difflib.get_close_matches(str(unknown[-1]).casefold(), [str(missing[-1])], n=1, cutoff=0.6)
    )


def _nearest(detail: ErrorDetails, details: list[ErrorDetails], document: Document) -> ErrorDetails:
    """Of the errors of all members of a union, the one to tell; of a mapping all errors of one member."""
    at = _member_at(detail, document)
    if at is None:
        return detail
    stem = detail["loc"][:at]
    rivals = [other for other in details if other["loc"][:at] == stem and _member_at(other, document) == at]
    if len({other["loc"][at] for other in rivals}) == 1:
        return detail
    deep = [other for other in rivals if len(other["loc"]) > at + 1]
    if deep:
        return detail if detail in deep else deep[0]
    return next((other for other in rivals if other["type"] == "literal_error"), rivals[0])


def _member_at(detail: ErrorDetails, document: Document) -> int | None:
    """Where the path names a union's member, which the document does not have."""
    path = detail["loc"]
    at = document.stray(path)
    missing = detail["type"] == "missing" and at == len(path) - 1
    return None if at == len(path) or missing else at


def explain(  # noqa: PLR0911 - a table of cases, one return each
    name: str, owner: type[BaseModel] | None, error: ErrorDetails
) -> tuple[str, str]:
    """The problem and the remedy; `name` is the key, `owner` the settings that a mapping here would be."""
    kind, written = error["type"], error["input"]
    context: Mapping[str, Any] = error.get("ctx", {})
    if kind == "value_error":
        problem, _, remedy = str(context["error"]).partition("; ")
        return problem, remedy
    if kind in {"enum", "literal_error"}:
        expected = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        return _choice(name, written, expected, owner)
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return _kinds(name, written, context)
    if written is None:
        return f"{name} is empty", "write its value, or remove it"
    right = _RIGHT[kind](context) if kind in _RIGHT else ""
    if kind in _MAPPINGS and owner is not None:
        keys = _keys(owner)
        right = f"write its keys below it: {', '.join(keys[:6])}{', …' if len(keys) > 6 else ''}"
    if kind in {"tuple_type", "list_type"} and isinstance(written, str):
        right = f"write a list, like [{written[:30]}]"
    if kind == "too_short" or written == "":
        return (
            f"{name} is empty",
            "write one at least" if kind == "too_short" else "write its value, or remove it",
        )
    if not right:
        return f"{name} is {shown(written)}: {error['msg'][0].lower()}{error['msg'][1:]}", ""
    return f"{name} is {shown(written)}", right


_MAPPINGS = {"dict_type", "model_type", "model_attributes_type", "mapping_type", "dataclass_type"}
_DAY = "write a day, like 2026-12-01"
_NETWORK = "write a network, like 10.1.0.0/16"
_PATTERNS = {"^[a-z0-": "use small letters, digits, hyphens, dots and underscores, like bbc-world"}
_RIGHT: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    **dict.fromkeys(["int_parsing", "int_type", "int_from_float"], lambda _: "write a whole number"),
    **dict.fromkeys(["float_parsing", "float_type"], lambda _: "write a number"),
    **dict.fromkeys(["bool_parsing", "bool_type"], lambda _: "write true or false"),
    **dict.fromkeys(["date_parsing", "date_type", "date_from_datetime_parsing"], lambda _: _DAY),
    **dict.fromkeys(["ip_v4_network", "ip_v6_network"], lambda _: _NETWORK),
    **dict.fromkeys(
        ["tuple_type", "list_type"], lambda _: "write a list, its entries below it, each after a dash"
    ),
    **dict.fromkeys(["string_type", "path_type"], lambda _: "write one text"),
    "string_pattern_mismatch": lambda context: _PATTERNS.get(context["pattern"][:7], ""),
    "greater_than_equal": lambda context: f"write {context['ge']} or more",
    "greater_than": lambda context: f"write more than {context['gt']}",
    "less_than_equal": lambda context: f"write {context['le']} or less",
    **dict.fromkeys(_MAPPINGS, lambda _: "write keys and values below it"),
}


def _keys(owner: type[BaseModel]) -> list[str]:
    return [shape.alias or key for key, shape in owner.model_fields.items()]


def _choice(
    name: str, written: object, expected: list[str], owner: type[BaseModel] | None = None
) -> tuple[str, str]:
    if owner is not None and len(expected) == 1:
        return (
            f"{name} is {shown(written)}",
            f"write {expected[0]}, or its keys below it: {', '.join(_keys(owner))}",
        )
    close = difflib.get_close_matches(str(written).casefold(), expected, n=1)
    problem = f"{name} is {shown(written)}, expected one of {', '.join(expected)}"
    return problem, f"did you mean {close[0]!r}?" if close else ""


def _kinds(name: str, written: object, context: Mapping[str, Any]) -> tuple[str, str]:
    """What is missing or wrong in the key that tells kinds apart."""
    key = "type" if context["discriminator"] == "'type'" else "kind"
    if not isinstance(written, Mapping):
        return f"{name} is {shown(written)}", f"write its keys below it, {key} among them"
    if "tag" not in context:
        return f"{name} has no {key}", f"add {key}: …"
    known = context["expected_tags"].replace("'", "").split(", ")
    return _choice(key, context["tag"], known)


def shown(written: object) -> str:
    """A value as a message quotes it."""
    match written:
        case str():
            return repr(written if len(written) <= 40 else f"{written[:39]}…")
        case Mapping():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case None:
            return "empty"
        case _:
            return repr(written)
