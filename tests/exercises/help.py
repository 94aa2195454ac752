"""What the tests of the exercises need: an exercise, its authors' files, and what an answer earns."""

from grading import course as course_file
from grading import exercise as exercise_file
from grading.scoring import score
from tests.grading.help import REPOSITORY

COURSE = course_file.load(REPOSITORY, check_folders=False)


def load(slug):
    return exercise_file.cached(REPOSITORY, slug)


def python_of(exercise, name):
    """The authors' answers.py or rubric.py as a module of its own."""
    return exercise_file._python(exercise.folder / f"{name}.py", exercise.slug)


def scored(exercise, actions):
    return score(exercise, exercise.log_text(actions))


def missed(exercise, actions):
    return {c.id for c in scored(exercise, actions).criteria if not c.met}
