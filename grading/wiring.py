"""nbgrader's side of the course: its settings, and release, grade and feedback through its own converters.

Everything is done through nbgrader's settings; nothing of it is patched, and build/nbgrader_config.py gives
the stock `nbgrader` commands and formgrader the same settings. nbgrader changes the working directory as it
works, so a server calls `grade_one` in a process of its own, never in a thread.
"""

from __future__ import annotations

import glob
import json
import logging
import os
import re
import shutil
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbgrader
from nbconvert.exporters import HTMLExporter
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveAutoGrades
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from grading import files, handin
from grading.course import Course, CourseError
from grading.exercise import cached
from grading.handin import GRADED, digest, marker_of, read_marker, read_submission, submissions
from grading.preprocessor import RestoreRelease, ScoreAnswers, outcome_of
from grading.scoring import GradingError, Refused
from grading.zip_collect import NAMED, GateExtractor

COURSE_ID = "emr-course"
TEMPLATES = Path(__file__).parent / "templates"


class FeedbackExporter(HTMLExporter):
    """nbgrader's feedback page, from a template that needs no outside host."""


@dataclass(frozen=True)
class Graded:
    """What became of one submission. `status` is "graded", "unchanged", "refused" or "failed"; `reason` says
    why.
    """

    learner: str
    exercise: str
    status: str
    reason: str = ""
    points: float | None = None
    max: float | None = None
    passed: bool | None = None

    @property
    def ok(self) -> bool:
        return self.status in ("graded", "unchanged")


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
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", GRADED]
    for ours in ("RestoreRelease", "ScoreAnswers", "GateExtractor"):
        c[ours].course_folder = str(course.root)
    # A learner has nothing to write in an exercise's notebook: the widget takes it all.
    c.LockCells.lock_all_cells = True
    # nbgrader's other sanitizers mend what a learner did to the notebook; here the whole of it is put back.
    c.Autograde.sanitize_preprocessors = [RestoreRelease]
    # ScoreAnswers stands where nbgrader executes. Of its other steps, those that tidy what came out of a learner's
    # code have nothing to do, and nobody is penalised for being late.
    c.Autograde.autograde_preprocessors = [ScoreAnswers, SaveAutoGrades]
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
            files.lock(_gradebook_lock(course)),
            _run(course, GenerateAssignment, ".", slug) as (converter, log),
        ):
            try:
                converter.start()
            except NbGraderException:
                raise CourseError(f"nbgrader could not release '{slug}': {log.cause()}") from None
        released.append(course.build / "release" / slug / f"{slug}.ipynb")
    return released


def grade(
    course: Course,
    *,
    exercises: Iterable[str] | None = None,
    again: bool = False,
    on: Callable[[Graded, int, int], None] = lambda outcome, done, total: None,
) -> list[Graded]:
    """Grade what was handed in and has not been graded as it is now; `again` grades everything.

    One submission that cannot be graded is reported in its outcome, and the others go on. Killed at any
    moment and started again, it ends with the same gradebook. `on` is told of each outcome, how many are
    done, of how many.
    """
    wanted = set(exercises or course.exercises)
    for slug in wanted:
        course.module_of(slug)
    todo = [(learner, slug) for learner, slug in submissions(course) if slug in wanted or slug not in course.exercises]
    known = _in_gradebook(course)
    outcomes = []
    for learner, slug in todo:
        outcomes.append(_grade(course, learner, slug, again=again or (learner, slug) not in known))
        on(outcomes[-1], len(outcomes), len(todo))
    return outcomes


def grade_one(course: Course, learner: str, exercise: str) -> Graded:
    """Grade one learner's exercise now, whether or not it was graded before."""
    return _grade(course, learner, exercise, again=True)


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
    todo = [pair for pair in submissions(course) if pair[1] in wanted and marker_of(course, *pair).is_file()]
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


def _grade(course: Course, learner: str, slug: str, *, again: bool) -> Graded:
    try:
        handin.check_learner(learner)
        with files.lock(handin.lock_of(course, learner)):
            return _grade_locked(course, learner, slug, again)
    except Refused as error:
        outcome = Graded(learner, slug, "refused", str(error))
    except CourseError as error:
        outcome = Graded(learner, slug, "failed", str(error))
    handin.note_incident(course, learner, slug, outcome.status, outcome.reason)
    return outcome


def _grade_locked(course: Course, learner: str, slug: str, again: bool) -> Graded:
    """Grade one submission. Its learner's lock is held, so nothing is handed in meanwhile."""
    course.module_of(slug)
    exercise = cached(course.root, slug)
    handin.rescore(course, exercise, learner)
    folder = course.build / "submitted" / learner / slug
    if not folder.is_dir():
        raise Refused("Nothing has been handed in for this exercise.")
    content = read_submission(folder, slug)
    result, _ = outcome_of(exercise, content)
    marker = marker_of(course, learner, slug)
    now = {
        "answers": digest(content),
        "exercise": exercise.fingerprint,
        "points": result.points,
        "max": result.max,
        "passed": result.passed,
    }
    if not again and read_marker(course, learner, slug) == now:
        return Graded(learner, slug, "unchanged", "", result.points, result.max, result.passed)
    if not (course.build / "release" / slug / f"{slug}.ipynb").is_file():
        raise CourseError(f"'{slug}' has not been released: run `course release` first.")
    _give_a_notebook(course, folder, slug)
    marker.unlink(missing_ok=True)
    with files.lock(_gradebook_lock(course)), _run(course, Autograde, learner, slug) as (converter, log):
        try:
            converter.start()
        except NbGraderException:
            raise GradingError(f"nbgrader could not grade '{slug}' of {learner}: {log.cause()}") from None
    files.write(marker, json.dumps(now))
    return Graded(learner, slug, "graded", "", result.points, result.max, result.passed)


def _give_a_notebook(course: Course, folder: Path, slug: str) -> None:
    """nbgrader grades notebooks; where a hand-in has none, or one that cannot be read, it gets the released
    one.
    """
    notebook = folder / f"{slug}.ipynb"
    released = course.build / "release" / slug / f"{slug}.ipynb"
    try:
        whole = not notebook.is_symlink() and isinstance(json.loads(notebook.read_bytes()).get("cells"), list)
    except (OSError, ValueError, AttributeError, RecursionError):
        whole = False
    if not whole:
        if notebook.is_dir() and not notebook.is_symlink():
            shutil.rmtree(notebook)
        files.write(notebook, released.read_bytes())


def _gradebook_lock(course: Course) -> Path:
    return course.build / "locks" / "gradebook.lock"


def _in_gradebook(course: Course) -> set[tuple[str, str]]:
    """The (learner, exercise) pairs that the gradebook holds grades of."""
    engine = create_engine(course.gradebook)
    try:
        with engine.connect() as connection:
            rows = connection.execute(
                text(
                    "SELECT s.student_id, a.name FROM submitted_assignment s "
                    "JOIN assignment a ON a.id = s.assignment_id"
                )
            )
            return {(learner, name) for learner, name in rows}
    except Exception:  # no gradebook yet: nothing is in it
        return set()
    finally:
        engine.dispose()


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
