"""What the tests keep to: they wait for events, and change nothing of the parts that they use."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
FILES = [path for path in TESTS.rglob("*.py") if "benchmarks" not in path.parts]
BETS = re.compile(r"\bsleep\(|\bmonkey" r"patch\b|\bmock\b|\bsetattr\(")
WAITING = TESTS / "support" / "waiting.py"  # the one room that looks again and again


def test_no_test_sleeps_or_patches():
    assert [path.name for path in FILES if BETS.search(path.read_text(encoding="utf-8"))] == [WAITING.name]
