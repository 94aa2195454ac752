"""The third stage: writes grades into nbgrader's gradebook, many in one transaction, with the record of each.

Stock nbgrader commits after every cell, so that a batch that is killed leaves a submission half graded. Here a
submission's grades and its record appear together or not at all. They are written by nbgrader's own Gradebook and
SaveAutoGrades; only when they commit is decided here.
"""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import BaseCell, Grade, Gradebook
from nbgrader.preprocessors import SaveAutoGrades
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from grading import audit, files, handin, wiring
from grading.batch.job import Executed, Graded
from grading.batch.prepare import graded_notebook, is_stale
from grading.course import Course, CourseError
from grading.preprocessor import SaveGrades, code_stopped

#: One writer at a time, also where graders are on machines that do not share the lock's file.
_ADVISORY = sa.text("SELECT pg_advisory_xact_lock(7305061)")


class Stale(Exception):
    """Something else was handed in while this was scored."""


class Saver:
    """Writes what was executed. A context manager: it holds the gradebook open."""

    def __init__(self, course: Course, graded_by: str, *, again: bool = False) -> None:
        self._course, self._by, self._again = course, graded_by, again
        self._book: _Gradebook | None = None

    def __enter__(self) -> Saver:
        return self

    def __exit__(self, *_: object) -> None:
        if self._book is not None:
            self._book.close()

    def save(self, chunk: list[Executed], *, stale_too: bool = False) -> list[Graded | None]:
        """Write these grades at once; an outcome for each, None for one whose learner has handed in anew.

        With `stale_too`, that one is written as well. Raises CourseError where the gradebook does not answer: then
        nothing of them is written.
        """
        try:
            with files.lock(handin.gradebook_lock(self._course)):
                return self._save(chunk, stale_too)
        except sa.exc.OperationalError as error:
            raise CourseError(
                f"{audit.unreachable(self._course, error)} What was graded before is saved; run the same command again "
                "to go on."
            ) from None
        except Exception as error:
            if len(chunk) > 1:  # one of them is to blame: the others are not to suffer for it
                return [outcome for one in chunk for outcome in self.save([one], stale_too=stale_too)]
            job = chunk[0].job
            reason = f"nbgrader could not save '{job.exercise}' of {job.learner}: {error}"
            return [Graded(job.learner, job.exercise, "failed", reason)]

    def _save(self, chunk: list[Executed], stale_too: bool) -> list[Graded | None]:
        if self._book is None:
            self._book = _Gradebook(self._course.gradebook, wiring.COURSE_ID)
            audit.metadata.create_all(self._book.engine)
        outcomes: list[Graded | None] = []
        records: list[audit.Record] = []
        with self._book.together() as connection:
            latest = audit.last(connection, [(done.job.learner, done.job.exercise) for done in chunk])
            for done in chunk:
                try:
                    outcome = self._one(latest.get((done.job.learner, done.job.exercise)), done, stale_too)
                except Stale:
                    outcome = None
                outcomes.append(outcome)
                if outcome and outcome.status == "graded":
                    records.append(self._record(done))
            audit.add(connection, records)
        return outcomes

    def _one(self, last: audit.Record | None, done: Executed, stale_too: bool) -> Graded:
        job = done.job
        if last and last.id != job.seen and (last.answers, last.rubric) == (job.digest, job.rubric):
            # another grader was faster, with the very same
            return Graded(job.learner, job.exercise, "unchanged", "", last.points, last.max, last.passed)
        with files.lock(handin.lock_of(self._course, job.learner)):
            if not stale_too and is_stale(self._course, job):
                raise Stale
            self._write_folder(done)
        self._book.write(done)
        if why := code_stopped(done.cells):
            handin.note_incident(self._course, job.learner, job.exercise, "code", why)
        return done.outcome

    def _write_folder(self, done: Executed) -> None:
        """Put the graded notebook where formgrader and feedback look for it. Hold the learner's lock."""
        job = done.job
        folder = graded_notebook(self._course, job.learner, job.exercise).parent
        contents: dict[str, str | bytes] = {f"{job.exercise}.ipynb": done.notebook}
        if job.answers is not None:
            contents[f"answers/{job.exercise}.jsonl"] = job.answers
        if job.timestamp:
            contents["timestamp.txt"] = f"{job.timestamp}\n"
        for kind in (".*.part", ".*.old"):  # left by a writer that was killed
            for left in folder.parent.glob(kind):
                shutil.rmtree(left, ignore_errors=True)
        files.write_folder(folder, contents, mode=0o444)

    def _record(self, done: Executed) -> audit.Record:
        job = done.job
        return audit.Record(
            at=audit.now(),
            learner=job.learner,
            exercise=job.exercise,
            attempt=done.attempt,
            course_version=job.course_version,
            rubric=job.rubric,
            answers=job.digest,
            criteria=done.criteria,
            extras=done.extras,
            points=done.points,
            max=done.max,
            passed=done.passed,
            graded_by=self._by,
        )


class _Gradebook(Gradebook):
    """nbgrader's gradebook, whose own commits wait until all that belongs together is there."""

    @contextmanager
    def together(self) -> Iterator[sa.Connection]:
        """Everything written inside is committed at the end, or not at all."""
        with warnings.catch_warnings(), self.engine.begin() as connection:
            # nbgrader 0.9.6 builds rows in an order that SQLAlchemy 2.1 remarks on; the rows come out right.
            warnings.simplefilter("ignore", SAWarning)
            if connection.dialect.name == "postgresql":
                connection.execute(_ADVISORY)
            self._held: dict[tuple[str, ...], dict[str, Grade]] = {}
            self.db.remove()
            self.db = scoped_session(sessionmaker(bind=connection, class_=_Patient))
            try:
                yield connection
                self.db.flush()
            finally:
                self.db.remove()

    def write(self, done: Executed) -> None:
        """One submission's rows, by nbgrader's own rules."""
        job = done.job
        self.update_or_create_student(job.learner)
        when = {"timestamp": job.timestamp} if job.timestamp else {}
        self.update_or_create_submission(job.exercise, job.learner, **when)
        info = {"student": job.learner, "assignment": job.exercise, "notebook": job.exercise, "db_url": ""}
        _Save(self).preprocess(NotebookNode(cells=list(done.cells)), {"nbgrader": info})

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        """A grade as nbgrader finds it, but all of a submission's with one query."""
        whose = (notebook, assignment, student)
        if whose not in self._held:
            submitted = self.find_submission_notebook(*whose)
            rows = self.db.query(BaseCell.name, Grade).join(Grade, Grade.cell_id == BaseCell.id)
            self._held[whose] = dict(rows.filter(Grade.notebook_id == submitted.id).all())
        return self._held[whose].get(grade_cell) or super().find_grade(grade_cell, *whose)


class _Patient(Session):
    """A session that leaves committing to who holds the connection."""

    def commit(self) -> None:
        """nbgrader commits after every cell: not yet."""


class _Save(SaveGrades):
    """nbgrader's preprocessor that saves grades, with a gradebook that is open already."""

    def __init__(self, gradebook: Gradebook) -> None:
        super().__init__(log=logging.Logger("nbgrader", logging.ERROR))
        self.gradebook = gradebook

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        info = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = info["notebook"], info["assignment"], info["student"]
        return super(SaveAutoGrades, self).preprocess(nb, resources)
