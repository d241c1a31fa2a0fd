"""Keeps what lives as long as the process out of the garbage collector's rounds.

100,000 rules are millions of objects. Each full round of the collector would visit them all, and nothing else
runs while it does: seconds, again and again. They hold no cycles, so counting references frees them.

What is in hand for a moment, a few hundred polls and readings, outlives the collector's usual 700 objects:
it would be visited again and again, too, and for nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["YOUNG", "lasting"]

YOUNG = 10_000  # objects made since the last round that call for the next


@contextmanager
def lasting() -> Iterator[None]:
    """What is made within, and what there was before, is not visited by the collector; it rests meanwhile."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
        gc.enable()
