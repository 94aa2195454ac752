"""Writing a note in the window: copied, checked, signed, and kept when one goes away."""

import pytest

from simemr.domain.actions.notes import NoteDesk
from tests.simemr.view.window import Window


@pytest.fixture
def window(tmp_path, focus):
    made = Window("notes", tmp_path / "answers")
    made.press("MARSH, Eleanor")
    made.confirm("Full name", "Date of birth")
    return made


def test_a_copy_is_marked_and_signing_it_is_not_the_prominent_act(window, focus):
    window.press("Copy the last note forward")
    assert focus[-1] is window.field("How the patient is today")
    assert "claims that her heels hurt" in window.field("How the patient is today").value
    window.press("Check the note")
    assert "100 %" in window.text and "copied: Second day" in window.text
    assert "em-primary" in window.button("Go on writing")._dom_classes
    assert "em-primary" not in window.button("Sign the note")._dom_classes
    window.press("Go on writing")
    assert "Kidney function" in window.field("Plan").value


def test_a_note_of_ones_own_is_checked_and_signed(window):
    window.fill("How the patient is today", "Sore heels, on 1 L of oxygen.")
    window.fill("Plan", "Levofloxacin stopped.")
    window.press("Check the note")
    assert "0 %" in window.text and "Nothing is written here." in window.text
    assert "em-primary" in window.button("Sign the note")._dom_classes
    window.press("Sign the note")
    assert "in the record" in window.message and "Plan: Levofloxacin stopped." in window.text
    assert window.field("Plan").value == ""


def test_an_empty_note_is_refused(window):
    window.press("Check the note")
    assert "The note is empty." in window.message and window.state.part(NoteDesk).drafts == {}


def test_a_draft_is_there_again_and_does_not_follow_to_another_patient(window, tmp_path):
    window.fill("Plan", "Repeat potassium.")
    window.press("Check the note")
    window.press("OKONKWO, Daniel")
    assert window.field("Plan").value == ""
    window.press("MARSH, Eleanor")
    assert window.field("Plan").value == "Repeat potassium."
    window.shell.attempt.close()
    again = Window("notes", tmp_path / "answers")
    assert again.field("Plan").value == "Repeat potassium."
