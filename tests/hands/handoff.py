"""Handing over: four elements, then the receiver's words."""

from simemr.domain.actions.handoff import SEVERITIES, WHEN, readback_of
from tests.hands import hand, open_part


@hand
def write_handoff(learner, session, *, patient, severity, summary):
    open_part(learner, session, "handoff")
    learner.fill("How ill is the patient?", SEVERITIES[severity])
    learner.fill("Who this is, what happened, what matters now", summary)
    learner.press("Save these two")


@hand
def add_to_do(learner, session, *, patient, what, when):
    open_part(learner, session, "handoff")
    learner.fill("What is to be done", what)
    learner.fill("By when", WHEN[when])
    learner.press("Add to the action list")


@hand
def drop_to_do(learner, session, *, patient, number):
    open_part(learner, session, "handoff")
    learner.press(f"Take out action {number}")


@hand
def add_contingency(learner, session, *, patient, if_, then):
    open_part(learner, session, "handoff")
    learner.fill("If this happens", if_)
    learner.fill("Then do this", then)
    learner.press("Add to the plan")


@hand
def drop_contingency(learner, session, *, patient, number):
    open_part(learner, session, "handoff")
    learner.press(f"Take out plan {number}")


@hand
def give_handoff(learner, session, *, patient):
    open_part(learner, session, "handoff")
    learner.press("Give the handover")


@hand
def answer_readback(learner, session, *, patient, line, answer, correction=""):
    open_part(learner, session, "handoff")
    said = next(found.text for found in readback_of(session, patient) if found.id == line)
    if answer == "right":
        learner.press("That is right", within=said)
        return
    learner.press("Not right…", within=said)
    learner.fill("What is right instead", correction, within=said)
    learner.press("Say it", within=said)


@hand
def close_handoff(learner, session, *, patient):
    open_part(learner, session, "handoff")
    learner.press("Close the handover")
