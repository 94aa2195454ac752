"""The discharge summary: what was wrong and done, which medicines go home, what is still to come, who waits for it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action
from simemr.domain.actions.chart import require_open
from simemr.domain.actions.messages import Contact
from simemr.domain.content import content
from simemr.domain.record import MedicineOrder

if TYPE_CHECKING:
    from simemr.domain.session import Session

# the parts that are written in words: title, and what belongs there
SECTIONS = {
    "diagnoses": "Diagnoses",
    "course": "What happened in hospital",
    "follow-up": "What happens next, and who does it",
    "told": "What the patient was told",
}
MEDICINES = {"home": "Goes home with it", "ended": "Ended in hospital"}
DUE = {
    "days": "In a few days",
    "ten-days": "In seven to ten days",
    "weeks": "In four to six weeks",
    "unknown": "Not known",
}
TELL = {
    "telephone": "By telephone",
    "letter": "By letter",
    "visit": "At the next visit",
    "asks": "The patient asks",
    "normal": "Only if something is wrong",
}


@content("discharge")
@dataclass(frozen=True, slots=True)
class Discharge:
    """A patient who goes home and needs a summary; ``when`` says when."""

    patient: str
    when: str = ""


@content("stay_test")
@dataclass(frozen=True, slots=True)
class StayTest:
    """A test of the stay; the record says whether its result is back."""

    id: str
    patient: str
    title: str


@dataclass(frozen=True, slots=True)
class GoingHome:
    """What becomes of a medicine, and for how long or why."""

    decision: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """A result still to come: who looks for it, when it is due, how the patient hears."""

    owner: str
    due: str
    tell: str


@dataclass(slots=True)
class Summary:
    """One patient's discharge summary as it is being written."""

    texts: dict[str, str] = field(default_factory=dict)
    medicines: dict[str, GoingHome] = field(default_factory=dict)
    pending: dict[str, Pending] = field(default_factory=dict)
    signed: bool = False


@dataclass(slots=True)
class Summaries:
    """The state of this part: patient -> summary."""

    found: dict[str, Summary] = field(default_factory=dict)


def summary_of(session: "Session", patient: str) -> Summary:
    """The patient's summary, empty at first."""
    return session.state.part(Summaries).found.setdefault(patient, Summary())


def discharge_of(session: "Session", patient: str) -> Discharge | None:
    """The patient's discharge, or None for one who stays."""
    return next((d for d in session.scenario.of(Discharge) if d.patient == patient), None)


def tests_of(session: "Session", patient: str) -> list[StayTest]:
    """The tests of the stay."""
    return [test for test in session.scenario.of(StayTest) if test.patient == patient]


def owners(session: "Session") -> list[Contact]:
    """Who may look for a result after the patient has gone."""
    return [contact for contact in session.scenario.of(Contact) if contact.owns]


def medicines_of(session: "Session", patient: str) -> dict[str, MedicineOrder]:
    """The active orders on the ward, of which something has to become: key -> order."""
    return {
        key: order
        for key, order in session.state.orders.items()
        if order.patient == patient and order.status == "active" and order.setting == "inpatient"
    }


@action
def write_summary(session: "Session", *, patient: str, section: str, text: str) -> None:
    summary = _open_summary(session, patient)
    if section not in SECTIONS:
        raise ActionRefused("There is no such part of the summary.")
    if len(text.strip()) < 3:
        raise ActionRefused(f"“{SECTIONS[section]}” is empty.")
    summary.texts[section] = text.strip()
    summary.signed = False


@action
def send_home_with(session: "Session", *, patient: str, order: str, decision: str, words: str = "") -> None:
    summary = _open_summary(session, patient)
    if order not in medicines_of(session, patient):
        raise ActionRefused("There is no such active order.")
    if decision not in MEDICINES:
        raise ActionRefused("Say whether it goes home.")
    if decision == "home" and len(words.strip()) < 3:
        raise ActionRefused("Say for how long, or what for: the family doctor and the patient read it.")
    summary.medicines[order] = GoingHome(decision, words.strip())
    summary.signed = False


@action
def list_pending(session: "Session", *, patient: str, test: str, owner: str, due: str, tell: str) -> None:
    summary = _open_summary(session, patient)
    if test not in {found.id for found in tests_of(session, patient)}:
        raise ActionRefused("Choose the test.")
    if owner not in {contact.id for contact in owners(session)}:
        raise ActionRefused("Choose who looks for the result.")
    if due not in DUE:
        raise ActionRefused("Choose when it is due.")
    if tell not in TELL:
        raise ActionRefused("Choose how the patient hears.")
    summary.pending[test] = Pending(owner, due, tell)
    summary.signed = False


@action
def drop_pending(session: "Session", *, patient: str, test: str) -> None:
    summary = _open_summary(session, patient)
    if test not in summary.pending:
        raise ActionRefused("That test is not on the list.")
    del summary.pending[test]
    summary.signed = False


@action
def sign_summary(session: "Session", *, patient: str) -> None:
    summary = _open_summary(session, patient)
    empty = [title for section, title in SECTIONS.items() if section not in summary.texts]
    if empty:
        raise ActionRefused(f"Still empty: {', '.join(empty)}.")
    left = [order for key, order in medicines_of(session, patient).items() if key not in summary.medicines]
    if left:
        name = session.hospital.formulary.medicines[left[0].medicine].name
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        raise ActionRefused(f"Say first what becomes of {name}{more}.")
    summary.signed = True


def _open_summary(session: "Session", patient: str) -> Summary:
    require_open(session, patient)
    if discharge_of(session, patient) is None:
        raise ActionRefused("This patient is not going home today.")
    return summary_of(session, patient)
