"""Today's note: copying the last one forward, writing the sections, checking and signing."""

from simemr.domain.actions.notes import SECTIONS, NoteDesk
from tests.hands import hand, open_part


@hand
def copy_note_forward(learner, session, *, patient):
    open_part(learner, session, "notes")
    learner.press("Copy the last note forward")


@hand
def draft_note(learner, session, *, patient, sections):
    open_part(learner, session, "notes")
    for name, title in SECTIONS.items():
        learner.fill(title, sections[name])
    learner.press("Check the note")


@hand
def sign_note(learner, session, *, patient):
    open_part(learner, session, "notes")
    assert patient in session.state.part(NoteDesk).drafts
    learner.press("Sign the note")
