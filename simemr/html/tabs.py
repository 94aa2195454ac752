"""What each part of a record, and each desk, shows: one function of the session for each.

The live EMR puts this below what there is to press; a demonstration shows it alone.
"""

from collections.abc import Callable
from dataclasses import replace

from simemr.domain.actions.administration import administrations
from simemr.domain.actions.deterioration import ObservationSet
from simemr.domain.actions.notes import EarlierNote
from simemr.domain.actions.problems import ProblemList
from simemr.domain.record import Administration, MedicineOrder, Note, Patient
from simemr.domain.session import Session
from simemr.html import (
    administration,
    allergies,
    audit,
    concerns,
    discharge,
    downtime,
    handoff,
    inbox,
    mail,
    medicines,
    messages,
    notes,
    observations,
    orders,
    problems,
    reconciliation,
    results,
    summary,
)
from simemr.html.escape import Markup

Tab = Callable[[Session, Patient], Markup]
Desk = Callable[[Session], Markup]


def of_patient(session: Session, patient: Patient) -> list[MedicineOrder]:
    """All orders of the patient, the learner's too, oldest first."""
    return [order for order in session.state.orders.values() if order.patient == patient.id]


def notes_of(session: Session, patient: Patient) -> list[Note]:
    """The patient's notes, those of the scenario, then those the learner wrote."""
    given = (note.note for note in session.scenario.of(EarlierNote) if note.patient == patient.id)
    written = (note for owner, note in session.state.notes if owner == patient.id)
    return [*patient.notes, *given, *written]


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


def _medicines(session: Session, patient: Patient) -> Markup:
    hospital = session.hospital
    # every dose on the chart, also those that the scenario or the learner added to the file's
    given = tuple(Administration(c.order, c.at, c.status, c.by, c.note) for c in administrations(session, patient))
    person = replace(patient, administrations=given)
    return medicines.screen(person, of_patient(session, patient), hospital.formulary, hospital.clock)


def _observations(session: Session, patient: Patient) -> Markup:
    # who scores the observations also says what the score calls for: the record does not say it first
    advice = not session.scenario.of(ObservationSet)
    return observations.screen(patient, session.hospital.clock, advice=advice)


def _problems(session: Session, patient: Patient) -> Markup:
    gone = session.state.part(ProblemList).of(patient.id)
    return problems.screen(patient.problems, session.hospital.clock, gone.values())


TABS: dict[str, Tab] = {
    "summary": _summary,
    "problems": _problems,
    "allergies": lambda s, p: allergies.screen(p),
    "medicines": _medicines,
    "administration": administration.screen,
    "orders": _orders,
    "results": lambda s, p: results.screen(p, s.hospital.tests, s.hospital.clock),
    "observations": _observations,
    "notes": lambda s, p: notes.screen(notes_of(s, p), s.hospital.clock),
    "reconciliation": reconciliation.screen,
    "handoff": handoff.screen,
    "discharge": discharge.screen,
    "concerns": concerns.screen,
}
DESKS: dict[str, Desk] = {
    "inbox": inbox.desk,
    "messages": messages.screen,
    "audit": audit.screen,
    "mail": mail.screen,
    "downtime": downtime.screen,
}
