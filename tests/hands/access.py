"""A locked record: breaking the glass, or asking the help desk."""

from simemr.domain.actions.access import REASONS
from tests.hands import HANDS, hand

WORDS = "What has happened, or what you need it for, in your own words"


@hand
def break_glass(learner, session, *, patient, reason, words):
    HANDS["open_patient"](learner, session, patient=patient)
    learner.fill("Why do you open it?", REASONS[reason])
    learner.fill(WORDS, words)
    learner.press("Break the glass")


@hand
def ask_help_desk(learner, session, *, patient, words):
    HANDS["open_patient"](learner, session, patient=patient)
    learner.fill(WORDS, words)
    learner.press("Ask the help desk")
