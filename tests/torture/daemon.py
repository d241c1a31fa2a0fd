"""A whole daemon as a process of its own, to be killed: CONFIG EPOCH TIMES GRACE PATIENCE.

On its clock TIMES seconds pass in one (from EPOCH on); PATIENCE is for a database that another process keeps
locked. Prints nothing; SIGTERM stops it cleanly.
"""

import asyncio
import ctypes
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

import structlog

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from hasty import HastyClock

from monitor.config.folder import load
from monitor.daemon import Daemon
from monitor.store.sqlite import SqliteStore

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))


async def main(config: str, epoch: str, times: str, grace: str, patience: str) -> int:
    found = load(Path(config), os.environ)
    store = SqliteStore.open(found.settings.storage, patience=float(patience))
    clock = HastyClock(datetime.fromisoformat(epoch), int(times))
    code = await Daemon(found, store=store, environment=os.environ, clock=clock, grace=float(grace)).run()
    await store.close()
    return code


if __name__ == "__main__":
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it does not outlive its test
    sys.exit(asyncio.run(main(*sys.argv[1:])))
