"""Finding a patient, moving about, confirming who it is, handing in."""

from simemr.domain.scenario import DESKS, TABS
from simemr.html.banner import IDENTIFIERS
from tests.hands import hand, open_part


@hand
def open_patient(learner, session, *, patient):
    person = session.patient(patient)
    same = [p for p in session.hospital.patients.values() if p.display_name == person.display_name]
    learner.press(person.display_name, within=f"Bed {person.bed}" if len(same) > 1 else "")


@hand
def open_tab(learner, session, *, tab):
    learner.press(TABS[tab])


@hand
def open_desk(learner, session, *, desk):
    learner.press(DESKS[desk])


@hand
def confirm_identity(learner, session, *, patient, identifiers):
    if session.state.confirmed.get(patient):
        return  # it is not asked twice
    for name in identifiers:
        learner.fill(IDENTIFIERS[name].capitalize(), True)
    learner.press("Confirm who this is")


@hand
def write_note(learner, session, *, patient, text):
    open_part(learner, session, "notes")
    learner.fill("What the next reader needs to know", text)
    learner.press("Sign the note")


@hand
def hand_in(learner, session):
    learner.press("Hand in")
    learner.press("Hand in now")
