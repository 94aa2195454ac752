"""Writing today's note in its sections: copying an earlier one forward, keeping a draft, signing.

A draft is kept in the log, so that nobody loses what they wrote; only what is signed is in the record.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simemr.domain import copied
from simemr.domain.action import MAX_TEXT, ActionRefused, action
from simemr.domain.actions.chart import require_open
from simemr.domain.content import content
from simemr.domain.record import Note

if TYPE_CHECKING:
    from simemr.domain.session import Session

SECTIONS = {
    "today": "How the patient is today",
    "assessment": "Assessment",
    "plan": "Plan",
    "patient": "For the patient, in plain words",
}
#: The sections whose copied share counts: what is written for the patient is new by its nature.
CLINICAL = ("today", "assessment", "plan")


@content("earlier_note")
@dataclass(frozen=True, slots=True)
class EarlierNote:
    """A note in sections that stands in the record and may be copied forward; ``most_copied`` is the limit in %."""

    patient: str
    at: datetime
    author: str
    role: str
    today: str
    assessment: str
    plan: str
    kind: str = "evening review"
    most_copied: int = 50

    @property
    def sections(self) -> dict[str, str]:
        return {"today": self.today, "assessment": self.assessment, "plan": self.plan, "patient": ""}

    @property
    def text(self) -> str:
        return as_text(self.sections)

    @property
    def note(self) -> Note:
        """The note as it reads in the record."""
        return Note(self.at, self.author, self.role, self.kind, self.text)


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A note in its sections; ``seq`` is the event's number."""

    patient: str
    sections: dict[str, str]
    seq: int


@dataclass(slots=True)
class NoteDesk:
    """The drafts by patient, and what was signed, oldest first."""

    drafts: dict[str, dict[str, str]] = field(default_factory=dict)
    signed: list[SignedNote] = field(default_factory=list)


def earlier(session: "Session", patient: str) -> EarlierNote | None:
    """The note of this patient that can be copied forward."""
    return next((note for note in session.scenario.of(EarlierNote) if note.patient == patient), None)


def share(sections: dict[str, str], source: EarlierNote) -> float:
    """How much of the clinical sections is copied, 0 to 1."""
    return copied.share((sections[name] for name in CLINICAL), source.text)


def as_text(sections: dict[str, str]) -> str:
    """The sections as one text, each under its name."""
    return "\n\n".join(f"{title}: {sections[name]}" for name, title in SECTIONS.items() if sections.get(name))


@action
def copy_note_forward(session: "Session", *, patient: str) -> None:
    require_open(session, patient)
    source = earlier(session, patient)
    if source is None:
        raise ActionRefused("There is no earlier note of this patient to copy.")
    session.state.part(NoteDesk).drafts[patient] = source.sections


@action
def draft_note(session: "Session", *, patient: str, sections: object) -> None:
    require_open(session, patient)
    session.state.part(NoteDesk).drafts[patient] = _sections(sections)


@action
def sign_note(session: "Session", *, patient: str) -> None:
    require_open(session, patient)
    desk, state = session.state.part(NoteDesk), session.state
    draft = desk.drafts.get(patient)
    if draft is None:
        raise ActionRefused("There is no note to sign yet.")
    desk.signed.append(SignedNote(patient, draft, len(state.events) + 1))
    role = session.scenario.role if session.scenario.role != "all" else "clinician"
    state.notes.append((patient, Note(session.hospital.clock, "You", role, "Note", as_text(draft))))
    del desk.drafts[patient]


def _sections(given: Any) -> dict[str, str]:
    if not isinstance(given, dict) or given.keys() != SECTIONS.keys():
        raise ActionRefused("A note has the four sections, also where one is empty.")
    if not all(isinstance(text, str) and len(text) <= MAX_TEXT for text in given.values()):
        raise ActionRefused("Each section of a note is a text.")
    made = {name: given[name].strip() for name in SECTIONS}
    if not any(made.values()):
        raise ActionRefused("The note is empty.")
    return made
