"""A locked record as it reads: why it is locked, what the help desk said, and that opening it is written down."""

from simemr.domain.access import Access, Lock
from simemr.domain.record import Patient
from simemr.domain.session import Session
from simemr.html import words
from simemr.html.escape import Markup, el, join, sign


def locked(session: Session, lock: Lock, patient: Patient) -> Markup:
    """Return what stands before the glass: nothing of the record but whose it is."""
    number = words.hospital_number(patient.hospital_number)
    asked = session.state.part(Access).asked.get(patient.id)
    answer = el("p", el("b", "Help desk: "), "“", lock.reply, "”") if asked and lock.reply else ""
    return join(
        el("h3", sign("⊘"), f" {patient.display_name}, {number}: this record is locked"),
        el("p", lock.why),
        el(
            "p",
            "Breaking the glass opens it at once. Your name, the time and what you write here go into the audit log,"
            " and the privacy officer reads them tomorrow.",
        ),
        answer,
    )
