"""A YAML file as an editor sees it: plain scalars read by YAML's core schema, where our loader keeps the text."""

import json
import re
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, FormatChecker

from monitor.config.document import read_document

MODELINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")
NUMBER = re.compile(r"[-+]?(?:0x[0-9a-fA-F]+|0o[0-7]+|(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)")
WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def seen(text: str) -> Any:
    """What an editor makes of a YAML text."""
    return _value(read_document("f.yaml", text.encode()).root)


def _value(node: Any) -> Any:
    if isinstance(node.value, dict):
        return {key: _value(child) for key, child in node.children.items()}
    if isinstance(node.value, list):
        return [_value(child) for child in node.children.values()]
    if node.style or node.value is None:
        return node.value
    if node.value in WORDS:
        return WORDS[node.value]
    return _number(node.value) if NUMBER.fullmatch(node.value) else node.value


def _number(written: str) -> float:
    whole = written.removeprefix("+").removeprefix("-").isdecimal()
    return int(written) if whole else float(int(written, 0) if written[:2] in {"0x", "0o"} else written)


def schema_named_in(path: Path) -> Path | None:
    """The schema that a file's first line names, as an editor looks it up."""
    found = MODELINE.match(path.read_text(encoding="utf-8"))
    return (path.parent / found[1]).resolve() if found else None


def complaints(text: str, schema: Path) -> list[str]:
    """What an editor underlines."""
    validator = Draft7Validator(
        json.loads(schema.read_text(encoding="utf-8")), format_checker=FormatChecker()
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(seen(text))]
