"""Finding a patient, moving about in the chart, confirming identity, writing a note."""

from typing import TYPE_CHECKING

from simemr.domain import access, downtime, interruption
from simemr.domain.action import ActionRefused, action
from simemr.domain.record import Note

if TYPE_CHECKING:
    from simemr.domain.session import Session

# the room or bed is never an identifier (NPSG.01.01.01: at least two identifiers, never the room)
IDENTIFIERS = ("name", "born", "hospital_number")


@action
def open_patient(session: "Session", *, patient: str) -> None:
    session.patient(patient)
    access.require_unlocked(session, patient)
    require_no_draft(session, "open another patient")
    if session.scenario.confirm_again and patient != session.state.patient:
        session.state.confirmed.clear()
    session.state.patient, session.state.desk = patient, ""


@action
def open_desk(session: "Session", *, desk: str) -> None:
    if desk not in session.scenario.desks:
        raise ActionRefused(f"There is no '{desk}' in this exercise.")
    require_no_draft(session, "leave the record")
    session.state.desk = desk


@action
def open_tab(session: "Session", *, tab: str) -> None:
    if tab not in session.scenario.tabs:
        raise ActionRefused(f"There is no tab '{tab}' in this exercise.")
    if not session.state.patient:
        raise ActionRefused("Open a patient first.")
    session.state.tab, session.state.desk = tab, ""


@action
def confirm_identity(session: "Session", *, patient: str, identifiers: list) -> None:
    session.patient(patient)
    if session.state.patient != patient:
        raise ActionRefused("Open this patient's record before you confirm who it is.")
    unknown = [name for name in identifiers if name not in IDENTIFIERS]
    if unknown:
        raise ActionRefused(f"'{unknown[0]}' is not an identifier: the room or bed never is.")
    if len(set(identifiers)) < 2:
        raise ActionRefused("Two different identifiers are needed, for example the full name and the date of birth.")
    session.state.confirmed[patient] = tuple(sorted(set(identifiers)))


@action
def write_note(session: "Session", *, patient: str, text: str) -> None:
    require_open(session, patient)
    if not text.strip():
        raise ActionRefused("The note is empty.")
    role = session.scenario.role if session.scenario.role != "all" else "clinician"
    note = Note(session.hospital.clock, "You", role, "Note", text.strip())
    session.state.notes.append((patient, note))


def require_no_draft(session: "Session", purpose: str) -> None:
    """Refuse while an order is half written."""
    if session.state.draft is not None:
        raise ActionRefused(f"An order is half written. Sign it or cancel it before you {purpose}.")


def require_open(session: "Session", patient: str) -> None:
    """Refuse a write unless the chart is open and, where the exercise asks for it, its patient confirmed."""
    session.patient(patient)
    if session.state.patient != patient:
        raise ActionRefused("This is not the open patient. Open the right record first.")
    downtime.require_up(session)
    caller = interruption.waiting(session)
    if caller is not None:
        raise ActionRefused(f"{caller.who} is waiting. Answer, or say that you will come back to it, before you write.")
    if session.scenario.identity and patient not in session.state.confirmed:
        raise ActionRefused("Confirm who this is with two identifiers before you write in the record.")
