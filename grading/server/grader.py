"""Puts hand-ins into the gradebook, in a process of its own: nbgrader changes the working directory as it works.

The learner's debrief never waits for it. What was handed in is on disk first, so a hand-in that was not graded
when the server stopped is found and graded at the next start.
"""

from __future__ import annotations

import logging
import multiprocessing
from concurrent.futures import Future, ProcessPoolExecutor

from grading.batch.executors import end_with_parent
from grading.course import Course

log = logging.getLogger("course")

#: Who grades, in the record of a grade.
BY = "the course server"


class Grader:
    """A queue of hand-ins to grade with nbgrader, one after the other."""

    def __init__(self, course: Course):
        self._course = course
        self._pool = ProcessPoolExecutor(
            1, mp_context=multiprocessing.get_context("spawn"), initializer=end_with_parent
        )

    def start(self) -> None:
        """Warm the worker up, and grade what an earlier run of the server left ungraded."""
        self._submit(_grade_waiting, self._course.root)

    def grade(self, learner: str, exercise: str) -> None:
        """Grade the learner's hand-in soon."""
        self._submit(_grade_one, self._course.root, learner, exercise)

    def wait(self, seconds: float = 60) -> None:
        """Wait until all that was asked for is graded."""
        self._pool.submit(int).result(seconds)

    def close(self) -> None:
        """Finish what is being graded and leave the rest for the next start."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, function, *arguments) -> None:
        self._pool.submit(function, *arguments).add_done_callback(_report)


def _report(future: Future) -> None:
    if not future.cancelled() and future.exception() is not None:
        log.error("A hand-in could not be graded: %s", future.exception())


def _grade_one(root, learner: str, exercise: str) -> None:
    from grading import audit, course, wiring

    wiring.grade_one(course.load(root), learner, exercise, audit.whoever(BY))


def _grade_waiting(root) -> None:
    from grading import audit, course, wiring

    loaded = course.load(root)
    for learner, exercise in audit.waiting(loaded):
        wiring.grade_one(loaded, learner, exercise, audit.whoever(BY))
