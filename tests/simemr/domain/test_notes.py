"""Today's note: copied forward, kept as a draft, signed."""

import pytest

from simemr.domain import load, scenario
from simemr.domain.action import ActionRefused
from simemr.domain.actions.notes import NoteDesk
from simemr.domain.session import Session
from simemr.html.tabs import notes_of

PATIENT = {"patient": "marsh-eleanor"}
SECTIONS = {"today": " Better. ", "assessment": "", "plan": "Home.", "patient": ""}


@pytest.fixture(scope="module")
def given():
    found = scenario.load("notes")
    return found, load.hospital(found.clock, found.patients)


@pytest.fixture
def session(given):
    made = Session(*given)
    made.apply("open_patient", PATIENT)
    made.apply("confirm_identity", {**PATIENT, "identifiers": ["name", "born"]})
    return made


def test_an_earlier_note_stands_in_the_record_and_can_be_copied(session):
    written = notes_of(session, session.patient("marsh-eleanor"))
    assert [note.author for note in written if "Poor historian" in note.text] == ["Dr L. Kowalski"]
    session.apply("copy_note_forward", PATIENT)
    draft = session.state.part(NoteDesk).drafts["marsh-eleanor"]
    assert "Levofloxacin 250 mg" in draft["plan"] and draft["patient"] == ""
    assert len(notes_of(session, session.patient("marsh-eleanor"))) == len(written), "a draft is not in the record"


def test_what_is_signed_is_in_the_record_under_the_names_of_its_sections(session):
    session.apply("draft_note", {**PATIENT, "sections": SECTIONS})
    session.apply("sign_note", PATIENT)
    note = notes_of(session, session.patient("marsh-eleanor"))[-1]
    assert (note.author, note.text) == ("You", "How the patient is today: Better.\n\nPlan: Home.")
    assert session.state.part(NoteDesk).drafts == {}
    with pytest.raises(ActionRefused, match="no note to sign"):
        session.apply("sign_note", PATIENT)


@pytest.mark.parametrize(
    ("sections", "says"),
    [
        ({"plan": "Home."}, "four sections"),
        ({**SECTIONS, "plan": 3}, "a text"),
        (dict.fromkeys(SECTIONS, " "), "empty"),
        ("Better.", "four sections"),
    ],
)
def test_what_is_not_a_note_is_refused(session, sections, says):
    with pytest.raises(ActionRefused, match=says):
        session.apply("draft_note", {**PATIENT, "sections": sections})
    assert session.state.part(NoteDesk).drafts == {}


def test_nothing_is_written_before_it_is_known_who_it_is(session):
    with pytest.raises(ActionRefused, match="not the open patient"):
        session.apply("copy_note_forward", {"patient": "marsh-elaine"})
    session.apply("open_patient", {"patient": "okonkwo-daniel"})
    with pytest.raises(ActionRefused, match="Confirm who this is"):
        session.apply("copy_note_forward", {"patient": "okonkwo-daniel"})
    session.apply("confirm_identity", {"patient": "okonkwo-daniel", "identifiers": ["name", "born"]})
    with pytest.raises(ActionRefused, match="no earlier note"):
        session.apply("copy_note_forward", {"patient": "okonkwo-daniel"})
