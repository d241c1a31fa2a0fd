"""Validation errors in an admin's words: what is wrong, and what would be right."""

import difflib
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config.document import Document, Path
from monitor.config.faults import explain, own_errors
from monitor.errors import ConfigError, Problem

__all__ = ["did_you_mean", "fields_of", "model_at", "problem_of", "sound", "validated"]


Model = TypeVar("Model", bound=BaseModel)

MOST_NAMES = 20  # that a line can be read with


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """The known word that is closest, as a question, else the known words.

    >>> did_you_mean("severty", ["severity", "match"])
    "did you mean 'severity'?"
    >>> did_you_mean("MATCH", ["severity", "match"])
    "did you mean 'match'?"
    >>> did_you_mean("colour", ["severity", "match"])
    'expected one of match, severity'
    >>> did_you_mean("colour", [])
    'there is none yet'
    """
    names = sorted(known)
    if not names:
        return "there is none yet"
    alike = {name.casefold(): name for name in names}
    close = [alike[near] for near in difflib.get_close_matches(written.casefold(), alike, n=1, cutoff=0.6)]
    if close:
        return f"did you mean {close[0]!r}?"
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"expected one of {', '.join(names[:MOST_NAMES])}{more}"


def validated(document: Document, root: type[Model], written: object) -> Model:
    """What the document says, as its settings; ConfigError carries every error at its place."""
    try:
        return root.model_validate({} if written is None else written)
    except ValidationError as error:
        raise ConfigError(
            [problem_of(document, root, each) for each in own_errors(error, document)]
        ) from None


def sound(document: Document, root: type[Model]) -> tuple[Document, Model] | None:
    """The document less what is wrong in it, so that no mistake hides another; None where nothing is left."""
    while True:
        try:
            return document, root.model_validate({} if document.value is None else document.value)
        except ValidationError as error:
            wrong = {document.real((*each["loc"], *_below(each))) for each in error.errors(include_url=False)}
        if () in wrong:
            return None
        document = document.without(wrong)


def _below(error: ErrorDetails) -> Path:
    """The further steps to the value that a check of ours found wrong."""
    return getattr(error.get("ctx", {}).get("error"), "path", ())


def problem_of(document: Document, root: type[BaseModel], error: ErrorDetails) -> Problem:
    """One pydantic error as a problem at its place in the document."""
    path: Path = error["loc"]
    if error["type"] == "missing":
        key = str(path[-1])
        return Problem(place=document.place(path), problem=f"{key} is missing", remedy=f"add {key}: …")
    if error["type"] == "extra_forbidden":
        owner = model_at(root, path[:-1])
        known = fields_of(owner) if owner else []
        return Problem(
            place=document.key_place(path),
            problem=f"unknown key {str(path[-1])!r}",
            remedy=did_you_mean(str(path[-1]), known) if known else "remove it",
        )
    below = (*path, *_below(error))
    real = document.real(below)
    keys = [str(step) for step in _steps(root, below) if isinstance(step, str)]
    name = keys[-1] if keys else "the file"
    problem, remedy = explain(name, model_at(root, path), error)
    if error["type"] == "union_tag_invalid":
        real = (*real, "type" if "'type'" in error["ctx"]["discriminator"] else "kind")
    return Problem(place=document.place(real), problem=problem, remedy=remedy)


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


def _steps(root: Any, path: Path) -> Path:
    """The steps of the path that are keys and indexes, without the names of unions' members."""
    shapes, found = list(_unwrap(root)), list[str | int]()
    for step in path:
        below = [under for shape in shapes for under in _step(shape, step)]
        if below:
            found.append(step)
        shapes = below or shapes
    return tuple(found)


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
