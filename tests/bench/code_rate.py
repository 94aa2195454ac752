"""Grading a cohort's code, in the sandbox, against stock nbgrader running the same code bare.

Ours grades hand-ins of data-quality, each with code for its code cell. Stock nbgrader, with its own settings, grades
notebooks of the same cells: the widget's criteria print their points, the learner's code stands in a cell, and a graded
cell after it works out the points for it. It starts a kernel for each, so the rate a submission is the same for more,
and a few are enough. Each learner must get the same points from both.
"""

from __future__ import annotations

import logging
import sqlite3
import tempfile
import time
from collections.abc import Iterator
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
from simemr.domain.actions.code import tables
from tests.bench.grading_rate import _quiet
from tests.bench.row import Row

SLUG = "data-quality"
OURS = 120
ROOT = Path(__file__).resolve().parents[2]

#: What a teacher would write for stock nbgrader: the same rule as the exercise's rubric, in the learner's own kernel.
#: The points must be Python's own number: stock nbgrader gives full marks for numpy's.
CHECK = """
given = counted, people, with_hba1c, median_hba1c
expected = (29, 28, 20, 57.5), (28, 27, 19, 57.0)
float(2 * max(sum(abs(value - right) < 0.05 for value, right in zip(given, one)) for one in expected) / 4)
"""


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        course = course_file.load(ROOT, check_folders=False, build=Path(folder) / "ours")
        made = exercise.load(course, SLUG)
        ours, points = _ours(course, made)
        stock, same = _stock(Path(folder) / "stock", made)
    assert {name: points[name] for name in same} == same, (points, same)
    yield Row(
        f"grading {OURS} hand-ins with code, sandboxed ({len(same)} by stock nbgrader, bare)",
        "submissions/s", OURS / ours, goal=8, peer=len(same) / stock, more_is_better=True,
    )  # fmt: skip


def _code(made: exercise.Exercise, number: int) -> str:
    """The code of a learner: the authors' answers in turn, right and wrong."""
    every = [sources["for-the-board"] for sources, _ in made.code.values()]
    return every[number % len(every)]


def _ours(course: course_file.Course, made: exercise.Exercise) -> tuple[float, dict[str, float]]:
    """Seconds to grade the cohort, and each learner's points with what is extra."""
    notebooks.write_exercises(course, [made])
    wiring.release(course, [SLUG])
    for number in range(OURS):
        written = ("write_code", {"cell": "for-the-board", "source": _code(made, number)})
        log = made.log_text(
            [*made.model[:-1], written, *made.model[-1:]], seed=number, start=START + timedelta(hours=number)
        )
        handin.accept(course, f"learner-{number:03}", SLUG, log)
    start = time.perf_counter()
    outcomes = wiring.grade(course)
    seconds = time.perf_counter() - start
    assert len(outcomes) == OURS and all(one.status == "graded" for one in outcomes)
    return seconds, _points(course.build / "gradebook.db")


def _stock(folder: Path, made: exercise.Exercise) -> tuple[float, dict[str, float]]:
    """The same of stock nbgrader, release not counted, for one learner with each of the authors' codes."""
    source = folder / "source" / SLUG / f"{SLUG}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(_notebook(made, "..."), source)
    config = Config()
    config.CourseDirectory.root = str(folder)
    log = logging.Logger("stock", logging.CRITICAL)

    def run(kind: type, learner: str) -> None:
        coursedir = CourseDirectory(config=config, log=log, assignment_id=SLUG, student_id=learner)
        kind(coursedir=coursedir, config=config, log=log).start()

    run(GenerateAssignment, ".")
    for number in range(len(made.code)):
        place = folder / "submitted" / f"learner-{number:03}" / SLUG
        place.mkdir(parents=True)
        nbformat.write(_notebook(made, _code(made, number)), place / f"{SLUG}.ipynb")
    with _quiet():
        start = time.perf_counter()
        run(Autograde, "*")
        seconds = time.perf_counter() - start
    return seconds, _points(folder / "gradebook.db")


def _notebook(made: exercise.Exercise, code: str) -> nbformat.NotebookNode:
    """The exercise as stock nbgrader has it, with this code in the learner's cell."""
    notebook = notebooks.exercise(made)
    (table,) = tables(made.scenario).items()
    given = f"import pandas as pd\n{table[0]} = pd.DataFrame({table[1]['rows']!r}, columns={table[1]['columns']!r})"
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution"):
            cell.source = code
        elif marks.get("grade") and marks["points"]:
            cell.source = repr(marks["points"])
        elif marks.get("grade"):
            marks["points"] = 2.0
            cell.source = CHECK
        elif cell.cell_type == "code":
            cell.source = given
    return notebook


def _points(gradebook: Path) -> dict[str, float]:
    """Every learner's points in a gradebook, with extra credit."""
    query = """
        SELECT s.student_id, sum(g.auto_score + coalesce(g.extra_credit, 0)) FROM grade g
        JOIN submitted_notebook n ON n.id = g.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id
        GROUP BY s.student_id
    """
    with sqlite3.connect(gradebook) as database:
        return dict(database.execute(query).fetchall())
