"""The nurse's side of an order: accept it, or challenge it with the hazard and the words."""

from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action
from simemr.domain.actions.chart import require_open
from simemr.domain.record import MedicineOrder
from simemr.domain.state import Verdict

if TYPE_CHECKING:
    from simemr.domain.session import Session

HAZARDS = {
    "allergy": "Allergy or intolerance",
    "route": "Wrong route",
    "interaction": "Interaction with another medicine",
    "single-dose": "A single dose too large",
    "duplication": "The same kind of medicine twice",
    "laboratory": "A laboratory result speaks against it",
    "daily-dose": "Too much in a day",
    "age": "The dose does not suit the patient's age",
    "diagnosis": "A diagnosis speaks against it",
    "corollary": "A check that must go with it is missing",
}


@action
def accept_order(session: "Session", *, order: str) -> None:
    awaiting(session, order)
    session.state.verdicts[order] = Verdict("accept")


@action
def challenge_order(session: "Session", *, order: str, hazard: str, note: str) -> None:
    awaiting(session, order)
    if hazard not in HAZARDS:
        raise ActionRefused("Choose what is wrong with the order.")
    if len(note.strip()) < 3:
        raise ActionRefused("Say in a few words what you want the prescriber to know.")
    session.state.verdicts[order] = Verdict("challenge", hazard, note.strip())


def awaiting(session: "Session", order: str) -> MedicineOrder:
    """Return the order that waits for a nurse's check, its patient being open."""
    found = next((o for o in session.scenario.orders if o.id == order), None)
    if found is None:
        raise ActionRefused(f"There is no order '{order}' to check.")
    require_open(session, found.patient)
    return found
