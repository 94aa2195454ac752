"""The record of each grade: when, which course and rubric, what was graded, what it earned, and who had it graded.

The records are a table of our own, `course_audit`, beside nbgrader's in the same database, and not a file, because a
record is then written in the very transaction that writes the grades: whatever is killed at whatever moment, there is
never a grade without its record or a record without its grade, and several graders on several machines share one
record as they share one gradebook. A file could be ahead of the gradebook or behind it. The price is that whoever can
change the gradebook can change the record; `course verify` finds out, because it recomputes grades from the learners'
logs, which are not in the database.

Records are only ever added. The last one of a learner's exercise also says whether it needs to be graded again.
"""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from grading import handin
from grading.course import Course, CourseError
from grading.scoring import Refused

metadata = sa.MetaData()
table = sa.Table(
    "course_audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.String(20), nullable=False),
    sa.Column("learner", sa.String(128), nullable=False),
    sa.Column("exercise", sa.String(128), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("course_version", sa.String(32), nullable=False),
    sa.Column("rubric", sa.String(64), nullable=False),
    sa.Column("answers", sa.String(64), nullable=False),
    sa.Column("criteria", sa.Text, nullable=False),
    sa.Column("extras", sa.Text, nullable=False),
    sa.Column("points", sa.Float, nullable=False),
    sa.Column("max", sa.Float, nullable=False),
    sa.Column("passed", sa.Boolean, nullable=False),
    sa.Column("graded_by", sa.String(200), nullable=False),
    sa.Index("course_audit_whose", "learner", "exercise", "id"),
)
_AS_JSON = ("criteria", "extras")
_newest = sa.select(sa.func.max(table.c.id)).group_by(table.c.learner, table.c.exercise)


@dataclass(frozen=True)
class Record:
    """A grading. `rubric` is the exercise's fingerprint, `answers` the SHA-256 of what was graded, `criteria` the
    automatic points of each criterion, `extras` what code earned beside them.
    """

    at: str
    learner: str
    exercise: str
    attempt: int
    course_version: str
    rubric: str
    answers: str
    criteria: Mapping[str, float | None]
    extras: Mapping[str, float | None]
    points: float
    max: float
    passed: bool
    graded_by: str
    id: int = 0


def whoever(with_what: str = "course grade") -> str:
    """Who grades here: the account, the machine and the command."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        account = "an unnamed account"
    return f"{account} on {socket.gethostname()}, {with_what}"[:200]


def now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def add(connection: sa.Connection, records: list[Record]) -> None:
    """Add records in the transaction that writes their grades."""
    rows = [asdict(record) for record in records]
    for row in rows:
        del row["id"]
        row |= {name: json.dumps(row[name], sort_keys=True) for name in _AS_JSON}
    if rows:
        connection.execute(table.insert(), rows)


def last(connection: sa.Connection, pairs: list[tuple[str, str]]) -> dict[tuple[str, str], Record]:
    """The last record of each of these (learner, exercise) that has one."""
    theirs = sa.tuple_(table.c.learner, table.c.exercise).in_(pairs)
    rows = connection.execute(table.select().where(table.c.id.in_(_newest.where(theirs))))
    return {(record.learner, record.exercise): record for record in map(_record, rows)}


def standing(course: Course) -> dict[tuple[str, str], Record]:
    """The last record of every (learner, exercise) whose grade is in the gradebook. Raises CourseError."""
    in_gradebook = sa.text(
        "SELECT s.student_id, a.name FROM submitted_assignment s JOIN assignment a ON a.id = s.assignment_id"
    )
    with reading(course) as connection:
        if connection is None or not sa.inspect(connection).has_table(table.name):
            return {}
        there = {(learner, exercise) for learner, exercise in connection.execute(in_gradebook)}
        records = map(_record, connection.execute(table.select().where(table.c.id.in_(_newest))))
        return {
            (record.learner, record.exercise): record
            for record in records
            if (record.learner, record.exercise) in there
        }


def waiting(course: Course) -> list[tuple[str, str]]:
    """The (learner, exercise) pairs that were handed in and have not been graded as they are now."""
    records = standing(course)
    return [pair for pair in handin.submissions(course) if not _is_graded(course, *pair, records.get(pair))]


@contextmanager
def reading(course: Course) -> Iterator[sa.Connection | None]:
    """A connection to the gradebook; None where there is no gradebook yet. Raises CourseError where it cannot be
    reached.
    """
    if not course.database and not (course.build / "gradebook.db").exists():
        yield None  # connecting would make an empty file of it
        return
    engine = sa.create_engine(course.gradebook)
    try:
        with engine.connect() as connection:
            yield connection
    except sa.exc.DBAPIError as error:
        raise CourseError(unreachable(course, error)) from None
    finally:
        engine.dispose()


def unreachable(course: Course, error: sa.exc.DBAPIError) -> str:
    """The sentence for a gradebook that does not answer; it holds no password."""
    where = sa.engine.make_url(course.gradebook).render_as_string(hide_password=True)
    cause = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
    return f"The gradebook {where} does not answer ({cause[0].rstrip('.')})."


def _is_graded(course: Course, learner: str, exercise: str, record: Record | None) -> bool:
    if record is None:
        return False
    try:
        content = handin.read_submission(course.build / "submitted" / learner / exercise, exercise)
    except Refused:
        return False
    return record.answers == handin.digest(content)


def _record(row: Any) -> Record:
    values = row._mapping
    held = {field.name: values[field.name] for field in fields(Record)}
    return Record(**{**held, **{name: json.loads(held[name]) for name in _AS_JSON}, "passed": bool(held["passed"])})
