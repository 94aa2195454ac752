"""Recomputes grades from the learners' stored logs, and says whether the gradebook agrees: what `course verify` does.

Takes nothing in the gradebook on trust, and writes nothing. A log is found by its digest, so it is the very one that
was graded. Points that a trainer gave by hand are not looked at: nobody can recompute those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import sqlalchemy as sa

from grading import audit, handin
from grading.batch.job import Job
from grading.batch.prepare import job_of
from grading.batch.run import Workers
from grading.course import Course, CourseError
from grading.exercise import cached
from grading.scoring import Refused

Points = Mapping[str, float | None]


@dataclass(frozen=True)
class Verdict:
    """What became of one grade: whether the stored log gives it, and why not."""

    learner: str
    exercise: str
    agrees: bool
    reason: str = ""
    record: audit.Record | None = None


def verify(
    course: Course,
    *,
    exercises: Iterable[str] = (),
    learners: Iterable[str] = (),
    executor: Executor | None = None,
    on: Callable[[Verdict, int, int], None] = lambda verdict, done, total: None,
) -> list[Verdict]:
    """Recompute every grade in the gradebook, or those of some exercises or learners. Raises CourseError."""
    exercises, learners = set(exercises), set(learners)
    for slug in exercises:
        course.module_of(slug)
    held = {
        (learner, slug): points
        for (learner, slug), points in _gradebook(course).items()
        if (not exercises or slug in exercises) and (not learners or learner in learners)
    }
    records = audit.standing(course)
    verdicts: dict[tuple[str, str], Verdict] = {}

    def tell(pair: tuple[str, str], reason: str) -> None:
        verdicts[pair] = Verdict(*pair, not reason, reason, records.get(pair))
        on(verdicts[pair], len(verdicts), len(held))

    jobs = {}
    for pair in held:
        made = _stored(course, *pair, records.get(pair))
        if isinstance(made, Job):
            jobs[pair] = made
        else:
            tell(pair, made)
    with Workers(executor, len(jobs)) as workers:
        for done in workers.each(jobs.values()):
            pair = (done.job.learner, done.job.exercise)
            if done.status != "graded":
                tell(pair, f"It cannot be recomputed. {done.reason}")
            else:
                tell(pair, _differs(records[pair], held[pair], done.criteria, done.extras, done.job.rubric))
    return [verdicts[pair] for pair in sorted(verdicts)]


def _stored(course: Course, learner: str, slug: str, record: audit.Record | None) -> Job | str:
    """The job of what was graded, or why there is none."""
    if record is None:
        return "There is no record of this grade."
    if slug not in course.exercises:
        return "The course no longer has this exercise."
    found, answers = _answers(course, learner, slug, record.answers)
    if not found:
        return "The log that was graded is not there any more."
    try:
        return job_of(course, cached(course.root, slug), learner, answers)
    except CourseError as error:
        return str(error)


def _answers(course: Course, learner: str, slug: str, wanted: str) -> tuple[bool, bytes | None]:
    """Whether the log of this digest is there, and the log; None is the log of who handed in nothing."""
    if wanted == handin.digest(None):
        return True, None
    kept = (course.build / "attempts" / learner / slug).glob(f"*-{wanted[:16]}/{slug}.jsonl")
    for file in kept:
        content = file.read_bytes()
        if handin.digest(content) == wanted:
            return True, content
    for step in ("submitted", "autograded"):  # where a hand-in did not come through the gate
        try:
            content = handin.read_submission(course.build / step / learner / slug, slug)
        except Refused:
            continue
        if content is not None and handin.digest(content) == wanted:
            return True, content
    return False, None


def _differs(record: audit.Record, held: tuple[Points, Points], criteria: Points, extras: Points, rubric: str) -> str:
    """Why these points are not those of the gradebook and the record; nothing where they are."""
    since = "" if record.rubric == rubric else " The rubric or the course has changed since: run `course grade`."
    judged = {name: points for name, points in extras.items() if points is not None}
    held_points, held_extras = held
    for name in sorted({*criteria, *held_points} - set(extras)):
        if held_points.get(name) != criteria.get(name):
            return (
                f"The gradebook has {_said(held_points.get(name))} for '{name}', and the log gives "
                f"{_said(criteria.get(name))}.{since}"
            )
    for name, points in judged.items():
        if (held_extras.get(name) or 0) != points:
            return f"The gradebook has {_said(held_extras.get(name))} extra for '{name}', and the log gives {points:g}."
    for name in sorted({*criteria, *record.criteria}):
        if record.criteria.get(name) != criteria.get(name):
            return (
                f"The record says {_said(record.criteria.get(name))} for '{name}', and the log gives "
                f"{_said(criteria.get(name))}.{since}"
            )
    return ""


def _said(points: float | None) -> str:
    return "nothing" if points is None else f"{points:g}"


def _gradebook(course: Course) -> dict[tuple[str, str], tuple[dict[str, float | None], dict[str, float | None]]]:
    """{(learner, exercise): ({criterion: automatic points}, {criterion: extra credit})}."""
    query = sa.text(
        "SELECT s.student_id, a.name, c.name, g.auto_score, g.extra_credit FROM grade g "
        "JOIN submitted_notebook n ON n.id = g.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id "
        "JOIN assignment a ON a.id = s.assignment_id JOIN base_cell c ON c.id = g.cell_id"
    )
    found: dict = {}
    with audit.reading(course) as connection:
        if connection is None or not sa.inspect(connection).has_table("grade"):
            raise CourseError("There is no gradebook yet: run `course release`, and `course grade`.")
        for learner, slug, name, points, extra in connection.execute(query):
            held = found.setdefault((learner, slug), ({}, {}))
            held[0][name], held[1][name] = points, extra
    return found
