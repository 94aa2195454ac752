"""Importing the domain: what a learner's kernel does before anything shows."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench.row import Row

TIMES = 15


def rows() -> Iterator[Row]:
    bare = min(_seconds("pass") for _ in range(TIMES))
    ours = min(_seconds("import simemr.domain.attempt, simemr.domain.session") for _ in range(TIMES))
    yield Row(f"importing simemr.domain (best of {TIMES}, Python's own start taken off)", "s", ours - bare, goal=0.15)


def _seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start
