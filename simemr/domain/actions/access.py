"""Opening a locked record: breaking the glass with a reason, or asking the help desk for access."""

from typing import TYPE_CHECKING

from simemr.domain.access import Access, Opened, lock_of, locked
from simemr.domain.action import ActionRefused, action
from simemr.domain.actions.chart import open_patient

if TYPE_CHECKING:
    from simemr.domain.session import Session

REASONS = {
    "emergency": "An emergency: care can't wait for access",
    "called": "I was called to see or to advise on this patient",
    "missing": "I should have access, and it does not work",
    "asked": "Somebody asked me how the patient is",
    "learning": "To learn from the case",
}


@action
def break_glass(session: "Session", *, patient: str, reason: str, words: str) -> None:
    _require_locked(session, patient)
    if reason not in REASONS:
        raise ActionRefused("Choose why you open this record.")
    if len(words.strip()) < 10:
        raise ActionRefused("Say in a sentence what has happened. Somebody will read it tomorrow.")
    session.state.part(Access).opened[patient] = Opened(reason, words.strip(), len(session.state.events) + 1)
    open_patient(session, patient=patient)


@action
def ask_help_desk(session: "Session", *, patient: str, words: str) -> None:
    _require_locked(session, patient)
    if len(words.strip()) < 3:
        raise ActionRefused("Tell the help desk in a few words what you need the record for.")
    session.state.part(Access).asked[patient] = words.strip()


def _require_locked(session: "Session", patient: str) -> None:
    session.patient(patient)
    if lock_of(session, patient) is None:
        raise ActionRefused("This record is not locked: open it from the ward list.")
    if locked(session, patient) is None:
        raise ActionRefused("This record is open to you already.")
