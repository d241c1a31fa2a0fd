"""What a daemon holds while it runs, and what it waits for where one before it was killed."""

import stat
from pathlib import Path

from monitor.receipts import Receipts
from monitor.store.holding import HANDOVER, Holding
from monitor.store.sqlite import SqliteStore


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


def modes(folder: Path) -> dict[str, str]:
    """What others may do with a folder, and with what is in it."""
    return {path.name: stat.filemode(path.stat().st_mode) for path in (folder, *folder.iterdir())}


async def test_what_holds_peoples_addresses_is_made_for_our_own_eyes(tmp_path: Path):
    store = SqliteStore.open(f"sqlite:///{tmp_path}/var/m.db")
    await store.ready()  # its log is there from the first transaction on
    found = modes(tmp_path / "var")
    await store.close()
    closed = dict.fromkeys(("m.db", "m.db-wal", "m.db-shm", "m.db.receipts"), "-rw-------")
    assert found == {"var": "drwx------", **closed, "m.db.lock": found["m.db.lock"]}


async def test_what_an_admin_has_opened_to_others_stays_so(tmp_path: Path):
    await SqliteStore.open(f"sqlite:///{tmp_path}/var/m.db").close()
    (tmp_path / "var").chmod(0o750)
    (tmp_path / "var" / "m.db").chmod(0o640)
    await SqliteStore.open(f"sqlite:///{tmp_path}/var/m.db").close()
    found = modes(tmp_path / "var")
    assert (found["var"], found["m.db"]) == ("drwxr-x---", "-rw-r-----")
