import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest

from monitor import model

ROOMS = {room.name: import_module(f"monitor.model.{room.name}") for room in iter_modules(model.__path__)}
LOADED = "import sys; from monitor.model import Article; print(*(set(sys.modules) & {{{}}}))"


def test_every_noun_of_every_room_is_had_from_the_model():
    stands = {noun: getattr(room, noun) for room in ROOMS.values() for noun in room.__all__}
    assert {noun: getattr(model, noun) for noun in model.__all__} == stands


def test_a_noun_that_there_is_not_is_no_attribute():
    with pytest.raises(AttributeError, match="has no attribute 'Artikel'"):
        model.__getattr__("Artikel")


def test_a_noun_opens_its_own_room_only():
    code = LOADED.format(", ".join(repr(f"monitor.model.{room}") for room in ROOMS))
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.split() == ["monitor.model.articles"]
