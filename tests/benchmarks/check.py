"""How long `monitor check` takes: the shipped configuration, and 10,000 rules with queries of every kind.

Run it as `python tests/benchmarks/check.py [RULES]`. Whole processes, as an admin waits for them; the least of
several runs, beside a bare interpreter and one that imports what nothing can do without (NumPy, pydantic).
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOPICS = "missile artillery sanctions ceasefire summit nuclear submarine drone embassy hostage election budget".split()
PLACES = "russia ukraine dprk rok china japan iran israel germany france poland turkey india egypt".split()
SHAPES = (
    "@{place} AND {word}{number}",
    "@{place} NEAR/15 ({word} OR {other}*) AND NOT cricket",
    'title:("{word} {other}" OR {word}{number})',
    "@{place} /s ({word} OR {other}$1) AND atleast2({word})",
    "about(@{place}) AND ({word}{number} OR first60({other} AND {word}))",
)


def least(runs: int, *command: str) -> float:
    """The least wall time of several runs, in seconds."""
    best = float("inf")
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL, check=True
        )
        best = min(best, time.perf_counter() - began)
    return best


def write(folder: Path, rules: int) -> None:
    """A configuration of so many rules in watchlists of 500, on the shipped entities."""
    rng = random.Random(8)
    (folder / "watchlists").mkdir()
    (folder / "entities").symlink_to(ROOT / "config" / "entities")
    (folder / "sources.yaml").write_text("sources: [{id: daily, url: https://example.org/rss.xml}]\n")
    for start in range(0, rules, 500):
        lines = [f"watchlist: w{start}", "rules:"]
        for number in range(start, min(start + 500, rules)):
            shape = SHAPES[number % len(SHAPES)]
            word, other = rng.sample(TOPICS, 2)
            query = shape.format(place=rng.choice(PLACES), word=word, other=other, number=number)
            lines.append(f"  - id: r{number}\n    severity: high\n    match: '{query}'")
            lines.append(f"    tests: {{miss: [Nothing of number {number} happened.]}}")
        (folder / "watchlists" / f"w{start}.yaml").write_text("\n".join(lines) + "\n")


def main(rules: int) -> None:
    """Print the times and their ratios."""
    bare = least(5, "-c", "pass")
    floor = least(5, "-c", "import numpy, pydantic; from pydantic import BaseModel")
    shipped = least(5, "-m", "monitor", "check", "--config", "config")
    print(f"bare interpreter      {bare:6.3f} s")
    print(f"numpy and pydantic    {floor:6.3f} s")
    print(f"shipped configuration {shipped:6.3f} s  {shipped / floor:4.1f} x numpy and pydantic")
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), rules)
        many = least(2, "-m", "monitor", "check", "--config", folder)
    print(f"{rules:,} rules          {many:6.3f} s  {1e6 * (many - shipped) / rules:4.0f} µs a rule")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
