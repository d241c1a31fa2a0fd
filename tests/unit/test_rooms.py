import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest

from monitor import alerting, channels, extraction, matching, model, store

LENT = [model, alerting, channels, store, extraction, matching]


@pytest.mark.parametrize("package", LENT, ids=lambda package: package.__name__)
def test_all_that_a_package_offers_is_there_and_stands_in_one_of_its_rooms(package):
    rooms = [import_module(f"{package.__name__}.{room.name}") for room in iter_modules(package.__path__)]
    for name in package.__all__:
        assert any(getattr(package, name) is getattr(room, name, None) for room in rooms), name


def test_all_nouns_are_had_from_the_model():
    rooms = [import_module(f"monitor.model.{room.name}") for room in iter_modules(model.__path__)]
    assert sorted(noun for room in rooms for noun in room.__all__) == model.__all__


@pytest.mark.parametrize("package", LENT, ids=lambda package: package.__name__)
def test_what_a_package_does_not_offer_is_no_attribute_of_it(package):
    with pytest.raises(AttributeError, match=f"module '{package.__name__}' has no attribute 'Artikel'"):
        package.Artikel  # noqa: B018 - asking is the test


def test_a_noun_opens_its_own_room_only():
    code = (
        "import sys; from monitor.model import Article; print(*(n for n in sys.modules if 'r.model.' in n))"
    )
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.split() == ["monitor.model.articles"]
