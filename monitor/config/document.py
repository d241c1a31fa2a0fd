"""Strict YAML: text in, a document whose every node knows its place. The only module that knows yaml.

PyYAML is used as a parser of events only; what its loaders would make of them corrupts watchlists
(`NO` → False, `22:00` → 1320, duplicate keys dropped). Here every scalar stays the text that was written
(an unquoted null, ~ or nothing at all is None); the settings' types decide what it means.
"""

import codecs
import pathlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import yaml

from monitor.config.syntax import QUOTING, fault_of
from monitor.errors import ConfigError, Place, Problem

__all__ = ["Document", "Path", "read_document", "read_file"]

Path = tuple[str | int, ...]
"""Keys and indexes from the document's root to a value."""

MAX_BYTES = 4 << 20  # ten thousand sources with long addresses
MAX_DEPTH = 32
MAX_ALIASES = 100
MAX_NODES = 500_000

_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is ten times faster
_TOO_DEEP = (f"nested more than {MAX_DEPTH} deep", "no configuration needs that")


@dataclass(slots=True, kw_only=True)
class _Node:
    """A value with its place; lines and columns count from 1. `size` counts nodes, aliases expanded."""

    line: int
    column: int
    value: Any = None
    style: str = ""
    children: dict[str | int, "_Node"] = field(default_factory=lambda: _NONE)
    keys: dict[str | int, "_Node"] = field(default_factory=lambda: _NONE)
    size: int = 1


_NONE: dict[str | int, _Node] = {}
"""What a scalar shares with all others; a mapping and a list get dictionaries of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed file: `value` is made of dict, list, str and None; places are asked for by path."""

    file: str
    value: Any
    root: _Node
    lines: tuple[str, ...]

    @classmethod
    def empty(cls, file: str) -> "Document":
        """The document of a file that is not there and need not be."""
        return cls(file=file, value=None, root=_Node(line=0, column=0), lines=())

    def place(self, path: Path) -> Place:
        """Where the value at `path` stands.

        Steps that the document does not have (pydantic names the members of unions) are skipped, so
        that a missing key points at the mapping that lacks it.
        """
        node = self._node(path)
        return Place(file=self.file, line=node.line, column=node.column)

    def key_place(self, path: Path) -> Place:
        """Where the key of the value at `path` stands, for keys that should not be there."""
        parent = self._node(path[:-1])
        node = parent.keys.get(path[-1]) or self._node(path)
        return Place(file=self.file, line=node.line, column=node.column)

    def place_in(self, path: Path, offset: int) -> Place:
        """Where the character `offset` of the text at `path` stands.

        Exact for one-line scalars without escapes and for literal blocks; else where the scalar starts.
        """
        node = self._node(path)
        text = node.value if isinstance(node.value, str) else ""
        if node.style == "|":
            row = text.count("\n", 0, offset)
            written, source = text.split("\n")[row], self.lines[node.line + row].rstrip("\r")
            column = len(source) - len(written) + offset - (text.rfind("\n", 0, offset) + 1)
            return Place(file=self.file, line=node.line + row + 1, column=column + 1)
        if node.style == ">" or "\n" in text:
            return Place(file=self.file, line=node.line, column=node.column)
        quote = 1 if node.style in {"'", '"'} else 0
        return Place(file=self.file, line=node.line, column=node.column + quote + offset)

    def stray(self, path: Path) -> int:
        """The number of the path's first step that the document does not have; how many there are if none."""
        node = self.root
        for number, step in enumerate(path):
            if step not in node.children:
                return number
            node = node.children[step]
        return len(path)

    def real(self, path: Path) -> Path:
        """The steps of the path that the document has."""
        node, found = self.root, list[str | int]()
        for step in path:
            if step in node.children:
                node = node.children[step]
                found.append(step)
        return tuple(found)

    def without(self, paths: Collection[Path]) -> "Document":
        """The document less the values at these paths, which it has; all else keeps its place."""
        root = _without(self.root, paths)
        return replace(self, root=root, value=root.value)

    def _node(self, path: Path) -> _Node:
        node = self.root
        for step in path:
            node = node.children.get(step, node)
        return node


def _without(node: _Node, paths: Collection[Path]) -> _Node:
    """A copy, for an alias may show the same node elsewhere."""
    below: dict[str | int, list[Path]] = {}
    for step, *rest in paths:
        below.setdefault(step, []).append(tuple(rest))
    children = {
        step: _without(child, below[step]) if step in below else child
        for step, child in node.children.items()
        if () not in below.get(step, ())
    }
    if isinstance(node.value, list):
        values = [child.value for child in children.values()]
        return replace(node, children=dict(enumerate(children.values())), value=values)
    return replace(node, children=children, value={key: child.value for key, child in children.items()})


def read_file(path: pathlib.Path) -> Document:
    """The document in a file, empty where there is no file; ConfigError where it cannot be read."""
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for, and a device has no end
            raise _error(str(path), 0, 0, "is no file", "take it away, or name it otherwise")
        return read_document(str(path), path.read_bytes())
    except FileNotFoundError:
        if path.is_symlink():
            problem, remedy = f"leads to {path.readlink()}, which is not there", "mend the link"
            raise _error(str(path), 0, 0, problem, remedy) from None
        return Document.empty(str(path))
    except OSError as error:
        remedy = "mend its permissions" if isinstance(error, PermissionError) else ""
        raise _error(str(path), 0, 0, f"cannot be read ({error.strerror})", remedy) from None


