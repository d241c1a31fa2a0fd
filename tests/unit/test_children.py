"""Processes are forked clean, killed at a word, and outlive who asked for them."""

import json
import os
import signal
import socket
from pathlib import Path
from typing import Any

import pytest
from kin import fork_server, forks, kill_fork_server
from waiting import until

from monitor.children import Child, launch

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="what a process has open is told by Linux's /proc"
)


def born(*numbers: int, files: tuple[int, ...] = ()) -> tuple[Child, socket.socket, dict[str, Any]]:
    environment = {"PATH": "/bin", "MONITOR_MAIL__SMTP__PASSWORD": "s3cret", "NAME": "Zoë \udcff"}
    child, connection = launch("forked", *numbers, environment=environment, files=files)
    with connection.makefile() as told:
        return child, connection, json.loads(told.readline())


def test_it_has_what_it_was_given_and_nothing_else(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+b") as file:
        others = [born() for _ in range(2)]
        child, connection, told = born(7, 8, files=(file.fileno(),))
        seven, eight, theirs = told["given"]
        assert (seven, eight) == (7, 8)
        assert told["open"] == [0, 1, 2, theirs]
        assert told["environment"] == {"PATH": "/bin", "NAME": "Zoë \udcff"}
        assert told["child_signal"] == signal.SIG_DFL
    for each, line, _ in [*others, (child, connection, told)]:
        line.close()
        each.wait()


def test_it_is_killed_at_a_word_and_forgotten_by_the_system() -> None:
    child, connection, told = born()
    with connection:
        assert told["pid"] in forks()
        child.kill()
        child.wait()
        assert told["pid"] not in forks()
        child.kill()  # once more does no harm


async def test_it_goes_on_when_nobody_waits_for_it_until_its_socket_ends() -> None:
    child, connection, told = born()
    child.leave()
    other, line, _ = born()
    line.close()
    other.wait()
    assert told["pid"] in forks()
    connection.close()
    await until(lambda: told["pid"] not in forks())


def test_it_goes_on_when_the_server_is_killed_and_the_next_has_another_server() -> None:
    child, connection, told = born()
    server = kill_fork_server()
    child.wait()  # nobody can tell any more
    os.kill(told["pid"], 0)
    connection.close()
    after, line, _ = born()
    assert fork_server() != server
    line.close()
    after.wait()


def test_signals_that_are_meant_for_all_of_us_do_not_end_the_server() -> None:
    server = fork_server()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(server, number)
    child, connection, _ = born()
    assert fork_server() == server
    connection.close()
    child.wait()
