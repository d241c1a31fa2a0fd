"""Validation errors in an admin's words: what is wrong, and what would be right."""

import difflib
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config.document import Document, Path
from monitor.errors import ConfigError, Problem

__all__ = ["did_you_mean", "fields_of", "model_at", "own_errors", "problem_of", "validated"]


Model = TypeVar("Model", bound=BaseModel)


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """The known word that is closest, as a question, else the known words.

    >>> did_you_mean("severty", ["severity", "match"])
    "did you mean 'severity'?"
    >>> did_you_mean("colour", ["severity", "match"])
    'expected one of match, severity'
    """
    names = sorted(known)
    close = difflib.get_close_matches(written, names, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else f"expected one of {', '.join(names)}"


def validated(document: Document, root: type[Model], written: object) -> Model:
    """What the document says, as its settings; ConfigError carries every error at its place."""
    try:
        return root.model_validate({} if written is None else written)
    except ValidationError as error:
        raise ConfigError([problem_of(document, root, each) for each in own_errors(error)]) from None


def own_errors(error: ValidationError) -> Iterator[ErrorDetails]:
    """The errors, less those that only follow: a list is not too short because its items are wrong."""
    details = error.errors(include_url=False)
    for detail in details:
        size = len(detail["loc"])
        inner = any(other["loc"][:size] == detail["loc"] and len(other["loc"]) > size for other in details)
        if detail["type"] != "too_short" or not inner:
            yield detail


def problem_of(document: Document, root: type[BaseModel], error: ErrorDetails) -> Problem:
    """One pydantic error as a problem at its place in the document."""
    path: Path = error["loc"]
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "the file")
    match error["type"]:
        case "extra_forbidden":
            owner = model_at(root, path[:-1])
            known = fields_of(owner) if owner else []
            return Problem(
                place=document.key_place(path),
                problem=f"unknown key {str(path[-1])!r}",
                remedy=did_you_mean(str(path[-1]), known) if known else "remove it",
            )
        case "missing":
            return Problem(place=document.place(path), problem=f"{name} is missing", remedy=f"add {name}: …")
        case "enum" | "literal_error":
            expected = str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
            problem = f"{name} is {error['input']!r}, expected one of {expected}"
            close = difflib.get_close_matches(str(error["input"]), expected.split(", "), n=1)
            remedy = f"did you mean {close[0]!r}?" if close else ""
            return Problem(place=document.place(path), problem=problem, remedy=remedy)
        case "too_short":
            least = error["ctx"]["min_length"]
            return Problem(place=document.place(path), problem=f"{name} needs at least {least}, and has none")
        case "value_error":
            problem, _, remedy = str(error["ctx"]["error"]).partition("; ")
            return Problem(place=document.place(path), problem=problem, remedy=remedy)
        case _:
            written = "nothing" if error["input"] is None else _short(error["input"])
            problem = f"{name} is {written}: {error['msg'][0].lower()}{error['msg'][1:]}"
            return Problem(place=document.place(path), problem=problem)


def _short(written: object) -> str:
    match written:
        case str():
            return repr(written if len(written) <= 40 else f"{written[:39]}…")
        case Mapping():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case _:
            return repr(written)


def fields_of(model: type[BaseModel]) -> list[str]:
    """The keys that a model takes, as they are written in YAML."""
    return [shape.alias or name for name, shape in model.model_fields.items()]


def model_at(root: Any, path: Path) -> type[BaseModel] | None:
    """The settings model at a path of keys and indexes below `root`, where there is exactly one kind."""
    shapes = list(_unwrap(root))
    for step in path:
        below = [under for shape in shapes for under in _step(shape, step)]
        shapes = below or shapes  # a step that no shape knows is the name of a union's member
    models = [shape for shape in shapes if isinstance(shape, type) and issubclass(shape, BaseModel)]
    return models[0] if models else None


def _step(shape: Any, step: str | int) -> Iterator[Any]:
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        for name, inner in shape.model_fields.items():
            if step in {name, inner.alias}:
                yield from _unwrap(inner.annotation)
        return
    origin, arguments = typing.get_origin(shape), typing.get_args(shape)
    if origin in {list, tuple, set, frozenset} and isinstance(step, int):
        yield from _unwrap(arguments[0])
    elif isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(step, str):
        yield from _unwrap(arguments[1])


def _unwrap(annotation: Any) -> Iterator[Any]:
    """The shapes behind Annotated, Optional and unions."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        yield from _unwrap(typing.get_args(annotation)[0])
    elif origin in {typing.Union, types.UnionType}:
        for member in typing.get_args(annotation):
            yield from _unwrap(member)
    else:
        yield annotation
