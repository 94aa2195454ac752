"""Judges what a learner wrote for an exercise's code cells: runs it in the sandbox, and holds what comes out against
the code criteria, here, where the learner's code never is.

Code that can't be run safely on this machine is not run: its criteria wait for a person, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grading import sandbox
from grading.exercise import Exercise
from grading.rubric import Criterion, Finding
from grading.sandbox import plain
from grading.scoring import Extra, extra, find
from simemr.domain.actions.code import Written, tables
from simemr.domain.session import Session

LATER = "Your code is run and judged when your hand-in is graded. It can only add to your points."
NOT_WRITTEN = "No code was handed in for this; it is extra, and nothing is lost."
#: How much of what the code printed is kept for people to read.
MOST_PRINTED = 2000


def judge(exercise: Exercise, session: Session, *, run: bool) -> tuple[Extra, ...]:
    """The outcome of every code criterion; without `run`, whatever is written waits. Raises GradingError for ours."""
    sources = session.state.part(Written).sources
    ran: sandbox.Ran | None = None
    why = LATER
    if run and sources:
        try:
            ran = sandbox.run(
                _cells(exercise, sources),
                tables=tables(exercise.scenario),
                limits=exercise.limits,
                kept_out=(exercise.folder.parents[1],),
            )
        except sandbox.Unavailable as error:
            why = f"A person has to look at this code: it can't be run safely on this machine ({error})."
    return tuple(_judged(exercise, criterion, sources, ran, why) for criterion in exercise.extras)


def _cells(exercise: Exercise, sources: Mapping[str, str]) -> list[sandbox.Cell]:
    """What to run, in the order of the exercise, and what each cell is asked for."""
    wanted: dict[str, list[str]] = {}
    for criterion in exercise.extras:
        wanted.setdefault(criterion.cell, []).extend(criterion.emits)
    return [
        sandbox.Cell(name, sources[name], tuple(dict.fromkeys(emits)))
        for name, emits in wanted.items()
        if name in sources
    ]


def _judged(
    exercise: Exercise, criterion: Criterion, sources: Mapping[str, str], ran: sandbox.Ran | None, why: str
) -> Extra:
    if criterion.cell not in sources:
        return extra(exercise, criterion, Finding(0, NOT_WRITTEN))
    code = sources[criterion.cell]
    if ran is None:
        return extra(exercise, criterion, Finding(0, why), waiting=why, code=code)
    told = {"code": code, "printed": ran.output[:MOST_PRINTED], "stopped": ran.stopped}
    left = ran.cells.get(criterion.cell)
    if left is None:
        return extra(exercise, criterion, Finding(0, f"Your code did not come to its end: {ran.stopped}."), **told)
    values: dict[str, Any] = {}
    for name, kind in criterion.emits.items():
        try:
            if name not in left.values:
                raise plain.NotPlain(left.faults.get(name, "it is not there"))
            values[name] = plain.typed(left.values[name], kind)
        except plain.NotPlain as error:
            because = f" The cell ended with an error: {left.error}." if left.error else ""
            return extra(exercise, criterion, Finding(0, f"The variable '{name}': {error}.{because}"), **told)
    return extra(exercise, criterion, find(exercise, criterion, values), **told)
