"""How the tests are started and collected, and how what they find gets from one process to another."""

import compileall
import gc
import json
import os
import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from _pytest.assertion import rewrite
from _pytest.doctest import DoctestModule

ROOT = Path(__file__).parents[1]

# What text hypothesis may write is kept in a file, and takes a second to find out.
LETTERS = "from hypothesis.internal.charmap import intervals_from_codec; intervals_from_codec('utf-8')"


def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: one more than there are cores, since killed daemons and hanging servers mostly wait."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_configure(config: pytest.Config) -> None:
    """What all processes load is compiled here once, not in each worker and each of hundreds of daemons."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # else each process starts threads that nothing uses
    config.pluginmanager.register(WhereExamplesAre(), "where examples are")
    if (
        config.getoption("dist", "no") == "no"
    ):  # else others run the tests, and wait until this one sends them
        config.pluginmanager.import_plugin("surroundings")
    if not hasattr(config, "workerinput"):
        with ProcessPoolExecutor(1) as beside:
            for folder in (ROOT / "monitor", ROOT / "tests" / "support"):
                beside.submit(compileall.compile_dir, folder, quiet=2)
            beside.submit(subprocess.run, [sys.executable, "-c", LETTERS], cwd=ROOT, check=False)
            if config.getoption("numprocesses", None):
                rewrite_asserts(config)


class WhereExamplesAre:
    """pytest loads each module to look for examples in it, which takes a second; most have none."""

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(
        self, file_path: Path
    ) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
        found = yield
        return [
            each for each in found if not isinstance(each, DoctestModule) or b">>> " in file_path.read_bytes()
        ]


def rewrite_asserts(config: pytest.Config) -> None:
    """Fill pytest's cache of tests and plugins, which workers read even where no process may write bytecode.

    The names are pytest's own and not promised: it has no public way to this.
    """
    state = config.stash[rewrite.assertstate_key]
    plugins = config.pluginmanager.rewrite_hook._rewritten_names.values()  # so far; hypothesis is the largest
    for module in {*plugins, *(ROOT / "tests").rglob("test_*.py")}:
        kept = rewrite.get_cache_dir(module) / f"{module.stem}{rewrite.PYC_TAIL}"
        if rewrite.try_makedirs(kept.parent) and rewrite._read_pyc(module, kept) is None:
            source, code = rewrite._rewrite_test(module, config)
            rewrite._write_pyc(state, code, source, kept)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, dict[str, object], dict[str, object]]:
    """A worker sends a report as one text: xdist writes and reads a dictionary key by key, in Python."""
    return {"report": json.dumps((yield))}


@pytest.hookimpl(tryfirst=True)
def pytest_report_from_serializable(config: pytest.Config, data: dict[str, object]) -> object:
    """The report of a text, with what xdist has put beside it."""
    if "report" not in data:
        return None
    whole = json.loads(data["report"]) | {key: data[key] for key in data.keys() - {"report"}}
    return config.hook.pytest_report_from_serializable(config=config, data=whole)


def pytest_collection(session: pytest.Session) -> None:
    """No garbage is looked for among what stays: modules and the tests themselves."""
    gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    gc.freeze()
    gc.enable()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What is garbage now is looked through once; pytest does so five times, with all that stays.

    Not at all where others ran the tests: there is but the garbage of their reports.
    """
    if not session.config.getoption("numprocesses", None):
        gc.collect()
    gc.freeze()
