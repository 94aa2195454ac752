"""Grading a cohort, against stock nbgrader grading notebooks of the same cells.

Ours grades 200 hand-ins of orders-and-alerts-doctor, on the cores there are. Stock nbgrader, with its own settings,
grades 8, one after the other as it does: it starts a kernel for each, so the rate is the same for more, and the rates
are compared. Half of its share comes before ours and half after, so that whatever else the machine does meanwhile
weighs on both. Its notebook has the same text and the same graded cells, each of which says the points that this
hand-in earns; what a learner's own code would take comes on top in reality. Both gradebooks must hold the same scores.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sqlite3
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
from grading.scoring import score
from tests.bench.row import Row

SLUG = "orders-and-alerts-doctor"
OURS, STOCK = 200, 8
ROOT = Path(__file__).resolve().parents[2]


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        course = course_file.load(ROOT, check_folders=False, build=Path(folder) / "ours")
        made = exercise.load(course, SLUG)
        logs = _hand_in(course, made)
        earned = [{one.id: one.points for one in score(made, log).criteria} for log in logs[:STOCK]]
        run_stock = _stock(Path(folder) / "stock", notebooks.exercise(made), earned)
        seconds = run_stock()
        ours = OURS / _ours(course)
        stock = STOCK / (seconds + run_stock())
        scores = _scores(Path(folder) / "stock")
        assert len(scores) == STOCK * len(made.criteria) and scores <= _scores(course.build)
    yield Row(
        f"grading {OURS} hand-ins of {SLUG} ({STOCK} by stock nbgrader)",
        "submissions/s", ours, goal=20, peer=stock, more_is_better=True,
    )  # fmt: skip


def _hand_in(course: course_file.Course, made: exercise.Exercise) -> list[str]:
    """Hands in the cohort's work and gives their logs: every kind of answer in turn, each with a log of its own."""
    logs = []
    notebooks.write_exercises(course, [made])
    wiring.release(course, [SLUG])
    answers = [made.model, *(wrong.actions for wrong in made.wrong.values())]
    for number in range(OURS):
        log = made.log_text(answers[number % len(answers)], seed=number, start=START + timedelta(hours=number))
        handin.accept(course, f"learner-{number:03}", SLUG, log)
        logs.append(log)
    return logs


def _ours(course: course_file.Course) -> float:
    """Seconds to grade the cohort."""
    start = time.perf_counter()
    outcomes = wiring.grade(course)
    seconds = time.perf_counter() - start
    assert len(outcomes) == OURS and all(one.status == "graded" for one in outcomes)
    return seconds


def _scores(build: Path) -> set[tuple]:
    """Every (learner, criterion, points) in a gradebook."""
    query = """
        SELECT s.student_id, c.name, g.auto_score FROM grade g JOIN base_cell c ON c.id = g.cell_id
        JOIN submitted_notebook n ON n.id = g.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id
    """
    with sqlite3.connect(build / "gradebook.db") as database:
        return set(database.execute(query))


def _stock(folder: Path, notebook: nbformat.NotebookNode, earned: list[dict[str, float]]) -> Callable[[], float]:
    """Gives the seconds that stock nbgrader takes to grade half of its share; release is not counted."""
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.source = f"import json; json.load(open('points.json'))['{cell.metadata.nbgrader.grade_id}']"
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
            place = folder / "submitted" / f"learner-{number:03}" / SLUG
            place.mkdir(parents=True)
            (place / "points.json").write_text(json.dumps(earned[number]))
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
