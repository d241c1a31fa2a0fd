"""What is made to last is out of the collector's sight; the collector works on."""

import gc

import pytest

from monitor.heap import YOUNG, lasting


@pytest.fixture(autouse=True)
def thawed():
    usual = gc.get_threshold()
    yield
    gc.set_threshold(*usual)
    gc.unfreeze()


def test_what_is_made_within_is_frozen_and_the_collector_goes_on():
    before = gc.get_freeze_count()
    with lasting():
        assert not gc.isenabled()
        kept = [[number] for number in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(kept)


def test_afterwards_what_is_in_hand_for_a_moment_is_visited_more_rarely():
    with lasting():
        pass
    assert gc.get_threshold()[0] == YOUNG


def test_a_failure_within_lets_the_collector_go_on():
    with pytest.raises(KeyError), lasting():
        raise KeyError
    assert gc.isenabled()
