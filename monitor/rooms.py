"""Packages whose rooms open when one of their names is asked for (PEP 562); the others are not loaded."""

import sys
from collections.abc import Callable
from importlib import import_module

__all__ = ["opener"]


def opener(package: str, **rooms: str) -> Callable[[str], object]:
    """The `__getattr__` of a package: `rooms` are its modules, each with the names it lends, a space between.

    To mypy, a module that answers to any name has every name: define it where TYPE_CHECKING is false.
    """
    room_of = {name: room for room, names in rooms.items() for name in names.split()}

    def open_room(name: str) -> object:
        if name not in room_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found: object = getattr(import_module(f"{package}.{room_of[name]}"), name)
        setattr(sys.modules[package], name, found)
        return found

    return open_room
