"""What several tests of grading need: logs, hand-ins, and a look into the gradebook."""

import io
import os
import re
import shutil
import sqlite3
import time
import zipfile
from datetime import timedelta
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from grading import course as course_file
from grading import exercise as exercise_file
from grading import handin, wiring
from grading.answers import START
from grading.publish import notebooks

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL_COURSE = Path(__file__).parent / "course"
_one_more = count(1)


def release(source, root):
    """Copy a course from `source` to `root` and release its exercises: the gradebook knows them, and nobody's work."""
    shutil.copytree(source, root, ignore=shutil.ignore_patterns("__pycache__"))
    made = course_file.load(root)
    notebooks.write_exercises(made, exercise_file.load_all(made).values())
    wiring.write_config(made)
    wiring.release(made)
    return root


def log_of(exercise, actions, **more):
    """A log of these actions that no other call gives."""
    number = next(_one_more)
    return exercise.log_text(actions, seed=number, start=START + timedelta(hours=number), **more)


def hand_in(course, exercise, learner, actions, **more):
    return handin.accept(course, learner, exercise.slug, log_of(exercise, actions, **more))


def zip_of(contents):
    """A zip's bytes; `contents` maps names, or ready ZipInfos, to what they hold."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return out.getvalue()


def grades(course):
    """{(learner, exercise): {criterion: (auto, manual)}} as the gradebook has it."""
    query = """
        SELECT s.student_id, a.name, c.name, g.auto_score, g.manual_score
        FROM grade g JOIN submitted_notebook n ON n.id = g.notebook_id
        JOIN submitted_assignment s ON s.id = n.assignment_id JOIN assignment a ON a.id = s.assignment_id
        JOIN base_cell c ON c.id = g.cell_id
    """
    found = {}
    with sqlite3.connect(course.build / "gradebook.db") as database:
        for learner, exercise, criterion, auto, manual in database.execute(query):
            found.setdefault((learner, exercise), {})[criterion] = (auto, manual)
    return found


#: What is in nbgrader's tables, by the names of things and not by their random keys.
_BOOK = {
    "student": "SELECT id, first_name, last_name, email FROM student",
    "cell": """
        SELECT a.name, n.name, c.name, c.type, g.max_score, g.cell_type, s.locked, s.source, s.checksum
        FROM base_cell c JOIN notebook n ON n.id = c.notebook_id JOIN assignment a ON a.id = n.assignment_id
        LEFT JOIN grade_cells g ON g.id = c.id LEFT JOIN source_cell s ON s.notebook_id = n.id AND s.name = c.name""",
    "submission": """
        SELECT s.student_id, a.name, n.name, s.timestamp, s.extension, m.flagged, m.late_submission_penalty
        FROM submitted_assignment s JOIN assignment a ON a.id = s.assignment_id
        JOIN submitted_notebook m ON m.assignment_id = s.id JOIN notebook n ON n.id = m.notebook_id""",
    **{
        table: f"""
        SELECT s.student_id, a.name, c.name, {columns}
        FROM {table} t JOIN submitted_notebook n ON n.id = t.notebook_id
        JOIN submitted_assignment s ON s.id = n.assignment_id JOIN assignment a ON a.id = s.assignment_id
        JOIN base_cell c ON c.id = t.cell_id"""
        for table, columns in (
            ("grade", "t.auto_score, t.manual_score, t.extra_credit, t.needs_manual_grade"),
            ("comment", "t.auto_comment, t.manual_comment"),
        )
    },
}


def book(course):
    """The whole gradebook: {table: rows in order}."""
    engine = sa.create_engine(course.gradebook)
    try:
        with engine.connect() as connection:
            rows = {name: connection.execute(sa.text(query)).all() for name, query in _BOOK.items()}
    finally:
        engine.dispose()
    plain = {name: [tuple(map(_plain, row)) for row in found] for name, found in rows.items()}
    return {name: sorted(found, key=repr) for name, found in plain.items()}


def _plain(value):
    # databases differ in how they give truth and moments
    if isinstance(value, (bool, int)):
        return float(value)
    return str(value)[:19] if re.match(r"\d{4}-\d\d-\d\d \d\d:", str(value)) else value


def records(course):
    """The records of grades: (learner, exercise, points, attempt) of each, in order."""
    engine = sa.create_engine(course.gradebook)
    query = "SELECT learner, exercise, points, attempt FROM course_audit ORDER BY learner, exercise, id"
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]
    finally:
        engine.dispose()


def points(course, learner, exercise="fluid-chart"):
    """{criterion: automatic points} of one submission."""
    return {name: auto for name, (auto, _) in grades(course)[learner, exercise].items()}


def tree(folder):
    """Every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def copy_of(course, folder):
    return course_file.load(Path(shutil.copytree(course.root, folder)))


def start(work):
    """A process of its own that does this; its workers belong to its group."""
    child = os.fork()
    if child == 0:
        try:
            os.setpgrp()
            work()
        finally:
            os._exit(0)
    return child


def ended(child, within=30):
    """Whether the process was killed; nobody of its group is left."""
    _, status = os.waitpid(child, 0)
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            os.killpg(child, 0)
        except ProcessLookupError:
            return os.WIFSIGNALED(status)
        time.sleep(0.01)
    raise AssertionError("a worker outlived the grader")
