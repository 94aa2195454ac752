"""Who has completed what, from the gradebook: a CSV for other systems, and one page for people.

A module is completed with a passed exercise of it; orientation, and whatever else course.toml does not count,
is left out. The page holds everything it needs: it opens from a disk, prints, and asks no other host for
anything.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from grading import files
from grading.course import Course, CourseError, Module
from grading.exercise import cached

TEMPLATES = Path(__file__).parent / "templates"
PASSED, NOT_PASSED, GRADING, NOT_STARTED, ELSEWHERE = (
    "passed",
    "not passed",
    "being graded",
    "not started",
    "not in path",
)


class Person(Protocol):
    """What a roster knows of someone."""

    id: str
    name: str
    unit: str
    role: str


@dataclass(frozen=True)
class Grade:
    """One submission in the gradebook. `critical_missed` counts critical criteria below full points; `extra` are points
    for code, which count for nothing.
    """

    exercise: str
    points: float
    max: float
    handed_in: datetime | None
    critical_missed: int
    ungraded: int
    extra: float = 0.0


@dataclass(frozen=True)
class Cell:
    """A learner's standing in a module."""

    module: str
    status: str
    exercise: str = ""
    points: float | None = None
    max: float | None = None
    handed_in: datetime | None = None
    extra: float = 0.0


@dataclass(frozen=True)
class Line:
    """A learner's row: a cell for each counted module, and how many of their path's modules are passed."""

    learner: str
    name: str
    unit: str
    role: str
    cells: tuple[Cell, ...]
    passed: int
    of: int

    @property
    def complete(self) -> bool:
        return self.of > 0 and self.passed == self.of


@dataclass(frozen=True)
class Item:
    """How a criterion was met among all who handed the exercise in."""

    exercise: str
    title: str
    criterion: str
    critical: bool
    met: int
    of: int


@dataclass(frozen=True)
class Report:
    """Completion of the course at a moment."""

    course: Course
    made: datetime
    modules: tuple[Module, ...]
    lines: tuple[Line, ...]
    items: tuple[Item, ...]


def completion(course: Course, people: Mapping[str, Person] | None = None) -> Report:
    """Completion of everyone in `people`, and of everyone else in the gradebook. Raises CourseError if there
    is none.

    Someone of the staff is left out unless they have handed something in.
    """
    grades, items = _read(course)
    people = people or {}
    learners = {who for who, person in people.items() if getattr(person, "duty", "learner") in ("learner", "owner")}
    modules = tuple(module for module in course.modules if module.counted)
    lines = [_line(course, modules, who, people.get(who), grades.get(who, {})) for who in learners | set(grades)]
    lines.sort(key=lambda line: (line.unit.casefold(), line.name.casefold(), line.learner))
    return Report(course, datetime.now(UTC), modules, tuple(lines), tuple(items))


def csv_text(report: Report) -> str:
    """A line a learner and module. Cells that a spreadsheet would take for a formula are made text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [
            "learner",
            "name",
            "unit",
            "role",
            "module",
            "status",
            "exercise",
            "points",
            "max",
            "handed_in_utc",
            "note",
            "extra_points",
        ]
    )
    for line in report.lines:
        for cell in line.cells:
            writer.writerow(
                [
                    *map(
                        _safe,
                        (
                            line.learner,
                            line.name,
                            line.unit,
                            line.role,
                            cell.module,
                            cell.status,
                            cell.exercise,
                        ),
                    ),
                    "" if cell.points is None else f"{cell.points:g}",
                    "" if cell.max is None else f"{cell.max:g}",
                    f"{cell.handed_in:%Y-%m-%d %H:%M}" if cell.handed_in else "",
                    _safe(report.course.label),
                    f"{cell.extra:g}" if cell.extra else "",
                ]
            )
    return out.getvalue()


def page(report: Report) -> str:
    """The report as one HTML page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("report.html.j2").render(
        report=report,
        course=report.course,
        groups=_groups(report),
        units=sorted({line.unit for line in report.lines if line.unit}, key=str.casefold),
        roles=sorted({line.role for line in report.lines if line.role}),
        exercises=_by_exercise(report.items),
        complete=sum(line.complete for line in report.lines),
    )


def html_page(course: Course, people: Mapping[str, Person] | None = None) -> str:
    """The report's page, as it is now. Raises CourseError if there is no gradebook."""
    return page(completion(course, people))


def write(report: Report, folder: Path) -> list[Path]:
    """Write completion.csv and completion.html to `folder`; returns their paths."""
    table, shown = folder / "completion.csv", folder / "completion.html"
    # The mark at the front is how a spreadsheet knows that the names are UTF-8.
    files.write(table, csv_text(report).encode("utf-8-sig"))
    files.write(shown, page(report))
    return [table, shown]


def _line(
    course: Course,
    modules: Iterable[Module],
    learner: str,
    person: Person | None,
    grades: Mapping[str, Grade],
) -> Line:
    role = person.role if person else ""
    path = {module.slug for module in (course.path(role) if role in course.roles else course.modules)}
    cells = tuple(_cell(module, role, grades, module.slug in path) for module in modules)
    mine = [cell for cell in cells if cell.module in path]
    return Line(
        learner=learner,
        name=(person.name if person else "") or learner,
        unit=person.unit if person else "",
        role=course.roles.get(role, "" if role == "all" else role),
        cells=cells,
        passed=sum(cell.status == PASSED for cell in mine),
        of=len(mine),
    )


