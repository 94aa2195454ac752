"""Notebooks that were edited to earn more, or broken: what was released takes their place."""

import nbformat
import pytest

from grading import wiring
from tests.grading.help import grades, hand_in, points
from tests.threats.help import with_code

case = pytest.mark.case
FULL = {"slip-marked": 2, "slip-asked": 1, "balance": 2, "words": 1}


def edit_points(notebook):
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.points = 1000


def edit_ids(notebook):
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.grade_id = f"my-{cell.id}"


def delete_cells(notebook):
    notebook.cells = []


def duplicate_cells(notebook):
    notebook.cells += [nbformat.from_dict({**cell, "id": f"copy-{cell.id}"}) for cell in notebook.cells]


def forge_outputs(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = "1000"
            cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "1000"}, execution_count=1)]


def swap_kernel(notebook):
    notebook.metadata.kernelspec = {"name": "bash", "display_name": "Bash", "language": "bash"}


@case(
    "edited points, grade ids, outputs; deleted or duplicated cells; swapped kernelspec",
    "put back to what was released",
)
@pytest.mark.parametrize("edit", [edit_points, edit_ids, delete_cells, duplicate_cells, forge_outputs, swap_kernel])
def test_an_edited_notebook_is_put_back_to_what_was_released(released, fluid, edit):
    hand_in(released, fluid, "ada", fluid.wrong["nothing marked"].actions)
    file = released.build / "submitted" / "ada" / "fluid-chart" / "fluid-chart.ipynb"
    notebook = nbformat.read(file, as_version=4)
    edit(notebook)
    file.unlink()
    nbformat.write(notebook, file)
    assert wiring.grade(released)[0].status == "graded"
    assert points(released, "ada") == {"slip-marked": 0, "slip-asked": 0, "balance": 0, "words": 1}
    graded = nbformat.read(released.build / "autograded" / "ada" / "fluid-chart" / "fluid-chart.ipynb", as_version=4)
    assert graded.metadata.kernelspec.name == "python3"


@case("a notebook that is empty, not JSON, or not a notebook", "the released one takes its place; the answers count")
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"cells": 3}', b"\xff"])
def test_a_notebook_that_cannot_be_read_costs_nobody_their_points(released, fluid, content):
    hand_in(released, fluid, "ada", fluid.model)
    (released.build / "submitted" / "ada" / "fluid-chart" / "fluid-chart.ipynb").write_bytes(content)
    assert wiring.grade(released)[0].status == "graded"
    assert points(released, "ada") == FULL


@pytest.mark.parametrize(
    "edit",
    [
        lambda cell: cell.update(source="%%code bed-days count\nimport os\nos._exit(1)"),
        lambda cell: cell.metadata.nbgrader.update(locked=True, grade=True, points=50),
        lambda cell: cell.metadata.nbgrader.update(grade_id="gap-marked", grade=True, points=50),
        lambda cell: cell.metadata.update(course_extra={"points": 100, "waiting": "", "stopped": ""}),
    ],
    ids=["other code", "made a graded cell", "another's id", "extra points"],
)
@case("an edited code cell: other code than was handed in, made a graded cell, extra points in it", "put back")
def test_an_edited_code_cell(code_course, beds, edit):
    hand_in(code_course, beds, "ada", with_code(beds))
    file = code_course.build / "submitted" / "ada" / "bed-days" / "bed-days.ipynb"
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            edit(cell)
    file.unlink()
    nbformat.write(notebook, file)
    (outcome,) = wiring.grade(code_course)
    assert (outcome.status, outcome.points, outcome.max) == ("graded", 4, 4)
    assert extra_credit(code_course, "ada") == {"total": 1, "by-ward": 1, "longest": 2, "known": 1}
    graded = nbformat.read(code_course.build / "autograded" / "ada" / "bed-days" / "bed-days.ipynb", as_version=4)
    assert any("nights.groupby" in cell.source for cell in graded.cells), (
        "the learner's code stands where it was written"
    )


def extra_credit(course, learner):
    """{code criterion: nbgrader's extra credit}."""
    import sqlite3

    query = """
        SELECT c.name, g.extra_credit FROM grade g JOIN submitted_notebook n ON n.id = g.notebook_id
        JOIN submitted_assignment s ON s.id = n.assignment_id JOIN base_cell c ON c.id = g.cell_id
        WHERE s.student_id = ? AND g.extra_credit IS NOT NULL
    """
    with sqlite3.connect(course.build / "gradebook.db") as database:
        return dict(database.execute(query, (learner,)).fetchall())


@case("hostile code among a cohort's hand-ins", "the batch goes on; every other learner's rows are as without it")
def test_hostile_code_among_a_cohort(code_course, beds):
    hostile = {
        "bomb": "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass",
        "dead": "import os\nos._exit(0)",
        "loud": "while True: print('x' * 1000)",
        "memory": "x = []\nwhile True: x.append(bytearray(2**24))",
    }
    for learner in ("ada", "zoe"):
        hand_in(code_course, beds, learner, with_code(beds))
    assert all(one.ok for one in wiring.grade(code_course))
    before = grades(code_course), extra_credit(code_course, "ada"), extra_credit(code_course, "zoe")
    for learner, source in hostile.items():
        hand_in(code_course, beds, learner, with_code(beds, count=source))
    outcomes = {one.learner: one for one in wiring.grade(code_course, again=True)}
    assert {one.status for one in outcomes.values()} == {"graded"}, "what counts is graded whatever the code did"
    assert {(one.points, one.max, one.passed) for one in outcomes.values()} == {(4, 4, True)}
    after = {pair: rows for pair, rows in grades(code_course).items() if pair[0] in ("ada", "zoe")}
    assert (after, extra_credit(code_course, "ada"), extra_credit(code_course, "zoe")) == before
    assert extra_credit(code_course, "dead") == {"total": 0, "by-ward": 0, "longest": 2, "known": 1}
    assert extra_credit(code_course, "bomb") == {"total": 0, "by-ward": 0, "longest": 0, "known": 0}
    incidents = (code_course.build / "incidents.jsonl").read_text()
    assert all(f'"{learner}"' in incidents for learner in ("bomb", "dead", "loud")), "each incident is logged"
    assert "ada" not in incidents and "longer than" in incidents
