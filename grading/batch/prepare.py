"""The first stage: reads one submission, and says whether there is anything to grade in it.

Brings the learner's attempts up to date with the course first, so that the one that counts is graded. Holds the
learner's lock while it reads: nothing is handed in meanwhile.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from grading import files, handin
from grading.audit import Record
from grading.batch.job import Graded, Job
from grading.course import Course, CourseError
from grading.exercise import Exercise, cached
from grading.scoring import Refused


def prepare(course: Course, learner: str, slug: str, *, record: Record | None, again: bool = False) -> Job | Graded:
    """A Job to execute, or the outcome where there is none to: nothing has changed since `record`, or what was handed
    in cannot be graded. With `again`, what has not changed is graded all the same.
    """
    try:
        handin.check_learner(learner)
        course.module_of(slug)
        exercise = cached(course.root, slug)
        with files.lock(handin.lock_of(course, learner)):
            handin.rescore(course, exercise, learner)
            folder = course.build / "submitted" / learner / slug
            if not folder.is_dir():
                raise Refused("Nothing has been handed in for this exercise.")
            answers = handin.read_submission(folder, slug)
            seen = record.id if record else 0
            job = job_of(course, exercise, learner, answers, timestamp=_timestamp(folder), seen=seen)
    except Refused as error:
        return Graded(learner, slug, "refused", str(error))
    except CourseError as error:
        return Graded(learner, slug, "failed", str(error))
    same = record and record.answers == job.digest and record.rubric == job.rubric
    if same and not again and graded_notebook(course, learner, slug).is_file():
        return Graded(learner, slug, "unchanged", "", record.points, record.max, record.passed)
    return job


def job_of(
    course: Course, exercise: Exercise, learner: str, answers: bytes | None, *, timestamp: str = "", seen: int = 0
) -> Job:
    """The Job of these answers. Raises CourseError for an exercise that was not released."""
    released = course.build / "release" / exercise.slug / f"{exercise.slug}.ipynb"
    if not released.is_file():
        raise CourseError(f"'{exercise.slug}' has not been released: run `course release` first.")
    return Job(
        root=str(course.root),
        build=str(course.build),
        learner=learner,
        exercise=exercise.slug,
        rubric=exercise.fingerprint,
        course_version=exercise.course_version,
        released=released.read_text(encoding="utf-8"),
        answers=answers,
        digest=handin.digest(answers),
        timestamp=timestamp,
        seen=seen,
    )


def is_stale(course: Course, job: Job) -> bool:
    """Whether something else counts now than what the job holds. Hold the learner's lock."""
    try:
        folder = course.build / "submitted" / job.learner / job.exercise
        return handin.digest(handin.read_submission(folder, job.exercise)) != job.digest
    except Refused:
        return True


def graded_notebook(course: Course, learner: str, slug: str) -> Path:
    """Where nbgrader keeps the graded notebook."""
    return course.build / "autograded" / learner / slug / f"{slug}.ipynb"


def _timestamp(folder: Path) -> str:
    file = folder / "timestamp.txt"
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if not file.is_symlink():
            return file.read_text(encoding="utf-8")[:100].strip()
    return ""
