"""nbgrader's side of the course: its settings, and release, grade and feedback through its own converters.

Everything is done through nbgrader's settings; nothing of it is patched, and build/nbgrader_config.py gives
the stock `nbgrader` commands and formgrader the same settings. nbgrader changes the working directory as it
works, so a server calls `grade_one` in a process of its own, never in a thread.
"""

from __future__ import annotations

import glob
import logging
import os
import re
import shutil
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbgrader
from nbconvert.exporters import HTMLExporter
from nbgrader.converters import GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from grading import audit, files, handin
from grading.batch.job import Graded
from grading.course import Course, CourseError
from grading.preprocessor import RecordGrade, RestoreRelease, SaveGrades, ScoreAnswers
from grading.zip_collect import NAMED, GateExtractor

COURSE_ID = "emr-course"
TEMPLATES = Path(__file__).parent / "templates"


class FeedbackExporter(HTMLExporter):
    """nbgrader's feedback page, from a template that needs no outside host."""


def settings(course: Course) -> Config:
    """nbgrader's settings for the course. Raises CourseError where nbgrader could not find its own folders."""
    if glob.escape(str(course.build)) != str(course.build):
        raise CourseError(
            f"{course.build}: nbgrader does not find a folder with *, ? or [ in its path; move the course."
        )
    _find_alembic()
    c = Config()
    c.CourseDirectory.root = str(course.build)
    c.CourseDirectory.course_id = COURSE_ID
    c.CourseDirectory.db_url = course.gradebook
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback"]
    for ours in ("RestoreRelease", "ScoreAnswers", "RecordGrade", "GateExtractor"):
        c[ours].course_folder = str(course.root)
    # A learner has nothing to write in an exercise's notebook but in its code cells: the widget takes it all.
    c.LockCells.lock_all_cells = True
    # No solution stands in what is released: a code cell begins as its scenario says.
    c.ClearSolutions.enabled = False
    # nbgrader's other sanitizers mend what a learner did to the notebook; here the whole of it is put back.
    c.Autograde.sanitize_preprocessors = [RestoreRelease]
    # ScoreAnswers stands where nbgrader executes. Of its other steps, those that tidy what came out of a learner's
    # code have nothing to do, and nobody is penalised for being late.
    c.Autograde.autograde_preprocessors = [ScoreAnswers, SaveGrades, RecordGrade]
    # Whatever of nbgrader's runs a notebook all the same runs it in the sandbox.
    c.Execute.kernel_name = "course-sandbox"
    # A notebook is checked when it is done; after each step as well takes longer than grading it.
    c.NotebookExporter.optimistic_validation = True
    c.GenerateFeedback.exporter_class = FeedbackExporter
    c.FeedbackExporter.template_name = "course-feedback"
    c.FeedbackExporter.extra_template_basedirs = [str(TEMPLATES)]
    c.FeedbackExporter.extra_template_paths = [str(Path(nbgrader.__file__).parent / "server_extensions" / "formgrader")]
    c.ZipCollectApp.extractor_plugin = GateExtractor
    c.ZipCollectApp.force = True
    c.FileNameCollectorPlugin.named_regexp = NAMED
    c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".jsonl", ".txt"]
    return c


def write_config(course: Course) -> Path:
    """Write build/nbgrader_config.py, so that stock `nbgrader` commands run in build/ use the same
    settings.
    """
    file = course.build / "nbgrader_config.py"
    build = "" if course.build == course.root / "build" else ", build=here"
    files.write(
        file,
        "# Written by `course prepare`. nbgrader reads it when it is run in this folder.\n"
        "from pathlib import Path\n\n"
        "from grading.course import load\n"
        "from grading.wiring import settings\n\n"
        "here = Path(__file__).resolve().parent\n"
        f"root = here / {os.path.relpath(course.root, course.build)!r}\n"
        f"get_config().merge(settings(load(root, check_folders=False{build})))  # noqa: F821\n",
    )
    return file


