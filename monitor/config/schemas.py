"""JSON Schemas of the five kinds of file, made from the settings, so that editors complete and check.

They say what an editor sees, not what the settings are given: an editor reads 587 as a number where our
loader keeps the text, so a text may look like a number there, and yes/no are words for a switch.
Draft 7, because that is what the editors' YAML servers know whole.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from monitor.settings import written_duration

__all__ = ["DIALECT", "file_name", "modeline", "schema_of"]

DIALECT = "http://json-schema.org/draft-07/schema#"
_WORDS = ["yes", "no", "on", "off", "true", "false"]


class _Editors(GenerateJsonSchema):
    """What an editor needs, without the titles that only repeat a key's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic asks
        return False

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        return super().str_schema(schema) | {"type": ["string", "number", "boolean"]}

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:  # noqa: ARG002 - the same
        return {"enum": [True, False, *_WORDS]}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        write = _writer(schema["schema"])
        if write is None or schema.get("default") is None:
            return super().default_schema(schema)
        return super().default_schema({**schema, "default": write(schema["default"])})

    def encode_default(self, dft: Any) -> Any:
        return super().encode_default(_as_written(dft))

    def generate(
        self, schema: core_schema.CoreSchema, mode: JsonSchemaMode = "validation"
    ) -> JsonSchemaValue:
        return {"$schema": DIALECT, **_strictly(super().generate(schema, mode))}


def schema_of(root: type[BaseModel]) -> Mapping[str, Any]:
    """The schema of a kind of file."""
    return root.model_json_schema(schema_generator=_Editors)


def file_name(kind: str) -> str:
    """What the schema of a kind is called."""
    return f"{kind}.schema.json"


def modeline(kind: str, folders_up: int = 0) -> str:
    """The line by which a YAML file tells an editor its schema, in schema/ so many folders up.

    >>> modeline("watchlist", 1)
    '# yaml-language-server: $schema=../schema/watchlist.schema.json'
    """
    return f"# yaml-language-server: $schema={PurePosixPath(*['..'] * folders_up, 'schema', file_name(kind))}"


def _writer(schema: Any) -> Callable[[Any], Any] | None:
    """How a value of this kind is written in YAML, where its settings say so."""
    written = schema.get("serialization")
    if written and written["type"] == "function-plain" and not written.get("info_arg"):
        function: Callable[[Any], Any] = written["function"]
        return function
    return _writer(schema["schema"]) if "schema" in schema and isinstance(schema["schema"], Mapping) else None


def _as_written(default: Any) -> Any:
    """A default as one would write it: 2m, where pydantic would say PT2M."""
    match default:
        case timedelta():
            return written_duration(default)
        case BaseModel():
            return default.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        case Mapping():
            return {key: _as_written(value) for key, value in default.items()}
        case _:
            return default


def _strictly(schema: Any) -> Any:
    """The least length of `a; b` said of [a, b] too, and the key that tells kinds apart required."""
    if isinstance(schema, list):
        return [_strictly(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: _strictly(value) for key, value in schema.items()}
    if "minLength" in inner and any(each.get("type") == "array" for each in inner.get("anyOf", ())):
        least = inner["minLength"]
        inner["anyOf"] = [
            each | {"minItems": least} if each.get("type") == "array" else each for each in inner["anyOf"]
        ]
    if "discriminator" in inner:
        inner["required"] = [inner["discriminator"]["propertyName"]]  # a default does not tell kinds apart
    return inner
