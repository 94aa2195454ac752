"""Grading a cohort, against stock nbgrader grading notebooks of the same cells.

Ours grades 200 hand-ins of orders-and-alerts-doctor, on the cores there are. Stock nbgrader, with its own settings,
grades 8, one after the other as it does: it starts a kernel for each, so the rate is the same for more, and the rates
are compared. Half of its share comes before ours and half after, so that whatever else the machine does meanwhile
weighs on both. Its notebook has the same text and as many graded cells, each of which prints its points; what a
learner's own code would take comes on top in reality.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import nbformat
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grading import course as course_file
from grading import exercise, handin, wiring
from grading.answers import START
from grading.publish import notebooks
from tests.bench.row import Row

SLUG = "orders-and-alerts-doctor"
OURS, STOCK = 200, 8
ROOT = Path(__file__).resolve().parents[2]


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        course = course_file.load(ROOT, check_folders=False, build=Path(folder) / "ours")
        made = exercise.load(course, SLUG)
        _hand_in(course, made)
        run_stock = _stock(Path(folder) / "stock", notebooks.exercise(made))
        seconds = run_stock()
        ours = OURS / _ours(course)
        stock = STOCK / (seconds + run_stock())
    yield Row(
        f"grading {OURS} hand-ins of {SLUG} ({STOCK} by stock nbgrader)",
        "submissions/s", ours, goal=20, peer=stock, more_is_better=True,
    )  # fmt: skip


def _hand_in(course: course_file.Course, made: exercise.Exercise) -> None:
    """The cohort's work: every kind of answer in turn, each with a log of its own."""
    notebooks.write_exercises(course, [made])
    wiring.release(course, [SLUG])
    answers = [made.model, *(wrong.actions for wrong in made.wrong.values())]
    for number in range(OURS):
        log = made.log_text(answers[number % len(answers)], seed=number, start=START + timedelta(hours=number))
        handin.accept(course, f"learner-{number:03}", SLUG, log)


def _ours(course: course_file.Course) -> float:
    """Seconds to grade the cohort."""
    start = time.perf_counter()
    outcomes = wiring.grade(course)
    seconds = time.perf_counter() - start
    assert len(outcomes) == OURS and all(one.status == "graded" for one in outcomes)
    return seconds


def _stock(folder: Path, notebook: nbformat.NotebookNode) -> Callable[[], float]:
    """Gives the seconds that stock nbgrader takes to grade half of its share; release is not counted."""
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.source = repr(cell.metadata.nbgrader.points)
        elif cell.cell_type == "code":
            cell.source = "# the exercise itself is not started: importing it would take longer still"
    source = folder / "source" / SLUG / f"{SLUG}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(notebook, source)
    config = Config()
    config.CourseDirectory.root = str(folder)
    log = logging.Logger("stock", logging.ERROR)

    def run(kind: type, learner: str) -> None:
        coursedir = CourseDirectory(config=config, log=log, assignment_id=SLUG, student_id=learner)
        kind(coursedir=coursedir, config=config, log=log).start()

    run(GenerateAssignment, ".")
    released = nbformat.read(folder / "release" / SLUG / f"{SLUG}.ipynb", as_version=4)
    halves = iter((range(STOCK // 2), range(STOCK // 2, STOCK)))

    def grade() -> float:
        for number in next(halves):
            place = folder / "submitted" / f"learner-{number}" / SLUG
            place.mkdir(parents=True)
            nbformat.write(released, place / f"{SLUG}.ipynb")
        with _quiet():
            start = time.perf_counter()
            run(Autograde, "*")  # it skips those that it has graded
            return time.perf_counter() - start

    return grade


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the kernels write to the terminal off it; they write past Python's own streams."""
    kept = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)
