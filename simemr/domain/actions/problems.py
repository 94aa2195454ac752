"""Keeping the problem list: code and date, merge doubles, resolve, take off what is no problem, add what is missing.

Nothing is deleted: what was merged or taken off is kept with the reason, and can be put back.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from simemr.domain import codes, since, when
from simemr.domain.action import ActionRefused, action
from simemr.domain.actions.chart import require_open
from simemr.domain.content import content
from simemr.domain.record import Note, Problem

if TYPE_CHECKING:
    from simemr.domain.session import Session

#: Why something is taken off the list: FHIR's entered-in-error, and two that belong elsewhere.
REMOVALS = {
    "in-error": "Entered in error: this patient never had it",
    "symptom": "A symptom that another problem on the list explains",
    "procedure": "A procedure: it belongs in the history of operations",
}


@content("problem")
@dataclass(frozen=True, slots=True)
class ListedProblem:
    """A line of the problem list that this scenario starts from; all of a patient's replace those of their file."""

    id: str
    patient: str
    text: str
    status: str = "active"
    icd10cm: str = ""
    onset: str = ""
    note: str = ""

    @staticmethod
    def begin(session: "Session", given: "tuple[ListedProblem, ...]") -> None:
        """Put the lines into the records."""
        for patient in dict.fromkeys(line.patient for line in given):
            lines = tuple(
                Problem(line.id, line.text, line.status, line.icd10cm, line.onset, line.note)
                for line in given
                if line.patient == patient
            )
            session.state.records[patient] = replace(session.patient(patient), problems=lines)


@content("note")
@dataclass(frozen=True, slots=True)
class FiledNote:
    """A note that stands in a record in this scenario only, beside those of the patient's file."""

    patient: str
    at: datetime
    author: str
    role: str
    kind: str
    text: str

    @staticmethod
    def begin(session: "Session", given: "tuple[FiledNote, ...]") -> None:
        """File the notes, each at its time."""
        for one in given:
            person = session.patient(one.patient)
            notes = (*person.notes, Note(one.at, one.author, one.role, one.kind, one.text.strip()))
            session.state.records[one.patient] = replace(person, notes=tuple(sorted(notes, key=lambda n: n.at)))


@dataclass(frozen=True, slots=True)
class Gone:
    """A problem that left the list: merged ``into`` another, or taken off for a ``reason``."""

    problem: Problem
    into: str = ""
    reason: str = ""


@dataclass
class ProblemList:
    """What left each patient's list, by the problem's id."""

    gone: dict[str, dict[str, Gone]] = field(default_factory=dict)

    def of(self, patient: str) -> dict[str, Gone]:
        """What left this patient's list."""
        return self.gone.setdefault(patient, {})


@action
def add_problem(session: "Session", *, patient: str, text: str, code: str, onset: str = "") -> None:
    require_open(session, patient)
    if len(text.strip()) < 2:
        raise ActionRefused("Name the problem in plain words.")
    number = sum(event.action == "add_problem" for event in session.state.events) + 1
    made = Problem(f"added-{number}", text.strip(), "active", _code(code), _when(session, patient, onset))
    _put(session, patient, [*session.patient(patient).problems, made])


@action
def edit_problem(session: "Session", *, patient: str, problem: str, code: str = "", onset: str = "") -> None:
    require_open(session, patient)
    found = on_list(session, patient, problem)
    if not (code or onset.strip()):
        raise ActionRefused("Choose a code, or write since when: there is nothing to save yet.")
    changed = replace(
        found,
        icd10cm=_code(code) if code else found.icd10cm,
        onset=_when(session, patient, onset) or found.onset,
    )
    _change(session, patient, found, changed)


@action
def merge_problem(session: "Session", *, patient: str, problem: str, into: str) -> None:
    require_open(session, patient)
    found, kept = on_list(session, patient, problem), on_list(session, patient, into)
    if found.id == kept.id:
        raise ActionRefused("Choose another problem: one that is the same as this.")
    # what only the double knew is not lost
    richer = replace(kept, icd10cm=kept.icd10cm or found.icd10cm, onset=kept.onset or found.onset)
    _change(session, patient, kept, richer)
    _leave(session, patient, Gone(found, into=into))


@action
def resolve_problem(session: "Session", *, patient: str, problem: str, on: str) -> None:
    require_open(session, patient)
    found = on_list(session, patient, problem)
    ended = _when(session, patient, on)
    if not ended:
        raise ActionRefused(f"Say since when it is over. {since.EXPECTED}")
    began = _began(session, found)
    exact = min(len(began), len(ended))
    if ended[:exact] < began[:exact]:
        raise ActionRefused("It can't be over before it began.")
    _change(session, patient, found, replace(found, status="resolved", abated=ended))


@action
def remove_problem(session: "Session", *, patient: str, problem: str, reason: str) -> None:
    require_open(session, patient)
    found = on_list(session, patient, problem)
    if reason not in REMOVALS:
        raise ActionRefused("Choose why it does not belong on the list.")
    _leave(session, patient, Gone(found, reason=reason))


@action
def restore_problem(session: "Session", *, patient: str, problem: str) -> None:
    require_open(session, patient)
    gone = session.state.part(ProblemList).of(patient)
    if problem in gone:
        _put(session, patient, [*session.patient(patient).problems, gone.pop(problem).problem])
        return
    found = next((p for p in session.patient(patient).problems if p.id == problem and p.status != "active"), None)
    if found is None:
        raise ActionRefused("There is nothing to put back.")
    _change(session, patient, found, replace(found, status="active", abated=""))


def on_list(session: "Session", patient: str, problem: str) -> Problem:
    """Return an active problem of the patient; refuse when there is none of that id."""
    found = next((p for p in session.patient(patient).problems if p.id == problem and p.status == "active"), None)
    if found is None:
        raise ActionRefused("That problem is not on the active list. Choose one that is.")
    return found


def _code(code: str) -> str:
    if code not in codes.offered():
        raise ActionRefused("Choose a code from the list.")
    return code


def _when(session: "Session", patient: str, written: str) -> str:
    if not written.strip():
        return ""
    try:
        return since.read(written, session.hospital.clock, session.patient(patient).born)
    except ValueError as error:
        raise ActionRefused(str(error)) from None


def _began(session: "Session", found: Problem) -> str:
    """The onset in the one form; a patient's file may give it as a moment seen from the session's day."""
    try:
        return when.parse(found.onset, session.hospital.clock).date().isoformat()
    except ValueError:
        return found.onset


def _change(session: "Session", patient: str, old: Problem, new: Problem) -> None:
    _put(session, patient, [new if p.id == old.id else p for p in session.patient(patient).problems])


def _leave(session: "Session", patient: str, gone: Gone) -> None:
    session.state.part(ProblemList).of(patient)[gone.problem.id] = gone
    _put(session, patient, [p for p in session.patient(patient).problems if p.id != gone.problem.id])


def _put(session: "Session", patient: str, problems: list[Problem]) -> None:
    session.state.records[patient] = replace(session.patient(patient), problems=tuple(problems))