def _cell(module: Module, role: str, grades: Mapping[str, Grade], in_path: bool) -> Cell:
    """The best of the exercises that complete the module for the role."""
    found = [grades[slug] for slug in module.exercises_for(role) if slug in grades]
    if not found:
        return Cell(module.slug, NOT_STARTED if in_path else ELSEWHERE)
    best = max(found, key=lambda grade: (_status(grade, module) == PASSED, grade.points / (grade.max or 1)))
    points = round(best.points, 2)
    return Cell(module.slug, _status(best, module), best.exercise, points, best.max, best.handed_in, best.extra)


def _status(grade: Grade, module: Module) -> str:
    if grade.ungraded:
        return GRADING
    enough = grade.points >= module.pass_mark * grade.max - 1e-9
    return PASSED if enough and not grade.critical_missed else NOT_PASSED


def _groups(report: Report) -> list[dict[str, Any]]:
    """A row a unit and role: how many, how many are complete, and how many have passed each module."""
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in report.lines:
        groups.setdefault((line.unit, line.role), []).append(line)
    made = []
    for (unit, role), lines in sorted(groups.items()):
        modules = []
        for number, _ in enumerate(report.modules):
            statuses = [line.cells[number].status for line in lines]
            of = sum(status != ELSEWHERE for status in statuses)
            modules.append({"passed": statuses.count(PASSED), "of": of})
        complete = sum(line.complete for line in lines)
        made.append({"unit": unit, "role": role, "people": len(lines), "complete": complete, "modules": modules})
    return made


def _by_exercise(items: Iterable[Item]) -> list[dict[str, Any]]:
    """The criteria of each exercise, those that fewest met first."""
    exercises: dict[str, list[Item]] = {}
    for item in items:
        exercises.setdefault(item.exercise, []).append(item)
    return [
        {
            "title": found[0].title,
            "of": found[0].of,
            "items": sorted(found, key=lambda item: item.met / (item.of or 1)),
        }
        for found in exercises.values()
    ]


def _safe(text: str) -> str:
    """A spreadsheet runs a cell that begins like a formula; a quote before it makes it text."""
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@", "|", "%") or text[:1] in ("\t", "\r") else text


def _read(course: Course) -> tuple[dict[str, dict[str, Grade]], list[Item]]:
    """The gradebook: every learner's submissions, and every criterion's outcomes. One query each."""
    from nbgrader import api
    from sqlalchemy import and_, case, create_engine, func, or_, select
    from sqlalchemy.exc import SQLAlchemyError

    exercises = {slug: cached(course.root, slug) for slug in course.exercises}
    critical = or_(
        False,
        *(
            and_(api.Assignment.name == slug, api.GradeCell.name.in_(made.critical))
            for slug, made in exercises.items()
            if made.critical
        ),
    )
    below = api.Grade.score < api.GradeCell.max_score
    open_ = and_(api.Grade.auto_score.is_(None), api.Grade.manual_score.is_(None))
    extra = api.GradeCell.max_score == 0  # a code criterion: beside the points there are
    joined = (
        select()
        .select_from(api.SubmittedAssignment)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
        .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .join(api.GradeCell, api.GradeCell.id == api.Grade.cell_id)
        .where(api.Assignment.name.in_(course.exercises))
    )
    by_learner = joined.add_columns(
        api.SubmittedAssignment.student_id,
        api.Assignment.name,
        func.max(api.SubmittedAssignment.timestamp),
        func.sum(case((extra, 0), else_=api.Grade.score)),
        func.sum(api.GradeCell.max_score),
        func.sum(case((and_(critical, below), 1), else_=0)),
        func.sum(case((open_, 1), else_=0)),
        func.sum(case((extra, func.coalesce(api.Grade.score, 0)), else_=0)),
    ).group_by(api.SubmittedAssignment.student_id, api.Assignment.name)
    by_criterion = joined.add_columns(
        api.Assignment.name,
        api.GradeCell.name,
        func.sum(case((below, 0), else_=1)),
        func.count(),
    ).group_by(api.Assignment.name, api.GradeCell.name)

    if not course.database and not (course.build / "gradebook.db").exists():
        raise CourseError(
            "There is no gradebook yet: run `course release`, and `course grade` when there are hand-ins."
        )
    engine = create_engine(course.gradebook)
    try:
        with engine.connect() as connection:
            learners, criteria = connection.execute(by_learner).all(), connection.execute(by_criterion).all()
    except SQLAlchemyError as error:
        raise CourseError(f"The gradebook cannot be read: {error.__cause__ or error}.") from None
    finally:
        engine.dispose()

    grades: dict[str, dict[str, Grade]] = {}
    for learner, slug, when, points, most, missed, ungraded, more in learners:
        grades.setdefault(learner, {})[slug] = Grade(slug, points, most, when, missed, ungraded, more)
    counts = {(slug, name): (met, of) for slug, name, met, of in criteria}
    items = [
        Item(slug, made.title, criterion.title, criterion.critical, *counts[slug, criterion.id])
        for slug, made in exercises.items()
        if made.module.counted
        for criterion in made.criteria
        if (slug, criterion.id) in counts
    ]
    return grades, items
