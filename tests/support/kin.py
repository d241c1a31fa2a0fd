"""Who was forked for us, as Linux's /proc tells."""

import os
import signal
from pathlib import Path

from monitor.children import launching

__all__ = ["children", "fork_server", "forks", "kill_fork_server"]


def children(process: int | str = "self") -> set[int]:
    """The processes that a process (ours) has started and not yet seen end."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return {int(child) for thread in threads for child in (thread / "children").read_text().split()}


def fork_server() -> int:
    """Our fork server, which is started if need be."""
    if launching._SERVER._process is None:
        child, connection = launching.launch("monitor.postroom.desk", environment={})
        connection.close()
        child.wait()
    assert launching._SERVER._process is not None
    return launching._SERVER._process.pid


def kill_fork_server() -> int:
    """Our fork server, which is no more."""
    server = fork_server()
    os.kill(server, signal.SIGKILL)
    assert launching._SERVER._process is not None
    launching._SERVER._process.wait()
    return server


def forks() -> set[int]:
    """What it has forked and not yet seen end."""
    return children(fork_server())
