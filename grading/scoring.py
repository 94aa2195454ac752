"""Scores a learner's answer log: replay it through the engine, then apply the rubric.

The learner's work is data here. Nothing of theirs is run in this process, no kernel starts, and nothing is written.
Code that an attempt holds is run in the sandbox, and only where that is asked for: see grading.code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docutils.nodes import make_id

from grading.course import VERSION, CourseError, Module
from grading.exercise import Exercise
from grading.rubric import Criterion, Finding
from simemr.domain import log
from simemr.domain.attempt import replay
from simemr.domain.log import LogError
from simemr.domain.session import Session
from simemr.version import release

NOTHING = "Nothing was handed in."

#: The largest answer log that is read.
MOST_BYTES = 5 * 2**20


class Refused(ValueError):
    """What was handed in cannot be graded; the text is one sentence that the learner can be shown."""


class GradingError(CourseError):
    """A criterion failed to judge: the course's fault, so it is reported and no learner gets 0 for it."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One criterion's outcome. `points` is what was earned, `max` what could be."""

    id: str
    title: str
    points: float
    max: float
    met: bool
    critical: bool
    debrief: str
    evidence: str
    read: str
    read_url: str


@dataclass(frozen=True, slots=True)
class Extra(Scored):
    """A code criterion's outcome: its points are beside those that count.

    `waiting` says why it is not judged yet ("" when it is), `stopped` why the code was ended; `code` is the learner's,
    and `printed` what it printed.
    """

    waiting: str = ""
    stopped: str = ""
    code: str = ""
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """An attempt's outcome. `torn` says that the log's last line was cut off and left out; `extras` count for
    nothing.
    """

    exercise: str
    title: str
    attempt: int
    points: float
    max: float
    criteria: tuple[Scored, ...]
    pass_mark: float
    counted: bool
    torn: bool = False
    extras: tuple[Extra, ...] = ()

    @property
    def critical_missed(self) -> tuple[str, ...]:
        return tuple(criterion.id for criterion in self.criteria if criterion.critical and not criterion.met)

    @property
    def passed(self) -> bool:
        """Every critical criterion met, and the pass mark reached."""
        return not self.critical_missed and self.points >= self.pass_mark * self.max - 1e-9

    def debrief(self) -> dict[str, Any]:
        """What the learner is told, as plain JSON."""
        return {
            "exercise": self.exercise,
            "title": self.title,
            "attempt": self.attempt,
            "score": self.points,
            "max": self.max,
            "passed": self.passed,
            "pass_mark": self.pass_mark,
            "counted": self.counted,
            "criteria": [_told(criterion) for criterion in self.criteria],
            "extras": [{**_told(extra), "waiting": extra.waiting} for extra in self.extras],
        }


def _told(c: Scored) -> dict[str, Any]:
    return {
        "id": c.id,
        "title": c.title,
        "points": c.points,
        "max": c.max,
        "met": c.met,
        "critical": c.critical,
        "debrief": c.debrief,
        "evidence": c.evidence,
        "read": c.read,
        "read_url": c.read_url,
    }


def score(exercise: Exercise, log_text: str, *, run_code: bool = False) -> Result:
    """Score a log. Raises Refused (line and cause) for one that can't be trusted, GradingError for our
    bug.
    """
    session, read = open_log(exercise, log_text)
    return judge(exercise, session, read, run_code=run_code)


def open_log(exercise: Exercise, content: str | bytes) -> tuple[Session, log.Log]:
    """Replay a learner's log. Raises Refused, naming line and cause, for one that is not whole, true and
    ours.
    """
    if len(content) > MOST_BYTES:
        raise Refused(f"The answers take more than {MOST_BYTES // 2**20} MiB, which no real attempt does.")
    try:
        text = content if isinstance(content, str) else content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(f"The answers cannot be read: line {line}: it is not UTF-8 text.") from None
    try:
        session, read = replay(text, exercise.scenario, exercise.hospital)
    except LogError as error:
        raise Refused(f"The answers cannot be read: {error}.") from None
    except (ValueError, RecursionError):  # what no attempt writes, such as half a character
        raise Refused("The answers cannot be read: this is not an answer log.") from None
    made_with = read.header.course_version
    if not VERSION.fullmatch(made_with) or release(made_with) != release(exercise.course_version):
        raise Refused(
            f"The answers were made with version {made_with:.20} of the course, and this is version "
            f"{exercise.course_version}: line 1. Start the exercise again."
        )
    return session, read


def judge(exercise: Exercise, session: Session, read: log.Log, *, run_code: bool = False) -> Result:
    """Apply the rubric to a replayed session; without `run_code`, what is written for a code cell waits. Raises
    GradingError.
    """
    criteria = tuple(_scored(exercise, one, find(exercise, one, session)) for one in exercise.criteria)
    extras: tuple[Extra, ...] = ()
    if exercise.extras:
        from grading import code  # it uses what is here

        extras = code.judge(exercise, session, run=run_code)
    return _result(exercise, criteria, read.header.attempt, read.torn, extras)


def nothing_handed_in(exercise: Exercise) -> Result:
    """The outcome when there is no log: 0 for all, and it says why."""
    finding = Finding(0, NOTHING)
    return _result(
        exercise,
        tuple(_scored(exercise, criterion, finding) for criterion in exercise.criteria),
        0,
        False,
        tuple(extra(exercise, criterion, finding) for criterion in exercise.extras),
    )


def passes(exercise: Exercise, criteria: Mapping[str, float | None]) -> bool:
    """Whether these points pass: every critical criterion met, and the pass mark reached. None is not graded yet."""
    most = {criterion.id: criterion.points for criterion in exercise.criteria}
    met = all((criteria.get(name) or 0) >= most[name] for name in exercise.critical)
    return met and total(criteria) >= exercise.pass_mark * exercise.max - 1e-9


def total(criteria: Mapping[str, float | None]) -> float:
    """The sum of the points that there are."""
    return round(sum(points or 0 for points in criteria.values()), 2)


def lesson_url(module: Module, part: str) -> str:
    """Where a part of a module's lesson stands, from the site's root."""
    return f"notebooks/{module.slug}.html#{make_id(part)}"


def find(exercise: Exercise, criterion: Criterion, subject: Any) -> Finding:
    """What a criterion finds in a session, or in what a cell emitted. Raises GradingError."""
    try:
        finding = criterion.judge(subject)
    except Exception as error:
        where = f"exercises/{exercise.slug}/rubric.py"
        raise GradingError(
            f"{where}: criterion '{criterion.id}' failed to judge this log ({type(error).__name__}: {error})."
        ) from error
    if not isinstance(finding, Finding):
        where = f"exercises/{exercise.slug}/rubric.py"
        raise GradingError(f"{where}: criterion '{criterion.id}' returned {finding!r}, which is no Finding.")
    return finding


def _scored(exercise: Exercise, criterion: Criterion, finding: Finding) -> Scored:
    met = finding.earned >= 1
    return Scored(
        id=criterion.id,
        title=criterion.title,
        points=round(criterion.points * finding.earned, 2),
        max=criterion.points,
        met=met,
        critical=criterion.critical,
        debrief=criterion.met if met else criterion.missed,
        evidence=finding.evidence,
        read=criterion.read,
        read_url=lesson_url(exercise.module, criterion.read),
    )


def extra(exercise: Exercise, criterion: Criterion, finding: Finding, **more: str) -> Extra:
    """A code criterion's outcome; `more` is what only an Extra has."""
    scored = _scored(exercise, criterion, finding)
    return Extra(**{name: getattr(scored, name) for name in Scored.__slots__}, **more)


def _result(
    exercise: Exercise, criteria: tuple[Scored, ...], attempt: int, torn: bool, extras: tuple[Extra, ...] = ()
) -> Result:
    return Result(
        exercise=exercise.slug,
        title=exercise.title,
        attempt=attempt,
        points=round(sum(criterion.points for criterion in criteria), 2),
        max=exercise.max,
        criteria=criteria,
        pass_mark=exercise.pass_mark,
        counted=exercise.module.counted,
        torn=torn,
        extras=extras,
    )
