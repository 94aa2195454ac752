"""Writing a discharge summary."""

from simemr.domain.actions.discharge import DUE, MEDICINES, SECTIONS, TELL, owners, summary_of, tests_of
from simemr.html import words as page
from tests.hands import hand, open_part


@hand
def write_summary(learner, session, *, patient, section, text):
    open_part(learner, session, "discharge")
    learner.fill(SECTIONS[section], text)
    learner.press("Save the text")


@hand
def send_home_with(learner, session, *, patient, order, decision, words=""):
    open_part(learner, session, "discharge")
    done = "✓ " if order in summary_of(session, patient).medicines else ""
    learner.fill("Medicine", done + page.order(session.state.orders[order], session.hospital.formulary))
    learner.fill("What becomes of it", MEDICINES[decision])
    learner.fill("How long, or what for", words)
    learner.press("Save this medicine")


def _test(session, patient, test):
    return next(found.title for found in tests_of(session, patient) if found.id == test)


@hand
def list_pending(learner, session, *, patient, test, owner, due, tell):
    open_part(learner, session, "discharge")
    learner.fill("Test of this stay", _test(session, patient, test))
    learner.fill("Who looks for the result", next(c.name for c in owners(session) if c.id == owner))
    learner.fill("When it is due", DUE[due])
    learner.fill("How the patient hears", TELL[tell])
    learner.press("Add to the results still to come")


@hand
def drop_pending(learner, session, *, patient, test):
    open_part(learner, session, "discharge")
    learner.fill("Test of this stay", _test(session, patient, test))
    learner.press("Take it off")


@hand
def sign_summary(learner, session, *, patient):
    open_part(learner, session, "discharge")
    learner.press("Sign and send")
