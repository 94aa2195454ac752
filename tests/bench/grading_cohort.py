"""Grading a large cohort: memory, and whether a submission costs as much among 2,000 as among 100.

A batch runs in a process of its own, on this machine's cores. Its memory is that of the process and its workers,
sampled while it runs; pages that they share are counted once for each. Its cost is the computing time of all of them, a
submission, and for 100 the middle one of several cohorts.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil

from grading import course as course_file
from grading import exercise, handin, wiring
from grading.answers import START
from grading.publish import notebooks
from tests.bench.grading_rate import ROOT, SLUG
from tests.bench.row import Row

FEW, MANY = 100, 2_000
TIMES = 3

RUN = """
import json, sys
from pathlib import Path
import psutil
from grading import course as course_file
from grading.batch import run

def spent():
    me = psutil.Process()
    return sum(sum(one.cpu_times()[:2]) for one in (me, *me.children(recursive=True)))

seen = [spent()]
def on(outcome, done, total):
    if done % (total // 4) == 0:
        seen.append(spent())

course = course_file.load(Path(sys.argv[1]), check_folders=False, build=Path(sys.argv[2]))
outcomes = run.grade(course, on=on)
assert all(one.status == "graded" for one in outcomes)
print(json.dumps([len(outcomes), *((end - begin) / len(outcomes) * 4 for begin, end in zip(seen, seen[1:]))]))
"""


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty"
        course = course_file.load(ROOT, check_folders=False, build=empty)
        notebooks.write_exercises(course, [exercise.load(course, SLUG)])
        wiring.release(course, [SLUG])
        costs, few = [], _handed_in(empty, Path(folder) / "few", FEW)
        for number in range(TIMES):
            quarters, _ = _grade(Path(shutil.copytree(few, Path(folder) / f"few-{number}")), FEW)
            costs.append(statistics.mean(quarters))
        quarters, peak = _grade(_handed_in(empty, Path(folder) / "many", MANY), MANY)
    yield Row(f"grading {MANY:,} hand-ins: memory with all workers, at its peak", "MB", peak, goal=1000)
    yield Row(
        f"grading: what a submission costs among {MANY:,}, against among {FEW}", "times",
        statistics.mean(quarters) / statistics.median(costs), goal=1.15,
    )  # fmt: skip
    yield Row(
        f"grading {MANY:,}: what one of the last quarter costs, against one of the first", "times",
        quarters[-1] / quarters[0], goal=1.15,
    )  # fmt: skip


def _handed_in(empty: Path, build: Path, number: int) -> Path:
    """A released course into which so many have handed in, each with a log of their own; on all cores."""
    shutil.copytree(empty, build)
    children = []
    for share in range(os.cpu_count() or 1):
        child = os.fork()
        if child == 0:
            try:
                _hand_in(build, range(share, number, os.cpu_count() or 1))
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    course = course_file.load(ROOT, check_folders=False, build=build)
    assert len(handin.submissions(course)) == number
    return build


def _hand_in(build: Path, numbers: range) -> None:
    course = course_file.load(ROOT, check_folders=False, build=build)
    made = exercise.cached(course.root, SLUG)
    answers = [made.model, *(wrong.actions for wrong in made.wrong.values())]
    for number in numbers:
        log = made.log_text(answers[number % len(answers)], seed=number, start=START + timedelta(hours=number))
        handin.accept(course, f"learner-{number:04}", SLUG, log)


def _grade(build: Path, number: int) -> tuple[list[float], float]:
    """Seconds of computing a submission in each quarter, and the most memory (MB) that the batch used."""
    process = psutil.Popen(
        [sys.executable, "-c", RUN, str(ROOT), str(build)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, _memory(process))
        time.sleep(0.05)
    assert process.returncode == 0
    done, *costs = json.loads(process.stdout.read())
    assert done == number
    return costs, peak / 2**20


def _memory(process: psutil.Process) -> int:
    held = 0
    try:
        for one in (process, *process.children(recursive=True)):
            held += one.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return held
