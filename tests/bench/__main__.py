"""Measures what the course promises: `python -m tests.bench` prints a table and writes build/bench.json.

Each figure is a file of this folder with a function `rows()` that yields Rows; a new file is found by itself.
Without arguments all are measured, else those that are named. The exit code tells whether every goal is
reached.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import platform
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.row import Row

FOLDER = Path(__file__).parent
OUT = FOLDER.parents[1] / "build" / "bench.json"


def figures() -> list[str]:
    """The names of all figures."""
    helpers = ("__main__", "plain_lite", "row")
    return sorted(name for _, name, _ in pkgutil.iter_modules([str(FOLDER)]) if name not in helpers)


def measure(names: list[str]) -> list[Row]:
    """Measure the named figures, one after the other: two at once would measure each other."""
    return [row for name in names for row in importlib.import_module(f"tests.bench.{name}").rows()]


def show(rows: list[Row]) -> Table:
    """The rows as a table."""
    table = Table("Figure", "Unit", "Ours", "Peer", "Ratio", "Goal", "", show_edge=False)
    for row in rows:
        numbers = (row.ours, row.peer, row.ratio)
        table.add_row(
            row.name, row.unit, *("" if n is None else f"{n:.3g}" for n in numbers), row.goal_text, row.verdict
        )
    return table


def main(arguments: list[str]) -> int:
    unknown = set(arguments) - set(figures())
    if unknown:
        print(
            f"There is no figure called {', '.join(sorted(unknown))}. There are: {', '.join(figures())}.",
            file=sys.stderr,
        )
        return 2
    rows = measure(arguments or figures())
    Console().print(show(rows))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}.")
    print(f"Written to {OUT}.")
    return 0 if all(row.ok for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
