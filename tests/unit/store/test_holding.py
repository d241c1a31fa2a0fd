"""What a daemon waits for before it takes over from one that was killed."""

from pathlib import Path

from monitor.receipts import Receipts
from monitor.store.holding import HANDOVER, Holding


def test_a_post_room_that_somebody_froze_is_not_waited_for_for_ever(tmp_path: Path):
    frozen = Receipts.open(tmp_path / "m.db.receipts")
    assert frozen.hold()
    holding = Holding.take(tmp_path / "m.db")
    early = holding.alone()
    assert holding._since is not None
    holding._since -= HANDOVER
    assert (early, holding.alone()) == (False, True)
    holding.close()
    frozen.close()
