"""Writing down what one is concerned about while reading a record."""

from simemr.domain.actions.concerns import KINDS, PARTS, SOON, Review
from simemr.html import concerns as page
from tests.hands import hand, open_part


def _fill(learner, session, patient, about, kind, soon, plan):
    learner.fill("Where it stands", PARTS[about.partition("/")[0]])
    learner.fill("What it is about", page.thing(session, session.patient(patient), about))
    learner.fill("What kind of concern", KINDS[kind])
    learner.fill("How soon", SOON[soon])
    learner.fill("What you would do", plan)


def _open(learner, session, concern):
    open_part(learner, session, "concerns")
    found = session.state.part(Review).concerns[concern]
    learner.press(page.about(session, found), within=found.plan)
    return found


@hand
def write_concern(learner, session, *, patient, about, kind, soon, plan):
    learner.press("Write a concern")
    _fill(learner, session, patient, about, kind, soon, plan)
    learner.press("Save this concern")


@hand
def change_concern(learner, session, *, concern, about, kind, soon, plan):
    found = _open(learner, session, concern)
    _fill(learner, session, found.patient, about, kind, soon, plan)
    learner.press("Save this concern")


@hand
def remove_concern(learner, session, *, concern):
    _open(learner, session, concern)
    learner.press("Take it off the list")
