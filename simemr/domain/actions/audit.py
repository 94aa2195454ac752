"""The audit log: who opened which record, and what the learner makes of each row.

A row is never proof by itself. "Ask" is the answer where it does not say why; "report" hands it to those who may find
out, and is no verdict on a person.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action
from simemr.domain.content import content

if TYPE_CHECKING:
    from simemr.domain.session import Session

VERDICTS = {
    "legitimate": "Legitimate: it was for work",
    "ask": "Ask the person: the row does not say",
    "report": "Report it to the privacy officer",
}
WHYS = {
    "care": "They look after this patient",
    "service": "Their work for all wards needs it, and no more was opened",
    "emergency": "An emergency, with a reason that fits",
    "unclear": "It may be for care, but nothing in the row shows it",
    "no-relation": "No part in the care, and no reason of work",
    "private": "A private reason: family, friend or neighbour",
}


@content("audit_row")
@dataclass(frozen=True, slots=True)
class AuditRow:
    """A row of the log: who opened whose record, when, what was seen or done; the reason and relation it holds."""

    id: str
    at: datetime
    who: str
    role: str
    unit: str
    patient_name: str
    what: str
    relation: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the learner makes of a row."""

    verdict: str
    why: str


@dataclass(slots=True)
class Audit:
    """The judgements by row."""

    judged: dict[str, Judgement] = field(default_factory=dict)


@action
def judge_access(session: "Session", *, row: str, verdict: str, why: str) -> None:
    if row not in {found.id for found in session.scenario.of(AuditRow)}:
        raise ActionRefused("There is no such row in the log.")
    if verdict not in VERDICTS:
        raise ActionRefused("Choose what should happen with this row.")
    if why not in WHYS:
        raise ActionRefused("Choose what in the row tells you so.")
    judged = session.state.part(Audit).judged
    judged[row] = Judgement(verdict, why)
    left = len(session.scenario.of(AuditRow)) - len(judged)
    for task in session.scenario.tasks:
        if task.kind == "audit" and not left:
            session.state.done.add(task.id)
