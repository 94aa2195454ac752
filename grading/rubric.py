"""What a rubric is made of: criteria, and what a criterion finds in a replayed session.

An exercise's rubric.py holds one Rubric:

    rubric = Rubric()

    @rubric.criterion("allergy", points=2, objective="act-on-alerts", title="No penicillin for Eleanor Marsh",
                      met="...", missed="...", read="Watch it done", critical=True)
    def _(session):
        return Finding(earned=1, evidence="Doxycycline was ordered.")

A criterion is a pure function of the session: it reads the state that was reached and the order of events,
never how long anything took, and changes nothing.

A code criterion judges what a cell of code left, for those who like to see how it is done. It says which variables it
wants, and of what kind, and is a pure function of their values:

    @rubric.code_criterion("counted", cell="count", emits={"stays": int, "medians": dict[str, float]}, ...)
    def _(values):
        return Finding(earned=values["stays"] == 29, evidence=f"Your code counted {values['stays']} stays.")

The code runs in the sandbox; this function, and what it expects, never enter it. Code criteria are extra: they add
nothing to the points there are, and nobody needs them to pass.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from grading.sandbox import plain

#: A criterion's id is nbgrader's grade_id too, and the label in every report.
CRITERION_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class RubricError(ValueError):
    """A rubric is not well formed; the text says which criterion and why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a criterion found. `earned` is the share of its points, 0 to 1; `evidence` is what the log
    shows.
    """

    earned: float
    evidence: str

    def __post_init__(self) -> None:
        earned = self.earned
        if not isinstance(earned, (int, float)) or not math.isfinite(earned) or not 0 <= earned <= 1:
            raise RubricError(f"a finding earns a share from 0 to 1, not {earned!r}")
        if not isinstance(self.evidence, str) or not self.evidence.strip():
            raise RubricError("a finding needs its evidence: a sentence on what the log shows")
        object.__setattr__(self, "earned", float(earned))  # a condition is a fine way to say 0 or 1


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is graded.

    `met` and `missed` are what the debrief says, `read` is the heading of the lesson to read again,
    `objective` the id of the objective in course.toml. A missed critical criterion fails the exercise
    whatever the score. A code criterion names the `cell` it judges, and what that cell `emits`: name -> kind.
    """

    id: str
    title: str
    points: float
    objective: str
    met: str
    missed: str
    read: str
    critical: bool
    judge: Callable[[Any], Finding]
    cell: str = ""
    emits: Mapping[str, Any] = field(default_factory=dict)


class Rubric:
    """An exercise's criteria, in the order in which they are written; `extras` are its code criteria."""

    def __init__(self) -> None:
        self._criteria: list[Criterion] = []
        self.extras: list[Criterion] = []

    def criterion(
        self,
        id: str,
        *,
        points: float,
        objective: str,
        title: str,
        met: str,
        missed: str,
        read: str,
        critical: bool = False,
    ) -> Callable[[Callable[[Any], Finding]], Callable[[Any], Finding]]:
        """Add the decorated function of a session as a criterion. Raises RubricError for a malformed one."""
        self._check(id, points, objective=objective, title=title, met=met, missed=missed, read=read)
        if not isinstance(critical, bool):
            raise RubricError(f"criterion '{id}': 'critical' must be True or False")

        def add(judge: Callable[[Any], Finding]) -> Callable[[Any], Finding]:
            self._criteria.append(Criterion(id, title, float(points), objective, met, missed, read, critical, judge))
            return judge

        return add

    def code_criterion(
        self,
        id: str,
        *,
        cell: str,
        emits: Mapping[str, Any],
        points: float,
        objective: str,
        title: str,
        met: str,
        missed: str,
        read: str,
    ) -> Callable[[Callable[[Any], Finding]], Callable[[Any], Finding]]:
        """Add the decorated function of what a cell emits as an extra criterion. Raises RubricError."""
        self._check(id, points, objective=objective, title=title, met=met, missed=missed, read=read)
        if not isinstance(cell, str) or not CRITERION_ID.fullmatch(cell):
            raise RubricError(f"criterion '{id}': 'cell' must be the id of a code cell, not {cell!r}")
        if not isinstance(emits, Mapping) or not emits:
            raise RubricError(f"criterion '{id}': 'emits' must name at least one variable")
        for name, kind in emits.items():
            if not isinstance(name, str) or not name.isidentifier() or name.startswith("_"):
                raise RubricError(f"criterion '{id}': {name!r} can't be a variable of the cell")
            if not plain.is_kind(kind):
                raise RubricError(f"criterion '{id}': '{name}' is of a kind that does not leave the sandbox: {kind!r}")

        def add(judge: Callable[[Any], Finding]) -> Callable[[Any], Finding]:
            self.extras.append(
                Criterion(id, title, float(points), objective, met, missed, read, False, judge, cell, dict(emits))
            )
            return judge

        return add

    def _check(self, id: str, points: float, **texts: str) -> None:
        if not isinstance(id, str) or not CRITERION_ID.fullmatch(id) or len(id) > 64:
            raise RubricError(f"the criterion id {id!r} must be lower-case words joined by hyphens")
        if any(known.id == id for known in (*self._criteria, *self.extras)):
            raise RubricError(f"the criterion id '{id}' is used twice")
        number = isinstance(points, (int, float)) and not isinstance(points, bool) and math.isfinite(points)
        if not number or not 0 < points <= 100:
            raise RubricError(f"criterion '{id}': the points must be a number above 0 and up to 100, not {points!r}")
        for name, text in texts.items():
            if not isinstance(text, str) or not text.strip():
                raise RubricError(f"criterion '{id}': '{name}' must be a text that is not empty")

    def __iter__(self) -> Iterator[Criterion]:
        return iter(self._criteria)

    def __len__(self) -> int:
        return len(self._criteria)
