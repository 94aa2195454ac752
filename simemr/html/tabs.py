"""What each part of a record, and each desk, shows: one function of the session for each.

The live EMR puts this below what there is to press; a demonstration shows it alone.
"""

from collections.abc import Callable

from simemr.domain.record import MedicineOrder, Note, Patient
from simemr.domain.session import Session
from simemr.html import allergies, medicines, notes, observations, orders, problems, results, summary
from simemr.html.escape import Markup

Tab = Callable[[Session, Patient], Markup]
Desk = Callable[[Session], Markup]


def of_patient(session: Session, patient: Patient) -> list[MedicineOrder]:
    """All orders of the patient, the learner's too, oldest first."""
    return [order for order in session.state.orders.values() if order.patient == patient.id]


def notes_of(session: Session, patient: Patient) -> list[Note]:
    """The patient's notes, then those the learner wrote."""
    return [*patient.notes, *(note for owner, note in session.state.notes if owner == patient.id)]


def _orders(session: Session, patient: Patient) -> Markup:
    hospital = session.hospital
    asked = [test for test in session.state.tests_ordered if test.patient == patient.id]
    # what is taken at home stands under Medicines; here it would look as if it were given twice
    active = [o for o in of_patient(session, patient) if o.status == "active" and o.setting == "inpatient"]
    return orders.active(active, asked, hospital.formulary, hospital.tests, hospital.clock)


def _summary(session: Session, patient: Patient) -> Markup:
    hospital = session.hospital
    written = notes_of(session, patient)
    return summary.screen(
        patient, of_patient(session, patient), written, hospital.tests, hospital.formulary, hospital.clock
    )


TABS: dict[str, Tab] = {
    "summary": _summary,
    "problems": lambda s, p: problems.screen(p.problems, s.hospital.clock),
    "allergies": lambda s, p: allergies.screen(p),
    "medicines": lambda s, p: medicines.screen(p, of_patient(s, p), s.hospital.formulary, s.hospital.clock),
    "orders": _orders,
    "results": lambda s, p: results.screen(p, s.hospital.tests, s.hospital.clock),
    "observations": lambda s, p: observations.screen(p, s.hospital.clock),
    "notes": lambda s, p: notes.screen(notes_of(s, p), s.hospital.clock),
}
DESKS: dict[str, Desk] = {}
