"""What several tests of grading need: logs, hand-ins, and a look into the gradebook."""

import io
import sqlite3
import zipfile
from datetime import timedelta
from itertools import count
from pathlib import Path

from grading import handin
from grading.answers import START

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL_COURSE = Path(__file__).parent / "course"
_one_more = count(1)


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


def points(course, learner, exercise="fluid-chart"):
    """{criterion: automatic points} of one submission."""
    return {name: auto for name, (auto, _) in grades(course)[learner, exercise].items()}


def tree(folder):
    """Every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