def read_document(file: str, text: bytes) -> Document:
    """The document in `text`; ConfigError names the first place where it is not strict YAML.

    Refused: over 4 MiB, not UTF-8, depth over 32, over 100 aliases, more than 500,000 nodes once aliases
    are expanded, duplicate keys, keys that are not plain text, tags, merge keys, several documents.
    """
    if len(text) > MAX_BYTES:
        raise _error(file, 0, 0, f"the file has {len(text):,} bytes; 4 MiB is the most", "split it")
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise _error(file, 1, 1, "the file is UTF-16", "save it as UTF-8") from None
        before = text[: error.start].decode("utf-8-sig")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise _error(file, line, column, "the file is not UTF-8", "save it as UTF-8") from None
    lines = tuple(decoded.split("\n"))
    reader = _Reader(file, lines)
    try:
        root = reader.read(yaml.parse(decoded, Loader=_PARSER))
    except yaml.MarkedYAMLError as error:
        raise reader.syntax_error(error) from None
    except yaml.reader.ReaderError as error:
        line = decoded[: error.position].count("\n") + 1
        raise _error(file, line, 1, "the file holds a control character", "remove it") from None
    return Document(file=file, value=root.value, root=root, lines=lines)


class _Reader:
    """Builds nodes from events, iteration by iteration, within bounds."""

    def __init__(self, file: str, lines: tuple[str, ...]) -> None:
        self.file = file
        self.lines = lines
        self.anchors: dict[str, _Node] = {}
        self.open: list[str] = []
        self.aliases = 0

    def read(self, events: Iterator[yaml.Event]) -> _Node:
        root: _Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self.refuse(event, "a second document starts here", "keep one document a file, without ---")
            if isinstance(event, yaml.NodeEvent):
                root = self.node(event, events, depth=1)
        return root if root is not None else _Node(line=1, column=1)

    def node(self, event: Any, events: Iterator[yaml.Event], depth: int) -> _Node:
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        if depth > MAX_DEPTH:
            self.refuse(event, *_TOO_DEEP)
        if event.tag not in {None, "!"}:
            self.refuse(event, "a tag (!…) stands here", "remove it: the settings know their types")
        if event.anchor is not None:
            self.open.append(event.anchor)
        node = _Node(line=event.start_mark.line + 1, column=event.start_mark.column + 1)
        if isinstance(event, yaml.ScalarEvent):
            self.scalar(node, event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self.sequence(node, events, depth)
        else:
            self.mapping(node, events, depth)
        if event.anchor is not None:
            self.open.remove(event.anchor)
            self.anchors[event.anchor] = node
        return node

    def alias(self, event: Any) -> _Node:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            self.refuse(event, f"more than {MAX_ALIASES} aliases", "write the values out")
        if event.anchor in self.open:
            self.refuse(event, f"*{event.anchor} stands inside what it names", "write the value out")
        known = self.anchors.get(event.anchor)
        if known is None:
            self.refuse(event, f"*{event.anchor} reads as an alias, and nothing is named so", QUOTING)
        return known

    def scalar(self, node: _Node, event: Any) -> None:
        node.style = event.style or ""
        plain = not node.style
        node.value = None if plain and event.value in {"", "~", "null", "Null", "NULL"} else event.value

    def sequence(self, node: _Node, events: Iterator[yaml.Event], depth: int) -> None:
        node.value, node.children = [], {}
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            self.adopt(node, len(node.value), self.node(event, events, depth + 1))
            node.value.append(node.children[len(node.value)].value)

    def mapping(self, node: _Node, events: Iterator[yaml.Event], depth: int) -> None:
        node.value, node.children, node.keys = {}, {}, {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                return
            key = self.node(event, events, depth + 1)
            name = key.value
            if not isinstance(name, str):
                self.refuse(event, "a key must be plain text", "quote it, or look for a stray ? or {")
            if name == "<<":
                self.refuse(event, "merge keys (<<) are not used here", "write the keys out")
            if name in node.value:
                first = node.keys[name].line
                self.refuse(event, f"{name!r} stands twice in this mapping", f"the first is on line {first}")
            node.keys[name] = key
            self.adopt(node, name, self.node(next(events), events, depth + 1))
            node.value[name] = node.children[name].value

    def adopt(self, parent: _Node, step: str | int, child: _Node) -> None:
        parent.children[step] = child
        parent.size += child.size
        if parent.size > MAX_NODES:
            raise _error(self.file, child.line, child.column, f"more than {MAX_NODES:,} values", "split it")

    def refuse(self, event: Any, problem: str, remedy: str) -> NoReturn:
        mark = event.start_mark
        raise _error(self.file, mark.line + 1, mark.column + 1, problem, remedy)

    def syntax_error(self, error: yaml.MarkedYAMLError) -> ConfigError:
        at, began = (
            (mark.line + 1, mark.column + 1) if mark else (0, 0)
            for mark in (error.problem_mark or error.context_mark, error.context_mark)
        )
        if "nesting depth" in (error.problem or ""):  # PyYAML >= 6.0.4 looks ahead and gives up at 1,000
            return _error(self.file, *at, *_TOO_DEEP)
        fault = fault_of(error.problem or "", error.context or "", at, began, self.lines)
        return _error(self.file, fault.line, fault.column, fault.problem, fault.remedy)


def _error(file: str, line: int, column: int, problem: str, remedy: str) -> ConfigError:
    place = Place(file=file, line=line, column=column)
    return ConfigError([Problem(place=place, problem=problem, remedy=remedy)])