def release(course: Course, exercises: Iterable[str] | None = None) -> list[Path]:
    """Release exercises (all, unless some are named) with nbgrader's generate_assignment.

    Raises CourseError when one cannot be released, for instance because its criteria changed after it was
    handed in.
    """
    released = []
    for slug in exercises or course.exercises:
        course.module_of(slug)
        source = course.build / "source" / slug / f"{slug}.ipynb"
        if not source.is_file():
            raise CourseError(f"build/source/{slug}/{slug}.ipynb: there is no such file; run `course prepare` first.")
        with (
            files.lock(handin.gradebook_lock(course)),
            _run(course, GenerateAssignment, ".", slug) as (converter, log),
        ):
            try:
                converter.start()
            except NbGraderException:
                raise CourseError(f"nbgrader could not release '{slug}': {log.cause()}") from None
        released.append(course.build / "release" / slug / f"{slug}.ipynb")
    return released


def grade(course: Course, **how: Any) -> list[Graded]:
    """Grade what was handed in; see grading.batch.run.grade."""
    from grading.batch import run  # it uses the settings that are here

    return run.grade(course, **how)


def grade_one(course: Course, learner: str, exercise: str, graded_by: str = "") -> Graded:
    """Grade one learner's exercise now, whether or not it was graded before."""
    from grading.batch import run

    return run.grade_one(course, learner, exercise, graded_by)


def feedback(
    course: Course,
    *,
    exercises: Iterable[str] | None = None,
    on: Callable[[Graded, int, int], None] = lambda outcome, done, total: None,
) -> list[Graded]:
    """Make the feedback page of every graded submission, with nbgrader's generate_feedback, in
    build/feedback.
    """
    wanted = set(exercises or course.exercises)
    todo = sorted(pair for pair in audit.standing(course) if pair[1] in wanted)
    outcomes = []
    for learner, slug in todo:
        with (
            files.lock(handin.lock_of(course, learner)),
            _run(course, GenerateFeedback, learner, slug) as (converter, log),
        ):
            try:
                converter.start()
                outcome = Graded(learner, slug, "graded")
            except NbGraderException:
                outcome = Graded(learner, slug, "failed", log.cause())
        outcomes.append(outcome)
        on(outcome, len(outcomes), len(todo))
    return outcomes


class _Log(logging.Handler):
    """Keeps what nbgrader says while it works on one submission."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    def cause(self) -> str:
        """The sentence that says what went wrong: that of the first traceback, else the first error."""
        for message in self.lines:
            if message.lstrip().startswith("Traceback"):
                raised = re.findall(r"^[A-Za-z_][\w.]*: (.+)$", message, re.MULTILINE)
                return raised[-1] if raised else message.strip().splitlines()[-1]
        return self.lines[0] if self.lines else "it gave no reason."


@contextmanager
def _run(course: Course, kind: type, learner: str, slug: str) -> Iterator[tuple]:
    """One of nbgrader's converters for one learner and exercise, made to replace what was there, and its
    log.
    """
    config = settings(course)
    handler = _Log()
    log = logging.Logger("nbgrader", logging.WARNING)
    log.addHandler(handler)
    coursedir = CourseDirectory(config=config, log=log, student_id=learner, assignment_id=slug)
    converter = kind(coursedir=coursedir, config=config, log=log)
    converter.force = True
    here = os.getcwd()
    try:
        with warnings.catch_warnings():
            # nbgrader 0.9.6 builds rows in an order that SQLAlchemy 2.1 remarks on; the rows come out right.
            warnings.simplefilter("ignore", SAWarning)
            yield converter, handler
    finally:
        os.chdir(here)


def _find_alembic() -> None:
    """nbgrader makes a new gradebook with the `alembic` command, which it looks for on the PATH alone."""
    beside = Path(sys.executable).parent
    if not shutil.which("alembic") and (beside / "alembic").exists():
        os.environ["PATH"] = f"{beside}{os.pathsep}{os.environ.get('PATH', '')}"
