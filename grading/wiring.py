"""nbgrader's side of the course: its settings, and release, grade and feedback through its own converters.

Everything is done through nbgrader's settings; nothing of it is patched, and build/nbgrader_config.py gives
the stock `nbgrader` commands and formgrader the same settings. nbgrader changes the working directory as it
works, so a server calls `grade_one` in a process of its own (see `worker`), never in a thread.
"""

from __future__ import annotations

import hashlib
import json
import logging
import multiprocessing
import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbgrader
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from grading import course as course_file
from grading import files, handin
from grading.course import Course, CourseError
from grading.exercise import Exercise, cached
from grading.preprocessor import RestoreRelease, ScoreAnswers, read_submission
from grading.scoring import GradingError, Refused, Result, judge, nothing_handed_in, open_log

COURSE_ID = "emr-course"
#: Beside nbgrader's own files in an autograded folder: what was graded, and with what. Written last, so a
#: submission whose grading was cut short has none and is graded again; nbgrader itself would take it for
#: done.
MARKER = "graded.json"
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


def settings(root: Path, database: str | None = None) -> Config:
    """nbgrader's settings for the course in the folder `root`.

    `database` is the gradebook's SQLAlchemy address; without it, the environment's COURSE_GRADEBOOK, and
    without that a SQLite file in build/.
    """
    _find_alembic()
    build = Path(root).resolve() / "build"
    c = Config()
    c.CourseDirectory.root = str(build)
    c.CourseDirectory.course_id = COURSE_ID
    c.CourseDirectory.db_url = database or database_url(root)
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", MARKER]
    for preprocessor in ("RestoreRelease", "ScoreAnswers"):
        c[preprocessor].course_folder = str(Path(root).resolve())
    # A learner has nothing to write in an exercise's notebook: the widget takes it all.
    c.LockCells.lock_all_cells = True
    c.Autograde.sanitize_preprocessors = [
        RestoreRelease,
        ClearOutput,
        DeduplicateIds,
        OverwriteKernelspec,
        OverwriteCells,
        CheckCellMetadata,
    ]
    # nbgrader's own list with ScoreAnswers in the place of Execute.
    c.Autograde.autograde_preprocessors = [
        ScoreAnswers,
        IgnorePattern,
        ClearMetadataPreprocessor,
        LimitOutput,
        SaveAutoGrades,
        AssignLatePenalties,
        CheckCellMetadata,
    ]
    c.GenerateFeedback.exporter_class = FeedbackExporter
    c.FeedbackExporter.template_name = "course-feedback"
    c.FeedbackExporter.extra_template_basedirs = [str(TEMPLATES)]
    c.FeedbackExporter.extra_template_paths = [
        str(Path(nbgrader.__file__).parent / "server_extensions" / "formgrader")
    ]
    return c


def database_url(root: Path) -> str:
    """The gradebook's address. SQLite waits up to 30 s for another process that writes."""
    own = f"sqlite:///{Path(root).resolve() / 'build' / 'gradebook.db'}?timeout=30"
    return os.environ.get("COURSE_GRADEBOOK") or own


def write_config(course: Course) -> Path:
    """Write build/nbgrader_config.py, so that stock `nbgrader` commands run in build/ use the same
    settings.
    """
    file = course.build / "nbgrader_config.py"
    files.write(
        file,
        "# Written by `course prepare`. nbgrader reads it when it is run in this folder.\n"
        "from pathlib import Path\n\n"
        "from grading.wiring import settings\n\n"
        "get_config().merge(settings(Path(__file__).resolve().parent.parent))  # noqa: F821\n",
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
            raise CourseError(
                f"build/source/{slug}/{slug}.ipynb: there is no such file; run `course prepare` first."
            )
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


def submissions(course: Course) -> list[tuple[str, str]]:
    """Every (learner, exercise) that has a folder in build/submitted, in order."""
    folder = course.build / "submitted"
    if not folder.is_dir():
        return []
    return [
        (learner.name, exercise.name)
        for learner in sorted(folder.iterdir())
        if not learner.name.startswith(".") and learner.is_dir()
        for exercise in sorted(learner.iterdir())
        if not exercise.name.startswith(".") and exercise.is_dir()
    ]


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
    todo = [
        (learner, slug)
        for learner, slug in submissions(course)
        if slug in wanted or slug not in course.exercises
    ]
    known = _in_gradebook(course)
    outcomes = []
    for learner, slug in todo:
        outcomes.append(_grade(course, learner, slug, again=again or (learner, slug) not in known))
        on(outcomes[-1], len(outcomes), len(todo))
    return outcomes


def grade_one(root: Path, learner: str, exercise: str) -> Graded:
    """Grade one learner's exercise now. A function of plain values, so that a worker process can be given
    it.
    """
    return _grade(course_file.load(root, check_folders=False), learner, exercise, again=True)


def worker() -> ProcessPoolExecutor:
    """A pool of one process for grading beside a server: `worker().submit(grade_one, root, learner,
    exercise)`.

    The process starts fresh, so it reads the course as it is then, and the server's own directory never
    changes.
    """
    return ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn"))


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
    todo = [
        pair
        for pair in submissions(course)
        if pair[1] in wanted and (_autograded(course, *pair) / MARKER).is_file()
    ]
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
    result = _score(exercise, content)
    outcome = Graded(learner, slug, "graded", "", result.points, result.max, result.passed)
    marker = _autograded(course, learner, slug) / MARKER
    now = {
        "answers": hashlib.sha256(content or b"").hexdigest(),
        "exercise": exercise.fingerprint,
        "points": result.points,
        "max": result.max,
        "passed": result.passed,
    }
    if not again and _read(marker) == now:
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
    return outcome


def _score(exercise: Exercise, content: bytes | None) -> Result:
    if content is None:
        return nothing_handed_in(exercise)
    session, read = open_log(exercise, content)
    return judge(exercise, session, read)


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


def _autograded(course: Course, learner: str, slug: str) -> Path:
    return course.build / "autograded" / learner / slug


def _gradebook_lock(course: Course) -> Path:
    return course.build / "locks" / "gradebook.lock"


def _read(file: Path) -> dict | None:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _in_gradebook(course: Course) -> set[tuple[str, str]]:
    """The (learner, exercise) pairs that the gradebook holds grades of."""
    engine = create_engine(database_url(course.root))
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
        """The sentence that says what went wrong: the last line of the first traceback, else the first
        error.
        """
        for message in self.lines:
            if message.lstrip().startswith("Traceback"):
                last = message.strip().splitlines()[-1]
                return last.partition(": ")[2] or last
        return self.lines[0] if self.lines else "it gave no reason."


@contextmanager
def _run(course: Course, kind: type, learner: str, slug: str) -> Iterator[tuple]:
    """One of nbgrader's converters for one learner and exercise, made to replace what was there, and its
    log.
    """
    config = settings(course.root)
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
