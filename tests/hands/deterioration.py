"""Scoring a set of observations and answering the score."""

from simemr.domain.actions.deterioration import CALL, CONSCIOUSNESS, REPEAT, Deterioration, ObservationSet
from simemr.html import deterioration as page
from simemr.view.deterioration import SCALES
from tests.hands import hand, open_part


@hand
def score_observations(learner, session, *, item, scale, consciousness, points):
    open_part(learner, session, "observations")
    if item in session.state.part(Deterioration).responses:
        learner.press("Change the score or the answer")
    found = next(s for s in session.scenario.of(ObservationSet) if s.id == item)
    learner.fill("SpO₂ scale", SCALES[scale])
    for part, given in points.items():
        learner.fill(page.measurement(found, part), str(given))
    learner.fill("Consciousness, and its points", CONSCIOUSNESS[consciousness])
    learner.press("Keep this score")


@hand
def answer_observations(learner, session, *, item, repeat, call, words=""):
    open_part(learner, session, "observations")
    learner.fill("Observations from now", REPEAT[repeat])
    learner.fill("Who comes", CALL[call])
    learner.fill("What you say to whom you call", words)
    learner.press("Do this now")
