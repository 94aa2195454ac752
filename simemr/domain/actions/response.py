"""Judging a treatment by the doses that were really given: count them, conclude, plan."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action
from simemr.domain.actions.chart import require_open
from simemr.domain.content import content

if TYPE_CHECKING:
    from simemr.domain.session import Session

NOT_GIVEN = {
    "nil-by-mouth": "Held, because nothing was to be taken by mouth",
    "refused": "Refused by the patient",
    "not-available": "Not on the ward",
    "late": "Given, but late",
    "no-reason": "No reason is written",
    "all-given": "All of them were given",
}


@content("course")
@dataclass(frozen=True, slots=True)
class Course:
    """One medicine whose doses are to be counted, over all its ``orders``, up to the moment ``until``."""

    id: str
    patient: str
    name: str
    orders: tuple[str, ...]
    until: datetime


@content("conclusion")
@dataclass(frozen=True, slots=True)
class Conclusion:
    """What one may conclude about the open patient's treatment."""

    id: str
    patient: str
    text: str


@content("step")
@dataclass(frozen=True, slots=True)
class Step:
    """What one may do next for the patient."""

    id: str
    patient: str
    text: str


@dataclass(frozen=True, slots=True)
class Account:
    """How many doses of a course were given, and why most of the others were not."""

    given: int
    reason: str


@dataclass
class Response:
    """The learner's reading of the chart: by course, by patient, by patient."""

    accounts: dict = field(default_factory=dict)
    conclusions: dict = field(default_factory=dict)
    plans: dict = field(default_factory=dict)


@action
def account_for(session: "Session", *, course: str, given: int, reason: str) -> None:
    found = next((c for c in session.scenario.of(Course) if c.id == course), None)
    if found is None:
        raise ActionRefused(f"There is no '{course}' to count here.")
    require_open(session, found.patient)
    if not 0 <= given <= 20:
        raise ActionRefused("Say how many doses were given, from 0 up.")
    if reason not in NOT_GIVEN:
        raise ActionRefused("Choose why most of the others were not given.")
    session.state.part(Response).accounts[course] = Account(given, reason)


@action
def conclude(session: "Session", *, patient: str, conclusion: str) -> None:
    require_open(session, patient)
    if not any(c.id == conclusion and c.patient == patient for c in session.scenario.of(Conclusion)):
        raise ActionRefused("Choose one of the conclusions.")
    session.state.part(Response).conclusions[patient] = conclusion


@action
def plan_steps(session: "Session", *, patient: str, steps: list) -> None:
    require_open(session, patient)
    known = {s.id for s in session.scenario.of(Step) if s.patient == patient}
    if not steps:
        raise ActionRefused("Tick what you do next.")
    if not known.issuperset(steps):
        raise ActionRefused("Choose from the steps that are offered.")
    session.state.part(Response).plans[patient] = tuple(sorted(set(steps)))
