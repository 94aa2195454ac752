"""The third stage: writes grades into nbgrader's gradebook, many in one transaction, with the record of each.

Stock nbgrader commits after every cell, so that a batch that is killed leaves a submission half graded. Here a
submission's grades and its record appear together or not at all. They are written by nbgrader's own Gradebook and
SaveAutoGrades; only when they commit is decided here.
"""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import SaveAutoGrades
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import Session, scoped_session, selectinload, sessionmaker

from grading import audit, files, handin, wiring
from grading.batch.job import Executed, Graded
from grading.batch.prepare import graded_notebook, is_stale
from grading.course import Course, CourseError
from grading.preprocessor import SaveGrades, code_stopped

#: How many folders are written at once: nearly all of that time is waiting for the disk.
THREADS = 8

#: One writer at a time, also where graders are on machines that do not share the lock's file.
_ADVISORY = sa.text("SELECT pg_advisory_xact_lock(7305061)")


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
        whose = [(done.job.learner, done.job.exercise) for done in chunk]
        with self._book.together() as connection:
            latest = audit.last(connection, whose)
            mine = [one for one, pair in zip(chunk, whose, strict=True) if not _was_done(one, latest.get(pair))]
            with ThreadPoolExecutor(THREADS) as threads:
                placed = list(threads.map(lambda one: self._place(one, stale_too), mine))
            saved = [one for one, is_there in zip(mine, placed, strict=True) if is_there]
            self._book.write(saved)
            audit.add(connection, [self._record(one) for one in saved])
        for one in saved:
            if why := code_stopped(one.cells):
                handin.note_incident(self._course, one.job.learner, one.job.exercise, "code", why)
        there = dict(zip(map(id, mine), placed, strict=True))
        return [self._outcome(one, latest.get(pair), there) for one, pair in zip(chunk, whose, strict=True)]

    @staticmethod
    def _outcome(done: Executed, last: audit.Record | None, placed: Mapping[int, bool]) -> Graded | None:
        job = done.job
        if id(done) in placed:
            return done.outcome if placed[id(done)] else None
        # another grader was faster, with the very same
        return Graded(job.learner, job.exercise, "unchanged", "", last.points, last.max, last.passed)

    def _place(self, done: Executed, stale_too: bool) -> bool:
        """Put the graded notebook where formgrader and feedback look for it, unless something else counts by now."""
        with files.lock(handin.lock_of(self._course, done.job.learner)):
            if not stale_too and is_stale(self._course, done.job):
                return False
            self._write_folder(done)
        return True

    def _write_folder(self, done: Executed) -> None:
        """Write the graded folder as nbgrader would. Hold the learner's lock."""
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
            self.db.remove()
            self.db = scoped_session(sessionmaker(bind=connection, class_=_Patient))
            try:
                yield connection
                self.db.flush()
            finally:
                self.db.remove()

    def write(self, chunk: list[Executed]) -> None:
        """The rows of these submissions, by nbgrader's own rules."""
        self._hold({done.job.learner for done in chunk}, {done.job.exercise for done in chunk})
        saver = _Save(self)
        for done in chunk:
            job = done.job
            self.update_or_create_student(job.learner)
            when = {"timestamp": job.timestamp} if job.timestamp else {}
            self.update_or_create_submission(job.exercise, job.learner, **when)
            info = {"student": job.learner, "assignment": job.exercise, "notebook": job.exercise, "db_url": ""}
            saver.preprocess(NotebookNode(cells=list(done.cells)), {"nbgrader": info})

    # nbgrader asks for each thing by itself, several times. What it will ask for is fetched with a query a kind.

    def _hold(self, learners: set[str], exercises: set[str]) -> None:
        cells = selectinload(Assignment.notebooks).selectinload(Notebook._base_cells)
        grades = selectinload(SubmittedAssignment.notebooks).selectinload(SubmittedNotebook.grades)
        assignments = self.db.query(Assignment).options(cells).filter(Assignment.name.in_(exercises))
        students = self.db.query(Student).filter(Student.id.in_(learners))
        self._assignments = {one.name: one for one in assignments}
        self._students = {one.id: one for one in students}
        names = {one.id: name for name, one in self._assignments.items()}
        submissions = (
            self.db.query(SubmittedAssignment)
            .options(grades)
            .filter(SubmittedAssignment.student_id.in_(learners), SubmittedAssignment.assignment_id.in_(names))
        )
        self._submissions = {(names[one.assignment_id], one.student_id): one for one in submissions}
        self._cells = {cell.id: cell.name for one in self._assignments.values() for book in one.notebooks
                       for cell in book._base_cells}  # fmt: skip

    def find_student(self, student_id: str) -> Student:
        return _there(self._students, student_id)

    def add_student(self, student_id: str, **more: Any) -> Student:
        self._students[student_id] = super().add_student(student_id, **more)
        return self._students[student_id]

    def find_assignment(self, name: str) -> Assignment:
        return _there(self._assignments, name)

    def find_submission(self, assignment: str, student: str) -> SubmittedAssignment:
        return _there(self._submissions, (assignment, student))

    def add_submission(self, assignment: str, student: str, **more: Any) -> SubmittedAssignment:
        self._submissions[assignment, student] = super().add_submission(assignment, student, **more)
        return self._submissions[assignment, student]

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        for held in self._submissions[assignment, student].notebooks:
            for grade in held.grades:
                if held.notebook.name == notebook and self._cells[grade.cell_id] == grade_cell:
                    return grade
        return super().find_grade(grade_cell, notebook, assignment, student)


def _there(held: Mapping, key: Any) -> Any:
    """What is held, or nbgrader's own way of saying that there is no such thing."""
    if key not in held:
        raise MissingEntry(f"No such entry: {key}")
    return held[key]


def _was_done(done: Executed, last: audit.Record | None) -> bool:
    """Whether another grader has graded the very same since the job was prepared."""
    job = done.job
    return last is not None and last.id != job.seen and (last.answers, last.rubric) == (job.digest, job.rubric)


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
