"""Print the JSON Schema of a kind of configuration file, or write them all for editors.

A YAML file names its schema in its first line; editors with a YAML language server then complete and check:
# yaml-language-server: $schema=schema/sources.schema.json
"""

import argparse
import json
from pathlib import Path

from monitor.cli.shell import Shell
from monitor.config.folder import SHAPES
from monitor.config.schemas import file_name, schema_of

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor schema watchlist
  monitor schema --write config/schema"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `schema` takes."""
    parser.add_argument("kind", nargs="?", choices=sorted(SHAPES), help="one kind of file; default: all")
    parser.add_argument("--write", type=Path, metavar="DIR", help="write KIND.schema.json files there")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """The schemas, generated from the settings themselves."""
    kinds = [arguments.kind] if arguments.kind else sorted(SHAPES)
    schemas = {kind: schema_of(SHAPES[kind]) for kind in kinds}
    if arguments.write is None:
        shown = schemas[arguments.kind] if arguments.kind else schemas
        shell.say(json.dumps(shown, indent=2, ensure_ascii=False))
        return 0
    for kind, schema in schemas.items():
        path = arguments.write / file_name(kind)
        shell.write(path, json.dumps(schema, indent=2, ensure_ascii=False) + "\n")
        shell.say(str(path))
    return 0
